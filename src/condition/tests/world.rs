//! What names mean and are worth in the world of these tests.

use super::*;

impl Names for World {
    fn vocabulary(&self) -> &Vocabulary {
        &self.words
    }
    fn vendor(&self, chain: &[&str]) -> Option<(Vendor, Type, usize)> {
        if chain.starts_with(&["context", "version"]) {
            return Some((Vendor::Version, Type::Version, 2));
        }
        let types = vendor_types();
        (2..=chain.len()).rev().find_map(|n| {
            let name = chain.get(..n)?.join(".");
            let ix = types.iter().position(|(id, _)| *id == name)?;
            Some((Vendor::Setting(ix as u32), types[ix].1.clone(), n))
        })
    }
    fn vendor_names(&self) -> Vec<String> {
        vendor_types()
            .iter()
            .map(|(n, _)| if n.contains("[]") { format!("setting.{n}") } else { (*n).to_owned() })
            .collect()
    }
    fn field(&self, list: &str, field: &str) -> Option<(u32, Type)> {
        let name = format!("{list}[].{field}");
        let types = vendor_types();
        let ix = types.iter().position(|(id, _)| *id == name)?;
        Some((ix as u32, types[ix].1.clone()))
    }
    fn param(&self, name: &str) -> Option<(u32, Type)> {
        let params = self.params.borrow();
        let n = params.iter().position(|(p, ..)| *p == name)?;
        Some((n as u32, params[n].1.clone()))
    }
    fn param_names(&self) -> Vec<String> {
        self.params.borrow().iter().map(|(n, ..)| (*n).to_owned()).collect()
    }
    fn settle_param(&self, param: u32, ty: &Type) {
        self.params.borrow_mut()[param as usize].1 = ty.clone();
    }
    fn it(&self) -> Option<Type> {
        self.it.as_ref().map(|(ty, _)| ty.clone())
    }
}

impl Values for World {
    fn fact(&self, fact: FactIx, qualifier: Option<&Word>) -> Reading {
        let everyone = Word::from("everyone");
        let by_cohort = self.words.fact(fact).qualifier == Some(QualifierKind::Cohort);
        let qualifier = qualifier.or(by_cohort.then_some(&everyone));
        let all = ["", "direct", "group", "channel", "call", "everyone", "minor"];
        let place = qualifier.map_or(0, |q| all.iter().position(|a| *a == &**q).unwrap_or(7)) as u32;
        let own = self.facts.get(&(fact, qualifier.cloned()));
        let reading = own.or_else(|| self.facts.get(&(fact, None))).cloned().unwrap_or_else(unknown);
        let place = fact.0 * 8 + place;
        self.sourced(reading, place, Some(FactKey::new(place as usize)))
    }
    fn places(&self, _: FactIx) -> Reading {
        Reading::known_value(word_list([Word::from("key"), Word::from("token")]))
    }
    fn vendor(&self, name: Vendor) -> Reading {
        match name {
            Vendor::Version => match self.version {
                Some(v) => Reading::known_value(Value::Version(Arc::new(Version::parse(v).unwrap()))),
                None => Reading::unknown("the release is not known", Reason::Version),
            },
            Vendor::Setting(n) => {
                let reading = self.vendors.get(vendor_types()[n as usize].0).cloned().unwrap_or_else(unknown);
                self.sourced(reading, self.vendor_place(n), None)
            }
            _ => unknown(),
        }
    }
    fn has(&self, setting: u32) -> Reading {
        let reading =
            self.written.get(vendor_types()[setting as usize].0).cloned().unwrap_or_else(|| Reading::truth(false));
        self.sourced(reading, self.vendor_place(setting), None)
    }
    /// Record `n` has the port `n`, and is of type `tls` if that is even.
    fn field(&self, record: &Record, field: u32) -> Reading {
        let n = record.node.0;
        let value = match vendor_types()[field as usize].0 {
            "listeners[].port" => Value::Number(f64::from(n)),
            "listeners[].type" => Value::Word(Word::from(if n.is_multiple_of(2) { "tls" } else { "http" })),
            _ => return Reading::not_applicable("no such field"),
        };
        Reading::known_value(value)
    }
    /// Only the ports of records above 10 are written.
    fn has_field(&self, record: &Record, _: u32) -> Reading {
        Reading::truth(record.node.0 > 10)
    }
    fn param(&self, param: u32) -> Reading {
        self.params.borrow()[param as usize].2.clone().map_or_else(unknown, Reading::known_value)
    }
    fn members(&self, members: Members) -> Reading {
        let words: &[&str] = match members {
            Members::Scopes => &["direct", "group", "channel"],
            Members::Private => &["direct", "group"],
            Members::Cohorts => &["everyone", "minor"],
        };
        Reading::known_value(word_list(words.iter().map(|w| Word::from(*w))))
    }
    fn vocabulary(&self) -> &Vocabulary {
        &self.words
    }
    fn traced(&self) -> bool {
        self.traced.get()
    }
    fn oldest(&self) -> Option<Value> {
        Some(Value::Version(Arc::new(Version::parse("1.100").unwrap())))
    }
}
