//! Tests of masking and display.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use super::*;
use proptest::prelude::*;

fn scanned(text: &str) -> (Source, Redactor) {
    let source = Source::new("f", text);
    let mut redactor = Redactor::new();
    redactor.scan(&source, &[]);
    (source, redactor)
}

/// The text as it is shown after the lexical pass, the mask as `*`.
fn masked(text: &str) -> String {
    let (source, redactor) = scanned(text);
    redactor.display(&source).text().replace(MASK, "*")
}

#[test]
fn assignments_of_every_format_are_masked() {
    let cases = [
        ("form_secret: hunter2\n", "form_secret: *\n"),
        ("password: \"hunter two\" # c", "password: \"*\" # c"),
        ("password : 'it''s' # c", "password : '*' # c"),
        ("  - token: a b c  # d", "  - token: *  # d"),
        ("#password: hunter2", "#password: *"),
        ("password=hunter2", "password=*"),
        ("export DB_PASSWORD=hunter2", "export DB_PASSWORD=*"),
        ("  - MM_SMTP_PASSWORD=hunter two", "  - MM_SMTP_PASSWORD=*"),
        ("  - \"MM_SMTP_PASSWORD=hunter two\"", "  - \"MM_SMTP_PASSWORD=*\""),
        ("{\"user\": \"u\", \"password\":\"hunter2\",\"port\":1}", "{\"user\": \"u\", \"password\":\"*\",\"port\":1}"),
        ("a: {user: u, password: hunter2, port: 1}", "a: {user: u, password: *, port: 1}"),
        ("dsn = \"host=db password=hunter2\"", "dsn = \"*\""),
        ("x = \"host=db password=hunter2 dbname=y\"", "x = \"host=db password=* dbname=y\""),
        ("turn_secret = \"hunter2\";", "turn_secret = \"*\";"),
        ("serverpassword=hunter2", "serverpassword=*"),
        ("'password' => 'hunter2',", "'password' => '*',"),
        ("settings[\"password\"] = \"hunter2\"", "settings[\"password\"] = \"*\""),
        ("password = \"\"\"hunter2\"\"\"", "password = \"\"\"*\"\"\""),
        ("password: &p !x hunter2", "password: &p !x *"),
        ("password: \"a\\\"b\" #", "password: \"*\" #"),
        ("url?access_token=hunter2&x=1", "url?access_token=*&x=1"),
        ("password:hunter2", "password:*"),
        ("password: os.getenv(\"X\", \"hunter2\")", "password: os.getenv(\"X\", \"*\")"),
    ];
    for (text, want) in cases {
        assert_eq!(masked(text), want);
    }
}

#[test]
fn variables_of_containers_and_what_is_kept_for_them_are_masked() {
    let cases = [
        (
            "- name: SMTP_PASSWORD\n  value: hunter2\n- name: MODE\n  value: x1\n",
            "- name: SMTP_PASSWORD\n  value: *\n- name: MODE\n  value: x1\n",
        ),
        ("- {name: DB_PASS, value: \"hunter2\"}", "- {name: DB_PASS, value: \"*\"}"),
        ("{\"name\": \"DB_PASS\", \"value\": \"hunter2\"}", "{\"name\": \"DB_PASS\", \"value\": \"*\"}"),
        ("- name: 'A_TOKEN' # c\n  value: |\n    hunter2\n", "- name: 'A_TOKEN' # c\n  value: |\n    *\n"),
        (
            "- name: A_TOKEN\n  valueFrom: {secretKeyRef: {name: x, key: y}}\n",
            "- name: A_TOKEN\n  valueFrom: {secretKeyRef: {name: x, key: y}}\n",
        ),
        (
            "kind: Secret\ndata:\n  DB: aHVudGVyMg==\n  # c\n  b: |\n    YWJj\n    ZGVm\nmetadata:\n  name: x1\n",
            "kind: Secret\ndata:\n  DB: *\n  # c\n  b: |\n    *\n    *\nmetadata:\n  name: x1\n",
        ),
        ("data:\n    DB: aHVudGVyMg==\nkind: Secret\n", "data:\n    DB: *\nkind: Secret\n"),
        (
            "kind: Secret\nstringData:\n  DB: postgres\n  N: 12\n  c.yaml: |\n    a: b1\n    token: hunter2\ntype: Opaque\n",
            "kind: Secret\nstringData:\n  DB: *\n  N: 12\n  c.yaml: |\n    a: b1\n    token: *\ntype: Opaque\n",
        ),
        (
            "kind: ConfigMap\ndata:\n  DB: x1\n---\nkind: Secret\ndata:\n  DB: eDE=\n",
            "kind: ConfigMap\ndata:\n  DB: x1\n---\nkind: Secret\ndata:\n  DB: *\n",
        ),
        (
            "items:\n- kind: Secret\n  data:\n    DB: eDE=\n  metadata: {a: b}\n",
            "items:\n- kind: Secret\n  data:\n    DB: *\n  metadata: {a: b}\n",
        ),
        (
            "{\"kind\":\"Secret\",\"data\":{\"a\":\"eDE=\",\"b\":\"eDI=\"},\"x\":\"y\"}",
            "{\"kind\":\"Secret\",\"data\":{\"a\":\"*\",\"b\":\"*\"},\"x\":\"y\"}",
        ),
        (
            "{\n  \"kind\": \"Secret\",\n  \"data\": {\n    \"a\": \"eDE=\",\n    \"b\": \"eDI=\"\n  },\n  \"x\": \"y\"\n}",
            "{\n  \"kind\": \"Secret\",\n  \"data\": {\n    \"a\": \"*\",\n    \"b\": \"*\"\n  },\n  \"x\": \"y\"\n}",
        ),
        ("kind: Secret\ndata: {a: eDE=, b: 'eDI='}\n", "kind: Secret\ndata: {a: *, b: '*'}\n"),
        ("kind: SecretStore\ndata:\n  a: x1\n", "kind: SecretStore\ndata:\n  a: x1\n"),
        ("# Secret\nkind: ConfigMap\ndata:\n  a: x1\n", "# Secret\nkind: ConfigMap\ndata:\n  a: x1\n"),
        ("kind: Secret\ndata:\n  a: [\n  b: eDE=\n\tc: {", "kind: Secret\ndata:\n  a: *\n  b: *\n\tc: {"),
    ];
    for (text, want) in cases {
        assert_eq!(masked(text), want, "{text}");
    }
}

