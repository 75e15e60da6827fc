//! The pages about rules: their list, a page each, and which of them the files of each platform can decide.

use super::{MADE, capital, cell, code, codes, list, text, texts};
use hushlint::judge::Outcome;
use hushlint::lint::{LintOptions, Linter, references};
use hushlint::platform::EventKind;
use hushlint::report::compare::markdown;
use hushlint::report::listing::{Coverage, Shelf, coverage, rules_json};
use hushlint::rule::Check;
use serde_json::Value;
use std::fmt::Write as _;

/// All rules by theme, with a page each.
pub fn rules_page(shelf: &Shelf) -> String {
    let all: Value = serde_json::from_str(&rules_json(shelf)).unwrap();
    let rules = list(&all, "rules");
    let mut themes: Vec<&str> = rules.iter().map(|rule| text(rule, "theme")).collect();
    themes.sort_unstable();
    themes.dedup();
    let mut out = format!("{MADE}\n\n# Rules\n\n");
    let _ = writeln!(
        out,
        "{} rules, a page each: what it asks of [facts](format.md#conditions), why, on whose authority, and how it is \
         mended. A pack decides whether a rule is judged, and how severe it is; `hushlint explain RULE` shows the same \
         on a terminal. [coverage.md](coverage.md) tells which of them the files of each platform can decide.\n\n\
         **e**, **w**, **n**: an error, a warning, a note in that pack. `prelaunch` is what `baseline`, `e2ee-claims` \
         and `minors` ask, and every fact that nobody has stated.",
        rules.len()
    );
    let packs: Vec<&str> = shelf.packs.iter().map(|p| p.id.as_str()).filter(|id| *id != "prelaunch").collect();
    for theme in &themes {
        let lines = vec!["---"; packs.len() + 1].join(" | ");
        let _ = writeln!(out, "\n## {}\n\n| rule | {} |\n| {lines} |", capital(theme), packs.join(" | "));
        for rule in rules.iter().filter(|rule| text(rule, "theme") == *theme) {
            let id = text(rule, "id");
            let of = |pack: &&str| {
                let own = list(rule, "packs").iter().find(|p| *text(p, "pack") == **pack);
                own.map_or("", |p| &text(p, "severity")[..1])
            };
            let cells: Vec<&str> = packs.iter().map(of).collect();
            let _ = writeln!(out, "| [{id}](rules/{id}.md)<br>{} | {} |", cell(text(rule, "title")), cells.join(" | "));
        }
    }
    out
}

/// What a value of a parameter rests on.
fn authority(source: Option<&str>) -> &str {
    source.unwrap_or("our choice: no authority names the value")
}

fn literal(value: Option<&Value>) -> String {
    code(&value.map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).unwrap_or_default())
}

