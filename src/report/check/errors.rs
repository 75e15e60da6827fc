//! Nothing but what could not be read, for commands whose own words are others.

use crate::lint::{GroupReport, InputError};
use crate::report::words::disarm;
use crate::report::{Report, Summary};
use std::fmt::{self, Write};

/// One line an input that could not be read.
#[derive(Default)]
pub struct Errors;

fn line(out: &mut String, error: &InputError) {
    let start = error.span.map(|span| span.start);
    let place = start.map(|s| format!(":{}:{}", s.line, s.column)).unwrap_or_default();
    let message = error.message.to_string().replace('\n', " ");
    let _ = writeln!(out, "{}{place}: error {message}", error.file);
}

impl Report for Errors {
    fn group(&mut self, out: &mut String, group: &GroupReport) {
        let from = out.len();
        group.errors.iter().for_each(|error| line(out, error));
        disarm(out, from);
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        let mut text = String::new();
        summary.errors.iter().for_each(|error| line(&mut text, error));
        disarm(&mut text, 0);
        let _ = out.write_str(&text);
    }
}
