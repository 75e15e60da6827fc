//! Bad input.

use super::*;

fn errors(report: &GroupReport) -> Vec<String> {
    let one = |e: &InputError| {
        let line = e.span.map_or(0, |span| span.start.line);
        format!("{}:{line}: {}", e.file, e.message)
    };
    report.errors.iter().map(one).collect()
}

#[test]
fn values_that_are_encrypted_in_place() {
    let compose = "services:\n  chat:\n    image: parley/server\n    environment:\n      PARLEY_SECRET: !vault |\n        $ANSIBLE_VAULT;1.1;AES256\n        66386439653236336462626566653063336164663966303231363934653561363964363833313662\n      PARLEY_GUESTS: !vault |\n        $ANSIBLE_VAULT;1.1;AES256\n        6638643965323633\n      PARLEY_IPS_KEPT: 1d\n";
    let report = judged(&[("compose.yaml", compose)]);
    assert_eq!(report.errors.len(), 0);
    assert!(fact(&report, "account.guests").starts_with("unknown"));
    assert_eq!(fact(&report, "metadata.ip_retention"), "1d");
    let inline =
        |report: &GroupReport| report.facts[0].iter().any(|f| f.fact.as_str() == "ops.secrets" && f.value == "inline");
    assert!(!inline(&report));
    let whole =
        "$ANSIBLE_VAULT;1.1;AES256\n66386439653236336462626566653063336164663966303231363934653561363964363833313662\n";
    let report = judged(&[
        ("c/compose.yaml", "services:\n  chat:\n    image: parley/server\n    env_file: vault.env\n"),
        ("c/vault.env", whole),
    ]);
    assert_eq!(report.deployments.len(), 1);
    assert_eq!(report.errors.len(), 0);
}

#[test]
fn bytes_of_git_crypt() {
    let linter = parley("");
    let compose = b"services:\n  chat:\n    image: parley/server\n    env_file: .env\n".to_vec();
    let bytes = b"\0GITCRYPT\0\x12\x34\x56PARLEY_GUESTS=true\n".to_vec();
    let report = run_bytes(&linter, &[("compose.yaml", compose), (".env", bytes.clone()), ("k.yaml", bytes)], |g| g);
    assert_eq!(deployments(&report), ["compose.yaml#services.chat: compose.yaml"]);
    assert_eq!(report.errors.len(), 0);
    assert_eq!(
        why(&report, "account.guests"),
        "`.env`, which line 4 of compose.yaml names, cannot be read: no text: encrypted with git-crypt"
    );
}

#[test]
fn a_config_map_with_a_broken_file_inside() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata:\n  parley.yaml: |\n    server_name: x\n    guests: [true\n    ips_kept: 90d\n";
    let report = judged(&[("k/conf.yaml", text)]);
    assert_eq!(report.deployments.len(), 0);
    assert_eq!(errors(&report).len(), 1, "{:?}", errors(&report));
    assert!(errors(&report)[0].starts_with("k/conf.yaml:"), "{:?}", errors(&report));
    assert!(report.errors[0].span.unwrap().start.line >= 7);
    // Of somebody else it is no business of ours.
    let report = judged(&[(
        "k/conf.yaml",
        &text.replace("server_name", "other").replace("guests", "more").replace("ips_kept", "x"),
    )]);
    assert_eq!((report.errors.len(), report.deployments.len()), (0, 0));
}

#[test]
fn a_block_with_mixed_indentation() {
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata:\n  parley.yaml: |\n      server_name: x\n      guests: true\n    ips_kept: 90d\n";
    // A shallower line ends the block, and the outer file no longer parses.
    let report = judged(&[("k/conf.yaml", text)]);
    assert_eq!(report.deployments.len(), 0);
    assert_eq!(errors(&report).len(), 1, "{:?}", errors(&report));
    let text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: conf}\ndata:\n  parley.yaml: |\n    server_name: x\n    guests: true\n      ips_kept: 90d\n";
    let report = judged(&[("k/conf.yaml", text)]);
    assert_eq!(report.deployments.len(), 0);
    assert_eq!(errors(&report).len(), 1, "{:?}", errors(&report));
    let text = text.replace("      ips_kept", "\tips_kept");
    assert_eq!(errors(&judged(&[("k/conf.yaml", &text)])).len(), 1);
}

