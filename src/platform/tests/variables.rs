//! Each variable of a built-in platform against the key of its file: same values, same facts, right places.
//!
//! The settings, their names and what to write come from the platform file. Only the shapes that variables stand in
//! are told here.

use super::*;
use crate::condition::{Members, Values};
use crate::fact::QualifierKind;
use crate::platform::codec::{Base, LoneText, Part};
use crate::platform::definition::Setting;
use crate::platform::layer::{Force, Held};
use crate::platform::path::Segment;
use crate::syntax::{Document, Variables, compose, kubernetes};
use serde_json::{Value as Json, json};

const PLATFORM: &str = include_str!("../../../rules/platforms/mattermost.toml");

fn built_in() -> &'static Platform {
    static PLATFORM_READ: OnceLock<Platform> = OnceLock::new();
    PLATFORM_READ.get_or_init(|| {
        let source = Arc::new(Source::new("mattermost.toml", PLATFORM));
        let document = Arc::new(parse(&source, Format::Toml, &Limits::default()));
        load(&document, &facts().vocabulary).unwrap_or_else(|e| panic!("{}", e[0].message))
    })
}

/// The layers of variables and of the file that they are laid over.
struct Pair {
    variables: usize,
    file: usize,
}

fn kind_of(platform: &Platform, layer: usize) -> Option<usize> {
    match platform.layers[layer].held {
        Held::Document(kind) => Some(kind),
        Held::Values(_) => None,
    }
}

fn pair(platform: &Platform) -> Pair {
    let of = |n: &usize, format: Format, spelt: bool| {
        let layer = &platform.layers[*n];
        layer.force == Force::Set
            && layer.template.is_some() == spelt
            && kind_of(platform, *n).is_some_and(|kind| platform.documents[kind].formats.contains(&format))
    };
    let all = 0..platform.layers.len();
    let variables = all.clone().find(|n| of(n, Format::Env, true)).expect("a layer of variables");
    let file = all.clone().find(|n| of(n, Format::Json, false)).expect("a layer of a file");
    Pair { variables, file }
}

/// What to write for a codec: in a file, and as a variable.
fn samples(base: &Base, of_variable: &Base) -> Vec<(Json, String)> {
    let texts = |list: &[&str]| list.iter().map(|t| (json!(t), (*t).to_owned())).collect::<Vec<_>>();
    match base {
        Base::Bool { .. } => vec![(json!(true), "true".into()), (json!(false), "false".into())],
        Base::Number => vec![(json!(7), "7".into()), (json!(0), "0".into()), (json!(-3), "-3".into())],
        Base::Duration { .. } => vec![(json!(48), "48".into()), (json!(0), "0".into()), (json!(-1), "-1".into())],
        Base::Choice { words, .. } => {
            let mut out: Vec<_> = words.iter().map(|w| (json!(&**w), (**w).to_owned())).collect();
            out.push((json!("another-word"), "another-word".into()));
            out
        }
        Base::Text(Part::All) => texts(&["", "localhost", "https://chat.example.org/x", "postgres://db.example.org/m"]),
        Base::Text(_) => texts(&["postgres://u@db.example.org/m?sslmode=disable", "localhost"]),
        Base::Secret { url_password: true, .. } => {
            texts(&["postgres://u:correct-horse@db.example.org/m", "postgres://u@db.example.org/m", ""])
        }
        Base::Secret { .. } => texts(&["correct-horse-battery", "CHANGE_ME", ""]),
        Base::List { .. } => {
            let Base::List { text: LoneText::Separator(separator), .. } = of_variable else { return Vec::new() };
            let items = ["postgres://u:correct-horse@db2.example.org/m?sslmode=disable", "postgres://localhost/m"];
            vec![(json!(items), items.join(separator)), (json!([items[1]]), items[1].to_owned())]
        }
        _ => Vec::new(),
    }
}

/// A file with a value at a path, and with every key it is known by there and null.
fn file(platform: &Platform, kind: usize, path: &[&str], value: Option<&Json>) -> String {
    let mut root = json!({});
    let mut put = |keys: &[&str], value: Json| {
        let mut at = &mut root;
        for key in keys {
            at = at.as_object_mut().unwrap().entry(*key).or_insert(json!({}));
        }
        *at = value;
    };
    for pattern in &platform.documents[kind].any {
        put(&keys(&pattern.0).expect("patterns of keys"), Json::Null);
    }
    if let Some(value) = value {
        put(path, value.clone());
    }
    serde_json::to_string_pretty(&root).unwrap()
}

