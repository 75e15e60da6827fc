//! Conditions: whatever parses is typed or refused, at a place that lies in the text.
#![no_main]

use hushlint::condition::{ConditionError, check, parse};
use hushlint::lint::{Knowledge, Loaded};
use hushlint::platform::Scope;
use libfuzzer_sys::fuzz_target;
use std::sync::{Arc, OnceLock};

fn known() -> &'static (Knowledge, Arc<Loaded>) {
    static KNOWN: OnceLock<(Knowledge, Arc<Loaded>)> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let knowledge =
            Knowledge::built_in().unwrap_or_else(|errors| panic!("{}", errors.first().map_or("", |e| &e.message)));
        let platform =
            knowledge.platform(0).unwrap_or_else(|errors| panic!("{}", errors.first().map_or("", |e| &e.message)));
        (knowledge, platform)
    })
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let within =
        |error: &ConditionError| assert!(text.get(error.span.range()).is_some(), "{:?} is no place", error.span);
    match parse(text) {
        Err(error) => within(&error),
        Ok(syntax) => {
            assert!(text.get(syntax.span.range()).is_some());
            let (knowledge, loaded) = known();
            let scope = Scope::new(&knowledge.facts.vocabulary, Some(&loaded.platform.names));
            if let Err(error) = check(&syntax, &scope, None) {
                within(&error);
            }
        }
    }
});