#[test]
fn what_is_no_secret_stays() {
    for text in [
        "password: true",
        "token: 90d",
        "secret: 12",
        "password:",
        "password: ~",
        "password: \"\"",
        "api_key: null",
        "tokenizer: hunter2",
        "token_timeout: hunter2",
        "password_config: x",
        "signing_key_path: /a/b",
        "password_file: x",
        "secret: {{ vault_secret }}",
        "secret: \"{{ x | lower }}\"",
        "password: ${PASSWORD}",
        "- PASSWORD=${PASSWORD:?must}",
        "password: $PASSWORD",
        "password = os.getenv(\"X\")",
        "tls_key: /etc/tls/a.key",
        "public_key: abc",
        "password: *alias",
        "secret: {name: x}",
        "token: [a]",
        "a == token",
        "enable_password != x",
        "image: a@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "id: d011af21-4db8-4a96-9b5c-cc46a3268746",
        "existingSecret: my-secret",
        "url: http://host:8008/path",
        "EnableUserTypingMessagesAndMentions2: x",
        "path: /usr/share/Example/SomeLongDirectory1/AnotherDirectory2/file",
        "see https://a.example/b:c@d",
    ] {
        assert_eq!(masked(text), text);
    }
}

#[test]
fn holes_stay_and_their_fallbacks_go() {
    assert_eq!(masked("password: ${PASSWORD:-hunter2}"), "password: ${PASSWORD:-*}");
    assert_eq!(masked("password: \"{{ x | default('hunter2') }}\""), "password: \"{{ x | default('*') }}\"");
    assert_eq!(masked("url: postgres://u:${PASS}@h/d"), "url: postgres://u:${PASS}@h/d");
    assert_eq!(masked("secret: a1{{ x }}b2"), "secret: *{{ x }}*");
}

#[test]
fn addresses_lose_their_password() {
    assert_eq!(masked("a: postgres://user:hunter2@host:5432/db?x=1"), "a: postgres://user:*@host:5432/db?x=1");
    assert_eq!(masked("a: \"redis://:hunter2@host\" b"), "a: \"redis://:*@host\" b");
    assert_eq!(masked("a: amqp://u:p/w#x@host"), "a: amqp://u:*@host");
    assert_eq!(masked("a: mmuser:hunter2@tcp(host:3306)/db"), "a: mmuser:*@tcp(host:3306)/db");
    assert_eq!(masked("dsn: https://u:hunter2@h/ x\nb: hunter2"), "dsn: *\nb: *");
}

#[test]
fn private_keys_are_masked_line_by_line() {
    let text =
        "a: 1\nkey: |\n  -----BEGIN RSA PRIVATE KEY-----\n  MIIabc\n  def==\n  -----END RSA PRIVATE KEY-----\nb: 2\n";
    let want = "a: 1\nkey: |\n  -----BEGIN RSA PRIVATE KEY-----\n  *\n  *\n  -----END RSA PRIVATE KEY-----\nb: 2\n";
    assert_eq!(masked(text), want);
    assert_eq!(
        masked("k: \"-----BEGIN PRIVATE KEY-----\\nMII\\n-----END PRIVATE KEY-----\""),
        "k: \"-----BEGIN PRIVATE KEY-----*-----END PRIVATE KEY-----\""
    );
    let certificate = "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----\n";
    assert_eq!(masked(certificate), certificate);
}

