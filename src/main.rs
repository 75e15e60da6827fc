//! The `hushlint` program: reads its arguments, does what they say, and exits with what came of it.

use clap::Parser;
use hushlint::cli::Arguments;
use hushlint::host::Terminal;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = Terminal::find(arguments.color.into());
    let outcome = arguments.command.run(&terminal);
    let exit = outcome.unwrap_or_else(|stop| stop.tell(&terminal));
    exit.into()
}
