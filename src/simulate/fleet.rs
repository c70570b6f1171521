//! From a world to files: what is lost, what each log holds, and the truth about it.

use std::io;

use super::client_log::{ClientLogWriter, Stamps};
use super::exports::{Format, exports};
use super::harm;
use super::retry::DAY;
use super::rng::Rng;
use super::truth::{ClientTruth, EntityTruth, ServerTruth, TRUTH_SCHEMA, Truth};
use super::world::{Client, Made, Tick, World};
use crate::model::time::{Ticks, rfc3339};

/// A failure this close to a client's line makes the line a common one, in seconds.
const COMMON_S: f64 = 20.0;
/// Common lines that a confirmation needs.
const CONFIRMING_LINES: u64 = 6;

/// A fleet in memory.
#[derive(Clone, Debug)]
pub struct Fleet {
    /// Path below the fleet's folder, with `/`, and content; sorted by path.
    pub files: Vec<(String, Vec<u8>)>,
    /// What is in it.
    pub truth: Truth,
}

/// How much of a world gets lost.
#[derive(Clone, Copy, Debug)]
pub(super) struct Damage {
    /// Part of the events and of the client's attempts that is lost.
    pub(super) loss: f64,
    /// Chance that a long client log loses a fifth in one piece.
    pub(super) client_hole: f64,
    /// Length of the piece that each server's log lacks, in seconds.
    pub(super) server_hole: f64,
    /// Days that the exports reach back, at least and at most.
    pub(super) overlap_days: (u64, u64),
}

/// The origin of a fleet's times.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    /// Unix seconds of the start of the span.
    pub(super) start: i64,
}

impl Origin {
    /// The moment `at` seconds after the start.
    pub(super) fn ticks(self, at: f64) -> Ticks {
        Ticks(Ticks::from_secs(self.start).0 + (at * 1e7).round() as i64)
    }
}