#[test]
fn blocks_and_open_quotes_of_secrets_are_masked() {
    assert_eq!(masked("password: |\n  hunter2\n\n  more1\nb: 2"), "password: |\n  *\n\n  *\nb: 2");
    assert_eq!(masked("password: \"hunter2\n  more1\"\nb: 2"), "password: \"*\n  *\"\nb: 2");
}

#[test]
fn long_random_text_is_masked() {
    assert_eq!(masked("x: Noi6WqcDj0QmPxCNQqgezwTlBKrfqehY1u2FyWP9uYw"), "x: *");
    assert_eq!(masked("x: /a/Noi6WqcDj0QmPxCNQqgezwTlBKrfqehY1u2FyWP9uYw=/b"), "x: /a/*/b");
    assert_eq!(masked("id ed25519 d41d8cd98f00b204e9800998ecf8427e"), "id ed25519 *");
}

#[test]
fn exempt_values_stay_but_for_addresses() {
    let source = Source::new("f", "secret: visible\nurl: a://u:hunter2@h\n");
    let mut redactor = Redactor::new();
    redactor.scan(&source, &[Span::new(8, 15), Span::new(21, 37)]);
    assert_eq!(redactor.display(&source).text(), format!("secret: visible\nurl: a://u:{MASK}@h\n"));
}

#[test]
fn a_known_secret_is_masked_wherever_it_occurs() {
    let source = Source::new("f", "x: 'it''s me' # it''s me\ny: |\n  line one\n  line two\nz: abc\n");
    let mut redactor = Redactor::new();
    for part in ["'it''s me'", "|\n  line one\n  line two", "abc"] {
        let at = source.text().find(part).unwrap();
        redactor.secret(&source, Span::new(at, at + part.len()));
    }
    redactor.secret_text("it's me");
    let shown = redactor.display(&source).text().replace(MASK, "*");
    assert_eq!(shown, "x: '*' # *\ny: |\n  *\n  *\nz: *\n");
    assert_eq!(redactor.show("it's me, line two, abc").as_str().replace(MASK, "*"), "*, *, abc");
    let other = Source::new("f", "line one\nz: abc");
    assert_eq!(redactor.display(&other).text().replace(MASK, "*"), "*\nz: abc", "places are those of their source");
    assert_eq!(
        redactor
            .excerpt(&source, Span::new(source.text().len() - 7, source.text().len() - 2))
            .as_str()
            .replace(MASK, "*"),
        "z: *"
    );
}

#[test]
fn what_others_learnt_can_be_taken_over() {
    let (source, one) = scanned("password: hunter2\n");
    let mut all = Redactor::new();
    all.merge(one);
    assert_eq!(all.show("hunter2").as_str(), MASK);
    assert_eq!(all.display(&source).text(), format!("password: {MASK}\n"));
}

#[test]
fn common_words_and_prose_are_masked_at_their_place_only() {
    let (source, redactor) =
        scanned("password: synapse\nsecret: DB_PASS\n# the secret: words of prose\ntoken: latest\n");
    assert_eq!(redactor.show("synapse DB_PASS words latest").as_str(), "synapse DB_PASS words latest");
    assert_eq!(redactor.display(&source).text().matches(MASK).count(), 4);
}

#[test]
fn nothing_that_steers_is_shown() {
    let redactor = Redactor::new();
    let text = "a\u{1b}[31mb\u{7}\u{1b}]8;;x\u{9c}\u{202e}c\u{200b}\u{feff}\u{2066}\u{e0041}\0\u{7f}\td\ne\r\nf\rg é😀";
    let shown = redactor.show(text);
    assert_eq!(shown.as_str(), "a?[31mb??]8;;x·\u{fffd}c\u{fffd}\u{fffd}\u{fffd}\u{fffd}??\td\ne\nf\ng é😀");
    assert_eq!(Shown::fixed("x").to_string(), "x");
    assert_eq!(format!("[{:>3}]", Shown::fixed("x")), "[  x]");
    assert_eq!(serde_json::to_string(&Shown::fixed("x")).unwrap(), "\"x\"");
}

