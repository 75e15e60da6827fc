//! A whole run: look at the bytes, group, judge. The first byte chooses the file's name, and whether a main file
//! lies beside it.
#![no_main]

use hushlint::lint::{Answer, LintOptions, Linter, Scan};
use libfuzzer_sys::fuzz_target;
use std::sync::{Arc, OnceLock};

const NAMES: [&str; 9] = [
    "homeserver.yaml",
    "conf.d/more.yaml",
    "log.yaml",
    "worker1.yaml",
    "messaging.toml",
    "messaging.json",
    "docker-compose.yml",
    "cluster.yaml",
    ".env",
];
const MAIN: &[u8] =
    b"server_name: example.org\nreport_stats: false\nretention:\n  default_policy:\n    max_lifetime: 1y\n";

fn linter() -> &'static Linter {
    static LINTER: OnceLock<Linter> = OnceLock::new();
    LINTER.get_or_init(|| {
        let options =
            LintOptions { facts: true, settings: true, sources: true, all_outcomes: true, ..LintOptions::default() };
        Linter::new(options).unwrap_or_else(|errors| panic!("{}", errors.first().map_or("", |e| &e.message)))
    })
}

fuzz_target!(|bytes: &[u8]| {
    let [choice, text @ ..] = bytes else { return };
    let name = NAMES[usize::from(*choice) % NAMES.len()];
    let mut files: Vec<(&str, &[u8])> = vec![(name, text)];
    if *choice >= 128 && name != "homeserver.yaml" {
        files.push(("homeserver.yaml", MAIN));
    }
    let linter = linter();
    let candidates = files.iter().filter_map(|(path, bytes)| match linter.scan(path, bytes, *choice % 2 == 0) {
        Scan::Take(candidate) => Some(candidate),
        Scan::Skip { .. } | Scan::Error(_) => None,
    });
    let ask = |path: &str| match files.iter().find(|(p, _)| *p == path) {
        Some((_, bytes)) => Answer::Given(Arc::from(*bytes)),
        None => Answer::Missing,
    };
    for group in linter.group(candidates.collect(), &ask) {
        let read = |path: &String| match files.iter().find(|(p, _)| p == path) {
            Some((_, bytes)) => Ok(Arc::from(*bytes)),
            None => Err("gone".to_owned()),
        };
        let report = linter.judge(&group, group.paths().iter().map(read).collect(), &ask);
        for finding in &report.findings {
            assert!(finding.span.start.offset <= finding.span.end.offset);
            // Line ends and tabs stand in texts as they are, here as in the excerpts.
            assert!(!finding.message.as_str().contains(|c: char| c.is_control() && !matches!(c, '\n' | '\t')));
            assert_eq!(finding.fingerprint.len(), 16);
        }
        assert_eq!(report.deployments.len(), report.facts.len());
    }
});
