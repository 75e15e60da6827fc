//! Messages: the witnesses' values in words.

use super::verdict::Member;
use crate::condition::{Evaluation, Expr, Op};
use crate::fact::{Value, enumerate};
use crate::platform::Deployment;
use crate::rule::{Part, Rule, Template, outer_variables};

/// The message of a rule for the members that were folded into one finding.
pub fn words_of(
    deployment: &Deployment<'_>,
    rule: &Rule,
    params: &[Value],
    template: &Template,
    members: &[Member],
) -> String {
    deployment.set_params(params.to_vec());
    let mut out = String::new();
    for part in &template.parts {
        match part {
            Part::Text(text) => out.push_str(text),
            Part::Field(name) => out.push_str(&field(deployment, name, members)),
            Part::Value(expr) => {
                let mut words: Vec<String> = Vec::new();
                for member in members {
                    for word in values(deployment, rule, expr, member) {
                        if !words.contains(&word) {
                            words.push(word);
                        }
                    }
                }
                out.push_str(&enumerate(&words));
            }
        }
    }
    out
}

fn field(deployment: &Deployment<'_>, name: &str, members: &[Member]) -> String {
    let Some(member) = members.first() else { return String::new() };
    let place = member.primary.and_then(|n| deployment.place(n));
    let event = member.event.as_ref();
    match name {
        "setting" => match (place, member.facts.first().and_then(|k| deployment.fact_of(*k))) {
            (_, Some((fact, _))) => deployment.vocabulary().fact(fact).id.clone(),
            (Some(p), None) => p.shown.to_string(),
            (None, None) => String::new(),
        },
        // Of a list or a section there is no text to quote.
        "text" => place.and_then(|p| p.text).unwrap_or_else(|| "…".to_owned()),
        "value" => event.and_then(|e| e.value.clone()).unwrap_or_default(),
        "because" => event.map(|e| e.because.to_string()).unwrap_or_default(),
        _ => String::new(),
    }
}

/// The words of an expression for one member; where it names a witness, for each witness.
fn values(deployment: &Deployment<'_>, rule: &Rule, expr: &Expr, member: &Member) -> Vec<String> {
    let variables = rule.condition().map(outer_variables).unwrap_or_default();
    let first = usize::from(member.it.is_some());
    let mut used: Option<usize> = None;
    expr.walk(&mut |e| {
        if let Op::Variable(n) = e.op
            && n >= first
            && n < first + variables.len()
        {
            used = Some(n - first);
        }
    });
    let run = |bound: &[Value]| {
        let mut evaluation = Evaluation::new(deployment, member.it.clone());
        bound.iter().for_each(|v| evaluation.bind(v.clone()));
        let reading = evaluation.eval(expr);
        match reading.known() {
            Some(value) => value.words(),
            None => "unknown".into(),
        }
    };
    let Some(used) = used else { return vec![run(&[])] };
    let name = variables.get(used).map(|(n, _)| n.clone());
    let found = member.witnesses.iter().find(|w| Some(&w.name) == name.as_ref());
    let filler = Value::Bool(false);
    found
        .map(|w| {
            w.values
                .iter()
                .map(|value| {
                    let bound: Vec<Value> =
                        (0..variables.len()).map(|n| if n == used { value.clone() } else { filler.clone() }).collect();
                    run(&bound)
                })
                .collect()
        })
        .unwrap_or_default()
}
