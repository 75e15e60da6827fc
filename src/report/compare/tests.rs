//! Formats of comparisons.
