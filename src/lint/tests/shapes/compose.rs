//! Compose files.

use super::*;

const SERVICE: &str = "services:\n  db:\n    image: postgres:16\n    environment:\n      POSTGRES_PASSWORD: x\n  chat:\n    image: parley/server:1.7\n    \
                       ports: ['8065:8065']\n    environment:\n      PARLEY_GUESTS: \"true\"\n      PARLEY_IPS_KEPT: 90d\n";

#[test]
fn the_chat_service_alone_is_a_deployment() {
    let files = [("a/docker-compose.yml", SERVICE)];
    let report = judged(&files);
    assert_eq!(deployments(&report), ["a/docker-compose.yml#services.chat: a/docker-compose.yml"]);
    assert_eq!(places(&report, &files, "guests"), ["\"true\" in a/docker-compose.yml"]);
    assert_eq!(places(&report, &files, "addresses"), ["90d in a/docker-compose.yml"]);
    assert_eq!(via(&report, "guests"), ["compose"]);
    let deployment = &report.deployments[0];
    assert_eq!(deployment.version.as_ref().unwrap().as_str(), "1.7");
    let detected: Vec<_> = deployment.detected_by.iter().map(|d| d.as_str()).collect();
    assert_eq!(detected, ["service `chat`", "image server:1.7"]);
    assert_eq!(deployment.parts[0].address.as_ref().unwrap().as_str(), "services.chat");
    // What is not written is said at the service.
    assert_eq!(fact(&report, "account.mfa"), "absent");
}

#[test]
fn one_of_thirty() {
    let mut text = String::from("services:\n");
    for n in 0..30 {
        let more = if n == 17 { "      PARLEY_GUESTS: true\n" } else { "" };
        text.push_str(&format!(
            "  s{n}:\n    image: example/app{n}:1\n    environment:\n      MODE: production\n{more}"
        ));
    }
    let files = [("docker-compose.yml", text.as_str())];
    let report = judged(&files);
    assert_eq!(deployments(&report), ["docker-compose.yml#services.s17: docker-compose.yml"]);
    assert_eq!(places(&report, &files, "guests"), ["true in docker-compose.yml"]);
    let detected: Vec<_> = report.deployments[0].detected_by.iter().map(|d| d.as_str()).collect();
    assert_eq!(detected, ["service `s17`", "PARLEY_*"]);
}

#[test]
fn an_image_alone_is_enough_and_a_tag_may_be_missing() {
    for (image, version) in [
        ("parley/server", None),
        ("docker.io/parley/server:latest", None),
        ("mirror.example.org:5000/parley/server:1.4.2", Some("1.4.2")),
        ("parley/server:${TAG:-1.4}", None),
        ("parley/server:${KNOWN}", Some("1.5")),
        ("parley/server@sha256:0123", None),
    ] {
        let text = format!("services:\n  a:\n    image: {image}\n");
        let report = judged(&[("compose.yaml", text.as_str()), (".env", "KNOWN=1.5\n")]);
        assert_eq!(deployments(&report), ["compose.yaml#services.a: compose.yaml"], "{image}");
        assert_eq!(report.deployments[0].version.as_ref().map(|v| v.to_string()).as_deref(), version, "{image}");
        assert_eq!(fact(&report, "metadata.ip_retention"), "28d");
        // Nothing is written: the place is the service's name.
        let place = &report.findings.iter().find(|f| f.rule.as_str() == "addresses").unwrap();
        assert!(place.anchor);
        assert_eq!((place.span.start.line, place.span.start.column), (2, 3), "{image}");
    }
    for image in ["parley/client:1", "other/server", "parleyx/server"] {
        let text = format!("services:\n  a:\n    image: {image}\n");
        assert!(judged(&[("compose.yaml", text.as_str())]).deployments.is_empty(), "{image}");
    }
}

