//! What a run is given: paths, a configuration, packs.

use super::arguments::{ExemptArgs, InputArgs};
use super::exit::Stop;
use crate::fact::{Item, Problems};
use crate::host::{Place, ReadError, Target, named_below, read_limited, read_stream, read_stream_up_to, read_up_to};
use crate::lint::{Nested, PackArg, Rebase, parsed};
use crate::rule::Pin;
use std::path::{Component, Path, PathBuf};

/// What configurations are called.
pub const CONFIG: &str = "hushlint.toml";

/// What was named on the command line and in `--files-from`; the working directory if that is nothing.
pub fn paths_of(input: &InputArgs) -> Result<Vec<PathBuf>, Stop> {
    let mut paths = input.paths.clone();
    let standard = Path::new("-");
    if let Some(list) = &input.files_from {
        let text = if list == standard {
            if paths.iter().any(|path| path == standard) {
                return Err(Stop::Usage("standard input can be a list of files or a file, not both".to_owned()));
            }
            utf8(read_stream(std::io::stdin().lock()))
        } else {
            text_of(list)
        };
        let text = text.map_err(|words| Stop::Usage(format!("{}: {words}", list.display())))?;
        let ends: &[char] = if text.contains('\0') { &['\0'] } else { &['\n'] };
        let lines = text.split(ends).map(|line| line.trim_end_matches('\r')).filter(|line| !line.is_empty());
        paths.extend(lines.map(PathBuf::from));
    } else if paths.is_empty() {
        paths.push(PathBuf::from("."));
    }
    Ok(paths)
}

/// What to look at.
pub fn targets_of(input: &InputArgs, paths: &[PathBuf], place: &Place) -> Vec<Target> {
    let name = input.stdin_filename.as_deref().map_or_else(|| "<stdin>".to_owned(), |name| place.locate(name).1);
    let target = |path: &PathBuf| match path.as_os_str() == "-" {
        true => Target::Stdin(name.clone()),
        false => Target::Path(path.clone()),
    };
    paths.iter().map(target).collect()
}

/// A configuration that was found.
pub struct Found {
    /// Its path.
    pub path: PathBuf,
    /// Its path for people.
    pub shown: String,
    /// Its text.
    pub text: String,
}

/// The configuration that governs the run.
pub fn config_of(input: &InputArgs, place: &Place) -> Result<Option<Found>, Stop> {
    let off = switched_off(input.no_config, input.config.as_deref(), "config")?;
    if off { Ok(None) } else { config_at(input.config.as_deref(), place) }
}

/// Is a file not to be used? To say so on the command line is stronger than to name one in the environment; to say and to
/// name is a contradiction.
fn switched_off(off: bool, file: Option<&Path>, name: &str) -> Result<bool, Stop> {
    let variable = format!("HUSHLINT_{}", name.to_uppercase());
    let by_environment = file.is_some_and(|file| std::env::var_os(variable).is_some_and(|v| v == file.as_os_str()));
    if off && file.is_some() && !by_environment {
        return Err(Stop::Usage(format!("--{name} names a file, and --no-{name} says to use none")));
    }
    Ok(off)
}

/// The configuration at a path, or where it is by itself.
pub fn config_at(path: Option<&Path>, place: &Place) -> Result<Option<Found>, Stop> {
    let path = match path {
        Some(path) => path.to_owned(),
        None => {
            let path = place.root.join(CONFIG);
            if std::fs::symlink_metadata(&path).is_err() {
                return Ok(None);
            }
            path
        }
    };
    let (path, shown) = place.locate(&path);
    let text = text_of(&path).map_err(|words| Stop::Usage(format!("{shown}: {words}")))?;
    Ok(Some(Found { path, shown, text }))
}

/// A text file, without its mark.
pub fn text_of(path: &Path) -> Result<String, String> {
    utf8(read_limited(path))
}

/// A saved report, which may be far larger than what is linted; `-` is standard input.
pub fn saved_text(path: &Path) -> Result<String, String> {
    const LIMIT: u64 = 1 << 30;
    utf8(match path.as_os_str() == "-" {
        true => read_stream_up_to(std::io::stdin().lock(), LIMIT),
        false => read_up_to(path, LIMIT),
    })
}

