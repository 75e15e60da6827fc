//! Files of variables by themselves.

use super::*;

#[test]
fn a_file_of_variables_is_a_deployment() {
    let files = [("a/.env", "# Parley\nPARLEY_GUESTS=true\nPARLEY_IPS_KEPT=\"90d\"\nPARLEY_SECRET=hunter2hunter2\n")];
    let report = judged(&files);
    assert_eq!(deployments(&report), ["a/.env: a/.env"]);
    assert_eq!(places(&report, &files, "guests"), ["true in a/.env"]);
    assert_eq!(places(&report, &files, "addresses"), ["\"90d\" in a/.env"]);
    assert_eq!(via(&report, "guests"), ["dotenv"]);
    assert_eq!(fact(&report, "account.mfa"), "absent");
    assert_eq!(report.deployments[0].parts[0].address, None);
}

#[test]
fn scripts_and_files_of_any_name() {
    for name in
        ["run.sh", "parley", "etc/default/parley", "parley.env.example", "env.example", ".env.production", ".envrc"]
    {
        let files = [(name, "#!/bin/sh\nset -e\nexport PARLEY_GUESTS=true PARLEY_IPS_KEPT=1d\nexec parley\n")];
        let report = judged(&files);
        assert_eq!(deployments(&report), [format!("{name}: {name}")]);
        assert_eq!(places(&report, &files, "guests"), [format!("true in {name}")]);
        assert_eq!(fact(&report, "metadata.ip_retention"), "1d");
    }
    // The words alone, in a text that assigns nothing.
    for (name, text) in
        [("README", "Set PARLEY_GUESTS to true:\nPARLEY_GUESTS: true\n"), ("a.yaml", "PARLEY_GUESTS: true\n")]
    {
        assert_eq!(deployments(&judged(&[(name, text)])), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn what_speaks_against_it() {
    assert_eq!(deployments(&judged(&[(".env", "PARLEY_GUESTS=true\nPARLEY_CLIENT=1\n")])), Vec::<String>::new());
}

#[test]
fn a_value_filled_in_is_not_known_and_a_secret_so_is_none() {
    let report = judged(&[(".env", "PARLEY_GUESTS=${X}\nPARLEY_IPS_KEPT=${Y:-1d}\nPARLEY_SECRET=$PW\n")]);
    assert!(fact(&report, "account.guests").starts_with("unknown"));
    assert!(!report.facts[0].iter().any(|f| f.fact.as_str() == "ops.secrets" && f.value == "inline"));
    let report = judged(&[(".env", "KEPT=1d\nPARLEY_IPS_KEPT=${KEPT}\n")]);
    assert_eq!(fact(&report, "metadata.ip_retention"), "1d");
}

#[test]
fn the_file_beside_variables_is_the_main_document() {
    let files =
        [("m/parley.yaml", "server_name: x\nguests: true\nips_kept: 90d\n"), ("m/parley.env", "PARLEY_GUESTS=false\n")];
    let report = judged(&files);
    assert_eq!(deployments(&report), ["m/parley.yaml: m/parley.yaml, m/parley.env"]);
    assert_eq!(fact(&report, "account.guests"), "off");
    assert_eq!(places(&report, &files, "addresses"), ["90d in m/parley.yaml"]);
    assert_eq!(report.deployments[0].parts[1].role.as_str(), "part of m/parley.yaml (env)");
}