#[test]
fn variables_beside_the_file_fill_it_in() {
    let compose = "services:\n  chat:\n    image: parley/server\n    environment:\n      - PARLEY_GUESTS=${GUESTS}\n      - PARLEY_IPS_KEPT=${KEPT:-90d}\n      - PARLEY_TWO_FACTOR\n";
    let report = judged(&[("c/compose.yaml", compose), ("c/.env", "GUESTS=true\nKEPT=1d\nPARLEY_TWO_FACTOR=true\n")]);
    assert_eq!(deployments(&report), ["c/compose.yaml#services.chat: c/compose.yaml"]);
    assert_eq!(fact(&report, "account.guests"), "write");
    assert_eq!(fact(&report, "metadata.ip_retention"), "1d");
    assert_eq!(fact(&report, "account.mfa"), "everyone");
    assert!(skipped(&report).iter().any(|s| s == "c/.env: variables that c/compose.yaml may be filled in from"));
    // Without it they are not known, and never empty.
    let report = judged(&[("c/compose.yaml", compose)]);
    for id in ["account.guests", "account.mfa", "metadata.ip_retention"] {
        assert!(fact(&report, id).starts_with("unknown"), "{id}: {}", fact(&report, id));
    }
    // One that is there for others says nothing of a name that it lacks.
    let report = judged(&[("c/compose.yaml", compose), ("c/.env", "OTHER=1\n")]);
    assert!(fact(&report, "account.guests").starts_with("unknown"));
}

#[test]
fn files_of_variables_are_laid_under_the_service() {
    let compose = "services:\n  chat:\n    image: x\n    env_file:\n      - base.env\n      - path: ./more.env\n        required: false\n    environment:\n      PARLEY_GUESTS: false\n";
    let files = [
        ("c/compose.yaml", compose),
        ("c/base.env", "PARLEY_IPS_KEPT=60d\nPARLEY_GUESTS=true\nPARLEY_TWO_FACTOR=false\n"),
        ("c/more.env", "PARLEY_IPS_KEPT=90d\n"),
    ];
    let report = judged(&files);
    assert_eq!(deployments(&report), ["c/compose.yaml#services.chat: c/compose.yaml, c/base.env, c/more.env"]);
    assert_eq!(places(&report, &files, "addresses"), ["90d in c/more.env"], "the later file wins");
    assert_eq!(via(&report, "addresses"), ["dotenv"]);
    assert_eq!(fact(&report, "account.guests"), "off", "the service's own variable wins");
    let roles: Vec<_> = report.deployments[0].parts.iter().map(|p| p.role.to_string()).collect();
    assert_eq!(roles[1], "variables of services.chat (line 5 of c/compose.yaml)");
}

#[test]
fn a_file_of_variables_that_is_not_given_leaves_open_what_it_may_set() {
    let compose = |env_file: &str| {
        format!(
            "services:\n  chat:\n    image: parley/server\n    env_file: {env_file}\n    environment:\n      PARLEY_GUESTS: true\n"
        )
    };
    for (env_file, wanted) in [
        (".env", "`.env`, which line 4 of c/compose.yaml names, was not given"),
        (
            "../../stack.env",
            "`../../stack.env`, which line 4 of c/compose.yaml names, lies outside of what may be read",
        ),
        ("/etc/chat.env", "`/etc/chat.env`, which line 4 of c/compose.yaml names, lies outside of what may be read"),
        ("${DIR}/chat.env", "`${DIR}/chat.env`, which line 4 of c/compose.yaml names, has a variable in its path"),
        ("broken.env", "`broken.env`, which line 4 of c/compose.yaml names, does not parse"),
    ] {
        let text = compose(env_file);
        let files = [("c/compose.yaml", text.as_str()), ("c/broken.env", "A='x\n")];
        let report = judged(&files);
        assert_eq!(fact(&report, "account.guests"), "write", "{env_file}");
        assert_eq!(why(&report, "metadata.ip_retention"), wanted);
        assert_eq!(report.errors.len(), 0);
    }
}

