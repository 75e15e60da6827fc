//! What must hold for every condition.

use super::generate::{condition, facts, later, now};
use super::*;
use proptest::prelude::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    /// `!(a && b)` is `!a || !b`, whatever is known of them.
    #[test]
    fn de_morgan(a in condition(true), b in condition(true), facts in facts(true)) {
        let world = now(&facts);
        let same = |x: String, y: String| (letter(&world.eval(&x)), letter(&world.eval(&y)));
        let (left, right) = same(format!("!(({a}) && ({b}))"), format!("!({a}) || !({b})"));
        prop_assert_eq!(left, right);
        let (left, right) = same(format!("!(({a}) || ({b}))"), format!("!({a}) && !({b})"));
        prop_assert_eq!(left, right);
    }

    /// Learning more never turns true into false or back.
    #[test]
    fn resolving_what_is_unknown_changes_nothing_that_is_decided(text in condition(true), facts in facts(false)) {
        let before = now(&facts).eval(&text);
        if let Some(decided) = before.as_bool() {
            prop_assert_eq!(later(&facts).eval(&text).as_bool(), Some(decided), "{}", text);
        }
    }

    /// The same where things may turn out to exist after all; folds leave such members out, so they are left out here.
    #[test]
    fn resolving_what_is_not_applicable_changes_nothing_that_is_decided(text in condition(false), facts in facts(true)) {
        let before = now(&facts).eval(&text);
        if let Some(decided) = before.as_bool() {
            prop_assert_eq!(later(&facts).eval(&text).as_bool(), Some(decided), "{}", text);
        }
    }

    /// What is decided, or cannot be, rests on something: a fact of the expression, each place once.
    #[test]
    fn sources_are_places_of_the_expression(text in condition(true), facts in facts(true)) {
        let world = now(&facts);
        let reading = world.eval(&text);
        let mut seen = Vec::new();
        for step in &reading.from {
            prop_assert!(!seen.contains(&step.place), "a place twice");
            seen.push(step.place);
            let name = world.place_name(step.place);
            let id = name.split('[').next().unwrap_or_default();
            prop_assert!(text.contains(id), "{} is not in {}", name, text);
        }
        let unknown_alone = reading.as_unknown().is_some() && !text.contains("filter");
        if unknown_alone {
            let undecided = reading.from.iter().any(|s| {
                let name = world.place_name(s.place);
                facts.iter().filter(|f| f.name == name).any(|f| f.now.as_bool().is_none())
            });
            prop_assert!(undecided || reading.from.is_empty(), "{} rests on what is known", text);
        }
    }

    /// Parsing says where it is wrong, and never panics.
    #[test]
    fn any_text_parses_or_says_where_not(text in "[a-z'\"()\\[\\].,!&|<>=+? :\\-0-9é\n]{0,40}") {
        if let Err(error) = parse(&text) {
            prop_assert!(text.get(error.span.range()).is_some(), "{:?}", error.span);
        }
        let _ = world(&[]).typed(&text, Some(&Type::Bool));
    }
}