#[test]
fn display_keeps_lines_and_places() {
    let (source, redactor) = scanned("a: 1\r\npassword: hunter2 # c\r\n\u{202e}b: 2\rc: \u{1b}3\n");
    let display = redactor.display(&source);
    assert_eq!(display.text(), format!("a: 1\npassword: {MASK} # c\n\u{fffd}b: 2\nc: ?3\n"));
    assert_eq!(display.line_count(), source.line_count());
    let shown = |text: &str, from: usize| {
        let at = source.text()[from..].find(text).unwrap() + from;
        &display.text()[display.map(Span::new(at, at + text.len())).range()]
    };
    assert_eq!(shown("hunter2", 0), MASK);
    assert_eq!(shown("nter", 0), MASK);
    assert_eq!(shown("# c", 0), "# c");
    assert_eq!(shown("b: 2", 0), "b: 2");
    assert_eq!(shown("3", 0), "3");
    assert_eq!(shown(": hunter2 #", 0), format!(": {MASK} #"));
    for at in 0..=source.text().len() as u32 {
        let line = display.line_of(display.map(Span { start: at, end: at }).start);
        assert_eq!(line, source.line_of(at), "byte {at}");
    }
}

#[test]
fn scanning_is_linear() {
    let start = std::time::Instant::now();
    for scrap in [
        "a://",
        "a:b@tcp(",
        "password=",
        "password=\"",
        "password: '",
        ": ",
        "= ",
        "-----BEGIN PRIVATE KEY-----",
        "a/",
        "& ",
        "- ",
        "Noi6WqcDj0QmPxCNQqgezwTlBKrfqehY1u2FyWP9uYw/",
        "${",
        "{{ ",
        "token: {{",
        "\npassword: |",
        "\npassword: \"",
        "://a:",
        "\r",
        "secret=${A:-",
        "token: $",
        "\u{1b}",
        "é",
        "name: a_token\n",
        "value: name: token",
        "kind: Secret\n---\n",
        "kind: Secret data: {",
        "\ndata:\n  a: b",
    ] {
        let text = scrap.repeat(200_000 / scrap.len());
        let (source, redactor) = scanned(&text);
        redactor.display(&source);
    }
    assert!(start.elapsed().as_secs() < 60, "{:?}", start.elapsed());
}

fn mess() -> impl Strategy<Value = String> {
    let scraps = [
        "password",
        "secret",
        "_key",
        "token",
        ": ",
        ":",
        "=",
        " = ",
        "\"",
        "'",
        "\n",
        "\r\n",
        "\r",
        " ",
        "  ",
        "|\n",
        "- ",
        "#",
        "{",
        "}",
        "${",
        "}",
        "{{",
        "}}",
        "://",
        "@",
        "u:",
        "@tcp(",
        "-----BEGIN PRIVATE KEY-----",
        "-----END",
        "hunter2",
        "\u{202e}",
        "\u{1b}",
        "\0",
        "é",
        "😀",
        "\\",
        "Noi6WqcDj0QmPxCNQqgezwTlBKrfqehY1u2FyWP9uYw",
        "=",
        "$X",
        "1",
        "[",
        "*",
        ",",
        ";",
        "'''",
    ];
    proptest::collection::vec(proptest::sample::select(scraps.to_vec()), 0..30).prop_map(|scraps| scraps.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_panics_and_maps_stay_in_bounds(text in prop_oneof![mess(), any::<String>()], at in 0u32..300, length in 0u32..50) {
        let (source, mut redactor) = scanned(&text);
        redactor.secret(&source, Span { start: at, end: at + length });
        let display = redactor.display(&source);
        prop_assert_eq!(display.line_count(), source.line_count());
        let span = display.map(Span { start: at, end: at + length });
        prop_assert!(span.end as usize <= display.text().len() && span.start <= span.end);
        redactor.excerpt(&source, Span { start: at, end: at + length });
        prop_assert!(display.text().chars().all(|c| c == '\n' || c == '\t' || !c.is_control()));
        for at in (0..=text.len()).filter(|&at| text.is_char_boundary(at)) {
            let shown = display.map(Span::new(at, at)).start as usize;
            prop_assert!(display.text().is_char_boundary(shown), "{at} → {shown}");
        }
    }

    /// Whatever stands around it, a secret after its key is not shown.
    #[test]
    fn a_canary_is_not_shown(
        before in mess(), key in "(db_|my)?(password|secret|api_key|auth_token)", sep in "(: | = |=|: \"|=\"|: ')", after in "[ \n#,]{0,3}",
    ) {
        let quote = sep.chars().last().filter(|c| matches!(c, '"' | '\'')).map(String::from).unwrap_or_default();
        let text = format!("{before}\n{key}{sep}Xk7canary9{quote}{after}\n");
        let (source, redactor) = scanned(&text);
        let display = redactor.display(&source);
        prop_assert!(!display.text().contains("canary"), "{:?} → {:?}", text, display.text());
    }
}
