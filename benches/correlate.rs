//! What correlation costs: `cargo bench --bench correlate`. One client at a time, its shuffles on all
//! cores: the wall time, and the processor time of all threads together where the system tells it
//! (Linux; else `inf`), each the least of several runs. To be met by a machine that does nothing else: 0.1 s for a
//! client with 99 shuffles, 0.5 s for the long log.
//!
//! Clients of three days, of which 700 ticks are compared with 99 shuffles; 200 other workstations;
//! and more than 100,000 ticks a side over 310 days with a drift of 50 ppm.

#![allow(clippy::print_stdout, reason = "a bench prints its times")]

use logonstorm::correlate::{Client, Settings, Side, correlate, prepare, side};
use logonstorm::model::client::TickClass;
use logonstorm::model::event::FileId;
use logonstorm::model::matching::{Correlation, Match};
use logonstorm::model::timeline::{ClientTrain, Dating, Tick};
use logonstorm::model::train::Mark;
use std::time::Instant;

/// SplitMix64: the bench needs equal data in every run, nothing more.
struct Rng(u64);

impl Rng {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// The absolute value of a normal deviate, by twelve uniform ones.
    fn half_normal(&mut self, sigma: f64) -> f64 {
        ((0..12).map(|_| self.unit()).sum::<f64>() - 6.0).abs() * sigma
    }
}

/// A retry loop: its bursts' failures and its ticks in true time.
struct Loop {
    failures: Vec<f64>,
    ticks: Vec<f64>,
}

/// `pause_s` is the mean pause after five attempts; 0 is an endless loop.
fn retry_loop(rng: &mut Rng, from: f64, to: f64, pause_s: f64, sigma: f64) -> Loop {
    let (mut t, mut made) = (from, Loop { failures: Vec::new(), ticks: Vec::new() });
    while t < to {
        for _ in 0..5 {
            for _ in 0..3 {
                made.failures.push(t);
                t += 0.8 + 0.1 * rng.unit();
            }
            made.ticks.push(t);
            t += 60.0 + rng.half_normal(sigma);
        }
        if pause_s > 0.0 {
            t -= pause_s * (1.0 - rng.unit()).ln();
        }
    }
    made
}

fn lossy(rng: &mut Rng, times: &[f64], loss: f64) -> Vec<f64> {
    times.iter().copied().filter(|_| rng.unit() >= loss).collect()
}

fn server(rng: &mut Rng, made: &Loop, to: f64, loss: f64) -> Side {
    let mut seconds: Vec<u32> = lossy(rng, &made.failures, loss).iter().map(|t| *t as u32).collect();
    seconds.dedup();
    let marks: Vec<Mark> = seconds.iter().map(|sec| Mark { sec: *sec, count: 1 }).collect();
    side(&marks, (0, to as i64), 15)
}

fn client(rng: &mut Rng, made: &Loop, clock: impl Fn(f64) -> f64, loss: f64) -> Client {
    let tick = |t: &f64| Tick {
        at_ms: Some((clock(*t) * 1000.0) as i64),
        class: TickClass::Pipe,
        file: FileId(0),
        line: 0,
        offset: 0,
        server: std::sync::Arc::default(),
        counter: None,
        wait_s: None,
    };
    let ticks: Vec<Tick> = lossy(rng, &made.ticks, loss).iter().map(tick).collect();
    prepare(&ClientTrain {
        workstation: None,
        attributed_by: None,
        files: Vec::new(),
        dating: Dating::Dated,
        ticks,
        successes_ms: Vec::new(),
        successes: 0,
        span_ms: None,
        busy_lines: 0,
        unknown_lines: 0,
        metering_servers: Vec::new(),
        accounts: Vec::new(),
    })
}