#[test]
fn a_shared_file_of_variables_does_not_make_every_service_one() {
    let compose = "services:\n  db:\n    image: postgres\n    env_file: .env\n  chat:\n    image: parley/server\n    env_file: .env\n";
    let files = [("compose.yaml", compose), (".env", "PARLEY_GUESTS=true\n")];
    assert_eq!(deployments(&judged(&files)), ["compose.yaml#services.chat: compose.yaml, .env"]);
    // No image tells, but a name does.
    let named = compose.replace("parley/server", "local/chat").replace("  chat:", "  parley:");
    let files = [("compose.yaml", named.as_str()), (".env", "PARLEY_GUESTS=true\n")];
    assert_eq!(deployments(&judged(&files)), ["compose.yaml#services.parley: compose.yaml, .env"]);
    // Nothing tells: the variables stand for themselves.
    let none = compose.replace("parley/server", "local/chat");
    let files = [("compose.yaml", none.as_str()), (".env", "PARLEY_GUESTS=true\n")];
    assert_eq!(deployments(&judged(&files)), [".env: .env"]);
}

#[test]
fn a_helper_with_the_same_variables_is_none() {
    let compose = "x-env: &env\n  PARLEY_GUESTS: true\nservices:\n  chat:\n    image: parley/server\n    environment: *env\n  setup:\n    image: alpine\n    environment: *env\n";
    let files = [("compose.yaml", compose)];
    let report = judged(&files);
    assert_eq!(deployments(&report), ["compose.yaml#services.chat: compose.yaml"]);
    assert_eq!(places(&report, &files, "guests"), ["true in compose.yaml"]);
    assert!(report.findings.iter().all(|f| f.fix.is_none()), "an alias is not edited");
    // What is built here may be the server too.
    let built = compose.replace("    image: alpine\n", "    build: .\n");
    assert_eq!(judged(&[("compose.yaml", built.as_str())]).deployments.len(), 2);
}

#[test]
fn a_mounted_file_joins_its_service() {
    let compose = "services:\n  chat:\n    image: parley/server:1.7\n    environment:\n      PARLEY_GUESTS: false\n    volumes:\n      - data:/data\n      - ./conf/parley.yaml:/etc/parley.yaml:ro\n";
    let files = [("c/compose.yaml", compose), ("c/conf/parley.yaml", "server_name: x\nguests: true\nips_kept: 90d\n")];
    let report = judged(&files);
    assert_eq!(deployments(&report), ["c/conf/parley.yaml: c/conf/parley.yaml, c/compose.yaml"]);
    assert_eq!(fact(&report, "account.guests"), "off", "the variable comes over the file");
    assert_eq!(places(&report, &files, "addresses"), ["90d in c/conf/parley.yaml"]);
    assert_eq!(via(&report, "addresses"), ["plain"]);
    assert_eq!(report.deployments[0].version.as_ref().unwrap().as_str(), "1.7");
    // Without a word of the platform in the compose file the file itself tells.
    let compose = "services:\n  chat:\n    image: someone/chat:3\n    volumes:\n      - ./conf/parley.yaml:/etc/parley.yaml\n  backup:\n    image: backup\n";
    let files = [("c/compose.yaml", compose), ("c/conf/parley.yaml", "server_name: x\nguests: true\n")];
    let report = judged(&files);
    assert_eq!(report.deployments.len(), 1, "{:?}", deployments(&report));
    assert_eq!(report.deployments[0].id.as_str(), "c/conf/parley.yaml");
}

