//! Floor 8: sources in, report out; pure. The host reads what is asked for, threads the groups, prints.
//!
//! 1. [`Linter::scan`] looks at a file's bytes without parsing it: what could it be?
//! 2. [`Linter::group`] puts the files of one folder (or of one `[[deployment]]`) together.
//! 3. [`Linter::judge`] parses, confirms, reads, judges and settles one group.

mod ask;
mod cases;
mod choice;
mod compare;
mod config;
mod convert;
mod diff;
mod effective;
mod finish;
mod footing;
mod group;
mod held;
mod house;
mod includes;
mod judge;
mod knowledge;
mod listing;
mod options;
mod references;
mod report;
mod saved;
mod scan;
mod selection;
mod sheets;

pub use ask::{Answer, Ask};
pub use cases::{CaseReport, CaseResult, Mutants, Survivor, mutants, run_cases};
pub use compare::{Cell, Column, ColumnKind, Comparison, FactRow, Mark, RuleCell, RuleRow, Theme};
pub use config::{Config, Described, Nested, Scoped};
pub use diff::{Change, Diff, DiffCounts, FactChange, Judged, Moved, Pair, PairedBy, RuleChange, Side, Spot, Stand};
pub use effective::Effective;
pub use group::Group;
pub use house::House;
pub use knowledge::{Entry, Knowledge, Loaded, embedded_all, parsed};
pub use options::{LintOptions, Linter, PackArg, Rebase};
pub use references::{reference_near, references};
pub use report::*;
pub use scan::{Candidate, Scan};

#[cfg(test)]
mod tests;
