//! `hushlint files`: what was taken, as what, why, and what was passed over.

mod json;
mod text;

pub use json::Json;
pub use text::Text;

use crate::lint::DeploymentInfo;

/// What a file is within its deployment, in words.
fn role(deployment: &DeploymentInfo, index: usize) -> String {
    if index == 0 {
        return deployment.detected_by.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    }
    let part = deployment.parts.get(index);
    part.map_or_else(|| format!("part of {}", deployment.id), |part| part.role.to_string())
}
