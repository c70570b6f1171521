//! `completions` and `man`: for packagers and shells.

use clap::CommandFactory;

use crate::cli::args::Cli;
use crate::cli::exit::Exit;
use crate::cli::writing;

/// Completions for a shell.
pub(in crate::cli) fn completions(shell: clap_complete::Shell) -> anyhow::Result<Exit> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "logonstorm", &mut script);
    writing::stdout(&|out| out.write_all(&script))?;
    Ok(Exit::Made)
}

/// The manual page of the program, then one section per command.
pub(in crate::cli) fn man() -> anyhow::Result<Exit> {
    let command = Cli::command();
    writing::stdout(&|out| {
        clap_mangen::Man::new(command.clone()).render(out)?;
        for sub in command.get_subcommands() {
            let name = format!("logonstorm {}", sub.get_name());
            writeln!(out, ".SH {}", name.to_uppercase())?;
            let page = clap_mangen::Man::new(sub.clone().bin_name(name));
            page.render_synopsis_section(out)?;
            page.render_options_section(out)?;
        }
        Ok(())
    })?;
    Ok(Exit::Made)
}
