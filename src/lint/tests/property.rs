//! Random configurations of the built-in platform: places are right, values re-read, nothing hangs on order.

use super::*;
use crate::syntax::{Format, Kind, Limits, Style, parse};
use proptest::prelude::*;
use proptest::sample::select;
use std::sync::OnceLock;

/// A pack that finds every written setting of [`KEYS`].
fn probes() -> String {
    let mut out = String::from("format = 1\n[pack]\nid = \"probes\"\ntitle = \"x\"\n");
    for key in KEYS.iter().map(|k| if *k == "use_presence" { "presence.enabled" } else { k }) {
        let id = format!("probe-{}", key.replace(['.', '_'], "-"));
        if !out.contains(&format!("\"{id}\"")) {
            out.push_str(&format!(
                "[[select]]\nrule = \"{id}\"\nseverity = \"note\"\n[[rule]]\nid = \"{id}\"\ntheme = \"x\"\ntitle = \"x\"\nplatforms = [\"synapse\"]\nforbid = \"has(setting.{key})\"\nmessage = \"{{setting.{key}}}\"\n"
            ));
        }
    }
    out
}

fn synapse() -> &'static Linter {
    static LINTER: OnceLock<Linter> = OnceLock::new();
    LINTER.get_or_init(|| {
        let packs = vec![
            PackArg::Name("baseline".into()),
            PackArg::File { path: "probes.toml".into(), text: probes(), pin: None },
        ];
        let options = LintOptions { packs, settings: true, facts: true, all_outcomes: true, ..LintOptions::default() };
        Linter::new(options).unwrap_or_else(|e| panic!("{}", told(&e)))
    })
}

/// Keys of the platform, with the sections before them.
const KEYS: [&str; 40] = [
    "user_ips_max_age",
    "redaction_retention_period",
    "delete_stale_devices_after",
    "session_lifetime",
    "refresh_token_lifetime",
    "enable_registration",
    "enable_registration_without_verification",
    "allow_guest_access",
    "registration_requires_token",
    "encryption_enabled_by_default_for_room_type",
    "federation_client_minimum_tls_version",
    "url_preview_enabled",
    "enable_search",
    "allow_public_rooms_without_auth",
    "allow_public_rooms_over_federation",
    "require_auth_for_profile_requests",
    "use_presence",
    "track_puppeted_user_ips",
    "inhibit_user_in_use_error",
    "enable_metrics",
    "registration_shared_secret",
    "macaroon_secret_key",
    "turn_shared_secret",
    "federation_domain_whitelist",
    "public_baseurl",
    "default_identity_server",
    "http_proxy",
    "retention.enabled",
    "retention.default_policy.max_lifetime",
    "media_retention.local_media_lifetime",
    "presence.enabled",
    "user_directory.search_all_users",
    "password_config.enabled",
    "password_config.policy.minimum_length",
    "push.include_content",
    "email.notif_for_new_users",
    "email.enable_notifs",
    "email.smtp_host",
    "database.args.sslmode",
    "redis.password",
];

/// Values as people write them, and as they should not.
const VALUES: [&str; 48] = [
    "true",
    "false",
    "yes",
    "Off",
    "\"true\"",
    "'false'",
    "null",
    "~",
    "",
    "0",
    "1",
    "-1",
    "30",
    "86400000",
    "1_000",
    "010",
    "1.5",
    "1e3",
    "28d",
    "30d",
    "1y",
    "7w",
    "12h",
    "5m",
    "90s",
    "\"28d\"",
    "'1y'",
    "28 d",
    "1.5d",
    "all",
    "invite",
    "off",
    "\"off\"",
    "none",
    "require",
    "disable",
    "example.org",
    "https://user:pässwörd@example.org/ü",
    "[]",
    "[example.org]",
    "{}",
    "{{ value }}",
    "\"{{ value }}\"",
    "${VALUE:-7d}",
    "!vault abc",
    "sehr geheim 🔑 wirklich",
    "\"tab\\there\"",
    "CHANGE_ME",
];

