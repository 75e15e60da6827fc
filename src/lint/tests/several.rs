//! Several files: which are one deployment, which of them counts, and what the operator states.

use super::small::*;
use super::*;

fn files_of(report: &GroupReport) -> Vec<Vec<String>> {
    report.deployments.iter().map(|d| d.files.iter().map(|f| f.to_string()).collect()).collect()
}

const MAIN: &str = "server_name: example.org\nguests: true\nips_kept: 7d\n";

#[test]
fn fragments_are_laid_over_the_main_file_by_name() {
    let files = [
        ("m/small.yaml", MAIN),
        ("m/conf.d/b.yaml", "ips_kept: 90d\nguests: false\n"),
        ("m/conf.d/a.yaml", "ips_kept: 60d\ntwo_factor: true\n"),
    ];
    let report = judged(&files, "");
    assert_eq!(files_of(&report), [["m/small.yaml", "m/conf.d/a.yaml", "m/conf.d/b.yaml"]]);
    assert_eq!(report.deployments[0].id.as_str(), "m/small.yaml");
    assert_eq!(fact(&report, "account.guests"), "off");
    assert_eq!(fact(&report, "account.mfa"), "everyone");
    assert_eq!(places(&report, &files, "addresses"), ["90d in m/conf.d/b.yaml"]);
}

#[test]
fn a_file_with_too_few_declared_keys_is_no_fragment() {
    let files = [("m/small.yaml", MAIN), ("m/conf.d/a.yaml", "guests: false\nsomething: 1\n")];
    let report = judged(&files, "");
    assert_eq!(files_of(&report), [["m/small.yaml"]]);
    assert_eq!(fact(&report, "account.guests"), "write");
    assert_eq!(report.skipped.len(), 1, "{:?}", skipped(&report));
}

#[test]
fn a_section_replaces_the_whole_section_below() {
    let main = "server_name: x\nretention:\n  enabled: true\n  kept: 7d\nips_kept: 1d\n";
    let files = [("small.yaml", main), ("conf.d/a.yaml", "retention:\n  enabled: true\nguests: false\n")];
    let report = judged(&files, "");
    assert_eq!(fact(&report, "content.deleted_retention"), "unlimited", "the 7d below is hidden");
    assert_eq!(places(&report, &files, "shadowed"), ["7d in small.yaml"], "{:?}", findings(&report, &files));
    // What is not written stands at its nearest ancestor in the layer that a mend would go to.
    assert_eq!(places(&report, &files, "deleted"), ["retention in conf.d/a.yaml"]);
    assert_eq!(fact(&report, "metadata.ip_retention"), "1d", "a top-level key hides only itself");
}

#[test]
fn each_of_two_main_files_is_its_own_and_fragments_join_none() {
    let files = [
        ("small-1.yaml", MAIN),
        ("small-2.yaml", "server_name: y\nguests: false\n"),
        ("conf.d/a.yaml", "guests: false\nips_kept: 90d\n"),
    ];
    let report = judged(&files, "");
    assert_eq!(files_of(&report), [["small-1.yaml"], ["small-2.yaml"]]);
    assert!(skipped(&report).iter().any(|s| s.starts_with("conf.d/a.yaml: ")), "{:?}", skipped(&report));
    assert_eq!(places(&report, &files, "guests"), ["true in small-1.yaml"]);
}

#[test]
fn a_part_joins_the_main_file_of_its_folder() {
    let log = "handlers: {}\nformatters: {}\nroot:\n  level: DEBUG\n";
    let files = [("m/small.yaml", MAIN), ("m/log.yaml", log), ("other/log.yaml", log)];
    let report = judged(&files, "");
    assert_eq!(files_of(&report), [["m/small.yaml", "m/log.yaml"]]);
    assert_eq!(places(&report, &files, "logs"), ["DEBUG in m/log.yaml"]);
    assert!(skipped(&report).iter().any(|s| s.starts_with("other/log.yaml: ")), "{:?}", skipped(&report));
    // A part is no place for the main file's settings: the same words mean something else there.
    let report = judged(&[("m/small.yaml", "server_name: x\n"), ("m/log.yaml", &format!("{log}guests: true\n"))], "");
    assert_eq!(fact(&report, "account.guests"), "off");
}