#[test]
fn base64_that_is_no_text() {
    let text = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  PARLEY_GUESTS: dHJ1ZQ==\n  PARLEY_IPS_KEPT: gIGCg4SF\n  PARLEY_TWO_FACTOR: not base64\n  key.jks: /u3+7QAAAAIAAAAB\n";
    let report = judged(&[("k/s.yaml", text)]);
    assert_eq!(deployments(&report), ["k/s.yaml#Secret/s: k/s.yaml"]);
    assert_eq!(fact(&report, "account.guests"), "write");
    assert!(fact(&report, "metadata.ip_retention").starts_with("unknown"));
    assert!(fact(&report, "account.mfa").starts_with("unknown"));
    assert_eq!(report.errors.len(), 0);
}

#[test]
fn a_variable_written_twice() {
    let files = [(".env", "PARLEY_GUESTS=false\nPARLEY_IPS_KEPT=1d\nPARLEY_GUESTS=true\n")];
    let report = judged(&files);
    assert_eq!(fact(&report, "account.guests"), "write", "the last one counts");
    assert_eq!(report.findings.iter().filter(|f| f.rule.as_str() == "duplicate").count(), 1);
    let compose = "services:\n  chat:\n    image: parley/server\n    environment:\n      - PARLEY_GUESTS=false\n      - PARLEY_GUESTS=true\n";
    let files = [("compose.yaml", compose)];
    let report = judged(&files);
    assert_eq!(fact(&report, "account.guests"), "write");
    assert_eq!(report.findings.iter().filter(|f| f.rule.as_str() == "duplicate").count(), 1);
    assert_eq!(places(&report, &files, "guests"), ["true in compose.yaml"]);
}

#[test]
fn files_that_do_not_parse() {
    // A compose file with the platform's variables at the starts of its lines is one of ours, and is told.
    let compose = "services:\n  chat:\n    image: parley/server\n   environment:\n      PARLEY_GUESTS: true\n";
    let report = judged(&[("compose.yaml", compose)]);
    assert_eq!(errors(&report).len(), 1, "{:?}", errors(&report));
    assert!(errors(&report)[0].starts_with("compose.yaml:4"), "{:?}", errors(&report));
    // Words in prose, or an image alone, do not make it one.
    let foreign = "services:\n  a: [\n  # see PARLEY_GUESTS\n  image: parley/server\n";
    let report = judged(&[("compose.yaml", foreign)]);
    assert_eq!((report.errors.len(), report.deployments.len()), (0, 0));
    let report = judged(&[("c/compose.yaml", "services:\n  a: [\n  b: {{\n")]);
    assert_eq!((report.errors.len(), report.deployments.len()), (0, 0));
}

#[test]
fn odd_files_are_survived() {
    for text in [
        "services:\n",
        "services: {a: {image: parley/server, environment: {a: [1], b: {c: d}}}}\n",
        "services:\n  a:\n    image: [parley/server]\n    environment: text\n    env_file: {a: b}\n    volumes: {a: b}\n    ports: {a: b}\n",
        "services:\n  a: &a\n    image: parley/server\n    extends: *a\n    environment: *a\n",
        "services:\n  a:\n    image: parley/server\n    environment:\n      - {a: b}\n      -\n      - =x\n      - PARLEY_GUESTS\n",
        "apiVersion: v1\nkind: List\nitems: &i\n  - apiVersion: v1\n    kind: List\n    items: *i\n",
        "apiVersion: v1\nkind: ConfigMap\ndata: [parley/server]\n---\napiVersion: v1\nkind: Pod\nspec: {containers: {a: parley/server}}\n",
        "apiVersion: v1\nkind: Secret\ndata:\n  parley/server: ~\n  PARLEY_GUESTS: [a]\n  b: &b\n    c: *b\n",
    ] {
        let report = judged(&[("a/compose.yaml", text), ("a/.env", "PARLEY_X=1\n")]);
        assert!(report.deployments.len() <= 1, "{text}: {:?}", deployments(&report));
    }
}
