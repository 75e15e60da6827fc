//! Keys that nobody declared: what looks like a mistake is told, what does not is left alone.

use super::small::*;
use super::*;

/// What has no effect, and why, in a file with these lines.
fn without_effect(lines: &str) -> Vec<String> {
    let text = format!("server_name: x\n{lines}");
    let files = [("small.yaml", text.as_str())];
    let report = judged(&files, "");
    assert!(report.errors.is_empty(), "{lines}");
    let of = report.findings.iter().filter(|f| f.rule.as_str() == "without-effect");
    of.map(|f| format!("{}: {}", text_at(&files, &f.file, &f.span), f.message)).collect()
}

fn told(lines: &str, key: &str, says: &str) {
    let found = without_effect(lines);
    assert_eq!(found.len(), 1, "{lines}: {found:?}");
    assert!(found[0].starts_with(&format!("{key}: ")) && found[0].contains(says), "{lines}: {found:?}");
}

fn silent(lines: &str) {
    assert_eq!(without_effect(lines), [""; 0], "{lines}");
}

#[test]
fn misspelt_keys() {
    // Within one edit below eight letters.
    told("guest: true\n", "guest", "`guests`");
    told("geusts: true\n", "geusts", "`guests`");
    told("guestss: true\n", "guestss", "`guests`");
    // Within two edits from eight letters on.
    told("ips_kept_: 1d\n", "ips_kept_", "`ips_kept`");
    told("newcommers: true\n", "newcommers", "`newcomers`");
    told("nwecomres: true\n", "nwecomres", "`newcomers`");
    told("two_facctorr: true\n", "two_facctorr", "`two_factor`");
    // Equal but for case and `_-`.
    told("Guests: true\n", "Guests", "`guests`");
    told("ips-kept: 1d\n", "ips-kept", "`ips_kept`");
    told("IPsKept: 1d\n", "IPsKept", "`ips_kept`");
    told("\"TWO FACTOR\": true\n\"twofactor\": true\n", "\"twofactor\"", "`two_factor`");
    // Below a section, and in the items of a list.
    told("retention:\n  enabld: true\n", "enabld", "`enabled`");
    told("listeners:\n  - port: 1\n    tsl: true\n", "tsl", "`tls`");
    told("rooms:\n  lobby:\n    pubilc: true\n", "pubilc", "`public`");
}

#[test]
fn a_misspelt_key_comes_with_its_replacement() {
    let files = [("small.yaml", "server_name: x\nguest: true\n")];
    let report = judged(&files, "");
    let finding = report.findings.iter().find(|f| f.rule.as_str() == "without-effect").unwrap();
    let fix = finding.fix.as_ref().unwrap();
    let edits: Vec<_> = fix.edits.iter().map(|e| (text_at(&files, &e.file, &e.span), e.text.to_string())).collect();
    assert_eq!(edits, [("guest", "guests".to_owned())]);
    assert!(matches!(fix.safety, Safety::Unsafe), "what it turns on, nobody has looked at");
}

#[test]
fn lost_indentation() {
    told("retention:\nenabled: true\n", "enabled", "indent");
    told("privacy:\ndeletion_grace: 1d\n", "deletion_grace", "`privacy`");
    // Only just below the empty section.
    silent("retention:\n  enabled: true\nkept: 1d\n");
    silent("retention:\nother: 1\nenabled: true\n");
}

#[test]
fn misplaced_keys() {
    // Nine letters or more, and the last segment of exactly one declared setting.
    told("deletion_grace: 1d\n", "deletion_grace", "`privacy.deletion_grace`");
    told("retention:\n  enabled: true\n  deletion_grace: 1d\n", "deletion_grace", "`privacy.deletion_grace`");
    // Shorter ones may be anybody's.
    silent("kept: 1d\n");
    silent("level: DEBUG\n");
    silent("public: true\n");
}

#[test]
fn a_value_where_a_section_is_needed() {
    told("retention: true\n", "retention", "section");
    told("privacy: 'yes'\n", "privacy", "section");
    // Nothing, or what is filled in later, is no value.
    silent("retention:\n");
    silent("retention: ~\n");
    silent("retention: {}\n");
    silent("retention: '{{ retention }}'\n");
    silent("retention: !include retention.yaml\n");
}

#[test]
fn what_looks_like_no_mistake_is_left_alone() {
    for lines in [
        // Known keys that resemble ours.
        "guest_list: [a]\n",
        "report_stats: true\n",
        "retention:\n  enable: true\n",
        // Too far from anything.
        "database:\n  name: x\n  args: { user: y }\n",
        "gusts_of_wind: true\n",
        "gxestx: true\n",
        "federation: true\nx-extra: &x { guest: true }\n",
        // Whatever stands below what is not ours.
        "other:\n  guest: true\n  retention: true\n  deletion_grace: 1d\n",
        // The names of an open map are free.
        "rooms:\n  guest: { public: true }\n  retention: { public: true }\n",
        // What a merge key brings in is told where it is written, if at all.
        "base: &base\n  enabld: true\nretention:\n  <<: *base\n",
        // Comments are comments.
        "#guest: true\n# retention: true\n",
        "guests: true # guest: true\n",
    ] {
        silent(lines);
    }
}

#[test]
fn a_misspelt_key_beside_the_right_one_means_something_else() {
    silent("retention:\n  enabled: true\n  enable: false\n");
    let found = without_effect("guests: true\nguest: false\n");
    assert!(found.len() <= 1, "{found:?}");
}

#[test]
fn nothing_is_said_where_the_vendor_says_it() {
    let strict = PLATFORM.replacen("name = \"Small\"", "name = \"Small\"\nunknown_keys = \"refused\"", 1);
    let linter = linter(&strict, &pack(&EVENTS), LintOptions::default());
    let report = run(&linter, &[("small.yaml", "server_name: x\nguest: true\nretention: true\n")]);
    assert!(
        report.findings.is_empty(),
        "{:?}",
        report.findings.iter().map(|f| f.message.to_string()).collect::<Vec<_>>()
    );
}

#[test]
fn duplicates() {
    let files = [(
        "small.yaml",
        "server_name: x\nguests: false\nretention:\n  kept: 1d\n  kept: 2d\nguests: true\nother: 1\nother: 2\n",
    )];
    let report = judged(&files, "");
    let found: Vec<(u32, String)> = report
        .findings
        .iter()
        .filter(|f| f.rule.as_str() == "duplicate")
        .map(|f| (f.span.start.line, text_at(&files, &f.file, &f.span).to_owned()))
        .collect();
    assert_eq!(
        found,
        [(5, "kept".to_owned()), (6, "guests".to_owned())],
        "each where it is written again; what is not ours is left alone"
    );
    assert_eq!(fact(&report, "account.guests"), "write", "the last one counts");
    assert_eq!(fact(&report, "content.deleted_retention"), "2d");
}