#[test]
fn a_mounted_folder_joins_a_service_that_is_known() {
    let compose = |image: &str, folder: &str| {
        format!(
            "services:\n  chat:\n    image: {image}\n    volumes:\n      - type: bind\n        source: {folder}\n        target: /etc/parley\n"
        )
    };
    let main = ("c/conf/parley.yaml", "server_name: x\nguests: true\n");
    let text = compose("parley/server:1.7", "./conf");
    let report = judged(&[("c/compose.yaml", text.as_str()), main]);
    assert_eq!(deployments(&report), ["c/conf/parley.yaml: c/conf/parley.yaml, c/compose.yaml"]);
    let text = compose("parley/server:1.7", "${CONF:-./conf}");
    assert_eq!(judged(&[("c/compose.yaml", text.as_str()), main]).deployments.len(), 1);
    let text = compose("parley/server:1.7", "${CONF}");
    let report = judged(&[("c/compose.yaml", text.as_str()), main, ("c/.env", "CONF=./conf\n")]);
    assert_eq!(report.deployments.len(), 1);
    // Whoever mounts the whole repository is not what lies in it.
    let text = compose("someone/ci", "./conf");
    let report = judged(&[("c/compose.yaml", text.as_str()), main]);
    assert_eq!(deployments(&report), ["c/conf/parley.yaml: c/conf/parley.yaml"]);
    // Of two files it is not known which is meant.
    let text = compose("parley/server:1.7", "./conf");
    let report =
        judged(&[("c/compose.yaml", text.as_str()), main, ("c/conf/parley-2.yaml", "server_name: y\nguests: true\n")]);
    assert_eq!(report.deployments.len(), 3);
}

#[test]
fn a_file_beside_the_compose_file_joins_the_only_service() {
    let files = [("c/compose.yaml", SERVICE), ("c/parley.yaml", "server_name: x\nips_kept: 1d\ntwo_factor: true\n")];
    let report = judged(&files);
    assert_eq!(deployments(&report), ["c/parley.yaml: c/parley.yaml, c/compose.yaml"]);
    assert_eq!(fact(&report, "account.mfa"), "everyone");
    let two = SERVICE.replace("  db:\n    image: postgres:16", "  db:\n    image: parley/server:1.7");
    let report = judged(&[("c/compose.yaml", two.as_str()), ("c/parley.yaml", "server_name: x\nips_kept: 1d\n")]);
    assert_eq!(report.deployments.len(), 3, "{:?}", deployments(&report));
}

#[test]
fn a_file_that_compose_lays_over_by_itself() {
    let base = "services:\n  chat:\n    image: parley/server:1.7\n    environment:\n      PARLEY_GUESTS: true\n      PARLEY_IPS_KEPT: 1d\n";
    let over = "services:\n  chat:\n    environment:\n      PARLEY_GUESTS: false\n";
    let files = [("c/docker-compose.yml", base), ("c/docker-compose.override.yml", over)];
    let report = judged(&files);
    assert_eq!(
        deployments(&report),
        ["c/docker-compose.yml#services.chat: c/docker-compose.yml, c/docker-compose.override.yml"]
    );
    assert_eq!(fact(&report, "account.guests"), "off");
    // It holds none of the platform's words, and changes the image.
    let over = "services:\n  chat:\n    image: mirror/parley/server:1.8\n";
    let report = judged(&[("c/docker-compose.yml", base), ("c/docker-compose.override.yml", over)]);
    assert_eq!(report.deployments[0].version.as_ref().unwrap().as_str(), "1.8");
    // Only the file over it has such words.
    let bare = "services:\n  chat:\n    build: .\n    environment:\n      A: 1\n";
    let over = "services:\n  chat:\n    environment:\n      PARLEY_GUESTS: true\n";
    let files = [("c/compose.yaml", bare), ("c/compose.override.yaml", over)];
    let report = judged(&files);
    assert_eq!(deployments(&report), ["c/compose.yaml#services.chat: c/compose.yaml, c/compose.override.yaml"]);
    assert_eq!(places(&report, &files, "guests"), ["true in c/compose.override.yaml"]);
}