#[derive(Clone, Debug)]
enum Piece {
    Set(&'static str, &'static str, u8),
    Note(&'static str),
    Anchored(&'static str),
    Flow(&'static str, &'static str),
    Listeners,
}

fn piece() -> impl Strategy<Value = Piece> {
    prop_oneof![
        12 => (select(KEYS.to_vec()), select(VALUES.to_vec()), 0..6u8).prop_map(|(k, v, how)| Piece::Set(k, v, how)),
        2 => select(vec!["# ein Wörtchen: 1d", "", "   # - x", "unknown_key: 1", "enable_registratoin: true", "#enable_registration: true"]).prop_map(Piece::Note),
        1 => select(vec!["28d", "true", "1y"]).prop_map(Piece::Anchored),
        1 => (select(vec!["retention", "push", "presence", "password_config"]), select(vec!["{ enabled: true }", "{enabled: no, default_policy: {max_lifetime: 1y}}", "&x { include_content: false }", "[]"])).prop_map(|(k, v)| Piece::Flow(k, v)),
        1 => Just(Piece::Listeners),
    ]
}

/// A file out of pieces: keys in their sections, in the order in which they first come.
fn file(pieces: &[Piece]) -> String {
    let mut out = String::from("server_name: example.org\nreport_stats: false\n");
    let mut done: Vec<usize> = Vec::new();
    for (n, piece) in pieces.iter().enumerate() {
        if done.contains(&n) {
            continue;
        }
        match piece {
            Piece::Note(text) => out.push_str(&format!("{text}\n")),
            Piece::Flow(key, value) => out.push_str(&format!("{key}: {value}\n")),
            Piece::Listeners => out.push_str("listeners:\n  - port: 8008\n    type: http\n    tls: false\n    bind_addresses: ['::1', \"127.0.0.1\"]\n"),
            Piece::Anchored(value) => out.push_str(&format!("user_ips_max_age: &age {value}\nredaction_retention_period: *age\nbase: &base\n  enabled: {value}\nretention:\n  <<: *base\n")),
            Piece::Set(path, ..) => {
                let section = path.split_once('.').map(|(s, _)| s);
                let together: Vec<usize> = match section {
                    None => vec![n],
                    Some(s) => (n..pieces.len()).filter(|m| matches!(&pieces[*m], Piece::Set(p, ..) if p.starts_with(&format!("{s}.")))).collect(),
                };
                if let Some(s) = section {
                    out.push_str(&format!("{s}:\n"));
                }
                for m in together {
                    done.push(m);
                    let Piece::Set(path, value, how) = &pieces[m] else { continue };
                    let keys: Vec<&str> = path.split('.').collect();
                    let first = usize::from(section.is_some());
                    for (depth, key) in keys.iter().enumerate().skip(first) {
                        let pad = "  ".repeat(depth);
                        let last = depth + 1 == keys.len();
                        let key = if *how == 1 && last { format!("\"{key}\"") } else { (*key).to_owned() };
                        match (last, how) {
                            (false, _) => out.push_str(&format!("{pad}{key}:\n")),
                            (true, 2) => out.push_str(&format!("{pad}{key}:   {value}   # é {value}\n")),
                            (true, 3) => out.push_str(&format!("{pad}{key}: {value}\n{pad}{key}: {value}\n")),
                            (true, 4) if !value.is_empty() => out.push_str(&format!("{pad}{key}: |\n{pad}  {value}\n")),
                            (true, 5) => out.push_str(&format!("{pad}{key}:\n{pad}  {value}\n")),
                            (true, _) => out.push_str(&format!("{pad}{key}: {value}\n")),
                        }
                    }
                }
            }
        }
    }
    out
}

/// Bytes on disk: line breaks and a mark as asked for.
fn stored(text: &str, crlf: bool, mark: bool) -> Vec<u8> {
    let text = if crlf { text.replace('\n', "\r\n") } else { text.to_owned() };
    let mark = if mark { "\u{feff}" } else { "" };
    format!("{mark}{text}").into_bytes()
}

/// The line and column of a byte, counted by hand.
fn counted(bytes: &[u8], offset: u32) -> (u32, u32) {
    let before = std::str::from_utf8(&bytes[..offset as usize]).expect("a place inside a character");
    let before = before.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line as u32, column as u32)
}

fn check_range(bytes: &[u8], range: &Range) {
    for position in [range.start, range.end] {
        assert!(position.offset as usize <= bytes.len(), "{position:?} lies beyond {} bytes", bytes.len());
        assert_eq!((position.line, position.column), counted(bytes, position.offset), "at byte {}", position.offset);
    }
    assert!(range.start.offset <= range.end.offset);
}

/// What a setting comes to in a file that holds nothing but it, written like this.
fn reread(path: &str, written: &str) -> Option<(String, serde_json::Value)> {
    let mut text = String::from("server_name: example.org\nreport_stats: false\n");
    let keys: Vec<&str> = path.split('.').collect();
    for (depth, key) in keys.iter().enumerate() {
        let value = if depth + 1 == keys.len() { written } else { "" };
        text.push_str(&format!("{}{key}: {value}\n", "  ".repeat(depth)));
    }
    let report = run(synapse(), &[("one/homeserver.yaml", &text)]);
    setting(&report, "one/homeserver.yaml", path)
}

fn setting(report: &GroupReport, deployment: &str, id: &str) -> Option<(String, serde_json::Value)> {
    let n = report.deployments.iter().position(|d| d.id.as_str() == deployment)?;
    report.settings.get(n)?.iter().find(|s| s.id.as_str() == id).map(|s| (s.state.to_string(), s.value.clone()))
}

/// Settings whose value hangs on others: a file of their own cannot tell what they come to.
fn is_gated(id: &str) -> bool {
    let knowledge = &synapse().knowledge;
    let platform = &knowledge.platform(knowledge.find_platform("synapse").unwrap()).unwrap().platform;
    platform.find(id).is_none_or(|ix| {
        !platform.gates_of[ix as usize].is_empty()
            || *platform.settings[ix as usize].codec() == crate::platform::Base::Section
    })
}

/// Is this text one scalar on one line?
fn scalar_style(text: &str) -> Option<Style> {
    let source = Arc::new(Source::new("x", format!("k: {text}")));
    let document = parse(&source, Format::Yaml, &Limits::default());
    let Kind::Map(entries) = &document.root_node().kind else { return None };
    match &document.node(entries.first()?.value).kind {
        Kind::Scalar { style, .. } if document.errors.is_empty() && !text.contains(['\n', '\r']) => Some(*style),
        _ => None,
    }
}

/// Checks the places of a finding, and reads again what is set there; was there anything to read?
fn check_finding(finding: &Finding, bytes: &[u8], report: &GroupReport) -> bool {
    check_range(bytes, &finding.span);
    finding.labels.iter().filter_map(|l| l.span.as_ref()).for_each(|s| check_range(bytes, s));
    finding.fix.iter().flat_map(|f| &f.edits).for_each(|e| check_range(bytes, &e.span));
    let text = std::str::from_utf8(&bytes[finding.span.start.offset as usize..finding.span.end.offset as usize])
        .expect("a span inside a character");
    let Some(id) = finding.setting.as_ref().map(|s| s.to_string()) else { return false };
    let key = id.rsplit('.').next().unwrap_or_default();
    let tagged = bytes[..finding.span.start.offset as usize].ends_with(b"!vault ");
    let is_key = tagged || text.trim_matches(['"', '\'']) == key || text == "use_presence";
    if finding.anchor || finding.origin != Origin::Set || is_key || is_gated(&id) {
        return false;
    }
    let Some(style) = scalar_style(text) else { return false };
    if style == Style::Block || text.is_empty() {
        return false;
    }
    let original = setting(report, finding.deployment.as_str(), &id);
    if original.as_ref().is_some_and(|(_, value)| value.to_string().contains(crate::text::MASK)) {
        return false;
    }
    assert_eq!(reread(&id, text), original, "{id}: {text:?} at {:?} ({})", finding.span.start, finding.message);
    true
}

fn told_of(report: &GroupReport) -> Vec<String> {
    let mut out: Vec<String> = report.findings.iter().map(|f| serde_json::to_string(f).unwrap()).collect();
    out.extend(report.deployments.iter().map(|d| serde_json::to_string(d).unwrap()));
    out.extend(report.facts.iter().map(|f| serde_json::to_string(f).unwrap()));
    out.extend(report.results.iter().map(|r| serde_json::to_string(r).unwrap()));
    out.extend(report.unknown.iter().map(|r| serde_json::to_string(r).unwrap()));
    out
}

#[test]
fn findings_of_a_plain_file_are_read_again() {
    let set = |k, v, how| Piece::Set(k, v, how);
    let text = file(&[
        set("user_ips_max_age", "1y", 0),
        set("redaction_retention_period", "\"7w\"", 1),
        set("enable_registration_without_verification", "yes", 2),
        set("url_preview_enabled", "true", 0),
        set("user_directory.search_all_users", "true", 5),
        set("turn_shared_secret", "sehr geheim", 0),
    ]);
    let bytes = stored(&text, true, true);
    let report = run_bytes(synapse(), &[("a/homeserver.yaml", bytes.clone())], |g| g);
    let read = report.findings.iter().filter(|f| check_finding(f, &bytes, &report)).count();
    assert!(read >= 8, "only {read} of {} findings stand at a value", report.findings.len());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn what_is_set_is_found_where_it_stands(pieces in proptest::collection::vec(piece(), 0..14), crlf in any::<bool>(), mark in any::<bool>()) {
        let bytes = stored(&file(&pieces), crlf, mark);
        let report = run_bytes(synapse(), &[("a/homeserver.yaml", bytes.clone())], |g| g);
        for finding in &report.findings {
            check_finding(finding, &bytes, &report);
        }
        for error in report.errors.iter().filter_map(|e| e.span.as_ref()) {
            check_range(&bytes, error);
        }
        for fact in report.facts.iter().flatten().filter_map(|f| f.span.as_ref()) {
            check_range(&bytes, fact);
        }
    }

    #[test]
    fn the_same_files_give_the_same_report_in_any_order(many in proptest::collection::vec(proptest::collection::vec(piece(), 0..6), 1..4)) {
        let files: Vec<(String, Vec<u8>)> = many.iter().enumerate().map(|(n, p)| (format!("f{n}/homeserver.yaml"), stored(&file(p), false, false))).collect();
        let files: Vec<(&str, Vec<u8>)> = files.iter().map(|(p, b)| (p.as_str(), b.clone())).collect();
        let once = told_of(&run_bytes(synapse(), &files, |g| g));
        let again = told_of(&run_bytes(synapse(), &files, |g| g));
        prop_assert_eq!(&once, &again);
        let mut reversed = told_of(&run_bytes(synapse(), &files, |mut g| { g.reverse(); g }));
        // What one file comes to, alone.
        let mut alone: Vec<String> = files.iter().flat_map(|f| told_of(&run_bytes(synapse(), std::slice::from_ref(f), |g| g))).collect();
        let mut sorted = once;
        sorted.sort();
        reversed.sort();
        alone.sort();
        prop_assert_eq!(&sorted, &reversed);
        prop_assert_eq!(&sorted, &alone);
    }

    #[test]
    fn any_bytes_are_taken_or_passed_over(bytes in proptest::collection::vec(any::<u8>(), 0..200), head in select(vec!["", "server_name: x\nreport_stats: false\n", "hushlint: 1\n", "hushlint = 1\n[product]\n"])) {
        let mut text = head.as_bytes().to_vec();
        text.extend(bytes);
        for path in ["homeserver.yaml", "x.toml", "x.json"] {
            run_bytes(synapse(), &[(path, text.clone())], |g| g);
        }
    }
}