#[test]
fn two_main_files_leave_a_part_without_one() {
    let log = "handlers: {}\nformatters: {}\nroot: { level: DEBUG }\n";
    let report = judged(&[("a.yaml", MAIN), ("b.yaml", MAIN), ("log.yaml", log)], "");
    assert_eq!(files_of(&report), [["a.yaml"], ["b.yaml"]]);
    assert!(
        skipped(&report).iter().any(|s| s.contains("log.yaml") && s.contains("part of Small")),
        "{:?}",
        skipped(&report)
    );
}

#[test]
fn keys_that_speak_against_it() {
    let report = judged(&[("registration.yaml", "server_name: x\nas_token: abc\nguests: true\n")], "");
    assert!(report.deployments.is_empty() && report.findings.is_empty());
    assert_eq!(report.skipped.len(), 1);
    // The word inside a value does not.
    assert_eq!(judged(&[("small.yaml", "server_name: x\nnote: 'as_token: abc'\n")], "").deployments.len(), 1);
}

const DEPLOYMENT: &str = "[[deployment]]\nname = \"prod\"\nfiles = [\"base/*.yaml\", \"over/*.yaml\"]\n";

#[test]
fn a_described_deployment_has_the_files_in_the_order_given() {
    let files = [("over/a.yaml", "ips_kept: 90d\n"), ("base/main.yaml", MAIN), ("base/more.yaml", "ips_kept: 60d\n")];
    let report = judged(&files, DEPLOYMENT);
    assert_eq!(report.deployments.iter().map(|d| d.id.as_str()).collect::<Vec<_>>(), ["prod"]);
    assert_eq!(files_of(&report), [["base/main.yaml", "base/more.yaml", "over/a.yaml"]]);
    assert_eq!(places(&report, &files, "addresses"), ["90d in over/a.yaml"], "the later file wins");
    let turned =
        DEPLOYMENT.replace("\"base/*.yaml\", \"over/*.yaml\"", "\"base/main.yaml\", \"over/*.yaml\", \"base/*.yaml\"");
    assert_eq!(places(&judged(&files, &turned), &files, "addresses"), ["60d in base/more.yaml"]);
}

#[test]
fn a_part_may_be_named_before_the_main_file() {
    let log = "handlers: {}\nformatters: {}\nroot: { level: DEBUG }\n";
    let files = [("base/main.yaml", MAIN), ("over/log.yaml", log)];
    let turned = DEPLOYMENT.replace("\"base/*.yaml\", \"over/*.yaml\"", "\"over/*.yaml\", \"base/*.yaml\"");
    let report = judged(&files, &turned);
    assert_eq!(files_of(&report), [["base/main.yaml", "over/log.yaml"]]);
    assert_eq!(places(&report, &files, "logs"), ["DEBUG in over/log.yaml"]);
}

#[test]
fn the_name_is_the_key_of_fingerprints() {
    let file = [("base/main.yaml", MAIN)];
    let print = |config: &str| {
        judged(&file, config).findings.iter().find(|f| f.rule.as_str() == "guests").unwrap().fingerprint.clone()
    };
    assert_ne!(print(""), print(DEPLOYMENT));
    let moved = [("over/main.yaml", MAIN)];
    let other =
        judged(&moved, DEPLOYMENT).findings.iter().find(|f| f.rule.as_str() == "guests").unwrap().fingerprint.clone();
    assert_eq!(print(DEPLOYMENT), other, "a file that moves within a named deployment changes nothing");
}

