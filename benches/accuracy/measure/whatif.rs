//! What a change of the registry would do: predicted from files, against the loop itself with the new values.
//!
//! Pauses between rounds vary so much that eight days of them tell their mean no better than to 6 %. So a
//! prediction is asked two things. From a log of some days: what the same rounds, their waits and pauses,
//! would have been with the new values; there the model alone can err. From a log of many rounds: what the
//! client does from then on, when all waits and pauses are others; there the estimate can err too.

use std::{fs, io};

use logonstorm::model::analysis::Analysis;
use logonstorm::model::remedy::Cycle;
use logonstorm::run::options::Options;
use logonstorm::run::scan;
use logonstorm::simulate::{CLASSIC, ClientLogWriter, Data, Format, Stamps, log};

use super::counts::Counts;
use super::dice::{Dice, failure, ticks};

/// Attempts per burst and the interval in milliseconds, as they may be set (KB Q287626).
const SETTINGS: [(u32, u32); 5] = [(1, 500), (2, 10_000), (6, 500), (6, 30_000), (3, 60_000)];
/// Loops of each log.
const LOOPS: usize = 4;
const DAY_S: f64 = 86_400.0;
/// Response of the server to one attempt, in seconds.
const RESPONSE_S: f64 = 0.05;
const ROUND: u32 = 5;
/// Largest error of a prediction.
const ERROR: f64 = 0.10;
/// Bursts whose pauses tell their mean to 2 %, where they are exponential: 2,000 rounds.
const MANY: usize = 2_000 * ROUND as usize;
/// Bursts of the client from then on: their rate is known to half a percent.
const FUTURE: usize = 25 * MANY;

/// A loop of the metering client.
struct Model {
    /// Attempts per burst, and their distance in seconds.
    attempts: u32,
    spacing: f64,
    wait: f64,
    jitter: f64,
    /// Mean pause between rounds in seconds.
    pause: Option<f64>,
    /// Waits and pauses of the log.
    dice: Dice,
}

/// What is asked of predictions.
struct Question {
    figure: &'static str,
    /// How long a loop is watched: seconds or bursts, whatever ends first.
    watched: (f64, usize),
    /// Asked for is what comes after, of so many bursts with other waits and pauses, instead of the same
    /// bursts with the same.
    future: Option<usize>,
}

const QUESTIONS: [Question; 2] = [
    Question { figure: SAME, watched: (8.0 * DAY_S, usize::MAX), future: None },
    Question { figure: LATER, watched: (f64::INFINITY, MANY), future: Some(FUTURE) },
];

/// Names of the figures.
pub(crate) const SAME: &str = "what-if within 10 %";
pub(crate) const LATER: &str = "what-if within 10 % later";

/// One more log with loops for each question.
pub(crate) fn measure(seed: u64, counts: &mut Counts) -> io::Result<()> {
    QUESTIONS.iter().try_for_each(|question| ask(question, seed, counts))
}

fn ask(question: &Question, seed: u64, counts: &mut Counts) -> io::Result<()> {
    let mut dice = Dice(seed);
    let models: Vec<Model> = (0..LOOPS).map(|_| Model::draw(&mut dice)).collect();
    let (analysis, bursts) = scanned(&models, question.watched)?;
    for (at, (model, bursts)) in models.iter().zip(bursts).enumerate() {
        let row = analysis.rows.iter().find(|row| row.workstation == format!("WS{at:03}"));
        let cycle = row.and_then(|row| row.evidence.cycle).and_then(Result::ok);
        let (again, bursts) = question.future.map_or((model.dice, bursts), |many| (Dice(dice.next()), many));
        for setting in SETTINGS {
            let (real, error) = error(model, cycle, setting, again, bursts);
            counts.add(question.figure, error.abs() <= ERROR);
            counts.errors.entry(question.figure).or_default().push(error.abs());
            if error.abs() > ERROR {
                let (class, (after, interval)) = (row.map_or("no row", |row| row.class.word()), setting);
                counts.notes.push(format!(
                    "{}, seed {seed}: WS{at:03} ({class}), {after} attempts {interval} ms apart: {real:.0} a day, error {error:.3}",
                    question.figure
                ));
            }
        }
    }
    Ok(())
}

