//! How often the program is right: `cargo bench --bench accuracy -- [FLEETS [FIRST_SEED]] [SCENARIO...]`.
//!
//! Simulates fleets of four scenarios (or of those named, of all there are), runs the whole program over the
//! written files and prints every figure with its 95 % interval beside simple rules. It fails only where a whole
//! interval lies on the wrong side of the figure that is required. `FLEETS` per scenario: 20 unless told.

#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

mod measure;
mod table;

use std::process::ExitCode;

use logonstorm::simulate::SCENARIOS;
use measure::{Counts, measure, names, scans, whatif};

/// Scenarios unless some are named.
const MEASURED: [&str; 4] = ["default", "no-loss", "loss-50", "seven-days"];
/// Fleets of each scenario unless told.
const FLEETS: u64 = 20;
/// First seed unless told; far from those that tests have pinned.
const FIRST_SEED: u64 = 10_001;

fn main() -> ExitCode {
    // Cargo adds `--bench`.
    let words: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    let numbers: Vec<u64> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let named: Vec<&str> =
        SCENARIOS.iter().map(|scenario| scenario.name).filter(|name| words.iter().any(|word| word == name)).collect();
    let scenarios = if named.is_empty() { MEASURED.to_vec() } else { named };
    let fleets = numbers.first().copied().unwrap_or(FLEETS);
    let first = numbers.get(1).copied().unwrap_or(FIRST_SEED);
    let mut all = Counts::default();
    let mut wrong = 0;
    println!("logs that are no fleets, from seed {first}");
    match alone(first, fleets) {
        Ok(counts) => {
            counts.notes.iter().for_each(|note| println!("  {note}"));
            wrong += table::print_alone(&counts);
        }
        Err(error) => {
            println!("{error}");
            return ExitCode::FAILURE;
        }
    }
    for scenario in scenarios {
        let mut counts = Counts::default();
        for seed in first..first + fleets {
            match measure(scenario, seed, seed == first) {
                Ok(one) => counts.absorb(one),
                Err(error) => {
                    println!("{scenario}, seed {seed}: {error}");
                    return ExitCode::FAILURE;
                }
            }
        }
        println!("\n{scenario}: {fleets} fleets from seed {first}");
        counts.notes.iter().for_each(|note| println!("  {note}"));
        wrong += table::print(scenario, &counts);
        all.absorb(counts);
    }
    println!("\nall scenarios");
    wrong += table::print("all", &all);
    println!("\n{wrong} figures miss what is required");
    if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A million names once, and as many scans and registry changes as fleets. The names come first: a process
/// takes over the peak of the memory of the one that starts it.
fn alone(first: u64, fleets: u64) -> std::io::Result<Counts> {
    let mut counts = Counts::default();
    names::measure(&mut counts)?;
    for seed in first..first + fleets {
        scans::measure(seed, &mut counts)?;
        whatif::measure(seed, &mut counts)?;
    }
    Ok(counts)
}