/// Processor time of all threads so far, in seconds; `None` where the system does not tell.
fn processor_s() -> Option<f64> {
    let threads = std::fs::read_dir("/proc/self/task").ok()?;
    let nanoseconds = threads.filter_map(|thread| {
        let times = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        times.split(' ').next()?.parse::<u64>().ok()
    });
    Some(nanoseconds.sum::<u64>() as f64 * 1e-9)
}

/// Runs of each comparison.
const RUNS: usize = 5;

fn time(what: &str, client: &Client, own: &Side, others: &[(&Side, bool)], settings: &Settings) -> Option<Match> {
    let (mut took, mut used) = (f64::INFINITY, f64::INFINITY);
    let mut found = correlate(client, own, others, settings);
    for _ in 0..RUNS {
        let (began, before) = (Instant::now(), processor_s());
        found = correlate(client, own, others, settings);
        took = took.min(began.elapsed().as_secs_f64());
        used = used.min(processor_s().zip(before).map_or(f64::NAN, |(now, before)| now - before));
    }
    let times = format!("{what:34} {took:7.4} s, processor {used:7.4} s");
    let Correlation::InTime(found) = found else {
        println!("{times}  not compared");
        return None;
    };
    println!(
        "{times}  {} ticks, {} bursts, K {} of {}, G {:.2}, offset {:.1} s, {:.1} ppm, {} shuffles, p {:.2}, z {:.1}",
        found.ticks,
        found.bursts,
        found.matched,
        found.of_client,
        found.g,
        found.clock.delta,
        found.clock.rho * 1e6,
        found.shuffles,
        found.p,
        found.z
    );
    Some(*found)
}

/// Days of the long log: more than 100,000 ticks are left of it.
const LONG_DAYS: f64 = 310.0;

fn main() {
    println!("{} threads", rayon::current_num_threads());
    let settings = Settings::default();
    let days = 86_400.0;
    let clock = |t: f64| t + 7200.0 + 50e-6 * t;
    for (what, pause, loss) in
        [("endless loop", 0.0, 0.0), ("pauses of 10 min", 600.0, 0.3), ("pauses of 30 min", 1800.0, 0.0)]
    {
        let mut rng = Rng(1);
        let made = retry_loop(&mut rng, 1000.0, 3.0 * days, pause, 2.0);
        let own = server(&mut rng, &made, 3.0 * days, loss);
        let log = client(&mut rng, &made, clock, loss);
        time(&format!("{what}, own log"), &log, &own, &[], &settings);
        let other = retry_loop(&mut rng, 2000.0, 3.0 * days, pause, 2.0);
        let foreign = client(&mut rng, &other, clock, loss);
        time(&format!("{what}, foreign log"), &foreign, &own, &[], &settings);
        let all = client(&mut rng, &made, clock, loss);
        let sides: Vec<Side> = (0..200)
            .map(|_| {
                let other = retry_loop(&mut rng, 3000.0, 3.0 * days, 900.0, 2.0);
                server(&mut rng, &other, 3.0 * days, 0.3)
            })
            .collect();
        let others: Vec<(&Side, bool)> = sides.iter().map(|side| (side, false)).collect();
        time(&format!("{what}, own log, 200 others"), &all, &own, &others, &settings);
    }
    let mut rng = Rng(2);
    let made = retry_loop(&mut rng, 1000.0, LONG_DAYS * days, 600.0, 2.0);
    let whole = Loop { failures: made.failures, ticks: made.ticks };
    let own = server(&mut rng, &whole, LONG_DAYS * days, 0.3);
    let log = client(&mut rng, &whole, clock, 0.3);
    if let Some(found) = time("310 days, tracked", &log, &own, &[], &settings) {
        let error = found.track.iter().filter_map(|point| {
            let at = point.client_sec as f64 - 7200.0;
            Some((point.offset? - (7200.0 + 50e-6 * at)).abs())
        });
        let lost = found.track.iter().filter(|point| point.offset.is_none()).count();
        println!("  {} windows, {lost} lost, largest error {:.2} s", found.track.len(), error.fold(0.0, f64::max));
    }
}
