//! Facts as a table: an area, its facts, the qualifiers that share a value, where the value comes from.

use crate::lint::{FactInfo, GroupReport, Origin};
use crate::report::check::{heading, passed_over, write_error};
use crate::report::diagnostic::Painter;
use crate::report::look::{Ink, Look};
use crate::report::words::{disarm, paragraph};
use crate::report::{Report, Summary, Table, is_nowhere};
use crate::text::Shown;
use std::fmt;

/// The table, on a terminal or in a pipe.
pub struct Text {
    painter: Painter,
    begun: bool,
}

impl Text {
    /// A report in a look.
    pub fn new(look: Look) -> Self {
        Self { painter: Painter::new(look), begun: false }
    }

    fn separate(&mut self, out: &mut String) {
        if self.begun {
            out.push('\n');
        }
        self.begun = true;
    }
}

/// Columns: fact, qualifiers, value, origin. A list of many secrets must not push the rest off the screen.
const WIDEST: [usize; 4] = [30, 30, 36, 110];

/// A row of the table: facts of one name that share value and origin.
struct Row<'a> {
    area: &'a str,
    name: &'a str,
    qualifiers: Vec<&'a str>,
    value: String,
    origin: String,
}

/// Rows by area, areas and facts in the order they come in first.
fn rows<'a>(facts: &'a [FactInfo], main: Option<&Shown>) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    for fact in facts {
        let (area, name) = fact.fact.as_ref().split_once('.').unwrap_or(("", fact.fact.as_ref()));
        let (value, origin) = (value(fact), origin(fact, main));
        let qualifier = fact.qualifier.as_ref().map(AsRef::as_ref);
        let same = |r: &&mut Row<'_>| r.area == area && r.name == name && r.value == value && r.origin == origin;
        match (rows.iter_mut().find(same), qualifier) {
            (Some(row), Some(qualifier)) => row.qualifiers.push(qualifier),
            _ => rows.push(Row { area, name, qualifiers: qualifier.into_iter().collect(), value, origin }),
        }
    }
    let mut areas: Vec<&str> = Vec::new();
    for row in &rows {
        if !areas.contains(&row.area) {
            areas.push(row.area);
        }
    }
    rows.sort_by_key(|row| areas.iter().position(|area| *area == row.area));
    rows
}

fn value(fact: &FactInfo) -> String {
    if fact.words.as_ref().is_empty() { fact.state.to_string() } else { fact.words.to_string() }
}

/// `default of user_ips_max_age`, `log_config, line 18`, `calls are encrypted by clients`; a file other than the
/// main one is named.
fn origin(fact: &FactInfo, main: Option<&Shown>) -> String {
    let because = fact.because.as_ref().map(Shown::to_string);
    let line = fact.span.as_ref().filter(|span| !is_nowhere(span)).map(|span| {
        match fact.file.as_ref().filter(|file| Some(*file) != main) {
            Some(file) => format!("{file}:{}", span.start.line),
            None => format!("line {}", span.start.line),
        }
    });
    let place = match (&fact.setting, line) {
        (Some(setting), Some(line)) => Some(format!("{setting}, {line}")),
        (Some(setting), None) => Some(setting.to_string()),
        (None, line) => line,
    };
    let setting = fact.setting.as_ref().map(Shown::to_string);
    let words = match fact.origin {
        _ if fact.state.as_ref() != "known" => because.clone(),
        Some(Origin::Set) => place,
        Some(Origin::Initial) => place.map(|p| format!("initial value of {p}")),
        Some(Origin::Default) => setting.map(|s| format!("default of {s}")),
        Some(Origin::Declared) => place.map(|p| format!("declared: {p}")).or(Some("declared".to_owned())),
        Some(Origin::Derived) => Some("follows from other facts".to_owned()),
        None => None,
    };
    words.or(because).unwrap_or_default()
}

impl Report for Text {
    fn group(&mut self, out: &mut String, group: &GroupReport) {
        let from = out.len();
        for error in &group.errors {
            self.separate(out);
            write_error(&self.painter, out, error, &group.sources);
        }
        let look = self.painter.look;
        for (deployment, facts) in group.deployments.iter().zip(&group.facts) {
            self.separate(out);
            look.paint(out, Ink::Bold, &heading(deployment));
            out.push_str("\n\n");
            let mut table = Table::new(0, 2).at_most(&WIDEST);
            let (mut area, mut name, mut origin) = ("", "", String::new());
            for row in rows(facts, deployment.files.first()) {
                if row.area != area {
                    table.row([row.area]);
                    (area, name) = (row.area, "");
                    origin.clear();
                }
                let shown_name = if row.name == name { String::new() } else { format!("  {}", row.name) };
                // A ditto mark only under the very words, within one fact.
                let same = row.name == name && !origin.is_empty() && row.origin == origin;
                let shown_origin = if same { "\"".to_owned() } else { row.origin.clone() };
                table.row([shown_name, row.qualifiers.join(", "), row.value, shown_origin]);
                (name, origin) = (row.name, row.origin);
            }
            table.write(out, look.columns());
        }
        disarm(out, from);
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        let _ = out.write_str(&finish(&self.painter, summary, self.begun));
    }
}

/// What every listing ends with: errors, files that were named and not taken, what was passed over.
pub fn finish(painter: &Painter, summary: &Summary, begun: bool) -> String {
    let mut end = String::new();
    for error in &summary.errors {
        write_error(painter, &mut end, error, &[]);
    }
    for file in &summary.named {
        paragraph(&mut end, "", 0, 2, &format!("{}: {}", file.file, file.reason), painter.look.columns());
    }
    passed_over(&mut end, summary, &painter.look);
    if !end.is_empty() && begun {
        end.insert(0, '\n');
    }
    disarm(&mut end, 0);
    end
}
