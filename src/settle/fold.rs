//! Findings that instances of one document have in common.

use crate::fact::Word;
use crate::judge::Found;
use crate::platform::Deployment;

/// A finding of one instance, or of several for the same reason.
#[derive(Clone, Debug)]
pub struct Folded {
    /// The finding; of several that of the first, with all their fingerprints.
    pub found: Found,
    /// The instance that it was taken from, by its place.
    pub first: usize,
    /// What names the instances; empty where documents hold none.
    pub instances: Vec<Word>,
}

/// Folds the findings of instances: one rule, the same places, value, words and mend are one finding. `found`: for
/// each deployment its findings.
pub fn fold_instances(deployments: &[Deployment<'_>], found: Vec<Vec<Found>>) -> Vec<Folded> {
    let alone = found.len() == 1;
    let mut out: Vec<Folded> = Vec::with_capacity(found.iter().map(Vec::len).sum());
    for (n, list) in found.into_iter().enumerate() {
        let id = deployments.get(n).and_then(Deployment::instance_id);
        for finding in list {
            if alone {
                out.push(Folded { found: finding, first: n, instances: id.cloned().into_iter().collect() });
                continue;
            }
            let same = |other: &&mut Folded| other.first != n && alike(&other.found, &finding);
            match (id, out.iter_mut().find(same)) {
                (Some(id), Some(known)) if !known.instances.contains(id) => {
                    known.instances.push(Word::clone(id));
                    known.found.fingerprints.extend(finding.fingerprints);
                    known.found.related.extend(finding.related);
                }
                _ => out.push(Folded { found: finding, first: n, instances: id.cloned().into_iter().collect() }),
            }
        }
    }
    out
}

/// The same in every respect that a reader would see. Each was judged again with its own mend, so equal mends mend all.
fn alike(a: &Found, b: &Found) -> bool {
    let place = |f: &Found| f.primary.as_ref().map(|p| (p.document, p.span, p.shown.clone(), p.origin));
    let qualifiers = |f: &Found| f.members.iter().map(|m| m.qualifier.clone()).collect::<Vec<_>>();
    a.selected == b.selected
        && place(a) == place(b)
        && a.labels == b.labels
        && a.message == b.message
        && a.value == b.value
        && a.fixed == b.fixed
        && a.suppressed == b.suppressed
        && a.advice.help == b.advice.help
        && qualifiers(a) == qualifiers(b)
}
