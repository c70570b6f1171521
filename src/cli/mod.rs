//! Arguments, terminal, clock, environment, exit codes.

/// Runs the command line and returns the exit code of the contract.
pub fn main() -> std::process::ExitCode {
    std::process::ExitCode::SUCCESS
}
