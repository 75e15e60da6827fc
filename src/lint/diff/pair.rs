//! Which deployments are the same: by their key, then by the server's name, then because no other is left.

use super::{Judged, PairedBy, Side};

type Pairs = Vec<(Judged, Judged, PairedBy)>;

/// Pairs in the order of the new side, what is gone, what is new.
pub(super) fn pair(old: Side, new: Side) -> (Pairs, Vec<Judged>, Vec<Judged>) {
    let old_keys: Vec<String> = old.deployments.iter().map(|d| old.key(&d.info).to_owned()).collect();
    let new_keys: Vec<String> = new.deployments.iter().map(|d| new.key(&d.info).to_owned()).collect();
    let mut mates: Vec<Option<(usize, PairedBy)>> = vec![None; new_keys.len()];
    let servers = |side: &Side| -> Vec<Option<String>> {
        side.deployments.iter().map(|d| d.info.server.as_ref().map(ToString::to_string)).collect()
    };
    let platforms = |side: &Side| -> Vec<Option<String>> {
        side.deployments.iter().map(|d| Some(d.info.platform.to_string())).collect()
    };
    let keys = |list: Vec<String>| list.into_iter().map(Some).collect::<Vec<_>>();
    let ways = [
        (keys(old_keys), keys(new_keys), PairedBy::Key),
        (servers(&old), servers(&new), PairedBy::Server),
        (platforms(&old), platforms(&new), PairedBy::Alone),
    ];
    for (old_names, new_names, by) in ways {
        let taken: Vec<usize> = mates.iter().flatten().map(|(n, _)| *n).collect();
        let left_old = || old_names.iter().enumerate().filter(|(n, _)| !taken.contains(n));
        let left_new: Vec<usize> =
            (0..new_names.len()).filter(|n| mates.get(*n).is_some_and(Option::is_none)).collect();
        for n in left_new.iter().copied() {
            let Some(name) = new_names.get(n).and_then(Option::as_ref) else { continue };
            // A name that two have tells neither apart.
            let twins = left_new.iter().filter(|m| new_names.get(**m).and_then(Option::as_ref) == Some(name)).count();
            let mut same = left_old().filter(|(_, other)| other.as_ref() == Some(name));
            if let (1, Some((mate, _)), None) = (twins, same.next(), same.next())
                && let Some(slot) = mates.get_mut(n)
            {
                *slot = Some((mate, by));
            }
        }
    }
    let mut old: Vec<Option<Judged>> = old.deployments.into_iter().map(Some).collect();
    let (mut pairs, mut added) = (Vec::new(), Vec::new());
    for (judged, mate) in new.deployments.into_iter().zip(mates) {
        let mate = mate.and_then(|(n, by)| Some((old.get_mut(n)?.take()?, by)));
        match mate {
            Some((before, by)) => pairs.push((before, judged, by)),
            None => added.push(judged),
        }
    }
    (pairs, old.into_iter().flatten().collect(), added)
}
