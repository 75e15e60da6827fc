//! The masking of secrets. The first two bytes choose a span that is a known secret.
#![no_main]

use hushlint::text::{Redactor, Source, Span};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let [start, length, text @ ..] = bytes else { return };
    let Ok(source) = Source::decode("fuzz", text) else { return };
    let secret = Span { start: u32::from(*start), end: u32::from(*start) + u32::from(*length) };
    let mut redactor = Redactor::new();
    redactor.scan(&source, &[]);
    redactor.secret(&source, secret);
    let display = redactor.display(&source);
    assert_eq!(display.line_count(), source.line_count());
    let place = display.map(secret);
    assert!(place.start <= place.end && place.end as usize <= display.text().len());
    for shown in [display.text(), redactor.excerpt(&source, secret).as_str(), redactor.show(source.text()).as_str()] {
        assert!(shown.chars().all(|c| c == '\n' || c == '\t' || !c.is_control()));
    }
});
