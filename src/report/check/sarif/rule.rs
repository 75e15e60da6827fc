//! What SARIF tells of a rule: all that GitHub asks for.

use super::Met;
use super::place::clipped;
use super::result::level;
use crate::lint::{Confidence, Severity, Words};
use crate::report::markdown::{code, inline};
use serde_json::{Value, json as object};

/// GitHub keeps so many.
const TAGS: usize = 20;

/// The descriptor of a rule that has results.
pub fn descriptor(met: &Met) -> Value {
    let about = &met.about;
    let mut tags = vec!["privacy", "security", about.theme.as_ref()];
    tags.extend(about.controls.iter().map(AsRef::as_ref));
    tags.retain(|tag| !tag.is_empty());
    tags.dedup();
    tags.truncate(TAGS);
    let (problem, score) = match met.severity {
        Severity::Error => ("error", "8.0"),
        Severity::Warning => ("warning", "5.0"),
        Severity::Note => ("recommendation", "2.0"),
    };
    let precision = match met.confidence {
        Confidence::High => "high",
        Confidence::Medium => "medium",
        Confidence::Low => "low",
    };
    let mut out = object!({
        "id": about.id,
        "name": pascal(about.id.as_ref()),
        "shortDescription": { "text": clipped(sentence(about).as_str()) },
        "fullDescription": { "text": clipped(about.why.as_ref()) },
        "help": { "text": help(about), "markdown": help_markdown(about) },
        "defaultConfiguration": { "level": level(met.about.severity.unwrap_or(met.severity)) },
        "properties": {
            "tags": tags,
            "precision": precision,
            "problem.severity": problem,
            "security-severity": score,
        },
    });
    if let (Some(url), Some(map)) = (page(about), out.as_object_mut()) {
        map.insert("helpUri".to_owned(), url.into());
    }
    out
}

/// The rule's page, if its address is one: a saved report may hold anything.
fn page(about: &Words) -> Option<&str> {
    let safe = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '.' | '-' | '_' | ':');
    Some(about.url.as_ref()).filter(|url| url.starts_with("https://") && url.chars().all(safe))
}

/// The title as a sentence.
fn sentence(about: &Words) -> String {
    let title = if about.title.as_ref().is_empty() { about.id.as_ref() } else { about.title.as_ref() };
    if title.ends_with(['.', '?', '!']) { title.to_owned() } else { format!("{title}.") }
}

/// `ip-kept-too-long` as `IpKeptTooLong`.
fn pascal(id: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    clipped(&id.split('-').map(word).collect::<String>()).chars().take(255).collect()
}

fn help(about: &Words) -> String {
    let mut text = format!("{}\n\nHow to mend it: {}", about.why, about.fix);
    if !about.controls.is_empty() {
        text.push_str("\n\nControls: ");
        text.push_str(&controls(about).join(", "));
    }
    clipped(&text)
}

fn controls(about: &Words) -> Vec<&str> {
    about.controls.iter().map(AsRef::as_ref).collect()
}

/// The same for the eye. A text is cut before it is written, so that no element stays open.
fn help_markdown(about: &Words) -> String {
    const PART: usize = 400;
    let part = |text: &str| {
        let cut: String = text.chars().take(PART).collect();
        let mut out = String::new();
        inline(&mut out, if cut.len() < text.len() { clipped(&cut) } else { cut }.as_str());
        out
    };
    let mut text = format!("{}\n\n**How to mend it.** {}", part(about.why.as_ref()), part(about.fix.as_ref()));
    let room = |text: &str, more: &str| text.chars().count() + more.chars().count() <= 1_000;
    let mut list = String::new();
    for control in controls(about) {
        let mut one = String::from(if list.is_empty() { "\n\n**Controls.** " } else { ", " });
        code(&mut one, control);
        if room(&format!("{text}{list}"), &one) {
            list.push_str(&one);
        }
    }
    text.push_str(&list);
    let link = page(about).map(|url| format!("\n\n[More about this rule]({url})"));
    if let Some(link) = link.filter(|link| room(&text, link)) {
        text.push_str(&link);
    }
    // Escapes make texts longer; a text that is too long for Markdown is still there as `text`.
    if text.chars().count() > 1_024 { String::from("See the text of this rule's page.") } else { text }
}
