//! The state of every setting as one number, to tell whether two deployments differ for a rule.

use super::deployment::Deployment;
use crate::condition::Vendor;
use crate::fact::{Reading, Record, State, Value};
use crate::text::Mix;
use std::hash::Hash;

impl Deployment<'_> {
    /// For each setting that stands by itself the state it is in: its value, what is unknown of it, and whether it is
    /// written. `None` where more than settings decides: a declaration, facts that the operator states.
    pub fn setting_states(&self) -> Option<Vec<u128>> {
        let platform = self.platform.filter(|_| self.input.stated.is_empty() && self.input.declaration.is_none())?;
        let all = platform.settings.iter().zip(0..).map(|(s, ix)| if s.list.is_none() { self.state(ix) } else { 0 });
        Some(self.quick(|| all.collect()))
    }

    /// The state of one setting that stands by itself; to be asked in the quick mood.
    pub(super) fn state(&self, ix: u32) -> u128 {
        let mut hasher = Mix::default();
        self.raw(ix).written.hash(&mut hasher);
        self.hash(&self.setting(ix), &mut hasher);
        hasher.wide()
    }

    /// What settings come to beside what is written: the release, the image, the shape, the ports.
    pub fn circumstances(&self) -> u128 {
        let mut hasher = Mix::default();
        self.version().hash(&mut hasher);
        self.instance().map(|(instance, _)| instance.kind).hash(&mut hasher);
        for name in [Vendor::Image, Vendor::Shape, Vendor::Published] {
            self.hash(&self.quick(|| self.surrounding(name)), &mut hasher);
        }
        hasher.wide()
    }

    fn hash(&self, reading: &Reading, hasher: &mut Mix) {
        match &reading.state {
            State::Known(value) => {
                0_u8.hash(hasher);
                self.hash_value(value, hasher);
            }
            State::Unknown(unknown) => {
                1_u8.hash(hasher);
                (unknown.kind, &unknown.why, &unknown.by).hash(hasher);
                for value in unknown.candidates.iter().flatten() {
                    self.hash_value(value, hasher);
                }
            }
            State::NotApplicable(why) => (2_u8, why).hash(hasher),
        }
    }

    fn hash_value(&self, value: &Value, hasher: &mut Mix) {
        match value {
            Value::Bool(b) => (0_u8, b).hash(hasher),
            Value::Number(n) => (1_u8, n.to_bits()).hash(hasher),
            Value::Word(w) => (2_u8, w).hash(hasher),
            Value::Version(v) => (3_u8, v).hash(hasher),
            Value::Duration(d) => (4_u8, d).hash(hasher),
            Value::Set(set) => (5_u8, &set.has, &set.may, set.open).hash(hasher),
            Value::List(items) => {
                (6_u8, items.len()).hash(hasher);
                items.iter().for_each(|item| self.hash(item, hasher));
            }
            Value::Record(record) => self.hash_record(record, hasher),
        }
    }

    /// A record is what its fields are; where it stands does not matter.
    fn hash_record(&self, record: &Record, hasher: &mut Mix) {
        (7_u8, &record.key).hash(hasher);
        let Some(platform) = self.platform else { return };
        for field in platform.fields_of(record.list) {
            let raw = self.raw_field(record, *field);
            raw.written.hash(hasher);
            self.hash(&raw.reading, hasher);
        }
    }
}
