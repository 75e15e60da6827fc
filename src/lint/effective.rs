//! What holds in a run, and where each part of it is written.

use super::options::{Linter, PackArg};
use crate::settle::Reach;
use crate::text::{Redactor, Shown};
use serde::Serialize;
use serde_json::{Value, json};

/// One thing that holds.
#[derive(Clone, Debug, Serialize)]
pub struct Effective {
    /// Its name: `fail-on`, `rules.edits-kept.severity`.
    pub key: Shown,
    /// Its value.
    pub value: Value,
    /// Where that comes from: a place in a file, an option, or `default`.
    pub from: Shown,
}

impl Linter {
    /// Everything that the configuration and the options decide, the defaults among it.
    pub fn effective(&self) -> Vec<Effective> {
        let (config, options) = (&self.config, &self.options);
        let redactor = Redactor::new();
        let mut out: Vec<Effective> = Vec::new();
        let mut put = |key: &str, value: Value, from: &str| {
            out.push(Effective { key: redactor.show(key), value, from: redactor.show(from) });
        };
        let origin = |key: &str| config.origins.get(key).map_or("default", String::as_str);
        match &config.path {
            Some(path) => put("configuration", json!(path), "it governs the run"),
            None => put("configuration", Value::Null, "there is none"),
        }
        for path in &config.further {
            put("configuration", json!(path), "it is part of that");
        }
        let named = |p: &PackArg| match p {
            PackArg::Name(name) => name.clone(),
            PackArg::File { path, .. } => path.clone(),
        };
        if options.packs.is_empty() {
            let packs: Vec<&str> = config.packs.iter().map(|(name, ..)| name.as_str()).collect();
            let packs = if packs.is_empty() { vec!["baseline"] } else { packs };
            put("packs", json!(packs), origin("packs"));
        } else {
            put("packs", json!(options.packs.iter().map(named).collect::<Vec<_>>()), "--pack");
        }
        let bar = if options.fail_on.is_some() { "--fail-on" } else { origin("fail-on") };
        put("fail-on", json!(config.fail_on.name()), bar);
        for glob in &config.exclude {
            put("exclude", json!(glob), origin(&format!("exclude {glob}")));
        }
        if let Some(baseline) = &config.baseline {
            let from = if config.baseline_path.is_some() { origin("baseline") } else { "--baseline" };
            put("baseline", json!(baseline.source.path()), from);
        }
        put("today", json!(options.today), "--today, or the clock");
        if options.no_inline_waivers {
            put("inline-waivers", json!(false), "--no-inline-waivers");
        }
        for (key, list, from) in [("select", &options.select, "--select"), ("ignore", &options.ignore, "--ignore")] {
            if !list.is_empty() {
                put(key, json!(list), from);
            }
        }
        if let Some((name, version)) = &options.platform {
            put("platform", json!({"name": name, "version": version}), "--platform");
        }
        for (key, value) in &options.context {
            put(&format!("context.{key}"), json!(value), "--context");
        }
        let told = |rules: &std::collections::HashMap<String, crate::rule::Override>| {
            let mut lines: Vec<(String, Value)> = Vec::new();
            for (rule, own) in rules {
                match (own.off, own.severity) {
                    (true, _) => lines.push((format!("{rule}.severity"), json!("off"))),
                    (_, Some(severity)) => lines.push((format!("{rule}.severity"), json!(severity.name()))),
                    _ => {}
                }
                lines.extend(own.params.iter().map(|(name, v)| (format!("{rule}.params.{name}"), v.json())));
            }
            lines.sort_by(|a, b| a.0.cmp(&b.0));
            lines
        };
        for (key, value) in told(&config.rules) {
            let key = format!("rules.{key}");
            put(&key, value, origin(&key));
        }
        for one in &config.overrides {
            for (key, value) in told(&one.rules) {
                let from = origin(&format!("override {} {key}", one.at));
                put(&format!("override.{key}"), json!({"files": one.files, "value": value}), from);
            }
        }
        let place = |source: &crate::text::Source, span: crate::text::Span| {
            format!("{}:{}", source.path(), source.line_of(span.start))
        };
        for one in &config.deployments {
            let from = one.at.as_ref().map(|(source, span)| place(source, *span)).unwrap_or_default();
            put("deployment", json!({"name": one.name, "files": one.files}), &from);
        }
        for one in &config.waivers {
            let reach = match &one.reach {
                Reach::Deployment(id) => json!({"rules": one.rules, "deployment": id}),
                Reach::Files(files) => json!({"rules": one.rules, "files": files}),
                Reach::File | Reach::Line(_) => json!({"rules": one.rules}),
            };
            put("waive", reach, &place(&one.source, one.span));
        }
        out
    }
}
