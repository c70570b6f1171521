//! How fast the whole program is: `cargo bench --bench speed -- [SIZE_MB [RUNS]] [WORDS]`.
//!
//! For each log: CPU seconds of `scan --threads 1` with its report, beside a CRC-32 of the same bytes
//! and `evtx_dump -t 1 -o jsonl`, in interleaved runs; medians and ratios, peak memory, and wall time
//! with one thread and two; at last start-up. A log is written, read once to fill the cache, measured and removed.
//!
//! Half of the logs come from the project's own writer; the other half are renumbered copies of chunks
//! of real logs from `$LOGONSTORM_CORPUS`. SIZE_MB is 256 unless told, RUNS 5. WORDS choose the logs
//! whose names hold all of them: `cargo bench --bench speed -- 512 4625`.

#![allow(clippy::print_stdout, reason = "a bench prints its figures")]

mod cases;
mod copies;
mod measure;
mod own;
mod peers;
mod table;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use cases::{Case, Log};
use measure::{Cost, median};
use table::Row;

/// Bytes of a log in MB unless told.
const SIZE_MB: u64 = 256;
/// Runs of each command unless told.
const RUNS: usize = 5;
/// Runs of each command by which start-up is measured.
const STARTS: usize = 21;

fn main() -> ExitCode {
    // Cargo adds `--bench`.
    let args: Vec<String> = std::env::args().skip(1).filter(|arg| arg != "--bench").collect();
    if let [mark, path] = args.as_slice()
        && mark == peers::CRC_MARK
    {
        return match peers::crc_pass(Path::new(path)) {
            Ok(sum) => {
                println!("{sum:08x}");
                ExitCode::SUCCESS
            }
            Err(error) => {
                println!("{path}: {error}");
                ExitCode::FAILURE
            }
        };
    }
    match compare(&args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            println!("speed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn compare(args: &[String]) -> std::io::Result<()> {
    let numbers: Vec<u64> = args.iter().map_while(|arg| arg.parse().ok()).collect();
    let words = &args[numbers.len()..];
    let size = numbers.first().copied().unwrap_or(SIZE_MB).max(1) * 1_000_000;
    let runs = numbers.get(1).map_or(RUNS, |runs| *runs as usize).max(1);
    let dump = peers::evtx_dump();
    if dump.is_none() {
        println!("no evtx_dump 0.15 in PATH or $EVTX_DUMP: not compared; to get it: {}\n", peers::INSTALL);
    }
    let corpus = copies::corpus();
    if corpus.is_none() {
        println!("no real logs at $LOGONSTORM_CORPUS: only logs of the own writer\n");
    }
    println!("{} MB a log, medians of {runs} interleaved runs, files in the page cache\n", size / 1_000_000);
    println!("{}", table::HEAD);
    for case in cases::CASES.iter().filter(|case| words.iter().all(|word| case.name.contains(word.as_str()))) {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
        let Some(log) = (case.make)(folder.path(), size, corpus.as_deref())? else { continue };
        let row = measure_case(case, &log, dump.as_deref(), runs)?;
        println!("{}", row.line());
    }
    println!("\n{}\n", table::FOOT);
    start_up()
}

/// Runs the commands in turn, so that a busy moment of the machine falls on all of them.
fn measure_case(case: &Case, log: &Log, dump: Option<&Path>, runs: usize) -> std::io::Result<Row> {
    let mut commands = vec![scan(&log.path, 1), peers::crc_command(&log.path)?, scan(&log.path, 2)];
    if let Some(dump) = dump.filter(|_| case.dumped) {
        let mut command = Command::new(dump);
        command.args(["-t", "1", "-o", "jsonl"]).arg(&log.path);
        commands.push(command);
    }
    let mut costs: Vec<Vec<Cost>> = vec![Vec::new(); commands.len()];
    measure::run(&mut commands[1])?;
    for _ in 0..runs {
        for (command, costs) in commands.iter_mut().zip(&mut costs) {
            costs.push(measure::run(command)?);
        }
    }
    let costs: Vec<Cost> = costs.iter().map(|costs| median(costs)).collect();
    Ok(Row {
        name: case.name,
        bytes: log.bytes,
        events: log.events,
        scan: costs[0],
        crc: costs[1],
        two: costs[2],
        dump: costs.get(3).copied(),
        required: case.required,
    })
}

/// Wall time of small runs, beside that of a program that does nothing.
fn start_up() -> std::io::Result<()> {
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/demo");
    let mut help = Command::new(program());
    help.arg("--help");
    let mut scan = Command::new(program());
    scan.args(["scan", "--quiet"]).arg(demo);
    for (name, mut command) in [("true", Command::new("true")), ("--help", help), ("scan of the demo", scan)] {
        let costs: Vec<Cost> = (0..STARTS).map(|_| measure::run(&mut command)).collect::<Result<_, _>>()?;
        println!("{name:38} {:>6.1} ms", median(&costs).wall * 1000.0);
    }
    Ok(())
}

fn scan(path: &Path, threads: u32) -> Command {
    let mut command = Command::new(program());
    command.args(["scan", "--quiet", "--color", "never", "--threads", &threads.to_string()]).arg(path);
    command
}

fn program() -> PathBuf {
    PathBuf::from(env!("CARGO_BIN_EXE_logonstorm"))
}