#[test]
fn other_compose_files_of_a_folder_are_separate() {
    let text = |guests: &str| {
        format!("services:\n  chat:\n    image: parley/server\n    environment:\n      PARLEY_GUESTS: {guests}\n")
    };
    let (one, two) = (text("true"), text("false"));
    let files = [("c/docker-compose.yml", one.as_str()), ("c/docker-compose.prod.yml", two.as_str())];
    let report = judged(&files);
    assert_eq!(report.deployments.len(), 2);
    assert_eq!(fact_of(&report, "c/docker-compose.yml#services.chat", "account.guests"), "write");
    assert_eq!(fact_of(&report, "c/docker-compose.prod.yml#services.chat", "account.guests"), "off");
    // Unless the user says so.
    let config = "[[deployment]]\nname = \"prod\"\nfiles = [\"c/docker-compose.yml\", \"c/docker-compose.prod.yml\"]\n";
    let report = run(&parley(config), &files);
    assert_eq!(deployments(&report), ["prod: c/docker-compose.yml, c/docker-compose.prod.yml"]);
    assert_eq!(fact(&report, "account.guests"), "off");
}

#[test]
fn two_services_are_two_deployments() {
    let compose = "services:\n  a:\n    image: parley/server:1.1\n    environment: [PARLEY_GUESTS=true]\n  b:\n    image: parley/server:1.2\n    environment: [PARLEY_GUESTS=false]\n";
    let report = judged(&[("compose.yaml", compose)]);
    assert_eq!(fact_of(&report, "compose.yaml#services.a", "account.guests"), "write");
    assert_eq!(fact_of(&report, "compose.yaml#services.b", "account.guests"), "off");
    let fingerprints: std::collections::HashSet<_> = report.findings.iter().flat_map(|f| &f.fingerprints).collect();
    assert_eq!(fingerprints.len(), report.findings.iter().map(|f| f.fingerprints.len()).sum::<usize>());
    let config = "[[deployment]]\nname = \"both\"\nfiles = [\"compose.yaml\"]\n";
    let report = run(&parley(config), &[("compose.yaml", compose)]);
    assert_eq!(deployments(&report), ["both#services.a: compose.yaml", "both#services.b: compose.yaml"]);
}

#[test]
fn a_service_may_start_from_another_file() {
    let compose = "services:\n  chat:\n    extends:\n      file: common/base.yml\n      service: base\n    environment:\n      PARLEY_GUESTS: true\n";
    let base = "services:\n  base:\n    image: parley/server:1.3\n    environment:\n      PARLEY_IPS_KEPT: 90d\n";
    let files = [("c/compose.yaml", compose), ("c/common/base.yml", base)];
    let report = judged(&files);
    let id = "c/compose.yaml#services.chat";
    assert_eq!(fact_of(&report, id, "metadata.ip_retention"), "90d");
    assert_eq!(fact_of(&report, id, "account.guests"), "write");
    let report = judged(&[("c/compose.yaml", compose)]);
    assert_eq!(
        why(&report, "metadata.ip_retention"),
        "`common/base.yml`, which the service starts from, was not given"
    );
}

#[test]
fn a_file_that_the_compose_file_holds_itself() {
    let compose = "configs:\n  parley:\n    content: |\n      server_name: x\n      guests: true\n      ips_kept: 90d\nservices:\n  chat:\n    image: parley/server\n    configs:\n      - source: parley\n        target: /etc/parley.yaml\n";
    let files = [("compose.yaml", compose)];
    let report = judged(&files);
    assert_eq!(deployments(&report), ["compose.yaml#services.chat/parley.yaml: compose.yaml"]);
    assert_eq!(places(&report, &files, "guests"), ["true in compose.yaml"]);
}

#[test]
fn a_named_file_that_is_no_chat_is_told() {
    let linter = parley("");
    let text = b"services:\n  web:\n    image: nginx\n    volumes: ['./a.conf:/a']\n";
    let Scan::Take(candidate) = linter.scan("compose.yaml", text, true) else { panic!("it may name others") };
    let ask = |_: &str| Answer::Missing;
    let groups = linter.group(vec![candidate], &ask);
    let report = linter.judge(&groups[0], Vec::new(), &ask);
    assert_eq!(skipped(&report), ["compose.yaml: no chat configuration: none of the keys by which Parley is known"]);
    assert!(groups[0].paths().is_empty(), "it is not read again");
}