fn keys(path: &[Segment]) -> Option<Vec<&str>> {
    path.iter()
        .map(|s| match s {
            Segment::Key(key) => Some(&**key),
            _ => None,
        })
        .collect()
}

fn document(path: &str, text: &str, format: Format) -> Document {
    let source = Arc::new(Source::new(path, text));
    let document = parse(&source, format, &Limits::default());
    assert!(document.errors.is_empty(), "{text}: {:?}", document.errors);
    document
}

/// A variable in every shape that holds it, with the value as it stands there.
fn shapes(name: &str, value: &str) -> Vec<(&'static str, Arc<Document>, String)> {
    let mut out: Vec<(&'static str, Arc<Document>, String)> = Vec::new();
    let quoted = serde_json::to_string(value).unwrap();
    let single = format!("'{value}'");
    for (shape, text, written) in [
        ("dotenv", format!("# chat\n{name}={value}\nOTHER=1\n"), value.to_owned()),
        ("dotenv, quoted", format!("{name}={quoted}\n"), quoted.clone()),
        ("a script", format!("#!/bin/sh\nexport {name}={single}\n"), single.clone()),
    ] {
        out.push((shape, Arc::new(document("shape.env", &text, Format::Env)), written));
    }
    let service = "services:\n  chat:\n    image: example.org/chat:1.2\n    environment:\n";
    for (shape, text, written) in [
        ("compose, a map", format!("{service}      OTHER: x\n      {name}: {quoted}\n"), quoted.clone()),
        ("compose, a list", format!("{service}      - OTHER=x\n      - {name}={value}\n"), value.to_owned()),
        ("compose, a quoted list", format!("{service}      - '{name}={value}'\n"), value.to_owned()),
        (
            "compose, an anchor",
            format!("x-chat: &chat\n  {name}: {single}\n{service}      <<: *chat\n      OTHER: x\n"),
            single.clone(),
        ),
    ] {
        let outer = document("docker-compose.yml", &text, Format::Yaml);
        let project = compose(&outer, &Variables::default()).unwrap_or_else(|| panic!("no compose file: {text}"));
        for set in &project.services[0].variables {
            out.push((shape, Arc::clone(set), written.clone()));
        }
    }
    let head = |kind: &str| format!("apiVersion: v1\nkind: {kind}\nmetadata:\n  name: chat\n");
    let store = |kind: &str, under: &str, written: &str| format!("{}{under}:\n  {name}: {written}\n", head(kind));
    let encoded = base64(value.as_bytes());
    for (shape, text, written) in [
        ("a ConfigMap", store("ConfigMap", "data", &quoted), quoted.clone()),
        ("a Secret in clear", store("Secret", "stringData", &single), single.clone()),
        ("a Secret in base64", store("Secret", "data", &format!("\"{encoded}\"")), format!("\"{encoded}\"")),
    ] {
        let objects = kubernetes(&document("chat.yaml", &text, Format::Yaml));
        for set in &objects.stores[0].variables {
            out.push((shape, Arc::clone(set), written.clone()));
        }
    }
    let pod = format!(
        "{}spec:\n  containers:\n    - name: chat\n      image: example.org/chat:1.2\n      env:\n        - name: {name}\n          value: {quoted}\n",
        head("Pod")
    );
    let objects = kubernetes(&document("pod.yaml", &pod, Format::Yaml));
    out.push(("a container", Arc::clone(&objects.containers[0].variables), quoted));
    out
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0_u32, |word, byte| word << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for n in 0..4 {
            let letter = LETTERS[(word >> (18 - 6 * n) & 63) as usize] as char;
            out.push(if n <= chunk.len() { letter } else { '=' });
        }
    }
    out
}

