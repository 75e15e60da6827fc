//! What compose files and objects of Kubernetes hold: sets of variables, and files inside files. A line `%%` parts the
//! file from the variables beside it.
#![no_main]

mod check;

use hushlint::syntax::{Document, Format, Kind, Limits, Variables, compose, kubernetes, parse};
use hushlint::text::Source;
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

fn set(document: &Document) {
    check::check(document);
    assert_eq!(document.format, Format::Env);
    for entry in document.root_node().entries() {
        assert!(matches!(document.node(entry.value).kind, Kind::Scalar { .. }), "a variable is a scalar");
    }
}

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = Source::decode("fuzz", bytes) else { return };
    let (text, beside) = source.text().split_once("\n%%\n").unwrap_or((source.text(), ""));
    let limits = Limits::default();
    let beside = parse(&Arc::new(Source::new(".env", beside)), Format::Env, &limits);
    let known = Variables::of(&beside);
    let outer = parse(&Arc::new(Source::new("fuzz", text)), Format::Yaml, &limits);
    let mut files = Vec::new();
    if let Some(project) = compose(&outer, &known) {
        // Laid over itself it has the same services.
        let count = project.services.len();
        let project = project.clone().under(project);
        assert_eq!(project.services.len(), count);
        for service in project.services {
            service.variables.iter().for_each(|variables| set(variables));
            files.extend(service.files);
        }
    }
    let objects = kubernetes(&outer);
    objects.containers.iter().for_each(|container| set(&container.variables));
    for store in objects.stores {
        store.variables.iter().for_each(|variables| set(variables));
        store.prefixed("X_").iter().for_each(|variables| set(variables));
        files.extend(store.files);
    }
    for file in files {
        for format in [Format::Yaml, Format::Json, Format::Toml, Format::Env] {
            let document = file.document(&outer.source, format, &limits);
            check::check(&document);
            assert!(Arc::ptr_eq(&document.source, &outer.source));
        }
    }
});