#[test]
fn a_value_inside_quotes_of_a_list_is_found() {
    let compose = "services:\n  chat:\n    image: parley/server\n    environment:\n      - \"PARLEY_GUESTS=true\"\n      - 'PARLEY_IPS_KEPT=90d'\n";
    let files = [("compose.yaml", compose)];
    let report = judged(&files);
    assert_eq!(places(&report, &files, "guests"), ["true in compose.yaml"]);
    assert_eq!(places(&report, &files, "addresses"), ["90d in compose.yaml"]);
    assert_eq!(findings(&report, &files).len(), 2);
}

#[test]
fn a_secret_that_is_kept_beside_the_file_is_not_in_it() {
    let secrets = |report: &GroupReport| -> Vec<String> {
        let of = report.facts[0].iter().filter(|f| f.fact.as_str() == "ops.secrets");
        of.map(|f| f.value.to_string().replace('"', "")).collect()
    };
    let compose = |value: &str| {
        format!(
            "services:\n  chat:\n    image: parley/server\n    env_file: more.env\n    environment:\n      PARLEY_SECRET: {value}\n"
        )
    };
    let beside = (".env", "PW=hunter2hunter2\nPARLEY_SECRET=hunter3hunter3\n");
    for (value, wanted) in
        [("${PW}", "external"), ("", "external"), ("hunter4hunter4", "inline"), ("a$$b$$c$$d", "inline")]
    {
        let text = compose(value);
        let report = judged(&[("compose.yaml", text.as_str()), beside, ("more.env", "A=1\n")]);
        assert_eq!(secrets(&report), [wanted], "{value}");
        let shown = format!("{:?}{:?}", report.sources, report.facts);
        assert!(!shown.contains("hunter"), "{shown}");
    }
    // A file of variables that says it itself is another matter.
    let text = "services:\n  chat:\n    image: parley/server\n    env_file: more.env\n";
    let files = [("compose.yaml", text), ("more.env", "PW=hunter2hunter2\nPARLEY_SECRET=${PW}\n")];
    assert_eq!(secrets(&judged(&files)), ["inline"]);
}

#[test]
fn what_the_user_says_is_the_platform_is_it() {
    let one = "services:\n  talk:\n    build: .\n    environment:\n      MODE: x\n";
    let two = "services:\n  talk:\n    build: .\n  web:\n    image: nginx\n";
    let config = "[[deployment]]\nname = \"talk\"\nfiles = [\"compose.yaml\", \"talk.env\"]\nplatform = \"parley\"\n";
    let report = run(&parley(config), &[("compose.yaml", one)]);
    assert_eq!(deployments(&report), ["talk: compose.yaml"]);
    assert_eq!(fact(&report, "metadata.ip_retention"), "28d");
    // Which of several is meant nobody can tell.
    let report = run(&parley(config), &[("compose.yaml", two)]);
    assert_eq!(deployments(&report), Vec::<String>::new());
    assert_eq!(skipped(&report), ["compose.yaml: none of its services and containers is known to run Parley"]);
    // Variables that are named with it are read as such.
    let report = run(&parley(config), &[("compose.yaml", one), ("talk.env", "OTHER=1\n")]);
    assert_eq!(report.errors.len(), 0);
    assert_eq!(report.deployments.len(), 1);
    let options = LintOptions { platform: Some(("parley".into(), None)), facts: true, ..LintOptions::default() };
    let mut linter = parley("");
    linter.only = Some(0);
    linter.options.platform = options.platform;
    let Scan::Take(candidate) = linter.scan("compose.yaml", one.as_bytes(), true) else { panic!("it was named") };
    let ask = |_: &str| Answer::Missing;
    let groups = linter.group(vec![candidate], &ask);
    let report = linter.judge(&groups[0], vec![Ok(Arc::from(one.as_bytes()))], &ask);
    assert_eq!(deployments(&report), ["compose.yaml#services.talk: compose.yaml"]);
}
