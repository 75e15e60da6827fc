//! A look at a file's bytes: what could it be? Nothing is parsed.

use super::held::{Held, Holding, shape_of};
use super::options::Linter;
use super::report::InputError;
use crate::platform::{Guess, KeyStarts, Look, format_of, glance, look, named_like};
use crate::syntax::{Format, Shape};
use crate::text::{Redactor, Shown, Source};

/// What a look came to.
pub enum Scan {
    /// Not ours; why.
    Skip {
        /// The reason, with the nearest platform for a named file.
        reason: Shown,
    },
    /// It could be.
    Take(Candidate),
    /// It cannot be read.
    Error(InputError),
}

/// A file that could be a document of a platform, or a declaration.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// Its path.
    pub path: String,
    /// The user named this very file.
    pub named: bool,
    /// Platforms and kinds whose keys it carries: (platform, kind).
    pub kinds: Vec<(usize, usize)>,
    /// Platforms and kinds of which it could be a fragment.
    pub fragments: Vec<(usize, usize)>,
    /// It holds settings of programs inside, in this shape.
    pub shape: Option<Shape>,
    /// What it holds.
    pub(super) held: Vec<Held>,
    /// It does not parse, so what it holds is not known.
    pub(super) broken: bool,
    /// It carries the key of a declaration; its `product.name`, as far as a look tells.
    pub declaration: bool,
    /// The reason for passing it over, should nothing claim it.
    pub otherwise: String,
}

/// Names that no chat system's configuration has; their bytes are not looked at on a walk.
const FOREIGN: [&str; 90] = [
    "png", "jpg", "jpeg", "gif", "svg", "ico", "webp", "avif", "bmp", "tif", "tiff", "pdf", "zip", "gz", "xz", "zst",
    "bz2", "tar", "7z", "jar", "war", "deb", "rpm", "woff", "woff2", "ttf", "otf", "eot", "mp4", "mp3", "mov", "avi",
    "webm", "flac", "ogg", "wav", "wasm", "so", "dll", "dylib", "exe", "bin", "o", "a", "class", "rlib", "pyc",
    "parquet", "rs", "go", "c", "h", "cc", "cpp", "hpp", "cs", "java", "kt", "scala", "js", "ts", "css", "scss",
    "sass", "less", "html", "htm", "rb", "php", "swift", "ipynb", "map", "po", "pot", "md", "mdx", "rst", "csv", "xls",
    "xlsx", "doc", "docx", "ppt", "pptx", "odt", "lock", "sum", "db", "sqlite", "sqlite3",
];

impl Linter {
    /// Is a file worth a look at its bytes, by its name?
    pub fn wants(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        match name.rsplit_once('.') {
            Some((_, extension)) => !FOREIGN.iter().any(|f| f.eq_ignore_ascii_case(extension)),
            None => true,
        }
    }

    /// A look at the bytes. `named`: the user named this very file.
    pub fn scan(&self, path: &str, bytes: &[u8], named: bool) -> Scan {
        if !named
            && bytes.get(..bytes.len().min(4096)).is_some_and(|head| head.contains(&0))
            && !bytes.starts_with(&[0xff, 0xfe])
            && !bytes.starts_with(&[0xfe, 0xff])
        {
            return Scan::Skip { reason: Shown::fixed("no text") };
        }
        let source = match Source::decode(path, bytes) {
            Ok(source) => source,
            Err(error) if named => {
                return Scan::Error(InputError {
                    file: Self::shown(path),
                    span: None,
                    message: Self::shown(&error.message),
                    labels: Vec::new(),
                    help: None,
                });
            }
            Err(_) => return Scan::Skip { reason: Shown::fixed("no text") },
        };
        self.scan_text(&source, named)
    }

