//! A fleet with known answers, written to a folder that holds nothing of anybody else's.

use std::io;
use std::path::Path;

use super::Failure;
use crate::simulate::{self, Plan, Summary};

/// Writes the fleet below `dir`, which is made where it is missing. A folder that is not empty is
/// refused unless `force` is set; then files of the same names are replaced. A plan that asks for
/// what does not exist is the person's mistake.
pub fn simulate(plan: &Plan, dir: &Path, force: bool) -> Result<Summary, Failure> {
    let failure = |source: io::Error| match source.kind() {
        io::ErrorKind::InvalidInput => Failure::Usage(source.to_string()),
        _ => Failure::Output { path: dir.to_owned(), source },
    };
    match std::fs::read_dir(dir).map(|mut entries| entries.next().is_some()) {
        Ok(true) if !force => {
            return Err(Failure::Usage(format!("{} is not empty; --force writes into it all the same", dir.display())));
        }
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(source) => return Err(Failure::Output { path: dir.to_owned(), source }),
    }
    simulate::run(plan, dir).map_err(failure)
}
