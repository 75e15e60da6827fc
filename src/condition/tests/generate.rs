//! Random expressions that are well typed, and random worlds to read them in.

use super::*;
use proptest::prelude::any;
use proptest::prelude::*;
use proptest::sample::select;

fn text(list: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    select(list.to_vec()).prop_map(str::to_owned)
}

fn sign() -> impl Strategy<Value = &'static str> {
    select(vec!["==", "!=", "<", "<=", ">", ">="])
}

fn compared(sides: &[&'static str]) -> impl Strategy<Value = String> + use<> {
    (text(sides), sign(), text(sides)).prop_filter_map("one side must be no literal", |(a, sign, b)| {
        let literal = |t: &str| t.starts_with('\'') || t.parse::<f64>().is_ok();
        (!(literal(&a) && literal(&b))).then(|| format!("{a} {sign} {b}"))
    })
}

/// A condition without parts.
fn leaf(folds: bool) -> BoxedStrategy<String> {
    let plain = prop_oneof![
        4 => text(&["t.a", "t.b", "t.c", "t.d", "true", "false"]),
        2 => compared(&["n.x", "n.y", "1", "2", "n.x + 1", "n.x + n.y"]),
        2 => compared(&["l.x", "l.y", "'none'", "'some'", "'all'"]),
        2 => compared(&["d.x", "d.y", "'none'", "'7d'", "'unlimited'", "d.x + '1d'", "[d.x, d.y].max()", "[d.x, '7d'].min()"]),
        1 => compared(&["(t.a ? d.x : d.y)", "(t.b ? d.x : '7d')", "'7d'", "d.y"]),
        1 => text(&["l.x in ['none', 'some']", "n.x in [1]", "l.choice == 'red'", "l.x in []"]),
        1 => text(&["strangers(a.x)", "external(a.x)", "unauthenticated(a.x)", "worse(a.x, a.y)", "worse(d.x, '7d')", "worse(l.x, l.y)"]),
        2 => text(&["'ip' in s.x", "'mail' in s.x", "sets.intersects(s.x, ['ip', 'phone'])", "sets.contains(s.x, ['ip', 'mail'])",
            "sets.intersects(s.x, s.y)", "sets.contains(s.x, s.y)", "sets.contains(['ip', 'mail'], s.y)", "s.x == ['ip']", "s.x != s.y",
            "size(s.x) > 1", "size(s.y) == 1", "size(s.x) <= 1", "0 < size(s.y)", "worse(s.x, s.y)", "worse(s.x, ['ip'])"]),
    ];
    if !folds {
        return plain.boxed();
    }
    let folded = text(&[
        "scopes.exists(s, q.e2ee[s] == 'none')",
        "scopes.all(s, q.e2ee[s] >= 'some')",
        "private.exists(s, q.kept[s] > '7d' && t.a)",
        "s.x.exists(v, v == 'ip')",
        "s.x.all(v, v != 'mail')",
        "s.y.exists(v, v in s.x)",
        "size(scopes.filter(s, q.e2ee[s] == 'all')) > 1",
        "scopes.filter(s, q.e2ee[s] == 'none').exists(s, q.kept[s] == 'unlimited')",
        "'direct' in scopes.filter(s, q.e2ee[s] == 'none')",
        "scopes.map(s, q.kept[s]).max() <= '7d'",
        "scopes.filter(s, t.a).map(s, q.kept[s]).max() > 'none'",
        "size(s.x.filter(v, v != 'ip')) == 1",
    ]);
    prop_oneof![3 => plain, 1 => folded].boxed()
}

/// A condition; `folds`: with `exists` and the like, in which members that are not applicable are left out.
pub fn condition(folds: bool) -> BoxedStrategy<String> {
    leaf(folds)
        .prop_recursive(4, 24, 3, |inner| {
            prop_oneof![
                2 => inner.clone().prop_map(|a| format!("!({a})")),
                3 => proptest::collection::vec(inner.clone(), 2..4).prop_map(|l| format!("({})", l.join(" && "))),
                3 => proptest::collection::vec(inner.clone(), 2..4).prop_map(|l| format!("({})", l.join(" || "))),
                1 => (inner.clone(), inner.clone(), inner).prop_map(|(c, a, b)| format!("({c} ? {a} : {b})")),
            ]
        })
        .boxed()
}

/// A fact's value and what it may turn out to be.
#[derive(Clone, Debug)]
pub struct Wobbly {
    pub name: &'static str,
    pub now: Reading,
    pub later: Reading,
}

fn wobbly(name: &'static str, all: Vec<Value>, not_applicable: bool) -> BoxedStrategy<Wobbly> {
    let known = select(all.clone()).prop_map(Reading::known_value).boxed();
    let gone = Just(super::not_applicable()).boxed();
    let made = move |now: Reading, later: Reading| Wobbly { name, now, later };
    let stays = known.clone().prop_map(move |v| made(v.clone(), v));
    let opens = known.clone().prop_map(move |v| made(unknown(), v));
    let chosen = proptest::sample::subsequence(all.clone(), 2..=all.len().min(3)).prop_flat_map(move |list| {
        let now = one_of(list.clone());
        select(list).prop_map(move |v| made(now.clone(), Reading::known_value(v)))
    });
    let applies = prop_oneof![gone.clone(), known].prop_map(move |later| made(super::not_applicable(), later));
    let lost = gone.prop_map(move |n| made(unknown(), n));
    if not_applicable {
        prop_oneof![3 => stays, 2 => opens, 2 => chosen, 2 => applies, 1 => lost].boxed()
    } else {
        prop_oneof![3 => stays, 2 => opens, 2 => chosen].boxed()
    }
}

/// A set with possible members, and one of the sets that it may turn out to be.
fn wobbly_set(name: &'static str) -> BoxedStrategy<Wobbly> {
    let all = ["ip", "mail", "phone"];
    let members =
        (select(vec![0u8, 1, 2]), select(vec![0u8, 1, 2]), select(vec![0u8, 1, 2]), any::<bool>(), any::<[bool; 3]>());
    let possible = members.prop_map(move |(a, b, c, open, later)| {
        let of = |n: u8| all.iter().zip([a, b, c]).filter(|(_, s)| *s == n).map(|(w, _)| *w).collect::<Vec<_>>();
        let (has, may) = (of(1), of(2));
        let ends = all
            .iter()
            .zip(later)
            .filter(|(w, l)| has.contains(*w) || (*l && (open || may.contains(*w))))
            .map(|(w, _)| *w)
            .collect::<Vec<_>>();
        Wobbly { name, now: set(&has, &may, open), later: set(&ends, &[], false) }
    });
    let values = [&["ip"][..], &["ip", "mail"], &[], &["phone"]].map(|l| set_value(l, &[], false));
    prop_oneof![2 => possible, 1 => wobbly(name, values.to_vec(), false)].boxed()
}

/// Values for every fact that [`condition`] uses.
pub fn facts(not_applicable: bool) -> impl Strategy<Value = Vec<Wobbly>> {
    let words = |list: &[&str]| list.iter().map(|w| Value::Word(Word::from(*w))).collect::<Vec<_>>();
    let n = not_applicable;
    let bools = ["t.a", "t.b", "t.c", "t.d"].map(|f| wobbly(f, vec![Value::Bool(true), Value::Bool(false)], n));
    let numbers = ["n.x", "n.y"].map(|f| wobbly(f, [0.0, 1.0, 2.0].map(Value::Number).to_vec(), n));
    let levels = ["l.x", "l.y", "q.e2ee['direct']", "q.e2ee['group']", "q.e2ee['channel']"]
        .map(|f| wobbly(f, words(&["none", "some", "all"]), n));
    let periods = ["none", "1d", "7d", "unlimited", "unspecified"].map(period).to_vec();
    let periods = ["d.x", "d.y", "q.kept['direct']", "q.kept['group']", "q.kept['channel']"]
        .map(|f| wobbly(f, periods.clone(), n));
    let audiences = ["a.x", "a.y"].map(|f| wobbly(f, words(&["nobody", "partners", "registered", "everyone"]), n));
    let choice = wobbly("l.choice", words(&["red", "green", "blue"]), n);
    let sets = ["s.x", "s.y"].map(wobbly_set);
    let all: Vec<BoxedStrategy<Wobbly>> = bools
        .into_iter()
        .chain(numbers)
        .chain(levels)
        .chain(periods)
        .chain(audiences)
        .chain([choice])
        .chain(sets)
        .collect();
    all
}

pub fn now(facts: &[Wobbly]) -> World {
    world(&facts.iter().map(|f| (f.name, f.now.clone())).collect::<Vec<_>>())
}

pub fn later(facts: &[Wobbly]) -> World {
    world(&facts.iter().map(|f| (f.name, f.later.clone())).collect::<Vec<_>>())
}
