//! For people: a line a fact, the rules that changed with it below.

use super::{
    About, Told, alone, attach, blocks, fact, moved, name, names, paired, place, rule_place, rule_word, summary, word,
};
use crate::lint::{Change, FactChange, Moved, Pair, RuleChange};
use crate::report::check::{passed_over, write_error};
use crate::report::diagnostic::Painter;
use crate::report::look::{Drawing, Ink, Look};
use crate::report::words::{columns, count, disarm, paragraph};
use crate::report::{Skipped, Summary};

/// Blanks before what belongs to a row.
const INDENT: usize = 8;
/// Hosts that are named in a heading.
const NAMED: usize = 4;

/// The report.
pub fn text(told: &Told<'_>, look: Look) -> String {
    let mut out = String::new();
    let painter = Painter::new(look);
    for side in [&told.old, &told.new] {
        for error in &side.errors {
            write_error(&painter, &mut out, error, &[]);
            let words = format!("(in {})", side.name);
            paragraph(&mut out, "  ", 2, 2, &words, look.columns());
            out.push('\n');
        }
    }
    let diff = told.diff;
    let blocks = blocks(diff);
    look.paint(&mut out, Ink::Bold, &summary(told, &blocks));
    out.push('\n');
    let headed = diff.pairs.len() > 1 || blocks.iter().flatten().any(|pair| paired(pair).is_some());
    for block in &blocks {
        let Some(pair) = block.first() else { continue };
        out.push('\n');
        if headed {
            heading(&mut out, block, &look);
        }
        rows(&mut out, pair, &look);
    }
    closing(&mut out, told, &look);
    disarm(&mut out, 0);
    out
}

fn heading(out: &mut String, block: &[&Pair], look: &Look) {
    look.paint(out, Ink::Bold, &names(block, NAMED));
    out.push('\n');
    for words in block.iter().take(NAMED).filter_map(|pair| paired(pair)) {
        paragraph(out, "", 0, 2, &words, look.columns());
    }
}

/// A line: its word and its cells.
struct Line<'a> {
    ink: Ink,
    word: &'static str,
    cells: [String; 4],
    below: Vec<&'a RuleChange>,
}

fn rows(out: &mut String, pair: &Pair, look: &Look) {
    let (facts, loose) = attach(pair);
    let arrow = if look.drawing == Drawing::Ascii { "->" } else { "→" };
    let mut lines: Vec<Line<'_>> = facts.into_iter().map(|(change, rules)| fact_line(change, rules, arrow)).collect();
    lines.extend(loose.into_iter().map(rule_line));
    let width = |n: usize| lines.iter().filter_map(|l| l.cells.get(n)).map(|c| columns(c)).max().unwrap_or(0);
    let widths: Vec<usize> = (0..3).map(width).collect();
    let whole = INDENT + widths.iter().sum::<usize>() + 2 * 3 + width(3);
    let narrow = whole > look.columns();
    for line in &lines {
        let start = out.len();
        look.paint(out, line.ink, line.word);
        out.push_str(&" ".repeat(INDENT.saturating_sub(columns(line.word))));
        let [subject, change, place, words] = &line.cells;
        if narrow {
            // What does not fit side by side stands below each other.
            let first =
                [subject.as_str(), change].iter().filter(|c| !c.is_empty()).copied().collect::<Vec<_>>().join("  ");
            paragraph(out, "", INDENT, INDENT, &first, look.columns());
            let second =
                [place.as_str(), words].iter().filter(|c| !c.is_empty()).copied().collect::<Vec<_>>().join("  ");
            if !second.is_empty() {
                let blank = " ".repeat(INDENT);
                paragraph(out, &blank, INDENT, INDENT + 2, &second, look.columns());
            }
        } else {
            for (cell, width) in line.cells.iter().zip(widths.iter().chain([&0])) {
                out.push_str(&cell.replace('\n', " "));
                out.push_str(&" ".repeat(width.saturating_sub(columns(cell)) + 2));
            }
            let end = out.get(start..).unwrap_or_default().trim_end().len();
            out.truncate(start + end);
            out.push('\n');
        }
        let blank = " ".repeat(INDENT);
        for rule in &line.below {
            paragraph(out, &blank, INDENT, INDENT + 2, &moved(rule), look.columns());
        }
    }
}

fn fact_line<'a>(change: &'a FactChange, below: Vec<&'a RuleChange>, arrow: &str) -> Line<'a> {
    let ink = match change.change {
        Change::Worse => Ink::Error,
        Change::Better => Ink::Good,
        Change::Unseen => Ink::Warning,
        Change::Seen | Change::Changed => Ink::Note,
    };
    let values = format!("{} {arrow} {}", change.old.words, change.new.words);
    let cells = [fact(change), values, place(&change.place), change.place.text.to_string()];
    Line { ink, word: word(change.change), cells, below }
}

fn rule_line(rule: &RuleChange) -> Line<'_> {
    let ink = match rule.change {
        Moved::Fails | Moved::FailsMore => Ink::Error,
        Moved::Holds | Moved::Gone => Ink::Good,
        Moved::Undecided => Ink::Warning,
    };
    let words = rule.message.as_ref().map(ToString::to_string).unwrap_or_default();
    let cells = [alone(rule), String::new(), rule_place(rule), words];
    Line { ink, word: rule_word(rule.change), cells, below: Vec::new() }
}

/// Deployments that came and went, and what was not compared.
fn closing(out: &mut String, told: &Told<'_>, look: &Look) {
    let limit = look.columns();
    let diff = told.diff;
    let mut end = String::new();
    for judged in &diff.added {
        let words = format!("{} has nothing to be compared with; {} there", name(judged), fails(judged.fails()));
        paragraph(&mut end, "new     ", INDENT, INDENT, &words, limit);
    }
    for judged in &diff.removed {
        paragraph(&mut end, "gone    ", INDENT, INDENT, &name(judged), limit);
    }
    let same = diff.pairs.iter().filter(|pair| pair.is_same()).count();
    let mut compared = format!("Compared {} with {}", told.old.name, told.new.name);
    if same > 0 {
        let verb = if same == 1 { "is" } else { "are" };
        compared.push_str(&format!(": {} {verb} as before", count(same, "deployment")));
    }
    compared.push('.');
    if !end.is_empty() {
        end.push('\n');
    }
    paragraph(&mut end, "", 0, 2, &compared, limit);
    for side in [&told.old, &told.new] {
        for file in &side.named {
            paragraph(&mut end, "", 0, 2, &format!("{}, in {}: {}", file.file, side.name, file.reason), limit);
        }
        passed(&mut end, side, told, look);
    }
    out.push('\n');
    out.push_str(&end);
}

fn fails(number: usize) -> String {
    match number {
        0 => "no rule fails".to_owned(),
        1 => "1 rule fails".to_owned(),
        more => format!("{more} rules fail"),
    }
}

/// What was passed over on a side, in the words of `check`.
fn passed(out: &mut String, side: &About, told: &Told<'_>, look: &Look) {
    let skipped = Skipped { folders: Vec::new(), ..side.skipped.clone() };
    let summary = Summary { run: told.run.clone(), errors: Vec::new(), skipped, named: side.named.clone(), hidden: 0 };
    let mut words = String::new();
    passed_over(&mut words, &summary, &Look { width: None, ..*look });
    if let Some(rest) = words.trim_end().strip_prefix("Passed over ") {
        paragraph(out, "", 0, 2, &format!("Passed over in {}: {rest}", side.name), look.columns());
    }
}
