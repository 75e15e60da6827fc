//! Tests of whole runs, over a small platform of their own: files in, findings out.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod compare;
mod configs;
mod declarations;
mod diff;
mod includes;
mod instances;
mod judging;
mod keys;
mod loading;
mod packs;
mod property;
mod reading;
mod several;
mod shapes;
mod small;
mod templates;
mod waivers;
mod worked;

use super::knowledge::own;
use super::*;
use crate::fact::DataError;
use crate::text::Source;
use std::sync::Arc;

/// A run over a platform and rules of the test; the rules' file holds the pack too.
fn linter(platform: &str, rules: &str, options: LintOptions) -> Linter {
    let built_in = Linter::new(LintOptions { config: None, baseline: None, ..options.clone() });
    let mut linter = built_in.unwrap_or_else(|e| panic!("{}", told(&e)));
    let (knowledge, pack) = own::with(platform, rules).unwrap_or_else(|e| panic!("{}", told(&e)));
    if let Some((path, text)) = &options.config {
        linter.config = Config::read(path, text, &knowledge).unwrap_or_else(|e| panic!("{}", told(&e)));
        linter.options.config = options.config;
    }
    if let Some((path, text)) = &options.baseline {
        linter.config.baseline =
            Some(crate::settle::Baseline::read(path, text).unwrap_or_else(|e| panic!("{}", told(&e))));
    }
    linter.knowledge = knowledge;
    linter.packs = pack.into_iter().map(Arc::new).collect();
    linter
}

/// Errors of data files: the text at each place and what is said of it.
fn told(errors: &[DataError]) -> String {
    let one = |e: &DataError| {
        format!("{:?}: {} {}", e.source.slice(e.span), e.message, e.help.as_deref().unwrap_or_default())
    };
    errors.iter().map(one).collect::<Vec<_>>().join("\n")
}

/// Everything a run found in these files.
fn run(linter: &Linter, files: &[(&str, &str)]) -> GroupReport {
    run_bytes(linter, &files.iter().map(|(path, text)| (*path, text.as_bytes().to_vec())).collect::<Vec<_>>(), |g| g)
}

/// The same with bytes, and the groups in the order that `arrange` gives them.
fn run_bytes(
    linter: &Linter,
    files: &[(&str, Vec<u8>)],
    arrange: impl FnOnce(Vec<Group>) -> Vec<Group>,
) -> GroupReport {
    let mut out = GroupReport::default();
    let mut candidates = Vec::new();
    for (path, bytes) in files {
        match linter.scan(path, bytes, false) {
            Scan::Take(candidate) => candidates.push(candidate),
            Scan::Skip { reason } => out.skipped.push(SkippedFile { file: Linter::shown(path), reason }),
            Scan::Error(error) => out.errors.push(error),
        }
    }
    let ask = |path: &str| match files.iter().find(|(p, _)| *p == path) {
        Some((_, bytes)) => Answer::Given(Arc::from(bytes.as_slice())),
        None if path.starts_with("../") => Answer::Outside,
        None if path.contains('*') => {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let in_folder = |p: &str| p.rsplit_once('/').map_or("", |(f, _)| f) == folder;
            let names: Vec<String> = files
                .iter()
                .filter(|(p, _)| in_folder(p))
                .map(|(p, _)| p.rsplit('/').next().unwrap().to_owned())
                .collect();
            if names.is_empty() { Answer::Missing } else { Answer::Listed(names) }
        }
        None => Answer::Missing,
    };
    for group in arrange(linter.group(candidates, &ask)) {
        let content = |path: &String| {
            files.iter().find(|(p, _)| p == path).map(|(_, b)| Arc::from(b.as_slice())).ok_or_else(|| "gone".to_owned())
        };
        let report = linter.judge(&group, group.paths().iter().map(content).collect(), &ask);
        let (sum, more) = (&mut out.outcomes, report.outcomes);
        sum.pass += more.pass;
        sum.fail += more.fail;
        sum.unknown += more.unknown;
        sum.not_applicable += more.not_applicable;
        out.deployments.extend(report.deployments);
        out.findings.extend(report.findings);
        out.unknown.extend(report.unknown);
        out.results.extend(report.results);
        out.facts.extend(report.facts);
        out.settings.extend(report.settings);
        out.errors.extend(report.errors);
        out.skipped.extend(report.skipped);
        if let Some(house) = report.house {
            out.house.get_or_insert_default().merge(*house);
        }
        out.sources.extend(report.sources);
    }
    out
}

/// The text at a finding's place, in the file as it was given.
fn text_at<'t>(files: &[(&str, &'t str)], file: &Shown, range: &Range) -> &'t str {
    let (_, text) =
        files.iter().find(|(path, _)| *path == file.as_str()).unwrap_or_else(|| panic!("no file {}", file.as_str()));
    &text[range.start.offset as usize..range.end.offset as usize]
}

use crate::text::Shown;
