//! What a run is given, and what it makes of it before it sees a file.

use super::config::{Config, Nested};
use super::knowledge::{Knowledge, embedded, embedded_in, loose_error, parsed};
use super::report::{PackInfo, RunInfo};
use crate::fact::{DataError, Version, nearest};
use crate::judge::Memo;
use crate::rule::{Pack, Pin, Policy, Severity, load_pack, pack_id};
use crate::settle::{Baseline, Day};
use crate::syntax::Document;
use crate::text::{Redactor, Shown};
use sha2::{Digest, Sha256};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, OnceLock};

/// A pack that the user names.
#[derive(Clone, Debug)]
pub enum PackArg {
    /// A built-in one.
    Name(String),
    /// One of their own.
    File {
        /// Its path.
        path: String,
        /// Its text.
        text: String,
        /// What it must be.
        pin: Option<Pin>,
    },
}

/// What a run is given.
#[derive(Clone, Debug, Default)]
pub struct LintOptions {
    /// Packs; none: those of the configuration, else `baseline`.
    pub packs: Vec<PackArg>,
    /// Packs that the configuration names by path: path and text, read by the host.
    pub pack_files: Vec<(String, String)>,
    /// `--platform NAME[@VERSION]`.
    pub platform: Option<(String, Option<String>)>,
    /// `--context KEY=VALUE`.
    pub context: Vec<(String, String)>,
    /// The configuration: path and text.
    pub config: Option<(String, String)>,
    /// The files that it starts from, by the names that it gives them: name and text, read by the host.
    pub extends: Vec<(String, String)>,
    /// The configurations of folders below its own.
    pub nested: Vec<Nested>,
    /// `--select`: rules and themes; none: all that the packs select.
    pub select: Vec<String>,
    /// `--ignore`: rules and themes.
    pub ignore: Vec<String>,
    /// `--fail-on`.
    pub fail_on: Option<Severity>,
    /// List all outcomes.
    pub all_outcomes: bool,
    /// List facts.
    pub facts: bool,
    /// List settings.
    pub settings: bool,
    /// Texts for excerpts are wanted.
    pub sources: bool,
    /// What a comparison with another run needs is wanted: lines to quote, findings or none, and names of servers.
    pub compare: bool,
    /// Each finding is wanted as one line, and nothing beside: not what could not be decided, no help, no edits, no further
    /// labels, nothing that no setting can mend.
    pub brief: bool,
    /// Today's date, `YYYY-MM-DD`; nothing: a day before any waiver's last.
    pub today: String,
    /// The baseline: path and text.
    pub baseline: Option<(String, String)>,
    /// Comments waive nothing.
    pub no_inline_waivers: bool,
    /// Entries for a baseline are wanted.
    pub record: bool,
    /// How paths of reports become paths from the configuration's folder.
    pub rebase: Rebase,
}

/// How a path as reports write it becomes one from the configuration's folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Rebase {
    /// They are the same.
    #[default]
    Same,
    /// Reports write paths from above: this much is taken off.
    Below(String),
    /// Reports write paths from below: this much is put before.
    Above(String),
}

/// Rules by platform and by the places of the overrides that hold.
pub(super) type Scoped = HashMap<(Option<usize>, Vec<usize>), Arc<Policy>>;

/// The engine of a run.
pub struct Linter {
    pub(super) knowledge: Knowledge,
    pub(super) config: Config,
    pub(super) options: LintOptions,
    pub(super) packs: Vec<Arc<Pack>>,
    pub(super) only: Option<usize>,
    pub(super) version: Option<Version>,
    pub(super) today: Day,
    pub(super) chosen: Option<HashSet<String>>,
    pub(super) ignored: HashSet<String>,
    pub(super) declared: OnceLock<Arc<Policy>>,
    pub(super) policies: Vec<OnceLock<Arc<Policy>>>,
    /// Under overrides for some files: by platform and their places.
    pub(super) scoped: Mutex<Scoped>,
    pub(super) memos: Vec<OnceLock<Option<Arc<Memo>>>>,
}