/// All settings and facts, in words.
fn everything(deployment: &Deployment<'_>) -> Vec<String> {
    deployment.quick(|| {
        let mut out = Vec::new();
        for (ix, fact) in deployment.vocabulary().facts() {
            let named = |list: Reading| match list.known() {
                Some(Value::List(items)) => items.iter().map(|r| r.known().and_then(Value::word).cloned()).collect(),
                _ => Vec::new(),
            };
            let qualifiers = match fact.qualifier {
                None => vec![None],
                Some(QualifierKind::Scope) => named(deployment.members(Members::Scopes)),
                Some(QualifierKind::Cohort) => named(deployment.members(Members::Cohorts)),
                Some(QualifierKind::Setting) => named(deployment.places(ix)),
            };
            for qualifier in qualifiers {
                let reading = deployment.fact(ix, qualifier.as_ref());
                out.push(format!("{} {} = {}", fact.id, qualifier.as_deref().unwrap_or_default(), words(&reading)));
            }
        }
        out
    })
}

/// The settings that both layers hold, with the key's path and the variable's name.
fn both<'p>(platform: &'p Platform, pair: &Pair) -> Vec<(u32, &'p Setting, Vec<&'p str>, String)> {
    let mut out = Vec::new();
    for (n, setting) in platform.settings.iter().enumerate() {
        let asked = setting.asks(pair.variables) && setting.asks(pair.file);
        if !asked || setting.list.is_some() || setting.inert.is_some() {
            continue;
        }
        let (Some(variable), Some(key)) = (setting.way(pair.variables, 0), setting.way(pair.file, 0)) else { continue };
        let [Segment::Key(name)] = variable.path.0.as_slice() else { panic!("{}: no single variable", setting.id) };
        out.push((u32::try_from(n).unwrap(), setting, keys(&key.path.0).unwrap(), name.to_string()));
    }
    out
}

#[test]
fn a_variable_says_what_its_key_says() {
    let platform = built_in();
    let pair = pair(platform);
    let (file_kind, variable_kind) =
        (kind_of(platform, pair.file).unwrap(), kind_of(platform, pair.variables).unwrap());
    let read = |sheets| Deployment::new(facts(), Some(platform), Input { sheets, ..Input::default() });
    let main = |path: &[&str], value: Option<&Json>| {
        let text = file(platform, file_kind, path, value);
        Sheet::plain(Arc::new(document("config.json", &text, Format::Json)), file_kind)
    };
    let settings = both(platform, &pair);
    assert!(settings.len() > 80, "{} settings", settings.len());
    let silent = everything(&read(vec![main(&[], None)]));
    let (mut compared, mut telling) = (0, 0);
    for (ix, setting, path, name) in &settings {
        let mut told_in_all = false;
        let bases = |layer| setting.way(layer, 0).unwrap().readers.iter().map(|r| &r.reader.base).collect::<Vec<_>>();
        let (in_file, in_variable) = (bases(pair.file), bases(pair.variables));
        for (json, text) in samples(in_file[0], in_variable[0]) {
            let keyed = read(vec![main(path, Some(&json))]);
            let wanted = (words(&keyed.setting(*ix)), everything(&keyed));
            // All facts are held in each shape for the first value that changes one, and once for every other value.
            let in_all = wanted.1 != silent && !told_in_all;
            told_in_all |= in_all;
            telling += usize::from(in_all);
            for (n, (shape, set, written)) in shapes(name, &text).into_iter().enumerate() {
                let laid = read(vec![main(path, None), Sheet::plain(set, variable_kind)]);
                let told = format!("{name}={text} in {shape}");
                // What the server passes over in a variable keeps it from starting in a file.
                if wanted.0 == "unknown: refused" && words(&laid.setting(*ix)) != wanted.0 {
                    let event = events(&laid).into_iter().any(|e| e.starts_with("without-effect"));
                    assert!(event || text.is_empty(), "{told}: {}", words(&laid.setting(*ix)));
                    continue;
                }
                assert_eq!(words(&laid.setting(*ix)), wanted.0, "{told}");
                if in_all || n == 0 {
                    assert_eq!(everything(&laid), wanted.1, "{told}");
                }
                let place =
                    laid.raw(*ix).place.and_then(|p| laid.place(p)).unwrap_or_else(|| panic!("{told}: no place"));
                let at = laid.document(place.document.unwrap()).unwrap().source.slice(place.span);
                // What is empty stands at its name.
                assert!(at == written || text.is_empty() && at.trim_matches('"') == *name, "{told}: at {at:?}");
                compared += 1;
            }
        }
    }
    assert!(compared > 1000 && telling > 60, "{compared} compared, {telling} settings told in facts");
}
