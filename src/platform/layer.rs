//! Where values are looked for, and how a setting is spelt there.

use super::path::{Path, Segment};
use crate::condition::Expr;
use crate::fact::Value;

/// What a layer looks into.
#[derive(Debug)]
pub enum Held {
    /// A kind of document, by its place in [`super::Platform::documents`].
    Document(usize),
    /// Constants: settings and their values.
    Values(Vec<(u32, Value)>),
}

/// What a layer's values are worth.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Force {
    /// They are in force.
    Set,
    /// They only seed a database.
    Initial,
    /// They are an overlay's own defaults.
    Default,
}

/// What a layer's values are while its condition does not hold.
#[derive(Copy, Clone, PartialEq, Eq, Debug)]
pub enum Otherwise {
    /// They only seed a database.
    Initial,
    /// They are not read.
    Ignored,
}

/// Where values are looked for.
#[derive(Debug)]
pub struct Layer {
    /// Its name.
    pub id: String,
    /// What it looks into.
    pub held: Held,
    /// The root in its documents.
    pub at: Path,
    /// A document that holds the first segment of a path hides all below it.
    pub shallow: bool,
    /// What its values are worth.
    pub force: Force,
    /// The condition without which they are worth `otherwise`.
    pub when: Option<Expr>,
    /// What they are worth then.
    pub otherwise: Otherwise,
    /// How a setting's path is spelt here, if not as it is.
    pub template: Option<Template>,
}

impl Layer {
    /// A layer that takes a kind of document as it is.
    pub fn plain(id: &str, document: usize) -> Self {
        Self {
            id: id.to_owned(),
            held: Held::Document(document),
            at: Path::default(),
            shallow: false,
            force: Force::Set,
            when: None,
            otherwise: Otherwise::Initial,
            template: None,
        }
    }

    /// Does it take its documents as they are, whatever else holds?
    pub fn is_plain(&self) -> bool {
        self.at.0.is_empty() && self.force == Force::Set && self.when.is_none() && self.template.is_none()
    }

    /// The kind of document it looks into, if it looks into one.
    pub fn document(&self) -> Option<usize> {
        match self.held {
            Held::Document(kind) => Some(kind),
            Held::Values(_) => None,
        }
    }
}

/// How a layer spells paths: `MM_{PATH}`, joined by `_`.
#[derive(Clone, PartialEq, Debug)]
pub struct Template {
    /// The path with `{path}` or `{PATH}` in it.
    pub path: Path,
    /// What joins the keys of a setting's path.
    pub separator: String,
}

impl Template {
    /// The path of a setting here; `None` where a list or a test in it cannot be spelt.
    pub fn spell(&self, path: &Path) -> Option<Path> {
        let keys: Option<Vec<&str>> = path
            .0
            .iter()
            .map(|s| match s {
                Segment::Key(key) => Some(&**key),
                _ => None,
            })
            .collect();
        let keys = keys.filter(|k| !k.is_empty())?;
        let mut out = Vec::new();
        for segment in &self.path.0 {
            match segment {
                Segment::Key(key) if **key == *"{path}" && self.separator == "." => out.extend(path.0.iter().cloned()),
                Segment::Key(key) => out.push(Segment::Key(self.fill(key, &keys).into())),
                Segment::Test(field, text) => out.push(Segment::Test(field.clone(), self.fill(text, &keys).into())),
                other => out.push(other.clone()),
            }
        }
        Some(Path(out))
    }

    /// A key of the vendor's, or a pattern of such, as one word of this layer; `None` where the template makes no
    /// single word.
    pub fn word(&self, dotted: &str) -> Option<String> {
        let [Segment::Key(key)] = self.path.0.as_slice() else { return None };
        Some(self.fill(key, &dotted.split('.').collect::<Vec<_>>()))
    }

    /// What stands before a setting's path, where the template makes a single word.
    pub fn prefix(&self) -> Option<&str> {
        let [Segment::Key(key)] = self.path.0.as_slice() else { return None };
        key.split_once('{').map(|(before, _)| before)
    }

    fn fill(&self, text: &str, keys: &[&str]) -> String {
        let joined = keys.join(&self.separator);
        text.replace("{PATH}", &joined.to_uppercase().replace('-', "_")).replace("{path}", &joined)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn template(path: &str, separator: &str) -> Template {
        Template { path: Path::parse(path).unwrap(), separator: separator.into() }
    }

    fn spelt(path: &str, separator: &str, setting: &str) -> Option<Path> {
        template(path, separator).spell(&Path::parse(setting).unwrap())
    }

    #[test]
    fn spellings() {
        let path = |text| Some(Path::parse(text).unwrap());
        assert_eq!(spelt("MM_{PATH}", "_", "Team-Settings.EnableX"), path("MM_TEAM_SETTINGS_ENABLEX"));
        assert_eq!(spelt("[_id={path}].value", "_", "A.b"), path("[_id=A_b].value"));
        assert_eq!(spelt("config.{path}", ".", "a.\"b.c\""), path("config.a.\"b.c\""));
        assert_eq!(spelt("X_{PATH}", "_", "a.*"), None);
        assert_eq!(spelt("X_{PATH}", "_", "a[type=b].c"), None);
        assert_eq!(spelt("X_{PATH}", "_", ""), None);
    }

    #[test]
    fn words() {
        assert_eq!(template("MM_{PATH}", "_").word("ServiceSettings.Enable*").unwrap(), "MM_SERVICESETTINGS_ENABLE*");
        assert_eq!(template("[_id={path}].value", "_").word("a"), None);
    }
}
