//! Files as JSON.

use super::role;
use crate::lint::GroupReport;
use crate::report::check::error_entry;
use crate::report::envelope::{Envelope, json};
use crate::report::{Report, Summary};
use std::fmt;

/// Collects deployments.
#[derive(Default)]
pub struct Json {
    deployments: Vec<String>,
    errors: Vec<Box<str>>,
}

impl Report for Json {
    fn group(&mut self, _: &mut String, group: &GroupReport) {
        for deployment in &group.deployments {
            let files: Vec<serde_json::Value> = (deployment.files.iter().enumerate())
                .map(|(index, file)| {
                    let part = deployment.parts.get(index);
                    serde_json::json!({
                        "file": file, "role": role(deployment, index),
                        "shape": part.map(|part| &part.shape), "address": part.and_then(|part| part.address.as_ref()),
                    })
                })
                .collect();
            self.deployments.push(json(&serde_json::json!({
                "id": deployment.id, "platform": deployment.platform, "version": deployment.version,
                "assumed_version": deployment.assumed_version, "detected_by": deployment.detected_by, "files": files,
            })));
        }
        self.errors.extend(group.errors.iter().map(|e| error_entry(e).1));
    }

    fn finish(&mut self, out: &mut dyn fmt::Write, summary: &Summary) {
        self.errors.extend(summary.errors.iter().map(|e| error_entry(e).1));
        let mut object = Envelope::begin(out);
        object.list("deployments", &self.deployments);
        object.list("errors", &self.errors);
        object.skipped(&summary.skipped);
        object.value("folders_not_entered", &summary.skipped.folders);
        object.end();
    }
}
