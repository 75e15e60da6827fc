//! What a run is given: paths, a configuration, packs.

use super::arguments::InputArgs;
use super::exit::Stop;
use crate::fact::{Item, Problems};
use crate::host::{Place, ReadError, Target, read_limited, read_stream, read_stream_up_to, read_up_to};
use crate::lint::{PackArg, parsed};
use crate::rule::Pin;
use std::path::{Component, Path, PathBuf};

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
    let path = match &input.config {
        _ if input.no_config => return Ok(None),
        Some(path) => path.clone(),
        None => {
            let path = place.root.join("hushlint.toml");
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

/// The packs that a configuration names by path, under that name. They lie below its folder.
pub fn pack_files(config: &Found) -> Result<Vec<(String, String)>, Stop> {
    let document = parsed(&config.shown, &config.text);
    let problems = Problems::new(&document.source);
    let table = Item::top(&document, &problems).table();
    let names = table.and_then(|table| table.peek("packs")).map(|packs| packs.items()).unwrap_or_default();
    let folder = config.path.parent().unwrap_or(Path::new("."));
    let mut files = Vec::new();
    for name in names.iter().filter_map(|item| item.scalar()).map(|(name, _)| Pin::split(name).0) {
        let path = Path::new(name);
        if !is_path(name) || path.components().any(|part| !matches!(part, Component::Normal(_) | Component::CurDir)) {
            continue;
        }
        let text = text_of(&folder.join(path)).map_err(|words| Stop::Usage(format!("pack {name}: {words}")))?;
        files.push((name.to_owned(), text));
    }
    Ok(files)
}

/// A pack is a file if it looks like one; names of packs hold neither `/` nor `.`.
fn is_path(name: &str) -> bool {
    name.contains(['/', '.', std::path::MAIN_SEPARATOR])
}
