//! Records of lists, and the secrets among settings.

use super::deployment::Deployment;
use crate::fact::{Reading, Record, Value, Word};

impl Deployment<'_> {
    /// Every secret setting, with what names it.
    pub(super) fn read_secrets(&self, platform: &super::Platform) -> Vec<(Word, Reading)> {
        let mut out = Vec::new();
        for ix in &platform.secrets {
            let Some(setting) = platform.setting(*ix) else { continue };
            let mut readings = Vec::new();
            match setting.list {
                None => readings.push((Word::clone(&setting.shown_id), self.setting(*ix))),
                Some(list) => self.in_records(list, &mut |record| {
                    let id = setting.id.rsplit_once("[].").map_or(setting.id.as_str(), |(_, f)| f);
                    let list = platform.setting(record.list).map_or("", |l| l.id.as_str());
                    readings.push((Word::from(format!("{list}[{}].{id}", record.key)), self.field_value(record, *ix)));
                }),
            }
            for (name, reading) in readings {
                match reading.known() {
                    Some(Value::List(items)) => out.extend(items.iter().enumerate().map(|(i, item)| {
                        let mut item = item.clone();
                        item.from.clone_from(&reading.from);
                        (Word::from(format!("{name}[{i}]")), item)
                    })),
                    _ => out.push((name, reading)),
                }
            }
        }
        out
    }

    /// Visits every written record of a list, lists in lists included.
    pub(super) fn in_records(&self, list: u32, visit: &mut dyn FnMut(&Record)) {
        let Some(setting) = self.platform.and_then(|p| p.setting(list)) else { return };
        let mut each = |reading: &Reading| {
            if let Some(Value::List(items)) = reading.known() {
                for item in items.iter() {
                    if let Some(Value::Record(record)) = item.known() {
                        visit(record);
                    }
                }
            }
        };
        match setting.list {
            None => each(&self.setting(list)),
            Some(outer) => {
                let mut readings = Vec::new();
                self.in_records(outer, &mut |record| readings.push(self.field_value(record, list)));
                readings.iter().for_each(&mut each);
            }
        }
    }
}
