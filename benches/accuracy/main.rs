//! How often the program is right: `cargo bench --bench accuracy -- [FLEETS [FIRST_SEED]] [PART...]`.
//!
//! Simulates fleets of four scenarios, and logs that are no fleets, runs the whole program over the written files
//! and prints every figure with its 95 % interval beside simple rules. It fails only where a whole interval lies
//! on the wrong side of the figure that is required, or, where every case is asked for, if one is wrong. `FLEETS`
//! per scenario: 20 unless told. A `PART` is the name of any scenario, or `names`, `scans` or `what-if`; if some
//! are named, only they are measured.

#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

mod measure;
mod table;

use std::process::ExitCode;

use logonstorm::simulate::SCENARIOS;
use measure::{Counts, measure, names, scans, whatif};

/// Scenarios unless some are named.
const MEASURED: [&str; 4] = ["default", "no-loss", "loss-50", "seven-days"];
/// What is measured of logs that are no fleets, unless some parts are named.
const ALONE: [&str; 3] = ["names", "scans", "what-if"];
/// Fleets of each scenario unless told.
const FLEETS: u64 = 20;
/// First seed unless told; far from those that tests have pinned.
const FIRST_SEED: u64 = 10_001;

fn main() -> ExitCode {
    // Cargo adds `--bench`.
    let words: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    match Asked::from(&words).and_then(|asked| print(&asked).map_err(|error| error.to_string())) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            println!("{error}");
            ExitCode::FAILURE
        }
    }
}

/// What to measure: so many fleets of each scenario, and logs that are no fleets.
struct Asked {
    fleets: u64,
    first: u64,
    scenarios: Vec<&'static str>,
    alone: Vec<&'static str>,
}

impl Asked {
    fn from(words: &[String]) -> Result<Self, String> {
        let (numbers, names): (Vec<_>, Vec<_>) = words.iter().partition(|word| word.parse::<u64>().is_ok());
        let number = |at: usize| numbers.get(at).and_then(|word| word.parse().ok());
        let mut asked = Self {
            fleets: number(0).unwrap_or(FLEETS),
            first: number(1).unwrap_or(FIRST_SEED),
            scenarios: Vec::new(),
            alone: Vec::new(),
        };
        for name in &names {
            let scenario = SCENARIOS.iter().map(|scenario| scenario.name).find(|known| known == name);
            let alone = ALONE.into_iter().find(|known| known == name);
            if scenario.or(alone).is_none() {
                return Err(format!("there is no part {name}"));
            }
            asked.scenarios.extend(scenario);
            asked.alone.extend(alone);
        }
        if names.is_empty() {
            (asked.scenarios, asked.alone) = (MEASURED.to_vec(), ALONE.to_vec());
        }
        Ok(asked)
    }

    fn seeds(&self) -> std::ops::Range<u64> {
        self.first..self.first + self.fleets
    }
}

/// Measures and prints; returns how many figures miss what is required.
fn print(asked: &Asked) -> std::io::Result<usize> {
    let mut wrong = 0;
    if !asked.alone.is_empty() {
        println!("logs that are no fleets, from seed {}", asked.first);
        let counts = measure_alone(asked)?;
        counts.notes.iter().for_each(|note| println!("  {note}"));
        wrong += table::print_alone(&asked.alone, &counts);
    }
    let mut all = Counts::default();
    for scenario in &asked.scenarios {
        let counts = measure_fleets(scenario, asked)?;
        println!("\n{scenario}: {} fleets from seed {}", asked.fleets, asked.first);
        counts.notes.iter().for_each(|note| println!("  {note}"));
        wrong += table::print(scenario, &counts);
        all.absorb(counts);
    }
    if !asked.scenarios.is_empty() {
        println!("\nall scenarios");
        wrong += table::print("all", &all);
    }
    println!("\n{wrong} figures miss what is required");
    Ok(wrong)
}

/// All fleets of one scenario.
fn measure_fleets(scenario: &str, asked: &Asked) -> std::io::Result<Counts> {
    let mut counts = Counts::default();
    for seed in asked.seeds() {
        let one = measure(scenario, seed, seed == asked.first);
        counts.absorb(one.map_err(|error| std::io::Error::other(format!("{scenario}, seed {seed}: {error}")))?);
    }
    Ok(counts)
}

/// A million names once, and as many scans and registry changes as fleets. The names come first: a process
/// takes over the peak of the memory of the one that starts it.
fn measure_alone(asked: &Asked) -> std::io::Result<Counts> {
    let is_asked = |part: &str| asked.alone.contains(&part);
    let mut counts = Counts::default();
    if is_asked("names") {
        names::measure(&mut counts)?;
    }
    for seed in asked.seeds() {
        if is_asked("scans") {
            scans::measure(seed, &mut counts)?;
        }
        if is_asked("what-if") {
            whatif::measure(seed, &mut counts)?;
        }
    }
    Ok(counts)
}
