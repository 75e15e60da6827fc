//! Files as a table: file, platform, what it was recognised by or what it is part of.

use super::role;
use crate::lint::GroupReport;
use crate::report::check::write_error;
use crate::report::diagnostic::Painter;
use crate::report::facts::finish;
use crate::report::look::Look;
use crate::report::words::disarm;
use crate::report::{Report, Summary, Table};

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
    fn begin(&mut self, _: &mut String) {}

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

    fn finish(&mut self, out: &mut String, summary: &Summary) {
        let from = out.len();
        self.table.write(out, self.painter.look.columns());
        finish(&self.painter, out, summary, !self.table.is_empty());
        disarm(out, from);
    }
}