/// A rule's page.
pub fn rule_page(rule: &Value) -> String {
    let mut out = format!("{MADE}\n\n# {}\n\n**{}**\n\n{}\n", text(rule, "id"), text(rule, "title"), text(rule, "why"));
    let mut line = |words: &str| writeln!(out, "{words}").unwrap();
    line("\n## What it asks\n");
    for (key, words) in
        [("require", "Must hold"), ("forbid", "Must not hold"), ("each", "For each of"), ("when", "Where")]
    {
        if let Some(condition) = rule.get(key).and_then(Value::as_str) {
            line(&format!("- {words}: {}", code(condition)));
        }
    }
    match rule.get("event").and_then(Value::as_str) {
        Some("conflict") => line("- No two selected rules may ask for opposite things"),
        Some("undeclared") => line("- A declaration states every fact that the selected packs ask for"),
        Some(event) if EventKind::from_name(event).is_some_and(EventKind::of_run) => {
            line("- It looks after [waivers and the baseline](../configuration.md); it is about no deployment");
        }
        Some(event) => line(&format!("- Nothing may be {} when the files are read", code(event))),
        None => {}
    }
    let packs = list(rule, "packs");
    for param in list(rule, "params") {
        let name = text(param, "name");
        let source = authority(param.get("source").and_then(Value::as_str));
        line(&format!("- Parameter {}: {} ({source})", code(name), literal(param.get("default"))));
        for pack in packs {
            let Some(value) = pack.get("params").and_then(|params| params.get(name)) else { continue };
            let source = pack.get("param_sources").and_then(|s| s.get(name)).and_then(Value::as_str);
            line(&format!("  - in `{}`: {} ({})", text(pack, "pack"), literal(Some(value)), authority(source)));
        }
    }
    line("\n## How severe it is\n\n| pack | severity | on what basis |\n| --- | --- | --- |");
    for pack in packs {
        let basis = format!("{}: {}", text(pack, "basis"), text(pack, "source"));
        line(&format!("| {} | {} | {} |", text(pack, "pack"), text(pack, "severity"), cell(&basis)));
    }
    let controls = list(rule, "controls");
    if !controls.is_empty() {
        line("\n## Controls\n");
        for control in controls {
            line(&format!("- {}: {}", code(text(control, "id")), text(control, "title")));
        }
    }
    let evidence = list(rule, "evidence");
    if !evidence.is_empty() {
        line("\n## What happened elsewhere\n");
        for one in evidence {
            let mark = if text(one, "mark") == "primary" { "at first hand" } else { "as reported" };
            let year = one.get("year").map(ToString::to_string).unwrap_or_default();
            line(&format!("- [{}]({}), {year}, {mark}. {}", text(one, "title"), text(one, "url"), text(one, "lesson")));
        }
    }
    line(&format!("\n## How it is mended\n\n{}.", capital(text(rule, "fix"))));
    let mends = list(rule, "mends");
    if !mends.is_empty() {
        line("\n| platform | what to set |\n| --- | --- |");
        for platform in mends {
            let lines: Vec<String> = texts(platform, "mends").into_iter().map(|mend| cell(&code(mend))).collect();
            line(&format!("| {} | {} |", text(platform, "platform"), lines.join("<br>")));
        }
    }
    for (key, words) in [("fails", "An example that fails"), ("passes", "An example that passes")] {
        let Some(example) = rule.get(key).filter(|e| e.is_object()) else { continue };
        let what = match example.get("document").and_then(Value::as_str) {
            Some(document) => {
                let version = example.get("version").and_then(Value::as_str);
                let version = version.map(|v| format!(", release {v}")).unwrap_or_default();
                format!("a document of the kind {}{version}", code(document))
            }
            None => "a declaration".to_owned(),
        };
        // Many cases are called after their rule.
        let name = text(example, "name");
        let name = name.strip_prefix(text(rule, "id")).map_or(name, |rest| rest.trim_start_matches([':', ' ']));
        line(&format!("\n## {words}\n\n{}; {what}, run by `hushlint test`.\n", capital(name)));
        line(&format!("```{}\n{}\n```", text(example, "format"), text(example, "text").trim_end()));
    }
    let mut rest: Vec<String> = Vec::new();
    let link = |id: &&str| format!("[{id}]({id}.md)");
    let covers: Vec<String> = texts(rule, "supersedes").iter().map(link).collect();
    if !covers.is_empty() {
        rest.push(format!("- Stands for: {}", covers.join(", ")));
    }
    for one in list(rule, "opposes") {
        rest.push(format!(
            "- Opposes {}: {}. {}.",
            link(&text(one, "rule")),
            text(one, "because"),
            capital(text(one, "choose"))
        ));
    }
    if !text(rule, "since").is_empty() {
        rest.push(format!("- Since {}", text(rule, "since")));
    }
    if rule.get("preview").and_then(Value::as_bool) == Some(true) {
        rest.push("- A preview: it may change, and its findings are notes".to_owned());
    }
    if let Some(why) = rule.get("deprecated").and_then(Value::as_str) {
        rest.push(format!("- It is going: {why}"));
    }
    if !texts(rule, "formerly").is_empty() {
        rest.push(format!("- Formerly {}", codes(&texts(rule, "formerly"))));
    }
    if !rest.is_empty() {
        line(&format!("\n## Further\n\n{}", rest.join("\n")));
    }
    out
}

