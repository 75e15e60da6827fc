//! What names mean in a platform file, and in rules that name platforms.

use crate::condition::{Names, Vendor};
use crate::fact::{Level, Type, Vocabulary, Word};
use crate::syntax::Shape;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

/// Settings and contexts by name, with their types.
#[derive(Default, Clone, Debug)]
pub struct VendorNames {
    /// Settings: id, number, type.
    pub settings: HashMap<String, (u32, Type)>,
    /// Contexts.
    pub contexts: HashMap<String, (u32, Type)>,
}

/// The names of one place in a file.
pub struct Scope<'a> {
    /// The facts.
    pub vocabulary: &'a Vocabulary,
    /// The vendor's words, where they are allowed.
    pub vendor: Option<&'a VendorNames>,
    /// The type of `it`, where there is one.
    pub it: Option<Type>,
    /// Parameters: name, type so far.
    pub params: RefCell<Vec<(String, Type)>>,
}

impl<'a> Scope<'a> {
    /// A scope with facts and vendor names, without `it` and parameters.
    pub fn new(vocabulary: &'a Vocabulary, vendor: Option<&'a VendorNames>) -> Self {
        Self { vocabulary, vendor, it: None, params: RefCell::default() }
    }
}

impl Names for Scope<'_> {
    fn vocabulary(&self) -> &Vocabulary {
        self.vocabulary
    }

    fn vendor(&self, chain: &[&str]) -> Option<(Vendor, Type, usize)> {
        let names = self.vendor?;
        let (first, rest) = chain.split_first()?;
        let longest = |map: &HashMap<String, (u32, Type)>| {
            (1..=rest.len()).rev().find_map(|n| {
                let (ix, ty) = map.get(&rest.get(..n)?.join("."))?;
                Some((*ix, ty.clone(), n + 1))
            })
        };
        match *first {
            "setting" => longest(&names.settings).map(|(ix, ty, n)| (Vendor::Setting(ix), ty, n)),
            "context" => match rest.first().copied() {
                Some("version") => Some((Vendor::Version, Type::Version, 2)),
                Some("file") => Some((Vendor::File, Type::Text, 2)),
                Some("unresolved") => Some((Vendor::Unresolved, Type::Bool, 2)),
                Some("image") => Some((Vendor::Image, Type::Text, 2)),
                Some("shape") => Some((Vendor::Shape, shapes().clone(), 2)),
                Some("published") => Some((Vendor::Published, Type::List(Box::new(Type::Text)), 2)),
                _ => longest(&names.contexts).map(|(ix, ty, n)| (Vendor::Context(ix), ty, n)),
            },
            "instance" => match rest.first().copied() {
                Some("id") => Some((Vendor::InstanceId, Type::Text, 2)),
                Some("kind") => Some((Vendor::InstanceKind, Type::Text, 2)),
                _ => None,
            },
            _ => None,
        }
    }

    fn vendor_names(&self) -> Vec<String> {
        let Some(names) = self.vendor else { return Vec::new() };
        let settings = names.settings.keys().map(|k| format!("setting.{k}"));
        settings.chain(names.contexts.keys().map(|k| format!("context.{k}"))).collect()
    }

    fn field(&self, list: &str, field: &str) -> Option<(u32, Type)> {
        if field == "_key" {
            return Some((KEY_FIELD, Type::Text));
        }
        self.vendor?.settings.get(&format!("{list}[].{field}")).cloned()
    }

    fn param(&self, name: &str) -> Option<(u32, Type)> {
        let params = self.params.borrow();
        let place = params.iter().position(|(n, _)| n == name)?;
        params.get(place).map(|(_, ty)| (u32::try_from(place).unwrap_or(u32::MAX), ty.clone()))
    }

    fn param_names(&self) -> Vec<String> {
        self.params.borrow().iter().map(|(n, _)| n.clone()).collect()
    }

    fn settle_param(&self, param: u32, ty: &Type) {
        if let Some((_, old)) = self.params.borrow_mut().get_mut(param as usize)
            && *old == Type::Open
        {
            *old = ty.clone();
        }
    }

    fn it(&self) -> Option<Type> {
        self.it.clone()
    }
}

/// The type of `context.shape`.
fn shapes() -> &'static Type {
    static SHAPES: OnceLock<Type> = OnceLock::new();
    SHAPES.get_or_init(|| {
        let values = Shape::ALL.iter().map(|s| Word::from(s.name())).collect();
        Type::Level(Arc::new(Level { values, ordered: false }))
    })
}

/// The number of `_key`: what names a record.
pub const KEY_FIELD: u32 = u32::MAX;
