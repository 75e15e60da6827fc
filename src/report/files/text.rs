//! Files as a table: file, platform, what it was recognised by or what it is part of.

use super::role;
use crate::lint::GroupReport;
use crate::report::check::write_error;
use crate::report::diagnostic::Painter;
use crate::report::facts::finish;
use crate::report::look::Look;
use crate::report::words::disarm;
use crate::report::{Report, Summary, Table};
use std::fmt;

/// The table; it is aligned, so it is kept until the end.
pub struct Text {
    painter: Painter,
    table: Table,
}

impl Text {
    /// A report in a look.
    pub fn new(look: Look) -> Self {
        Self { painter: Painter::new(look), table: Table::new(0, 2) }
    }
}

impl Report for Text {
    fn group(&mut self, out: &mut String, group: &GroupReport) {
        let from = out.len();
        for error in &group.errors {
            write_error(&self.painter, out, error, &group.sources);
        }
        for deployment in &group.deployments {
            for (index, file) in deployment.files.iter().enumerate() {
                self.table.row([file.to_string(), deployment.name.to_string(), role(deployment, index)]);
            }
        }
        disarm(out, from);
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        let mut text = String::new();
        self.table.write(&mut text, self.painter.look.columns());
        text.push_str(&finish(&self.painter, summary, !self.table.is_empty()));
        disarm(&mut text, 0);
        let _ = out.write_str(&text);
    }
}