impl Linter {
    /// Loads what is built in, the configuration and the packs; tells everything that is wrong with them.
    pub fn new(options: LintOptions) -> Result<Self, Vec<DataError>> {
        let mut knowledge = Knowledge::built_in()?;
        let arguments: Vec<Arc<Document>> = options
            .packs
            .iter()
            .filter_map(|p| match p {
                PackArg::File { path, text, .. } => Some(parsed(path, text)),
                PackArg::Name(_) => None,
            })
            .collect();
        let files: Vec<Arc<Document>> = options.pack_files.iter().map(|(path, text)| parsed(path, text)).collect();
        for document in arguments.iter().chain(&files) {
            let Knowledge { catalogue, facts, .. } = &mut knowledge;
            catalogue.add(document, &facts.vocabulary)?;
        }
        let mut errors = knowledge.catalogue.check();
        errors.extend(knowledge.check_outside(arguments.iter().chain(&files))?);
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut config = match &options.config {
            Some((path, text)) => Config::read_all(path, text, &options.extends, &options.nested, &knowledge)?,
            None => Config::default(),
        };
        if let Some(bar) = options.fail_on {
            config.fail_on = bar;
        }
        if let Some((path, text)) = &options.baseline {
            config.baseline = Some(Baseline::read(path, text)?);
        }
        // A run that is told no day ends no waiver.
        let day = if options.today.is_empty() { "1970-01-01" } else { options.today.as_str() };
        let Some(today) = Day::parse(day) else {
            let help = Some("write it as YYYY-MM-DD".to_owned());
            return Err(vec![loose_error("--today", &options.today, format!("`{}` is no day", options.today), help)]);
        };
        let mut wanted: Vec<Wanted> = Vec::new();
        if options.packs.is_empty() {
            for (name, source, span) in &config.packs {
                let (bare, pin) = Pin::split(name);
                let at = Some((source.path().to_owned(), source.text().to_owned(), *span));
                wanted.push(Wanted { name: bare.to_owned(), document: None, pin, at });
            }
        } else {
            let mut own = arguments.iter();
            for pack in &options.packs {
                wanted.push(match pack {
                    PackArg::Name(name) => {
                        let (bare, pin) = Pin::split(name);
                        Wanted { name: bare.to_owned(), document: None, pin, at: None }
                    }
                    PackArg::File { path, pin, .. } => {
                        Wanted { name: path.clone(), document: own.next().cloned(), pin: pin.clone(), at: None }
                    }
                });
            }
        }
        if wanted.is_empty() {
            wanted.push(Wanted { name: "baseline".into(), document: None, pin: None, at: None });
        }
        let given: Vec<Arc<Document>> = arguments.iter().chain(&files).cloned().collect();
        let mut packs = Vec::new();
        for one in wanted {
            gather(&one, &given, &knowledge, &mut packs, &mut Vec::new())?;
        }
        let (only, version) = narrowed(&options, &knowledge)?;
        known_contexts(&options, &knowledge, only)?;
        let chosen = super::choice::chosen(&options.select, "--select", &knowledge, &packs)?;
        let ignored = super::choice::chosen(&options.ignore, "--ignore", &knowledge, &packs)?.unwrap_or_default();
        let policies = knowledge.platforms.iter().map(|_| OnceLock::new()).collect();
        let memos = knowledge.platforms.iter().map(|_| OnceLock::new()).collect();
        Ok(Self {
            knowledge,
            config,
            options,
            packs,
            only,
            version,
            today,
            chosen,
            ignored,
            declared: OnceLock::new(),
            policies,
            scoped: Mutex::default(),
            memos,
        })
    }

    /// What is built in.
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// The configuration in force.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// A path from the configuration's folder; `None` if it lies outside of it.
    pub(super) fn local<'p>(&self, path: &'p str) -> Option<std::borrow::Cow<'p, str>> {
        match &self.options.rebase {
            Rebase::Same => Some(path.into()),
            Rebase::Below(prefix) => path.strip_prefix(prefix.as_str()).map(Into::into),
            Rebase::Above(prefix) => Some(format!("{prefix}{path}").into()),
        }
    }

    /// The packs in force.
    pub fn packs(&self) -> &[Arc<Pack>] {
        &self.packs
    }

    /// What holds for the whole run.
    pub fn run_info(&self, exit_code: u8) -> RunInfo {
        let redactor = Redactor::new();
        RunInfo {
            packs: self
                .packs
                .iter()
                .map(|p| PackInfo {
                    id: redactor.show(&p.id),
                    version: env!("CARGO_PKG_VERSION").to_owned(),
                    sha256: sha256(p.source.text()),
                })
                .collect(),
            config: self.config.path.as_ref().map(|p| redactor.show(p)),
            fail_on: self.config.fail_on,
            min_severity: None,
            today: self.options.today.clone(),
            exit_code,
        }
    }

    /// A text of ours or a path, as reports take it.
    pub(super) fn shown(text: &str) -> Shown {
        Redactor::new().show(text)
    }
}

