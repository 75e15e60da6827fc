//! Errors of ours: a configuration, a pack, a rule file that does not hold together. They look like findings.

use super::diagnostic::{Diagnostic, Painter, Place};
use super::excerpt::Mark;
use super::look::Look;
use super::words::disarm;
use crate::fact::DataError;
use crate::lint::Severity;
use crate::text::{DisplaySource, Redactor, Source, Span};
use std::collections::HashMap;

/// Writes all errors, sorted by file and place. Their files are the user's own; what looks like a secret in them
/// is masked all the same.
pub fn data_errors(out: &mut String, errors: &[DataError], look: Look) {
    let from = out.len();
    let painter = Painter::new(look);
    let mut sorted: Vec<&DataError> = errors.iter().collect();
    sorted.sort_by(|a, b| (a.source.path(), a.span, &a.message).cmp(&(b.source.path(), b.span, &b.message)));
    let mut shown: HashMap<u64, (Redactor, DisplaySource)> = HashMap::new();
    for (number, error) in sorted.into_iter().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let (redactor, display) = shown.entry(error.source.id()).or_insert_with(|| {
            let mut redactor = Redactor::new();
            redactor.scan(&error.source, &[]);
            let display = redactor.display(&error.source);
            (redactor, display)
        });
        write_one(out, &painter, error, redactor, display);
    }
    disarm(out, from);
}

fn write_one(out: &mut String, painter: &Painter, error: &DataError, redactor: &Redactor, display: &DisplaySource) {
    let path = redactor.show(error.source.path());
    let message = redactor.show(&error.message);
    let help = error.help.as_deref().map(|help| redactor.show(help));
    // What was wrong on the command line has no place that could be shown.
    if error.source.path().starts_with("--") {
        let diagnostic = Diagnostic {
            severity: Severity::Error,
            rule: None,
            message: message.as_ref(),
            places: Vec::new(),
            remarks: Vec::new(),
            remarks_first: false,
            help: help.as_ref().map(AsRef::as_ref),
        };
        painter.write(out, &diagnostic);
        return;
    }
    let labels: Vec<_> = error.labels.iter().map(|(span, text)| (*span, redactor.show(text))).collect();
    // A question ("did you mean …?") is about the very word, so it stands under it and not in a line of its own.
    let asked = help.as_ref().map_or("", |help| help.as_ref());
    let (under, below) = if asked.ends_with('?') && !asked.contains('\n') { (asked, None) } else { ("", Some(asked)) };
    let mut marks = vec![mark(&error.source, display, error.span, under, true)];
    marks.extend(labels.iter().map(|(span, text)| mark(&error.source, display, *span, text.as_ref(), false)));
    let diagnostic = Diagnostic {
        severity: Severity::Error,
        rule: None,
        message: message.as_ref(),
        places: vec![Place { file: path.as_ref(), source: Some(display), marks }],
        remarks: Vec::new(),
        remarks_first: false,
        help: below,
    };
    painter.write(out, &diagnostic);
}

fn mark<'a>(source: &Source, display: &DisplaySource, span: Span, text: &'a str, primary: bool) -> Mark<'a> {
    let place = source.position(span.start);
    let shown = display.map(span);
    Mark { span: shown, narrow: shown, place: (place.line as usize, place.column as usize), text, primary }
}
