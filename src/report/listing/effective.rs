//! The configuration that holds, for people and for programs.

use crate::lint::Effective;
use crate::report::envelope::{Envelope, json};
use crate::report::words::disarm;
use std::fmt::Write;

/// `key = value  # where from`, one a line.
pub fn effective_text(list: &[Effective]) -> String {
    let mut out = String::new();
    let lines: Vec<String> = list.iter().map(|e| format!("{} = {}", e.key, json(&e.value))).collect();
    let width = lines.iter().map(|l| l.chars().count()).filter(|n| *n <= 60).max().unwrap_or(0);
    for (line, one) in lines.iter().zip(list) {
        let _ = writeln!(out, "{line:<width$}  # {}", one.from);
    }
    disarm(&mut out, 0);
    out
}

/// One object with `settings`.
pub fn effective_json(list: &[Effective]) -> String {
    let mut out = String::new();
    let mut object = Envelope::begin(&mut out);
    object.list("settings", list.iter().map(json));
    object.end();
    out
}
