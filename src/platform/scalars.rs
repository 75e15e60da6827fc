//! Which scalars of a deployment's files hold secrets, and which a setting declares to be something else.

use super::definition::Setting;
use super::deployment::Deployment;
use crate::fact::Record;
use crate::syntax::{Document, Kind, NodeId};
use crate::text::Span;

/// A scalar of a file.
#[derive(Clone, PartialEq, Debug)]
pub struct Scalar {
    /// The document.
    pub document: u32,
    /// Where in it.
    pub span: Span,
    /// Its text, where that is spelt otherwise in the file: filled in, unescaped, decoded.
    pub text: Option<Box<str>>,
}

/// The places of secrets, and of what a setting declares to be something else.
#[derive(Clone, Default, Debug)]
pub(super) struct Scalars {
    pub sealed: Vec<Scalar>,
    pub plain: Vec<Scalar>,
}

impl Deployment<'_> {
    /// The scalars that hold secrets (first list), and those that a setting declares to be something else.
    pub fn sealed_and_plain(&self) -> (Vec<Scalar>, Vec<Scalar>) {
        self.events();
        let known = self.surveyed.borrow().clone();
        let mut scalars = match (known, self.platform) {
            (Some(survey), _) => survey.scalars.clone(),
            (None, Some(platform)) => self.quick(|| {
                let mut scalars = Scalars::default();
                let standing = platform.settings.iter().zip(0..).filter(|(s, _)| s.list.is_none());
                standing.for_each(|(_, ix)| self.scalars_of(ix, &mut scalars));
                scalars
            }),
            (None, None) => Scalars::default(),
        };
        self.seal_misspelt(&mut scalars.sealed);
        (scalars.sealed, scalars.plain)
    }

    /// The scalars that a setting, or a field of its records, stands in.
    pub(super) fn scalars_of(&self, ix: u32, out: &mut Scalars) {
        let Some(platform) = self.platform else { return };
        let sort = |ix: u32, node: Option<(u32, NodeId, Span)>, out: &mut Scalars| {
            let (Some(setting), Some((d, node, _))) = (platform.setting(ix), node) else { return };
            let Some(doc) = self.document(d).filter(|_| d != Record::CONSTANT) else { return };
            // Beside a part that counts there may stand anything.
            if !setting.reader().is_partial() {
                collect(doc, d, node, if setting.is_secret() { &mut out.sealed } else { &mut out.plain });
            }
        };
        match platform.setting(ix).and_then(|s| s.list) {
            None => {
                sort(ix, self.raw(ix).node, out);
                self.seal_spellings(ix, &mut out.sealed);
            }
            Some(list) => self.in_records(list, &mut |record| sort(ix, self.raw_field(record, ix).node, out)),
        }
        platform.fields_of(ix).iter().for_each(|field| self.scalars_of(*field, out));
    }

    /// A secret is one wherever it stands, also where another layer or spelling is read instead.
    fn seal_spellings(&self, ix: u32, sealed: &mut Vec<Scalar>) {
        let Some(platform) = self.platform else { return };
        let Some(setting) = platform.setting(ix).filter(|s| s.is_secret()) else { return };
        for (n, layer) in platform.layers.iter().enumerate() {
            let sheets = self.input.sheets.iter().zip(0..).filter(|(s, _)| Some(s.kind) == layer.document());
            for (sheet, d) in sheets {
                let (doc, roots) = (&sheet.document, self.layer_roots(layer, d));
                for way in (0..setting.spellings()).filter_map(|spelling| setting.way(n, spelling)) {
                    let found = roots.iter().flat_map(|root| self.find(d, doc, *root, &way.path.0).hits);
                    found.for_each(|hit| collect(doc, d, hit.node, sealed));
                }
            }
        }
    }

    /// What stands at a key that is taken for the misspelt key of a secret is a secret too.
    fn seal_misspelt(&self, sealed: &mut Vec<Scalar>) {
        let Some(platform) = self.platform else { return };
        let is_secret = |key: &str| {
            let ways = |s: &Setting| {
                (0..platform.layers.len()).any(|n| s.way(n, 0).is_some_and(|w| w.path.last_key() == Some(key)))
            };
            platform
                .secrets
                .iter()
                .filter_map(|ix| platform.setting(*ix))
                .any(|s| s.path.last_key() == Some(key) || ways(s))
        };
        for event in self.events() {
            let Some((span, _)) = event.respell.filter(|(_, key)| is_secret(key)) else { continue };
            let Some(d) = self.place(event.place).and_then(|p| p.document) else { continue };
            let Some(doc) = self.document(d) else { continue };
            for node in &doc.nodes {
                if let Kind::Map(entries) = &node.kind {
                    entries.iter().filter(|e| e.key_span == span).for_each(|e| sealed.push(scalar(doc, d, e.value)));
                }
            }
        }
    }
}

fn collect(doc: &Document, d: u32, node: NodeId, list: &mut Vec<Scalar>) {
    match &doc.node(node).kind {
        Kind::Scalar { .. } => list.push(scalar(doc, d, node)),
        Kind::Seq(items) => list.extend(items.iter().map(|i| scalar(doc, d, i.value))),
        Kind::Map(_) => {}
    }
}

fn scalar(doc: &Document, document: u32, node: NodeId) -> Scalar {
    let node = doc.node(node);
    let otherwise = |text: &&str| node.hole.is_none() && *text != doc.source.slice(node.span);
    Scalar { document, span: node.span, text: node.text().filter(otherwise).map(Box::from) }
}
