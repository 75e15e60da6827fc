//! The schema of a platform file: its tables and keys. Whether the parts fit together (an id that is nowhere, a condition
//! that compares unlike things) the loader tells.

use super::{about, closed, head, list, one_of, text, texts};
use serde_json::{Value, json};

fn any() -> Value {
    json!(true)
}

fn flag() -> Value {
    json!({"type": "boolean"})
}

fn whole() -> Value {
    json!({"type": "integer", "minimum": 0})
}

fn table(of: Value) -> Value {
    json!({"type": "object", "additionalProperties": of})
}

/// The schema of a platform file.
pub fn platform_schema() -> Value {
    let condition = || about("a condition", text());
    let platform = closed(
        &["id", "name", "verified", "oldest", "docs"],
        vec![
            ("id", text()),
            ("name", text()),
            ("verified", about("the release whose parser confirmed the defaults", text())),
            ("oldest", about("releases below are out of scope", text())),
            ("docs", about("an address with `{setting}`", text())),
            ("images", texts()),
            ("named_by", about("settings that name a server to the world, the best first", texts())),
            ("unknown_keys", one_of(&["ignored", "warned", "refused"])),
            ("other_keys", texts()),
        ],
    );
    let document = closed(
        &["formats"],
        vec![
            ("formats", texts()),
            ("dialect", text()),
            ("files", texts()),
            ("all", texts()),
            ("any", texts()),
            ("none", texts()),
            ("at_least", whole()),
            ("part", flag()),
            ("fragment_keys", whole()),
            ("at", texts()),
            ("keys", one_of(&["exact", "ignore-case"])),
            ("sections", texts()),
            ("includes", texts()),
        ],
    );
    let instance =
        closed(&["each", "id", "kind"], vec![("each", text()), ("id", text()), ("kind", text()), ("facts", texts())]);
    let layer = closed(
        &["id"],
        vec![
            ("id", text()),
            ("document", text()),
            ("values", table(any())),
            ("at", text()),
            ("path", text()),
            ("separator", text()),
            ("codecs", table(text())),
            ("merge", one_of(&["deep", "shallow", "append"])),
            ("force", one_of(&["set", "initial", "default"])),
            ("when", condition()),
            ("otherwise", one_of(&["initial", "ignored"])),
        ],
    );
    let elsewhere = closed(
        &["because"],
        vec![
            ("when", condition()),
            ("settings", texts()),
            ("except", texts()),
            ("because", text()),
            ("look", text()),
            ("by", text()),
        ],
    );
    let codec = closed(
        &["base"],
        vec![
            ("base", text()),
            ("part", text()),
            ("true", texts()),
            ("false", texts()),
            ("quoted", flag()),
            ("fold", flag()),
            ("values", texts()),
            ("bare", text()),
            ("units", table(text())),
            ("words", table(text())),
            ("lenient", flag()),
            ("plural", flag()),
            ("compound", flag()),
            ("fraction", flag()),
            ("stray", flag()),
            ("of", any()),
            ("text", text()),
            ("mixed", flag()),
            ("public", texts()),
            ("special", table(any())),
            ("invalid", any()),
            ("plausible", any()),
        ],
    );
    let codec_case = closed(&["value"], vec![("when", condition()), ("value", any())]);
    let codecs = json!({"anyOf": [text(), codec, list(codec_case)]});
    let case = closed(
        &[],
        vec![
            ("when", condition()),
            ("for", texts()),
            ("value", any()),
            ("from", about("an expression", text())),
            ("map", table(any())),
            ("add", any()),
            ("unknown", text()),
            ("not_applicable", text()),
            ("candidates", list(any())),
            ("by", text()),
            ("because", text()),
            ("at", text()),
        ],
    );
    let literal = json!({"type": ["string", "number", "boolean"]});
    let cases = json!({"anyOf": [literal, case, {"type": "array"}]});
    let also = closed(&["path"], vec![("path", text()), ("codec", any())]);
    let asked = closed(&["value"], vec![("when", condition()), ("value", texts())]);
    let setting = closed(
        &["codec"],
        vec![
            ("codec", codecs.clone()),
            ("path", text()),
            ("verbatim", flag()),
            ("also", list(json!({"anyOf": [text(), also]}))),
            ("absent", cases.clone()),
            ("special", table(any())),
            ("invalid", any()),
            ("plausible", any()),
            ("since", text()),
            ("until", text()),
            ("layers", list(json!({"anyOf": [text(), asked]}))),
            ("merge", one_of(&["first", "union"])),
            ("key", text()),
            ("inert", text()),
            ("docs", text()),
            ("verified", text()),
            ("oracle", text()),
        ],
    );
    let mend = closed(
        &[],
        vec![
            ("when", condition()),
            ("for", texts()),
            ("set", table(any())),
            ("unset", texts()),
            ("add", table(any())),
            ("remove", table(any())),
            ("usual", any()),
            ("text", text()),
            ("safety", one_of(&["safe", "unsafe"])),
        ],
    );
    let gate = closed(
        &["settings", "needs", "because"],
        vec![
            ("settings", texts()),
            ("needs", condition()),
            ("otherwise", any()),
            ("because", text()),
            ("quiet", flag()),
            ("severity", one_of(&["error", "warning", "note"])),
            ("mend", mend.clone()),
        ],
    );
    let context = closed(&["type"], vec![("type", text()), ("values", texts()), ("cases", cases.clone())]);
    let mends = json!({"anyOf": [mend.clone(), list(mend)]});
    let top = closed(
        &["format", "platform", "document", "setting"],
        vec![
            ("format", json!({"const": 1})),
            ("platform", platform),
            ("document", table(document)),
            ("instance", list(instance)),
            ("layer", list(layer)),
            ("elsewhere", list(elsewhere)),
            ("codec", table(codecs)),
            ("setting", table(setting)),
            ("gate", list(gate)),
            ("context", table(context)),
            ("fact", table(cases)),
            ("mend", table(mends)),
            ("case", json!({"type": "array"})),
        ],
    );
    head("A platform of hushlint", "platform", top)
}
