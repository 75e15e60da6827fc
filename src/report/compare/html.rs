//! A page that stands alone: no script, nothing loaded from elsewhere.

use super::{footing, footings, glyph, label, mark, meaning, outcome};
use crate::judge::Outcome;
use crate::lint::{Cell, Comparison, SourceInfo};
use crate::report::cells::{html as escape, web_address};
use std::fmt::Write as _;

const STYLE: &str = "\
:root{color-scheme:light dark;--line:#8884;--soft:#8881;--good:#1a7f37;--bad:#b3261e}
@media(prefers-color-scheme:dark){:root{--good:#57d17a;--bad:#ff8a80}}
body{font:16px/1.45 system-ui,sans-serif;margin:2rem auto;padding:0 1rem;max-width:110rem}
h1{font-size:1.6rem;margin:0 0 .3rem}p{max-width:60rem}
.wide{overflow:auto;max-height:90vh;border:1px solid var(--line)}
table{border-collapse:separate;border-spacing:0;font-size:.85rem;min-width:100%}
th,td{text-align:left;vertical-align:top;padding:.35rem .55rem;border-bottom:1px solid var(--line);min-width:7rem}
thead th{position:sticky;top:0;background:Canvas;z-index:2}
tbody th{position:sticky;left:0;background:Canvas;font-weight:400;min-width:13rem;z-index:1}
thead th:first-child{left:0;z-index:3}
tr.theme th{font-weight:700;background:color-mix(in srgb,Canvas 90%,CanvasText)}
.best{color:var(--good);font-weight:600}.worst{color:var(--bad);font-weight:600}
small{display:block;opacity:.75}details{font-size:.75rem}summary{cursor:pointer;opacity:.75}
details a{display:block;overflow-wrap:anywhere;max-width:16rem}
@media print{.wide{overflow:visible;max-height:none;border:0}thead th,tbody th{position:static}}
";

/// The comparison.
pub fn html(comparison: &Comparison) -> String {
    let names: Vec<&str> = comparison.columns.iter().map(|c| c.name.as_ref()).collect();
    let title = format!("{} compared", crate::report::list(&names));
    let mut out = String::from("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    out.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.push_str(
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n",
    );
    out.push_str("<meta name=\"referrer\" content=\"no-referrer\">\n");
    let _ = write!(out, "<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n", escape(&title));
    let _ = writeln!(out, "<h1>{}</h1>", escape(&title));
    out.push_str("<p>▲ best and ▼ worst of those that are known. A blank: nobody has confirmed it.</p>\n");
    out.push_str("<div class=\"wide\" tabindex=\"0\">\n<table>\n<thead><tr><th scope=\"col\"></th>");
    for column in &comparison.columns {
        let _ = write!(out, "<th scope=\"col\">{}", escape(column.name.as_str()));
        if let Some(day) = &column.as_of {
            let _ = write!(out, "<small>as of {}</small>", escape(day.as_str()));
        }
        out.push_str("</th>");
    }
    out.push_str("</tr></thead>\n<tbody>\n");
    for theme in &comparison.themes {
        theme_row(&mut out, theme.area.as_str(), comparison.columns.len());
        for row in &theme.rows {
            let _ = write!(
                out,
                "<tr><th scope=\"row\" title=\"{}\">{}</th>",
                escape(row.fact.as_str()),
                escape(&label(row))
            );
            for one in &row.cells {
                match one {
                    Some(one) => cell(&mut out, one),
                    None => out.push_str("<td></td>"),
                }
            }
            out.push_str("</tr>\n");
        }
    }
    if !comparison.rules.is_empty() {
        let words = format!("rules of {} that fail", super::packs(comparison));
        theme_row(&mut out, &words, comparison.columns.len());
        for row in &comparison.rules {
            let (rule, title) = (escape(row.rule.as_str()), escape(row.title.as_str()));
            let _ = write!(out, "<tr><th scope=\"row\">{title}<small>{rule}</small></th>");
            for (n, one) in row.outcomes.iter().enumerate() {
                let class = match one.outcome {
                    Some(Outcome::Fail) => " class=\"worst\"",
                    Some(Outcome::Pass) => " class=\"best\"",
                    _ => "",
                };
                let _ = write!(out, "<td{class}>{}</td>", escape(&outcome(row, n)));
            }
            out.push_str("</tr>\n");
        }
    }
    out.push_str("</tbody>\n</table>\n</div>\n<dl>\n");
    for f in footings(comparison) {
        let _ = writeln!(out, "<dt>{}</dt><dd>{}</dd>", escape(footing(f)), escape(meaning(f)));
    }
    let _ = write!(out, "</dl>\n<p>Made by hushlint {}.</p>\n</body>\n</html>\n", env!("CARGO_PKG_VERSION"));
    crate::report::disarm(&mut out, 0);
    out
}

fn theme_row(out: &mut String, words: &str, columns: usize) {
    let _ = writeln!(
        out,
        "<tr class=\"theme\"><th scope=\"row\">{}</th><td colspan=\"{columns}\"></td></tr>",
        escape(words)
    );
}

fn cell(out: &mut String, cell: &Cell) {
    out.push_str("<td>");
    match cell.mark {
        Some(m) => {
            let words = escape(cell.words.as_str());
            let _ = write!(out, "<span class=\"{0}\" title=\"{0}\">{words} {1}</span>", mark(m), glyph(m));
        }
        None => out.push_str(&escape(cell.words.as_str())),
    }
    if let Some(since) = &cell.since {
        let _ = write!(out, "<small>since {}</small>", escape(since.as_str()));
    }
    if let Some(status) = cell.status {
        let day = cell.read.as_ref().map(|day| format!(" {day}")).unwrap_or_default();
        let words = escape(&format!("{}{day}", footing(status)));
        if cell.sources.is_empty() {
            let _ = write!(out, "<small>{words}</small>");
        } else {
            let _ = write!(out, "<details><summary>{words}</summary>");
            cell.sources.iter().for_each(|s| source(out, s));
            out.push_str("</details>");
        }
    }
    out.push_str("</td>");
}

fn source(out: &mut String, source: &SourceInfo) {
    match source.url.as_ref().map(|url| (url.as_str(), web_address(url.as_str()))) {
        Some((url, Some(address))) => {
            let _ = write!(out, "<a href=\"{}\" rel=\"noreferrer\">{}</a>", escape(&address), escape(url));
        }
        Some((url, None)) => out.push_str(&escape(url)),
        None => {}
    }
    if let Some(day) = &source.dated {
        let _ = write!(out, "<small>of {}</small>", escape(day.as_str()));
    }
    if let Some(note) = &source.note {
        let _ = write!(out, "<small>{}</small>", escape(note.as_str()));
    }
}
