//! `hushlint schema`.

use super::exit::{Exit, Stop};
use crate::host::{Terminal, print};
use crate::lint::Knowledge;
use crate::report::listing::{configuration_schema, declaration_schema, pack_schema, platform_schema};
use clap::{Args, ValueEnum};

/// Options of `schema`.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Schema {
    /// The kind of file.
    #[arg(value_enum, default_value_t = Kind::Declaration, value_name = "FILE")]
    kind: Kind,
}

const EXAMPLES: &str = "\
Examples:
  hushlint schema configuration > hushlint.schema.json
  hushlint schema declaration";

/// What there is a schema of.
#[derive(Copy, Clone, PartialEq, Eq, Debug, ValueEnum)]
enum Kind {
    /// A declaration of a product
    Declaration,
    /// hushlint.toml
    Configuration,
    /// Rules, packs, frameworks and their cases
    Pack,
    /// A platform: its settings, facts and mends
    Platform,
}

impl Schema {
    /// Prints it.
    pub fn run(&self, _: &Terminal) -> Result<Exit, Stop> {
        let knowledge = Knowledge::built_in().map_err(Stop::Data)?;
        let schema = match self.kind {
            Kind::Declaration => declaration_schema(&knowledge),
            Kind::Configuration => configuration_schema(&knowledge),
            Kind::Pack => pack_schema(),
            Kind::Platform => platform_schema(),
        };
        let text = serde_json::to_string_pretty(&schema).unwrap_or_default();
        print(&format!("{text}\n"));
        Ok(Exit::Clean)
    }
}