    fn scan_text(&self, source: &Source, named: bool) -> Scan {
        let (path, text) = (source.path(), source.text());
        let starts = KeyStarts::of(text);
        let mut candidate = Candidate {
            path: path.to_owned(),
            named,
            kinds: Vec::new(),
            fragments: Vec::new(),
            shape: None,
            held: Vec::new(),
            broken: false,
            declaration: starts.has("hushlint") && self.only.is_none() && names_format(text),
            otherwise: String::new(),
        };
        let mut guess = Guess::of(path, text);
        let mut nearest: Option<(usize, usize, usize)> = None;
        for (p, entry) in self.knowledge.platforms.iter().enumerate() {
            if self.only.is_some_and(|only| only != p) {
                continue;
            }
            for (k, kind) in entry.head.documents.iter().enumerate() {
                if guess.among(&kind.formats).is_none() {
                    continue;
                }
                let (found, enough) = glance(kind, &starts);
                if enough || (named && self.only == Some(p) && !kind.part) {
                    candidate.kinds.push((p, k));
                } else if kind.fragment_keys > 0 && named_like(kind, path) {
                    candidate.fragments.push((p, k));
                }
                if !kind.part && !enough && nearest.is_none_or(|(_, _, most)| found > most) {
                    nearest = Some((p, k, found));
                }
            }
        }
        let described = self.config.deployments.iter().any(|d| self.place_in(d, path).is_some());
        self.look_inside(source, &starts, described, &mut candidate);
        let nearest = nearest.and_then(|(p, k, _)| {
            let kind = self.knowledge.platforms.get(p)?.head.documents.get(k)?;
            Some(self.near(p, &look(k, kind, &starts)))
        });
        candidate.otherwise = nearest.unwrap_or_else(|| "no platform's keys".to_owned());
        let empty = candidate.kinds.is_empty() && candidate.fragments.is_empty() && candidate.held.is_empty();
        if empty && !candidate.declaration && !described {
            let reason = if named { candidate.otherwise.clone() } else { "no platform's keys".to_owned() };
            return Scan::Skip { reason: Redactor::new().show(&reason) };
        }
        Scan::Take(candidate)
    }

    /// What sits inside a compose file or a file of Kubernetes counts, and not what these look like by their keys.
    fn look_inside(&self, source: &Source, starts: &KeyStarts<'_>, described: bool, candidate: &mut Candidate) {
        let Some((shape, format)) = shape_of(source, starts) else { return };
        let forced = described || candidate.named && self.only.is_some();
        match self.held(source, (shape, format), forced) {
            Holding::Held(held) => {
                candidate.shape = Some(shape);
                // Keys of a file inside another are not those of the outer one.
                let speaks = |platform| held.iter().any(|held| held.speaks_for(platform));
                candidate.kinds.retain(|(platform, _)| !forced && !speaks(*platform));
                candidate.fragments.clear();
                candidate.held = held;
            }
            Holding::Broken => {
                candidate.broken = true;
                candidate.shape = Some(shape);
                candidate.kinds.extend(self.kinds_of_variables(starts));
            }
            Holding::Nothing => {}
        }
    }

    /// The nearest platform, the keys found, the keys missing.
    pub(super) fn near(&self, platform: usize, seen: &Look) -> String {
        let name = self.knowledge.platforms.get(platform).map_or("", |p| p.head.name.as_str());
        let list = |keys: &[String]| keys.iter().map(|k| format!("`{k}`")).collect::<Vec<_>>().join(", ");
        if seen.found.is_empty() {
            // With nothing found no platform is nearer than another.
            let one = self.only.is_some() || self.knowledge.platforms.len() == 1;
            let whose = if one { name } else { "a chat platform" };
            return format!("no chat configuration: none of the keys by which {whose} is known");
        }
        let missing =
            if seen.missing.is_empty() { String::new() } else { format!("; missing: {}", seen.missing.join("; ")) };
        format!("no chat configuration; the nearest is {name}: found {}{missing}", list(&seen.found))
    }
}

/// Does a line begin with the key of a declaration? (A waiver in a comment of Lua looks like one, but for its dashes.)
fn names_format(text: &str) -> bool {
    text.contains("\"hushlint\"")
        || text
            .lines()
            .any(|line| line.trim_start_matches(['\u{feff}', ' ', '\t', '{', ',', '\'']).starts_with("hushlint"))
}

/// The format a candidate is parsed as for a kind.
pub fn format_for(path: &str, text: &str, formats: &[Format]) -> Option<Format> {
    format_of(path, text, formats)
}
