//! Where reports go: standard output, and files beside it.

use super::read::io_words;
use crate::lint::GroupReport;
use crate::report::{Report, Summary};
use std::fs::File;
use std::io::{BufWriter, ErrorKind, Write};
use std::path::Path;

/// Writes a finished text to standard output; a reader that has gone has read enough.
pub fn print(text: &str) {
    let mut out = anstream::AutoStream::always(std::io::stdout());
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}

/// Writes a finished text to a file.
pub fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("{}: {}", path.display(), write_words(&error)))
}

/// One report with its destination.
struct Sink {
    report: Box<dyn Report>,
    writer: Box<dyn Write + Send>,
    name: String,
    buffer: String,
    closed: bool,
}

impl Sink {
    fn write(&mut self, errors: &mut Vec<String>) {
        if !self.closed && !self.buffer.is_empty() {
            let written = self.writer.write_all(self.buffer.as_bytes());
            self.settle(written, errors);
        }
        self.buffer.clear();
    }

    /// A reader that has gone (`| head`) has read enough: the run goes on in silence, for its exit code.
    fn settle(&mut self, written: std::io::Result<()>, errors: &mut Vec<String>) {
        let Err(error) = written else { return };
        self.closed = true;
        if error.kind() != ErrorKind::BrokenPipe {
            errors.push(format!("{}: {}", self.name, write_words(&error)));
        }
    }
}

/// Why something could not be written.
fn write_words(error: &std::io::Error) -> String {
    match error.kind() {
        ErrorKind::NotFound => "cannot be written: there is no such folder".to_owned(),
        ErrorKind::PermissionDenied => "may not be written: permission denied".to_owned(),
        _ => format!("cannot be written: {}", io_words(error)),
    }
}

/// A writer as a report writes its end to it; the first error ends it.
struct Stream<'a> {
    writer: &'a mut dyn Write,
    failed: Option<std::io::Error>,
}

impl std::fmt::Write for Stream<'_> {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        if self.failed.is_none() {
            self.failed = self.writer.write_all(text.as_bytes()).err();
        }
        if self.failed.is_none() { Ok(()) } else { Err(std::fmt::Error) }
    }
}

/// All reports of a run.
#[derive(Default)]
pub struct Outputs {
    sinks: Vec<Sink>,
    /// What could not be written.
    pub errors: Vec<String>,
}

impl Outputs {
    /// Adds a report on standard output.
    pub fn standard(&mut self, report: Box<dyn Report>) {
        // Consoles that know no ANSI are served by anstream; elsewhere this passes everything on.
        let writer = Box::new(BufWriter::with_capacity(64 << 10, anstream::AutoStream::always(std::io::stdout())));
        self.add(report, writer, "standard output".to_owned());
    }

    /// Adds a report in a file. One that cannot be written is told in the end, and stops no other.
    pub fn file(&mut self, report: Box<dyn Report>, path: &Path) {
        let name = path.display().to_string();
        match File::create(path) {
            Ok(file) => self.add(report, Box::new(BufWriter::new(file)), name),
            Err(error) => self.errors.push(format!("{name}: {}", write_words(&error))),
        }
    }

    fn add(&mut self, report: Box<dyn Report>, writer: Box<dyn Write + Send>, name: String) {
        self.sinks.push(Sink { report, writer, name, buffer: String::new(), closed: false });
    }

    /// Before the first group.
    pub fn begin(&mut self) {
        for sink in &mut self.sinks {
            sink.report.begin(&mut sink.buffer);
            sink.write(&mut self.errors);
        }
    }

    /// Writes a group everywhere.
    pub fn group(&mut self, group: &GroupReport) {
        for sink in &mut self.sinks {
            sink.report.group(&mut sink.buffer, group);
            sink.write(&mut self.errors);
        }
    }

    /// Writes the end everywhere.
    pub fn finish(&mut self, summary: &Summary) {
        for sink in &mut self.sinks {
            let mut stream = Stream { writer: &mut *sink.writer, failed: None };
            if !sink.closed {
                sink.report.finish(&mut stream, summary);
            }
            if let Some(error) = stream.failed {
                sink.settle(Err(error), &mut self.errors);
            }
            if !sink.closed {
                let flushed = sink.writer.flush();
                sink.settle(flushed, &mut self.errors);
            }
        }
    }
}
