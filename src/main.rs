//! The `logonstorm` command.

fn main() -> std::process::ExitCode {
    logonstorm::cli::main()
}
