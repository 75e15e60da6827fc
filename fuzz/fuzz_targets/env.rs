//! The reader of variables.
#![no_main]

mod check;

use hushlint::syntax::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| check::read(bytes, Format::Env));
