//! `hushlint files`: what was taken, as what, why, and what was passed over.

mod json;
mod text;

pub use json::Json;
pub use text::Text;

use crate::lint::DeploymentInfo;

/// What a file is within its deployment, in words.
fn role(deployment: &DeploymentInfo, index: usize) -> String {
    let file = deployment.files.get(index);
    let role = deployment.roles.iter().find(|(name, _)| Some(name) == file);
    match (role, index) {
        (Some((_, role)), _) => role.to_string(),
        (None, 0) => deployment.detected_by.iter().map(|k| k.as_ref()).collect::<Vec<_>>().join(", "),
        (None, _) => format!("part of {}", deployment.files.first().map_or("", |f| f.as_ref())),
    }
}
