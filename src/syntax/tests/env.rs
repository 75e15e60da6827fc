//! Sets of variables.

use super::*;

fn env(text: &str) -> Document {
    let document = read(Format::Env, text);
    check_spans(&document);
    document
}

#[test]
fn values_are_bare_or_quoted() {
    let document = env(concat!(
        "# Chat\r\nSITE_URL=https://chat.example.org # public\r\n\r\n  NAME = \"Our \\\"chat\\\"\\nof us\"\r\n",
        "RAW='a \\n #b'\nEMPTY=\nSPACED=two words  \nHASH=a#b\nQUOTE=it's\nMIXED='a'b\"c\"\n",
    ));
    assert_eq!(
        show(&document),
        concat!(
            r#"{SITE_URL: https://chat.example.org, NAME: "Our \"chat\"\nof us", RAW: 'a \n #b', EMPTY: , "#,
            r#"SPACED: two words, HASH: a#b, QUOTE: it's, MIXED: "abc"}"#
        )
    );
    assert_eq!(errors(&document), Vec::<String>::new());
    let comments: Vec<_> = document.comments.iter().map(|comment| document.source.slice(comment.span)).collect();
    assert_eq!(comments, ["# Chat", "# public"]);
    let written = spans(&document);
    for (key, value) in [
        ("SITE_URL", "https://chat.example.org"),
        ("NAME", "\"Our \\\"chat\\\"\\nof us\""),
        ("EMPTY", ""),
        ("SPACED", "two words"),
        ("MIXED", "'a'b\"c\""),
    ] {
        assert!(written.contains(&(key.to_owned(), value.to_owned())), "{key}: {written:?}");
    }
}

#[test]
fn values_may_take_several_lines() {
    let document = env("KEY=\"-----BEGIN\nxyz\n-----END\"\nNEXT='a\r\nb' # c\nLAST=1\n");
    assert_eq!(
        show(&document),
        r#"{KEY: "-----BEGIN\nxyz\n-----END", NEXT: 'a
b', LAST: 1}"#
            .replace("a\nb", "a\r\nb")
    );
    assert_eq!(errors(&document), Vec::<String>::new());
}

#[test]
fn what_is_filled_in_is_a_hole() {
    let document = env(concat!(
        "A=${X}\nB=${X:-7d}\nC=${X-7d}\nD=https://${X}/\nE=https://$HOST/\nF='$HOST ${X}'\nG=\"\\$HOST\"\nH=$(pwd)\n",
        "I=\"`pwd`\"\nJ=pa$word\nK=\"${X:-a b}\"\nL=${X:-${Y:-z}}\nM=${X:?needed}\nN=${X:-$Y}\nO_P\nQ=a$$b\n",
    ));
    assert_eq!(
        show(&document),
        concat!(
            "{A: ${X}?, B: ${X:-7d}?7d, C: ${X-7d}?7d, D: https://${X}/?, E: https://$HOST/?, F: '$HOST ${X}', ",
            r#"G: "$HOST", H: $(pwd)?, I: "`pwd`"?, J: pa$word, K: "${X:-a b}"?a b, L: ${X:-${Y:-z}}?z, "#,
            "M: ${X:?needed}?, N: ${X:-$Y}?, O_P: ?, Q: a$$b}"
        )
    );
}

#[test]
fn earlier_variables_fill_in_later_ones() {
    let document =
        env("HOST=example.org\nA=https://${HOST}/\nB=$HOST\nC='$HOST'\nD=${LATER:-x}\nLATER=1\nE=$(HOST)$HOST\n");
    let want = "{HOST: example.org, A: https://example.org/, B: example.org, C: '$HOST', D: ${LATER:-x}?x, LATER: 1, E: $(HOST)$HOST?}";
    assert_eq!(show(&document), want);
}

#[test]
fn a_shell_ends_values_with_the_word() {
    let document = env(concat!(
        "#!/bin/sh\nset -e\nexport A=1 B='two words' # both\nexport C=x; export D=y\nexport E=a\"b c\"d\nF=1; echo\n",
        "export G\nexport H=1 && run\nexport PATH+=:/opt\ndeclare -x I=1\nexport J=${X:-a b}\n",
    ));
    assert_eq!(
        show(&document),
        "{A: 1, B: 'two words', C: x, D: y, E: \"ab cd\", F: 1; echo, H: 1, PATH: :/opt?, I: 1, J: ${X:-a b}?a b}"
    );
    assert_eq!(errors(&document), Vec::<String>::new());
}

#[test]
fn what_a_script_decides_is_not_certain() {
    let document = env(concat!(
        "A=1\nif [ -n \"$X\" ]; then\n  B=2\n  for i in 1 2; do C=3; done\n  D=4\nelse\n  E=5\nfi\nF=6\n",
        "run() {\n  G=7\n}\nif true; then H=1; fi\nI=9\ncat > f <<'EOF'\nJ=10\nEOF\nK=11\nif [ a == b ]; then :; fi\n",
    ));
    assert_eq!(show(&document), "{A: 1, B: 2?, D: 4?, E: 5?, F: 6, G: 7?, I: 9, K: 11}");
}

#[test]
fn a_name_written_twice_is_kept_twice() {
    let document = env("A=1\nB=2\nA=3\n");
    assert_eq!(show(&document), "{A: 1, B: 2, A: 3}");
    let [duplicate] = document.duplicates[..] else { panic!() };
    assert_eq!((duplicate.first, duplicate.second), (Span::new(0, 1), Span::new(8, 9)));
}

#[test]
fn an_open_quote_is_an_error_and_ends_with_its_line() {
    let document = env("A=1\nB=\"x\nC=2\n");
    assert_eq!(show(&document), "{A: 1, B: \"x, C: 2}");
    assert_eq!(errors(&document), ["\"\\\"\": a quote that is never closed"]);
}

#[test]
fn what_assigns_nothing_is_passed_over() {
    for text in
        ["", "\n", "# only\n", "a: b\n- c\n", "x == y\n", "{\"a\": 1}", "[section]\n", "1=2\n", "=x\n", "a => b"]
    {
        assert_eq!(show(&env(text)), "{}", "{text:?}");
    }
}

#[test]
fn variables_are_told_from_other_texts() {
    for text in [
        "A=1\n",
        "# c\n\nexport A=1\n",
        "#!/bin/bash\nset -eu\ncd /x\ny\nz\nexport A=1\n",
        "A=\"b\nc: d\ne: f\ng: h\"\n",
    ] {
        assert!(looks_like_variables(text), "{text:?}");
    }
    for text in ["", "# A=1\n", "a: b\n", "a: b\nc: d\nE=f\n", "[a]\n[b]\nk=v\n", "if x == y then\n", "{ \"a=1\": 2 }"]
    {
        assert!(!looks_like_variables(text), "{text:?}");
    }
}