/// Failures per day of so many bursts with new values, and the error of their prediction as a share;
/// infinite where nothing is predicted.
fn error(model: &Model, cycle: Option<Cycle>, (after, interval): (u32, u32), dice: Dice, bursts: usize) -> (f64, f64) {
    let changed = Model { attempts: after, spacing: f64::from(interval) / 1000.0 + RESPONSE_S, dice, ..*model };
    let (bursts, seconds) = changed.run((f64::INFINITY, bursts), |_, _, _| ());
    let real = bursts as f64 * f64::from(after) * DAY_S / seconds;
    let told = cycle.and_then(|cycle| cycle.per_day(after, interval));
    (real, told.map_or(f64::INFINITY, |told| told / real - 1.0))
}

/// What the program makes of logs of these loops, and the bursts of each.
#[expect(clippy::disallowed_methods, reason = "files of a temporary folder")]
fn scanned(models: &[Model], watched: (f64, usize)) -> io::Result<(Analysis, Vec<usize>)> {
    let folder = tempfile::tempdir()?;
    let mut attempts: Vec<(f64, usize)> = Vec::new();
    let mut all = Vec::new();
    for (at, model) in models.iter().enumerate() {
        let mut client = ClientLogWriter::new("MTR01", ROUND, 60, Stamps::Whole).capped(usize::MAX);
        let (bursts, _) = model.run(watched, |begin, end, i| {
            attempts.extend((0..model.attempts).map(|k| (begin + model.spacing * f64::from(k), at)));
            client.unreachable(ticks(begin), ticks(end), i);
        });
        let own = folder.path().join(format!("clients/WS{at:03}"));
        fs::create_dir_all(&own)?;
        fs::write(own.join("Liccli.log"), client.finish().log)?;
        all.push(bursts);
    }
    attempts.sort_by(|a, b| a.0.total_cmp(&b.0));
    fs::create_dir(folder.path().join("security"))?;
    fs::write(folder.path().join("security/DC01.evt"), written(&attempts)?)?;
    let paths = vec![folder.path().join("security"), folder.path().join("clients")];
    let analysis = scan(&Options { paths, all: true, ..Options::default() }, &()).map_err(io::Error::other)?;
    Ok((analysis, all))
}

impl Model {
    fn draw(dice: &mut Dice) -> Self {
        let (attempts, spacing) = (dice.log_between(1.0, 12.0).round() as u32, dice.log_between(0.3, 3.0));
        let pause = [None, Some(600.0), Some(1800.0)][(dice.next() % 3) as usize];
        let jitter = dice.log_between(0.3, 6.0);
        Self { attempts, spacing, wait: 60.0, jitter, pause, dice: Dice(dice.next()) }
    }

    /// Calls `burst` with begin, end and number in its round of every burst, of so many seconds or so many
    /// bursts, whatever ends first; the number of bursts and the seconds they took.
    ///
    /// Dice of equal state give equal waits and pauses, whatever a burst is: as many bursts are then the same
    /// client's behaviour with other values. Equal times are not, because longer bursts leave room for fewer
    /// pauses, and the mean of fewer is another.
    fn run(&self, (most_s, most): (f64, usize), mut burst: impl FnMut(f64, f64, u32)) -> (usize, f64) {
        let mut dice = self.dice;
        let (mut t, mut i, mut bursts) = (0.0, 0, 0);
        while t < most_s && bursts < most {
            let end = t + self.spacing * f64::from(self.attempts);
            burst(t, end, i);
            t = end + self.wait + (self.jitter * dice.normal()).abs();
            bursts += 1;
            i = (i + 1) % ROUND;
            if let Some(pause) = self.pause
                && i == 0
            {
                t += pause * dice.exponential();
            }
        }
        (bursts, t)
    }
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
