//! What a change of the registry would do: predicted from files, against the loop itself with the new values.

use std::{fs, io};

use logonstorm::run::options::Options;
use logonstorm::run::scan;
use logonstorm::simulate::{CLASSIC, ClientLogWriter, Data, Format, Stamps, log};

use super::counts::Counts;
use super::dice::{Dice, failure, ticks};

/// Attempts per burst and the interval in milliseconds, as they may be set (KB Q287626).
const SETTINGS: [(u32, u32); 5] = [(1, 500), (2, 10_000), (6, 500), (6, 30_000), (3, 60_000)];
/// Loops of each log, and how long they are watched, in days.
const LOOPS: usize = 4;
const WATCHED: f64 = 8.0;
const DAY_S: f64 = 86_400.0;
/// Response of the server to one attempt, in seconds.
const RESPONSE_S: f64 = 0.05;
const ROUND: u32 = 5;
/// Largest error of a prediction.
const ERROR: f64 = 0.10;

/// A loop of the metering client.
struct Model {
    wait: f64,
    jitter: f64,
    /// Mean pause between rounds in seconds.
    pause: Option<f64>,
}

/// One more log with loops.
#[expect(clippy::disallowed_methods, reason = "files of a temporary folder")]
pub(crate) fn measure(seed: u64, counts: &mut Counts) -> io::Result<()> {
    let mut dice = Dice(seed);
    let folder = tempfile::tempdir()?;
    let mut attempts: Vec<(f64, usize)> = Vec::new();
    let mut models = Vec::new();
    for at in 0..LOOPS {
        let (m, spacing) = (dice.log_between(1.0, 12.0).round(), dice.log_between(0.3, 3.0));
        let pause = [None, Some(600.0), Some(1800.0)][(dice.next() % 3) as usize];
        let model = Model { wait: 60.0, jitter: dice.log_between(0.3, 6.0), pause };
        let mut client = ClientLogWriter::new("MTR01", ROUND, 60, Stamps::Whole).capped(usize::MAX);
        let before = Dice(dice.next());
        let (bursts, _) = run(&model, before, m as u32, spacing, usize::MAX, |begin, end, i| {
            attempts.extend((0..m as u32).map(|k| (begin + spacing * f64::from(k), at)));
            client.unreachable(ticks(begin), ticks(end), i);
        });
        let own = folder.path().join(format!("clients/WS{at:03}"));
        fs::create_dir_all(&own)?;
        fs::write(own.join("Liccli.log"), client.finish().log)?;
        models.push((model, before, bursts));
    }
    attempts.sort_by(|a, b| a.0.total_cmp(&b.0));
    fs::create_dir(folder.path().join("security"))?;
    fs::write(folder.path().join("security/DC01.evt"), written(&attempts)?)?;
    let paths = vec![folder.path().join("security"), folder.path().join("clients")];
    let analysis = scan(&Options { paths, all: true, ..Options::default() }, &()).map_err(io::Error::other)?;
    for (at, (model, before, bursts)) in models.into_iter().enumerate() {
        let row = analysis.rows.iter().find(|row| row.workstation == format!("WS{at:03}"));
        let cycle = row.and_then(|row| row.evidence.cycle).and_then(Result::ok);
        for (after, interval) in SETTINGS {
            let spacing = f64::from(interval) / 1000.0 + RESPONSE_S;
            let (bursts, days) = run(&model, before, after, spacing, bursts, |_, _, _| ());
            let real = bursts as f64 * f64::from(after) / days;
            let told = cycle.and_then(|cycle| cycle.per_day(after, interval));
            let error = told.map(|told| told / real - 1.0);
            let good = error.is_some_and(|error| error.abs() <= ERROR);
            counts.add("what-if within 10 %", good);
            if !good {
                let class = row.map_or("no row", |row| row.class.word());
                counts.notes.push(format!(
                    "what-if, seed {seed}: WS{at:03} ({class}), {after} attempts {interval} ms apart: {real:.0} a day, error {error:.3?}"
                ));
            }
        }
    }
    Ok(())
}

/// Calls `burst` with begin, end and number in its round of every burst, so many at most, of
/// [`WATCHED`] days; the number of bursts and the days they took.
///
/// Dice of equal state give equal waits and pauses, whatever a burst is: what is predicted is the same
/// client's behaviour with other values, and not another draw of its pauses.
fn run(
    model: &Model,
    mut dice: Dice,
    m: u32,
    spacing: f64,
    most: usize,
    mut burst: impl FnMut(f64, f64, u32),
) -> (usize, f64) {
    let (mut t, mut i, mut bursts) = (0.0, 0, 0);
    while t < WATCHED * DAY_S && bursts < most {
        let end = t + spacing * f64::from(m);
        burst(t, end, i);
        t = end + model.wait + (model.jitter * dice.normal()).abs();
        bursts += 1;
        i += 1;
        if let Some(pause) = model.pause
            && i >= ROUND
        {
            t += pause * dice.exponential();
            i = 0;
        }
        i %= ROUND;
    }
    (bursts, t / DAY_S)
}

fn written(attempts: &[(f64, usize)]) -> io::Result<Vec<u8>> {
    let event = |(number, (at, workstation)): (usize, &(f64, usize))| {
        let strings = vec![
            "MICROSOFT_AUTHENTICATION_PACKAGE_V1_0".into(),
            format!("user{workstation:03}").into(),
            format!(r"\\WS{workstation:03}").into(),
            "3221225586".into(),
        ];
        failure((number, *at), 681, "DC01", CLASSIC, Data::Strings(strings))
    };
    log(&attempts.iter().enumerate().map(event).collect::<Vec<_>>(), Format::Evt)
}