/// Loses, sorts, writes.
pub(super) fn finish(mut world: World, damage: &Damage, origin: Origin, format: Format) -> io::Result<Fleet> {
    let mut rng = world.rng.fork();
    let attempts = count(&world);
    lose_events(&mut world, damage, &mut rng);
    let mut files = exports(&world, damage, origin, format, &mut rng)?;
    let mut truth = truth_of(&world, &attempts, origin);
    for client in std::mem::take(&mut world.clients) {
        let told = client_files(&world, &client, damage, origin, &mut rng, &mut files);
        truth.entities[client.entity as usize].client = Some(told);
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(Fleet { files, truth })
}

/// Failures of each entity.
fn count(world: &World) -> Vec<u64> {
    let mut counts = vec![0; world.entities.len()];
    for made in world.events.iter().filter(|made| made.what.is_failure()) {
        counts[made.entity as usize] += 1;
    }
    counts
}

fn lose_events(world: &mut World, damage: &Damage, rng: &mut Rng) {
    let span = world.span;
    let holes: Vec<f64> = world.servers.iter().map(|_| rng.between(0.2, 0.8) * span).collect();
    world.events.retain(|made| {
        let lost = rng.chance(damage.loss);
        let hole = holes[made.server];
        let in_hole = (hole..hole + damage.server_hole).contains(&made.at);
        !lost && !in_hole && (0.0..span).contains(&made.at)
    });
    // Stable: events of one moment keep the order in which they were made.
    world.events.sort_by(|a, b| a.server.cmp(&b.server).then(a.at.total_cmp(&b.at)));
    harm::lose(world);
}

fn truth_of(world: &World, attempts: &[u64], origin: Origin) -> Truth {
    let entities = (0..world.entities.len()).map(|i| entity_truth(world, i, attempts[i], origin)).collect();
    let servers = world.servers.iter().enumerate().map(|(i, server)| ServerTruth {
        name: server.name.clone(),
        clock_offset_s: server.offset,
        events: world.events.iter().filter(|made| made.server == i).count() as u64,
        damage: server.harm.words(),
    });
    Truth {
        schema: TRUTH_SCHEMA.to_owned(),
        seed: 0,
        scenario: String::new(),
        start: rfc3339(origin.start),
        end: rfc3339(origin.start + world.span as i64),
        servers: servers.collect(),
        entities,
    }
}

fn entity_truth(world: &World, index: usize, attempts: u64, origin: Origin) -> EntityTruth {
    let entity = &world.entities[index];
    let own = world.events.iter().filter(|made| made.entity as usize == index && made.what.is_failure());
    let own: Vec<&Made> = own.collect();
    let name = |made: &Made| {
        let number = if made.from.workstation == 0 { made.from.ip } else { made.from.workstation };
        world.texts[number as usize].clone()
    };
    let first = own.iter().map(|made| made.at).min_by(f64::total_cmp);
    let last = own.iter().map(|made| made.at).max_by(f64::total_cmp);
    let shown = |at: Option<f64>| at.map(|at| origin.ticks(at).rfc3339(3));
    EntityTruth {
        class: entity.class.to_owned(),
        expect: entity.expect.to_owned(),
        workstations: distinct(own.iter().map(|made| name(made)), 8),
        accounts: distinct(own.iter().map(|made| world.texts[made.account as usize].clone()), 8),
        servers: distinct(own.iter().map(|made| world.servers[made.server].name.clone()), 8),
        n: own.len() as u64,
        attempts,
        onset: shown(first),
        last: shown(last),
        client: None,
    }
}

/// The first `most` different texts, in the order in which they occur.
fn distinct(texts: impl Iterator<Item = String>, most: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for text in texts {
        if out.len() == most {
            break;
        }
        if !out.contains(&text) {
            out.push(text);
        }
    }
    out
}

/// Writes a client's log into `files` and tells what it holds.
fn client_files(
    world: &World,
    client: &Client,
    damage: &Damage,
    origin: Origin,
    rng: &mut Rng,
    files: &mut Vec<(String, Vec<u8>)>,
) -> ClientTruth {
    let ticks = surviving_ticks(client, damage, rng);
    let mut log = ClientLogWriter::new(&client.metering_server, 5, 60, client.stamps).capped(client.cap);
    // The clock is read to the second, as the alignment's measurements assume.
    let shown = |at: f64| origin.ticks(client.clock.read(at).floor());
    let mut successes =
        client.successes.iter().filter(|at| (client.window.0..client.window.1).contains(*at)).peekable();
    for tick in &ticks {
        while let Some(at) = successes.next_if(|at| **at < tick.end) {
            log.success(shown(*at), "jdoe");
        }
        if client.both_lines {
            log.whole_block(shown(tick.from), shown(tick.end), tick.i % 5);
        } else if tick.i == 0 {
            log.pipe_failure(shown(tick.from), shown(tick.end));
        } else {
            log.unreachable(shown(tick.from), shown(tick.end), (tick.i - 1) % 5);
        }
        if rng.chance(0.01) {
            log.other(shown(tick.end + 5.0), rng.whole(0, 4) as u32);
        }
    }
    for at in successes {
        log.success(shown(*at), "jdoe");
    }
    let written = log.finish();
    let kept = &ticks[ticks.len() - (written.attempts as usize).min(ticks.len())..];
    let name = world.texts[client.workstation as usize].clone();
    files.push((format!("clients/{name}/Liccli.log"), written.log));
    if let Some(older) = written.older {
        files.push((format!("clients/{name}/Liccli.lo_"), older));
    }
    client_truth(world, client, kept, name, origin)
}

fn surviving_ticks(client: &Client, damage: &Damage, rng: &mut Rng) -> Vec<Tick> {
    let (from, to) = client.window;
    let mut ticks: Vec<Tick> = client.ticks.clone();
    ticks.retain(|tick| !rng.chance(damage.loss) && (from..to).contains(&tick.end));
    if ticks.len() > 40 && rng.chance(damage.client_hole) {
        let piece = ticks.len() / 5;
        let start = rng.whole(0, (ticks.len() - piece) as u64) as usize;
        ticks.drain(start..start + piece);
    }
    ticks
}

fn client_truth(world: &World, client: &Client, kept: &[Tick], name: String, origin: Origin) -> ClientTruth {
    let own = world.events.iter().filter(|made| made.from.workstation == client.workstation && made.what.is_failure());
    let mut times: Vec<f64> = own.map(|made| made.at).collect();
    times.sort_by(f64::total_cmp);
    let near = |tick: &&Tick| {
        let next = times.partition_point(|at| *at < tick.end - COMMON_S);
        times.get(next).is_some_and(|at| *at <= tick.end + COMMON_S)
    };
    let common: Vec<&Tick> = kept.iter().filter(near).collect();
    let middle = match (common.first(), common.last()) {
        (Some(first), Some(last)) => Some((first.end + last.end) / 2.0),
        _ => None,
    };
    let common_lines = common.len() as u64;
    let millis = |seconds: f64| (seconds * 1000.0).round() / 1000.0;
    ClientTruth {
        workstation: name,
        metering_server: client.metering_server.clone(),
        ticks: kept.len() as u64,
        common_lines,
        same_loop: client.same_loop,
        expect_confirmed: client.same_loop && common_lines >= CONFIRMING_LINES && client.stamps != Stamps::None,
        damage: client.harm.map(str::to_owned),
        clock_offset_s: millis(client.clock.offset),
        drift_ppm: millis(client.clock.drift_ppm),
        step_s: millis(client.clock.step.map_or(0.0, |step| step.1)),
        step_at: client.clock.step.map(|step| origin.ticks(step.0).rfc3339(0)),
        clock_offset_mid_s: middle.map(|at| millis(client.clock.read(at) - at)),
    }
}

/// Days of a span, for those who write day by day.
pub(super) fn days(span: f64) -> u64 {
    (span / DAY) as u64
}
