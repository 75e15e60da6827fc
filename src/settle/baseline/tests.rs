#![allow(clippy::unwrap_used, clippy::indexing_slicing)]
use super::*;
use crate::lint::Knowledge;
use serde_json::json;

fn entry(rule: &str, deployment: &str, fingerprint: &str) -> Entry {
    Entry {
        rule: rule.into(),
        deployment: deployment.into(),
        fingerprint: fingerprint.into(),
        fact: Some("metadata.ip_retention".into()),
        ..Entry::default()
    }
}

fn errors(text: &str) -> Vec<(String, String)> {
    let errors = Baseline::read("b.toml", text).unwrap_err();
    errors.into_iter().map(|e| (text[e.span.range()].to_owned(), e.message)).collect()
}

#[test]
fn what_is_written_is_read_back() {
    let odd = Entry {
        qualifier: Some("a \"b\"\\\n\u{1}é".into()),
        value: json!({"at_least": ["x"], "possibly": ["y"]}),
        also: vec![("content.retention['direct']".into(), json!("unlimited")), ("a.b".into(), json!(true))],
        with: Some("readable-and-unlimited".into()),
        ..entry("b", "z", "00000000000000ab")
    };
    let number = Entry { value: json!(8), ..entry("a", "z", "00000000000000ac") };
    let fraction =
        Entry { value: json!(0.5), fact: None, setting: Some("x.y".into()), ..entry("a", "y", "00000000000000ad") };
    let text = write(&[odd.clone(), number.clone(), fraction.clone(), number.clone()]);
    let read = Baseline::read("b.toml", &text).unwrap();
    let plain = |e: &Entry| Entry { span: Span::default(), ..e.clone() };
    assert_eq!(read.entries.iter().map(plain).collect::<Vec<_>>(), [fraction, number, odd]);
    assert_eq!(read.find("00000000000000ac").unwrap().0, 1);
    assert_eq!(read.of_deployment("z"), [1, 2]);
    assert!(read.find("0000000000000000").is_none());
    assert_eq!(write(&read.entries), text, "the order does not depend on that of the entries");
}

#[test]
fn what_is_wrong_is_told_with_its_place() {
    assert_eq!(
        errors("format = 2\nfoo = 1\n"),
        [("2".into(), "this baseline has format 2; this hushlint reads format 1".into())]
    );
    assert_eq!(errors("")[0].1, "`format` is missing here");
    assert_eq!(errors("format = 0\n")[0].1, "formats begin with 1");
    assert!(!errors("format = 1\n<<<<<<< HEAD\n").is_empty());
    let one = "[[finding]]\nrule = \"a\"\ndeployment = \"d\"\nfingerprint = \"00000000000000ab\"\n";
    let twice = errors(&format!("format = 1\n{one}{one}"));
    assert_eq!(twice, [("\"a\"".into(), "two entries are about one finding".into())]);
    let odd = errors(&format!("format = 1\n{one}reason = \"x\"\n"));
    assert_eq!(odd, [("reason".into(), "`reason` is no key here".into())]);
    let short = errors("format = 1\n[[finding]]\nrule = \"a\"\ndeployment = \"d\"\nfingerprint = \"AB\"\n");
    assert_eq!(short, [("\"AB\"".into(), "a fingerprint has 16 hexadecimal digits".into())]);
}

#[test]
fn values_are_compared_by_the_order_of_their_fact() {
    let knowledge = Knowledge::built_in().unwrap();
    let vocabulary = &knowledge.facts.vocabulary;
    let compared = |fact: &str, then: Json, now: Json| {
        let fact = vocabulary.fact(vocabulary.find(fact).unwrap());
        compare(&now, &then, Some(fact), vocabulary)
    };
    let ip = "metadata.ip_retention";
    assert_eq!(compared(ip, json!("28d"), json!("28d")), Compared::NoWorse);
    assert_eq!(compared(ip, json!("28d"), json!("7d")), Compared::NoWorse);
    assert_eq!(compared(ip, json!("28d"), json!("unlimited")), Compared::Worse("28 days".into()));
    assert_eq!(compared(ip, json!("4w"), json!("28d")), Compared::NoWorse, "spelt otherwise");
    assert_eq!(compared(ip, json!("28d"), Json::Null), Compared::Other("28 days".into()));
    assert_eq!(compared(ip, Json::Null, json!("28d")), Compared::Other("not known".into()));
    assert_eq!(compared(ip, json!("gone"), json!("28d")), Compared::Other("gone".into()));
    assert_eq!(compared("push.payload", json!("content"), json!("sender")), Compared::NoWorse);
    assert_eq!(compared("push.payload", json!("sender"), json!("content")), Compared::Worse("sender".into()));
    let kinds = "metadata.kinds";
    assert_eq!(compared(kinds, json!(["ip"]), json!([])), Compared::NoWorse);
    assert!(matches!(compared(kinds, json!([]), json!(["ip"])), Compared::Worse(_)));
    assert_eq!(compare(&json!("b"), &json!("a"), None, vocabulary), Compared::Other("a".into()));
}