/// SHA-256 of a text, in hexadecimal digits.
fn sha256(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

/// A pack that is asked for, and where.
struct Wanted {
    name: String,
    document: Option<Arc<Document>>,
    pin: Option<Pin>,
    at: Option<(String, String, crate::text::Span)>,
}

/// Loads a pack and those it starts from.
fn gather(
    wanted: &Wanted,
    files: &[Arc<Document>],
    knowledge: &Knowledge,
    out: &mut Vec<Arc<Pack>>,
    open: &mut Vec<String>,
) -> Result<(), Vec<DataError>> {
    let tell = |message: String, help: Option<String>| {
        Err(match &wanted.at {
            Some((path, text, span)) => {
                let source = Arc::new(crate::text::Source::new(path.as_str(), text.as_str()));
                vec![DataError { source, span: *span, message, help, labels: Vec::new() }]
            }
            None => vec![loose_error("--pack", &wanted.name, message, help)],
        })
    };
    let named = files.iter().find(|d| d.source.path() == wanted.name || pack_id(d).as_deref() == Some(&wanted.name));
    let built_in = || {
        let path = format!("rules/packs/{}.toml", wanted.name);
        embedded(&path).map(|text| parsed(&path, text))
    };
    let Some(document) = wanted.document.clone().or_else(|| named.cloned()).or_else(built_in) else {
        let names: Vec<String> = embedded_in("rules/packs")
            .filter_map(|p| p.rsplit('/').next()?.strip_suffix(".toml").map(str::to_owned))
            .collect();
        let help = match nearest(&wanted.name, names.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("built in: {}; a pack of your own is named by its path", names.join(", ")),
        };
        return tell(format!("there is no pack `{}`", wanted.name), Some(help));
    };
    let Some(mut pack) = load_pack(&document, &knowledge.facts.vocabulary, &knowledge.catalogue)? else {
        return tell(
            format!("`{}` holds no `[pack]`", wanted.name),
            Some("a pack file has a `[pack]` table with `id` and `title`".into()),
        );
    };
    let hash = sha256(document.source.text());
    if let Some((message, help)) = wanted.pin.as_ref().and_then(|p| p.differs(&wanted.name, pack.edition, &hash)) {
        return tell(message, Some(help));
    }
    knowledge.complete(&mut pack)?;
    if open.contains(&pack.id) {
        return tell(format!("the packs {} extend each other in a circle", open.join(", ")), None);
    }
    if out.iter().any(|p| p.id == pack.id) {
        return Ok(());
    }
    open.push(pack.id.clone());
    for other in &pack.extends {
        let at = Some((pack.source.path().to_owned(), pack.source.text().to_owned(), other.span));
        let before = out.len();
        let (bare, pin) = Pin::split(&other.name);
        gather(&Wanted { name: bare.to_owned(), document: None, pin, at }, files, knowledge, out, open)?;
        // What is started from under a condition holds only under it.
        for added in out.iter_mut().skip(before) {
            if let Some(when) = &other.when {
                *added = Arc::new(Pack {
                    when: Some(crate::condition::and(added.when.clone(), when.clone())),
                    ..(**added).clone()
                });
            }
        }
    }
    open.pop();
    out.push(Arc::new(pack));
    Ok(())
}

/// `--platform`: which one, at which release.
fn narrowed(options: &LintOptions, knowledge: &Knowledge) -> Result<(Option<usize>, Option<Version>), Vec<DataError>> {
    let Some((name, version)) = &options.platform else { return Ok((None, None)) };
    let names = || knowledge.platforms.iter().map(|p| p.head.id.as_str());
    let Some(only) = knowledge.find_platform(name) else {
        let help = match nearest(name, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are {}", names().collect::<Vec<_>>().join(", ")),
        };
        return Err(vec![loose_error("--platform", name, format!("there is no platform `{name}`"), Some(help))]);
    };
    let version = match version {
        None => None,
        Some(text) => match Version::parse(text) {
            Some(v) => Some(v),
            None => {
                return Err(vec![loose_error(
                    "--platform",
                    text,
                    format!("`{text}` is no version"),
                    Some("write it as dotted numbers, `1.120`".into()),
                )]);
            }
        },
    };
    Ok((Some(only), version))
}

/// `--context KEY=VALUE`: a context that no platform has, or a value that it cannot have, decides nothing in silence.
fn known_contexts(options: &LintOptions, knowledge: &Knowledge, only: Option<usize>) -> Result<(), Vec<DataError>> {
    if options.context.is_empty() {
        return Ok(());
    }
    // What files tell of their surroundings may be stated too.
    let built_in = ["image", "published", "shape"].map(|id| (id.to_owned(), crate::fact::Type::Text));
    let mut known = Vec::from(built_in);
    for n in (0..knowledge.platforms.len()).filter(|n| only.is_none_or(|o| o == *n)) {
        let loaded = knowledge.platform(n)?;
        known.extend(loaded.platform.contexts.iter().map(|c| (c.id.clone(), c.ty.clone())));
    }
    for (name, value) in &options.context {
        let Some((_, ty)) = known.iter().find(|(id, _)| id == name) else {
            let names: Vec<&str> = known.iter().map(|(id, _)| id.as_str()).collect();
            let help = match nearest(name, names.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("there are {}", names.join(", ")),
            };
            return Err(vec![loose_error("--context", name, format!("there is no context `{name}`"), Some(help))]);
        };
        if let Err((message, help)) = crate::fact::literal_of_text(value, ty, &knowledge.facts.vocabulary) {
            return Err(vec![loose_error("--context", value, message, help)]);
        }
    }
    Ok(())
}