/// For every rule and platform whether files can decide it.
pub fn coverage_page(shelf: &Shelf) -> String {
    let platforms = shelf.platforms();
    let mut out = format!("{MADE}\n\n# What files can decide\n\n");
    out.push_str(
        "For each rule and platform, whether the files of a deployment decide it. This is worked out of the platform \
         files, with the rules' own limits:\n\n\
         - **expressible**: what the files say decides it, in at least some deployments;\n\
         - **fixed**: it comes out the same whatever they say: the rule *holds*, *fails*, or *does not apply*. A fixed fail \
         is told in a note, and decides no exit code;\n\
         - **unknown**: the files cannot tell. Whoever knows can state the facts in `hushlint.toml`.\n\n\
         A declaration can decide every rule. Rules of one platform alone are on that platform's page.\n\n",
    );
    // Rules about waivers and the baseline are about no deployment.
    let of_run = |check: &Check| matches!(check, Check::Event(kind) if kind.of_run());
    let rules = shelf.knowledge.catalogue.rules.iter();
    let all: Vec<_> = rules.filter(|rule| rule.platforms.is_empty() && !of_run(&rule.check)).collect();
    let cells: Vec<Vec<Coverage>> = all
        .iter()
        .map(|rule| platforms.iter().map(|p| coverage(&shelf.knowledge.facts, &p.platform, rule)).collect())
        .collect();
    out.push_str("| platform | expressible | fixed | unknown |\n| --- | ---: | ---: | ---: |\n");
    for (n, loaded) in platforms.iter().enumerate() {
        let count = |is: fn(&Coverage) -> bool| cells.iter().filter(|row| is(&row[n])).count();
        let _ = writeln!(
            out,
            "| [{}](platforms/{}.md) | {} | {} | {} |",
            loaded.platform.name,
            loaded.platform.id,
            count(|c| *c == Coverage::Expressible),
            count(|c| matches!(c, Coverage::Fixed(_))),
            count(|c| *c == Coverage::Unknown),
        );
    }
    let mut themes: Vec<&str> = all.iter().map(|rule| rule.theme.as_str()).collect();
    themes.sort_unstable();
    themes.dedup();
    let names: Vec<&str> = platforms.iter().map(|p| p.platform.name.as_str()).collect();
    for theme in themes {
        let lines = vec!["---"; names.len() + 1].join(" | ");
        let _ = writeln!(out, "\n## {}\n\n| rule | {} |\n| {lines} |", capital(theme), names.join(" | "));
        for (rule, row) in all.iter().zip(&cells).filter(|(rule, _)| rule.theme == theme) {
            let words: Vec<&str> = row.iter().map(covered).collect();
            let _ = writeln!(out, "| [{}](rules/{}.md) | {} |", rule.id, rule.id, words.join(" | "));
        }
    }
    out
}

fn covered(coverage: &Coverage) -> &'static str {
    match coverage {
        Coverage::Expressible => "expressible",
        Coverage::Fixed(Outcome::Pass) => "fixed: holds",
        Coverage::Fixed(Outcome::Fail) => "fixed: fails",
        Coverage::Fixed(_) => "fixed: does not apply",
        Coverage::Unknown => "unknown",
        Coverage::Foreign => "for declarations",
    }
}

/// Those that everybody knows; the others are compared when somebody asks.
const KNOWN: [&str; 9] =
    ["tiktok", "signal", "whatsapp", "imessage", "instagram", "messenger", "x", "telegram", "telegram-secret"];

/// The bundled references side by side.
pub fn references_page() -> String {
    let options = LintOptions { facts: true, all_outcomes: true, ..LintOptions::default() };
    let linter = Linter::new(options).unwrap();
    let reports: Vec<_> = KNOWN.iter().map(|name| linter.reference(name).unwrap()).collect();
    let others: Vec<&str> = references().filter(|name| !KNOWN.contains(name)).collect();
    let mut out = format!("{MADE}\n\n# Platforms that everybody knows\n\n");
    let _ = writeln!(
        out,
        "What new accounts of nine public platforms meet, and what their operators keep, as far as somebody can check it: \
         `rules/references` says it, each fact with its source. It is what was so on the day at the foot of the table; \
         vendors change their products, and a value that changed says since when. Corrections with a source are welcome.\n\n\
         `hushlint compare {}` prints the same, {} can be compared too, and so can your own \
         [declaration](format.md#declarations) or server.\n",
        KNOWN.join(" "),
        codes(&others),
    );
    out.push_str(&markdown(&linter.compare(&reports), true));
    out
}
