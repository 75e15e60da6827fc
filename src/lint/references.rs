//! The bundled declarations of public platforms.

use super::knowledge::{embedded, embedded_in, parsed};
use super::options::Linter;
use super::report::GroupReport;
use crate::fact::nearest;

const FOLDER: &str = "rules/references";

/// The names of the bundled references, in the order of the alphabet.
pub fn references() -> impl Iterator<Item = &'static str> {
    let mut names: Vec<&str> =
        embedded_in(FOLDER).filter_map(|path| path.rsplit('/').next()?.strip_suffix(".toml")).collect();
    names.sort_unstable();
    names.into_iter()
}

/// The reference whose name is nearest to a word, if one is near.
pub fn reference_near(word: &str) -> Option<&'static str> {
    nearest(&word.to_ascii_lowercase(), references())
}

impl Linter {
    /// Judges a bundled reference; `None` if there is none of that name.
    pub fn reference(&self, name: &str) -> Option<GroupReport> {
        let path = format!("{FOLDER}/{name}.toml");
        let text = embedded(&path).filter(|_| references().any(|known| known == name))?;
        let mut report = GroupReport::default();
        self.judge_declaration(vec![parsed(&path, text)], format!("ref:{name}"), &mut report);
        Some(report)
    }
}