fn utf8(bytes: Result<Vec<u8>, ReadError>) -> Result<String, String> {
    let bytes = bytes.map_err(|error| error.words())?;
    let text = String::from_utf8(bytes).map_err(|_| "no UTF-8 text".to_owned())?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// `--pack NAME|FILE`.
pub fn pack_args(names: &[String], place: &Place) -> Result<Vec<PackArg>, Stop> {
    let one = |name: &String| {
        if !is_path(name) {
            return Ok(PackArg::Name(name.clone()));
        }
        let (bare, pin) = Pin::split(name);
        let (path, shown) = place.locate(Path::new(bare));
        let text = text_of(&path).map_err(|words| Stop::Usage(format!("pack {shown}: {words}")))?;
        Ok(PackArg::File { path: shown, text, pin })
    };
    names.iter().map(one).collect()
}

/// The packs that a configuration and those that it starts from name by path, under that name. They lie below its folder.
pub fn pack_files(config: &Found, extends: &[(String, String)]) -> Result<Vec<(String, String)>, Stop> {
    let mut files: Vec<(String, String)> = Vec::new();
    let texts = std::iter::once(config.text.as_str()).chain(extends.iter().map(|(_, text)| text.as_str()));
    for name in texts.flat_map(|text| paths_at(text, "packs")) {
        if is_path(&name) && inside(Path::new(&name)) && !files.iter().any(|(known, _)| *known == name) {
            let text = text_below(config, &name, "pack")?;
            files.push((name, text));
        }
    }
    Ok(files)
}

/// The files that a configuration starts from, under the names that it gives them.
pub fn extends_of(config: &Found) -> Result<Vec<(String, String)>, Stop> {
    let names = paths_at(&config.text, "extends").into_iter().filter(|name| inside(Path::new(name)));
    names.map(|name| text_below(config, &name, "extends").map(|text| (name, text))).collect()
}

/// The configurations of folders below, if a configuration allows them.
pub fn nested_of(config: &Found, place: &Place) -> Result<Vec<Nested>, Stop> {
    let document = parsed(&config.shown, &config.text);
    let problems = Problems::new(&document.source);
    let nested = Item::top(&document, &problems).table().and_then(|t| t.peek("nested"));
    let allow = nested.filter(Item::is_table).and_then(|i| i.table()).and_then(|t| t.peek("allow"));
    if allow.and_then(|i| i.scalar()).is_none_or(|(text, _)| text != "true") {
        return Ok(Vec::new());
    }
    let root = config.path.parent().unwrap_or(Path::new("."));
    let one = |path: PathBuf| {
        let (path, shown) = place.locate(&path);
        let text = text_of(&path).map_err(|words| Stop::Usage(format!("{shown}: {words}")))?;
        let folder = path.parent().and_then(|folder| folder.strip_prefix(root).ok()).unwrap_or(Path::new(""));
        let folder = folder.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
        Ok(Nested { folder, path: shown, text })
    };
    named_below(root, CONFIG).into_iter().map(one).collect()
}

/// A text below the folder of a configuration.
fn text_below(config: &Found, name: &str, what: &str) -> Result<String, Stop> {
    let folder = config.path.parent().unwrap_or(Path::new("."));
    text_of(&folder.join(name)).map_err(|words| Stop::Usage(format!("{what} {name}: {words}")))
}

/// The texts at a key of a configuration, without what they are pinned to. (What is wrong with them is told when it is
/// read.)
fn paths_at(text: &str, key: &str) -> Vec<String> {
    let document = parsed(CONFIG, text);
    let problems = Problems::new(&document.source);
    let items = Item::top(&document, &problems).table().and_then(|table| table.peek(key)).map(|i| i.items());
    let scalars = items.unwrap_or_default();
    scalars.iter().filter_map(Item::scalar).map(|(name, _)| Pin::split(name).0.to_owned()).collect()
}

/// The baseline that the run is held against: path and text.
pub fn baseline_of(
    exempt: &ExemptArgs,
    config: Option<&Found>,
    place: &Place,
) -> Result<Option<(String, String)>, Stop> {
    if switched_off(exempt.no_baseline, exempt.baseline.as_deref(), "baseline")? {
        return Ok(None);
    }
    let (path, shown) = match (&exempt.baseline, config) {
        (Some(path), _) => place.locate(path),
        (None, Some(config)) => match config_baseline(config) {
            Some(path) => place.locate(&config.path.parent().unwrap_or(Path::new(".")).join(path)),
            None => return Ok(None),
        },
        (None, None) => return Ok(None),
    };
    let hint = if path.exists() { "" } else { "; `hushlint baseline` writes one" };
    let text = text_of(&path).map_err(|words| Stop::Usage(format!("baseline {shown}: {words}{hint}")))?;
    Ok(Some((shown, text)))
}

/// The baseline that a configuration names.
pub fn config_baseline(config: &Found) -> Option<PathBuf> {
    let path = paths_at(&config.text, "baseline").into_iter().next()?;
    inside(Path::new(&path)).then(|| PathBuf::from(path))
}

/// Does a path stay below where it starts?
fn inside(path: &Path) -> bool {
    path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
}

/// How paths of reports become paths from the configuration's folder.
pub fn rebase(place: &Place, folder: &Path) -> Rebase {
    let slashed = |path: &Path| format!("{}/", path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/"));
    match (folder.strip_prefix(&place.base), place.base.strip_prefix(folder)) {
        (Ok(below), _) if below.as_os_str().is_empty() => Rebase::Same,
        (Ok(below), _) => Rebase::Below(slashed(below)),
        (_, Ok(above)) => Rebase::Above(slashed(above)),
        // Neither lies in the other: globs see paths as reports write them.
        _ => Rebase::Same,
    }
}

/// A pack is a file if it looks like one; names of packs hold neither `/` nor `.`.
fn is_path(name: &str) -> bool {
    name.contains(['/', '.', std::path::MAIN_SEPARATOR])
}
