//! `hushlint facts --settings`: what the platform's own parser would hold.

use super::text::finish;
use crate::lint::{GroupReport, Origin};
use crate::report::check::{heading, write_error};
use crate::report::diagnostic::Painter;
use crate::report::look::{Ink, Look};
use crate::report::words::disarm;
use crate::report::{Report, Summary, Table};
use std::fmt;

/// A table of settings.
pub struct Settings {
    painter: Painter,
    begun: bool,
}

impl Settings {
    /// A report in a look.
    pub fn new(look: Look) -> Self {
        Self { painter: Painter::new(look), begun: false }
    }
}

fn origin(origin: Option<Origin>) -> &'static str {
    match origin {
        Some(Origin::Set) => "set",
        Some(Origin::Initial) => "initial",
        Some(Origin::Default) => "default",
        Some(Origin::Declared) => "declared",
        Some(Origin::Derived) => "derived",
        None => "",
    }
}

impl Report for Settings {
    fn group(&mut self, out: &mut String, group: &GroupReport) {
        let from = out.len();
        let look = self.painter.look;
        for error in &group.errors {
            write_error(&self.painter, out, error, &group.sources);
        }
        for (deployment, settings) in group.deployments.iter().zip(&group.settings) {
            if self.begun {
                out.push('\n');
            }
            self.begun = true;
            look.paint(out, Ink::Bold, &heading(deployment));
            out.push_str("\n\n");
            let mut table = Table::new(0, 2);
            for setting in settings {
                let value = match &setting.value {
                    serde_json::Value::Null => setting.state.to_string(),
                    serde_json::Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                table.row([setting.id.to_string(), value, origin(setting.origin).to_owned()]);
            }
            table.write(out, look.columns());
        }
        disarm(out, from);
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        let _ = out.write_str(&finish(&self.painter, summary, self.begun));
    }
}
