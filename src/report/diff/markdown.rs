//! A comment on a pull request: a table, the worst first, and never longer than a comment may be.

use super::{
    Told, alone, attach, blocks, fact, moved, name, names, paired, place, rule_place, rule_word, summary, word,
};
use crate::lint::{FactChange, Pair, RuleChange};
use crate::report::markdown::{code, inline};
use crate::report::words::{count, disarm};

/// Hosts take 65,536 characters; what follows the tables needs some of them.
const ROOM: usize = 48_000;
/// A cell is to be read, not searched.
const CELL: usize = 1_000;
/// Deployments and errors that are named.
const NAMED: usize = 20;

/// The report.
pub fn markdown(told: &Told<'_>) -> String {
    let diff = told.diff;
    let mut out = String::from("### hushlint: ");
    let blocks = blocks(diff);
    inline(&mut out, &summary(told, &blocks));
    out.push('\n');
    let headed = diff.pairs.len() > 1 || blocks.iter().flatten().any(|pair| paired(pair).is_some());
    let mut left = 0;
    for block in &blocks {
        let Some(pair) = block.first() else { continue };
        let mut table = String::from("\n");
        if headed {
            heading(&mut table, block);
        }
        let rows = rows(pair);
        table.push_str("|  | what | before and now | where |\n| --- | --- | --- | --- |\n");
        for row in rows {
            // Whatever does not fit is counted, so that nothing is lost in silence.
            match out.chars().count() + table.chars().count() + row.chars().count() > ROOM {
                true => left += 1,
                false => table.push_str(&row),
            }
        }
        out.push_str(&table);
    }
    if left > 0 {
        out.push_str(&format!("\n{} more: there is no room for them in a comment.\n", count(left, "change")));
    }
    closing(&mut out, told);
    disarm(&mut out, 0);
    out
}

fn heading(out: &mut String, block: &[&Pair]) {
    out.push_str("**");
    inline(out, &cut(&names(block, NAMED)));
    out.push_str("**\n\n");
    for words in block.iter().take(NAMED).filter_map(|pair| paired(pair)) {
        inline(out, &cut(&words));
        out.push_str("\n\n");
    }
}

fn rows(pair: &Pair) -> Vec<String> {
    let (facts, loose) = attach(pair);
    facts.iter().map(|(change, rules)| fact_row(change, rules)).chain(loose.into_iter().map(rule_row)).collect()
}

fn fact_row(change: &FactChange, rules: &[&RuleChange]) -> String {
    let mut out = format!("| {} | ", word(change.change));
    code(&mut out, &cut(&fact(change)));
    for rule in rules {
        out.push_str("<br>");
        inline(&mut out, &moved(rule));
    }
    out.push_str(" | ");
    inline(&mut out, &cut(&format!("{} → {}", change.old.words, change.new.words)));
    out.push_str(" | ");
    let at = place(&change.place);
    code(&mut out, &cut(&at));
    if !change.place.text.as_ref().is_empty() {
        out.push_str(if at.is_empty() { "" } else { "<br>" });
        inline(&mut out, &cut(change.place.text.as_ref()));
    }
    out.push_str(" |\n");
    out
}

fn rule_row(rule: &RuleChange) -> String {
    let mut out = format!("| {} | ", rule_word(rule.change));
    inline(&mut out, &alone(rule));
    if let Some(message) = &rule.message {
        out.push_str("<br>");
        inline(&mut out, &cut(message.as_ref()));
    }
    out.push_str(" |  | ");
    code(&mut out, &cut(&rule_place(rule)));
    out.push_str(" |\n");
    out
}

fn closing(out: &mut String, told: &Told<'_>) {
    let diff = told.diff;
    let mut lines: Vec<String> = Vec::new();
    for (word, list) in [("new", &diff.added), ("gone", &diff.removed)] {
        lines.extend(list.iter().take(NAMED).map(|judged| format!("{word}: {}", name(judged))));
        if list.len() > NAMED {
            lines.push(format!("{word}: {} more", count(list.len() - NAMED, "deployment")));
        }
    }
    for side in [&told.old, &told.new] {
        let of = |error: &crate::lint::InputError| {
            format!("{} could not be read in {}: {}", error.file, side.name, error.message)
        };
        lines.extend(side.errors.iter().take(NAMED).map(of));
        if side.errors.len() > NAMED {
            lines.push(format!(
                "{} more could not be read in {}",
                count(side.errors.len() - NAMED, "input"),
                side.name
            ));
        }
    }
    for line in lines {
        out.push_str("\n- ");
        inline(out, &cut(&line));
    }
    out.push_str("\n\n");
    inline(out, &cut(&format!("Compared {} with {}.", told.old.name, told.new.name)));
    out.push('\n');
}

/// The beginning of a text.
fn cut(text: &str) -> String {
    match text.char_indices().nth(CELL) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text.to_owned(),
    }
}