#[test]
fn the_release_decides_which_settings_there_are() {
    let files = [("base/main.yaml", "server_name: x\nnewcomers: true\n")];
    let with = |version: &str| judged(&files, &format!("{DEPLOYMENT}version = \"{version}\"\n"));
    assert_eq!(places(&with("1.4.9"), &files, "without-effect"), ["true in base/main.yaml"]);
    assert_eq!(places(&with("1.5"), &files, "without-effect"), [""; 0]);
    assert_eq!(places(&with("1.10"), &files, "without-effect"), [""; 0], "1.10 comes after 1.5");
    // Who wrote it has a release that knows it.
    assert_eq!(places(&judged(&files, DEPLOYMENT), &files, "without-effect"), [""; 0]);
    assert_eq!(with("1.4").deployments[0].version.as_ref().map(|v| v.as_str()), Some("1.4"));
    assert_eq!(with("1.4").deployments[0].assumed_version.as_ref().map(|v| v.as_str()), None);
    assert_eq!(judged(&files, DEPLOYMENT).deployments[0].assumed_version.as_ref().map(|v| v.as_str()), Some("2.0"));
    assert_eq!(
        with("3.1").deployments[0].assumed_version.as_ref().map(|v| v.as_str()),
        Some("2.0"),
        "above what was verified"
    );
}

#[test]
fn contexts_are_stated() {
    let files = [("base/main.yaml", MAIN)];
    let with = |context: &str| fact(&judged(&files, &format!("{DEPLOYMENT}{context}")), "account.mfa_bypass");
    assert_eq!(with(""), "unknown [false,true]");
    assert_eq!(with("context = { licence = \"enterprise\" }\n"), "false");
    assert_eq!(with("context = { licence = \"team\" }\n"), "true");
}

#[test]
fn what_the_operator_states_replaces_what_no_file_tells() {
    let stated = |main: &str, facts: &str| {
        let files = [("base/main.yaml", main)];
        let report = judged(&files, &format!("{DEPLOYMENT}facts = {{ {facts} }}\n"));
        (
            report.facts[0].iter().map(|f| (f.fact.to_string(), f.origin)).collect::<Vec<_>>(),
            findings(&report, &files),
            report,
        )
    };
    let origin = |list: &[(String, Option<Origin>)], id: &str| list.iter().find(|(f, _)| f == id).unwrap().1;
    // An unknown value is replaced.
    let (origins, _, report) = stated("server_name: x\n", "\"account.mfa\" = \"everyone\"");
    assert_eq!(fact(&report, "account.mfa"), "everyone");
    assert_eq!(origin(&origins, "account.mfa"), Some(Origin::Declared));
    // So is a known one that rests on a default alone.
    let (_, found, report) = stated("server_name: x\n", "\"metadata.ip_retention\" = \"1d\"");
    assert_eq!(fact(&report, "metadata.ip_retention"), "1d");
    assert!(found.iter().all(|f| !f.starts_with("contradicted") && !f.starts_with("addresses")), "{found:?}");
    // Against a written one the file wins, and that is said.
    let (origins, found, report) = stated("server_name: x\nips_kept: 60d\n", "\"metadata.ip_retention\" = \"1d\"");
    assert_eq!(fact(&report, "metadata.ip_retention"), "60d");
    assert_eq!(origin(&origins, "metadata.ip_retention"), Some(Origin::Set));
    let told: Vec<_> = found.iter().filter(|f| f.starts_with("contradicted")).collect();
    assert_eq!(told.len(), 1, "{found:?}");
    assert!(
        told[0].contains("60 days") && told[0].contains("1 day") && told[0].ends_with("at \"60d\" of base/main.yaml"),
        "{told:?}"
    );
    // If both say the same there is nothing to say.
    let (_, found, _) = stated("server_name: x\nips_kept: 1d\n", "\"metadata.ip_retention\" = \"24 hours\"");
    assert!(found.iter().all(|f| !f.starts_with("contradicted")), "{found:?}");
}

#[test]
fn a_contradiction_is_told_whatever_else_is_judged() {
    let config = format!("{DEPLOYMENT}facts = {{ \"metadata.ip_retention\" = \"1d\" }}\n");
    let options = LintOptions { config: Some(("hushlint.toml".into(), config)), ..LintOptions::default() };
    let alone = linter(PLATFORM, &pack(&EVENTS[5..]), options);
    let report = run(&alone, &[("base/main.yaml", "server_name: x\nips_kept: 60d\n")]);
    assert_eq!(report.findings.len(), 1, "no other rule asks for the fact");
}
