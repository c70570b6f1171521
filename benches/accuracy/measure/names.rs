//! A million names that fail once, and ten storms among them, in a run of the program of its own: with a
//! small budget too every storm must stay, its failures counted exactly, and the memory of each run must
//! stay within its budget.

use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use logonstorm::model::time::rfc3339;
use wait4::Wait4;

use super::counts::Counts;

/// Names that fail once.
const ONCE: u64 = 1_000_000;
/// Failures of the storms. The smallest is above what a summary of 65,536 counters can lose of them all.
const STORMS: [u64; 10] = [50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 300, 200, 100];
/// Length of the log in seconds, and its start.
const SPAN_S: u64 = 3 * 86_400;
const START_S: u64 = 1_028_505_600;
/// Budgets in MiB: one that a million names do not fit into, and the one that holds unless told.
const BUDGETS: [u64; 2] = [64, 512];
const HEAD: &str = "EventLog,RecordNumber,TimeGenerated,TimeWritten,EventID,EventType,EventTypeName,EventCategory,\
                    EventCategoryName,SourceName,Strings,ComputerName,SID,Message,Data";

/// Both runs over one log.
pub(crate) fn measure(counts: &mut Counts) -> io::Result<()> {
    let folder = tempfile::tempdir()?;
    let (log, report) = (folder.path().join("security.csv"), folder.path().join("report.json"));
    write(&log)?;
    for budget in BUDGETS {
        let mut command = Command::new(env!("CARGO_BIN_EXE_logonstorm"));
        command.args(["scan", "-q", "-f", "json"]).arg(&log).stdin(Stdio::null()).stdout(File::create(&report)?);
        command.arg(format!("--memory={budget}MiB"));
        let used = command.stderr(Stdio::null()).spawn()?.wait4()?;
        let told: serde_json::Value = serde_json::from_slice(&std::fs::read(&report)?).unwrap_or_default();
        let rows = told["workstations"].as_array().map_or(&[][..], Vec::as_slice);
        for (at, failures) in STORMS.into_iter().enumerate() {
            let name = format!("STORM{at}");
            let exact = rows.iter().any(|row| row["workstation"] == *name && row["failures"] == failures);
            counts.add("storms among a million names kept and exact", exact);
        }
        counts.add("a million names within the budget", used.rusage.maxrss <= budget << 20);
        counts.notes.push(format!("a million names, budget {budget} MiB: peak {} MiB", used.rusage.maxrss >> 20));
    }
    Ok(())
}

fn write(path: &Path) -> io::Result<()> {
    let mut out = BufWriter::new(File::create(path)?);
    writeln!(out, "{HEAD}")?;
    let (mut number, mut line, mut told) = (0, String::new(), [0; STORMS.len()]);
    for once in 0..ONCE {
        let sec = once * SPAN_S / ONCE;
        let mut row = |name: std::fmt::Arguments| -> io::Result<()> {
            number += 1;
            let at = rfc3339((START_S + sec) as i64).replace('T', " ").replace('Z', "");
            line.clear();
            let _ = write!(line, "Security,{number},{at},{at},681,16,Failure Audit event,9,Account Logon ,Security,");
            let _ = write!(line, "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0|{name}");
            writeln!(out, "{line}|3221225586,DC01,S-1-5-18,,")
        };
        row(format_args!("u{once}|\\\\ONCE{once:07}"))?;
        for (storm, failures) in STORMS.into_iter().enumerate() {
            while told[storm] < (once + 1) * failures / ONCE {
                told[storm] += 1;
                row(format_args!("svc{storm}|\\\\STORM{storm}"))?;
            }
        }
    }
    out.flush()
}
