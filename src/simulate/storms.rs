//! Loops of the metering client, with and without their own logs.

use super::retry::{Burst, DAY, Loop, bursts};
use super::world::{Made, What, World};

const DISABLED: u32 = 0xC000_0072;
const LOCKED: u32 = 0xC000_0234;
const WRONG: u32 = 0xC000_006A;
const MINUTE: f64 = 60.0;
const HOUR: f64 = 3600.0;

/// A loop of the metering client: 60 s wait, endless or rounds of five.
fn sms_loop(world: &mut World, m: (f64, f64)) -> Loop {
    let rng = &mut world.rng;
    let m = rng.log_uniform(m.0, m.1).round();
    let d = rng.log_uniform(0.2, 4.0);
    let sigma = rng.log_uniform(0.3, 6.0);
    let pause = *rng.pick(&[None, Some(10.0), Some(30.0), Some(90.0)]);
    let office = pause.is_some() && rng.chance(0.5);
    Loop { m, d, wait: 60.0, sigma, rounds: pause.map(|pause| (5, pause * MINUTE)), office }
}

/// A train somewhere in the span; at least 20 attempts, or six hours with short pauses instead.
fn sms_train(world: &mut World, model: &Loop, longest: f64) -> Vec<Burst> {
    let span = world.span;
    let start = world.rng.between(0.0, 0.6 * span);
    let length = world.rng.log_uniform(2.0 * HOUR, longest.min(span));
    let train = bursts(&mut world.rng, model, start, (start + length).min(span));
    if train.iter().map(|burst| burst.attempts.len()).sum::<usize>() >= 20 {
        return train;
    }
    let model = Loop { rounds: Some((5, 10.0 * MINUTE)), office: false, ..*model };
    bursts(&mut world.rng, &model, start, start + 6.0 * HOUR)
}

fn status(world: &mut World) -> u32 {
    if world.rng.chance(0.7) { DISABLED } else { LOCKED }
}

/// The storm the tool is for: one account, and mostly a client log of the same loop.
pub(super) fn sms_storm(world: &mut World) {
    storm_of(world, "sms-storm", (1.0, 40.0), f64::INFINITY);
}

/// A storm whose bursts hold hundreds of attempts; a few hours of it fill a log.
pub(super) fn dense_storm(world: &mut World) {
    storm_of(world, "dense-storm", (100.0, 300.0), 6.0 * HOUR);
}

fn storm_of(world: &mut World, class: &'static str, m: (f64, f64), longest: f64) {
    let entity = world.entity(class, "storm");
    let (from, account) = (world.workstation(), world.account());
    let model = sms_loop(world, m);
    let train = sms_train(world, &model, longest);
    let status = status(world);
    world.fail_all(entity, &train, from, account, status);
    if world.rng.chance(0.8) {
        world.client(entity, from, &train, true);
    }
}

/// A loop over half the span whose attempts are logged in some other way; see the callers.
fn plain_train(world: &mut World, m: f64, pause: f64) -> Vec<Burst> {
    let model = Loop { m, d: 1.0, wait: 60.0, sigma: 1.5, rounds: Some((5, pause * MINUTE)), office: false };
    let start = world.rng.between(0.0, 0.3 * world.span);
    let end = world.span * world.rng.between(0.7, 1.0);
    bursts(&mut world.rng, &model, start, end)
}

/// Each attempt as three session setups within a second (KB Q219898).
pub(super) fn triplets(world: &mut World) {
    let entity = world.entity("triplets", "storm");
    let (from, account) = (world.workstation(), world.account());
    let mut train = plain_train(world, 2.0, 15.0);
    for burst in &mut train {
        let each = burst.attempts.iter().flat_map(|at| [*at, at + 0.3, at + 0.6]);
        burst.attempts = each.collect();
        burst.end += 0.6;
    }
    world.fail_all(entity, &train, from, account, DISABLED);
    world.client(entity, from, &train, true);
}

/// A client whose PipeRetryInterval was raised to half a minute: the attempts of one burst are as far
/// apart as bursts of others.
pub(super) fn slow_retries(world: &mut World) {
    let entity = world.entity("slow-retries", "storm");
    let (from, account) = (world.workstation(), world.account());
    let model = Loop { m: 3.0, d: 30.0, wait: 60.0, sigma: 1.5, rounds: Some((5, 15.0 * MINUTE)), office: false };
    let end = world.span;
    let train = bursts(&mut world.rng, &model, HOUR, end);
    world.fail_all(entity, &train, from, account, DISABLED);
    world.client(entity, from, &train, true);
}

/// Each attempt as a 681 and a 531 in the same log: the server holds the account itself.
pub(super) fn pairs(world: &mut World) {
    let entity = world.entity("event-pairs", "storm");
    let (from, account) = (world.workstation(), world.account());
    let train = plain_train(world, 3.0, 15.0);
    world.fail_all(entity, &train, from, account, DISABLED);
    for at in train.iter().flat_map(|burst| burst.attempts.clone()) {
        let (server, what, status) = (0, What::Logon, DISABLED);
        world.events.push(Made { at: at + 0.05, server, what, from, account, status, entity });
    }
    world.client(entity, from, &train, true);
}

/// The same attempts in the logs of two domain controllers whose clocks differ.
pub(super) fn two_servers(world: &mut World) {
    let entity = world.entity("two-servers", "storm");
    let (from, account) = (world.workstation(), world.account());
    let train = plain_train(world, 3.0, 20.0);
    let server = world.servers.len() - 1;
    for at in train.iter().flat_map(|burst| burst.attempts.clone()) {
        world.fail(entity, at, from, account, LOCKED);
        let (what, status) = (What::Validation, LOCKED);
        world.events.push(Made { at, server, what, from, account, status, entity });
    }
    world.client(entity, from, &train, true);
}

/// Several people at one machine, and the account of one of them loops.
pub(super) fn terminal_server(world: &mut World) {
    let entity = world.entity("terminal-server", "storm");
    let (from, account) = (world.workstation(), world.account());
    let train = plain_train(world, 4.0, 15.0);
    world.fail_all(entity, &train, from, account, DISABLED);
    world.client(entity, from, &train, true);
    let people = world.entity("terminal-server-user", "human");
    for _ in 0..6 {
        let account = world.account();
        for day in 0..(world.span / DAY) as u32 {
            let at = f64::from(day) * DAY + world.rng.between(8.0, 18.0) * HOUR;
            world.fail(people, at, from, account, WRONG);
        }
    }
}

/// The client itself locks the account: five wrong passwords, a lockout, refusals for half an hour,
/// and again (KB Q256212).
pub(super) fn locks_out(world: &mut World) {
    let entity = world.entity("locks-out", "storm");
    let (from, account) = (world.workstation(), world.account());
    let train = plain_train(world, 1.0, 5.0);
    let (mut wrong, mut locked_at) = (0, None);
    for at in train.iter().flat_map(|burst| burst.attempts.clone()) {
        if locked_at.is_some_and(|since| at - since > 30.0 * MINUTE) {
            (wrong, locked_at) = (0, None);
        }
        world.fail(entity, at, from, account, if locked_at.is_some() { LOCKED } else { WRONG });
        wrong += u32::from(locked_at.is_none());
        if wrong == 5 && locked_at.is_none() {
            locked_at = Some(at);
            let (server, what, status) = (0, What::Lockout, 0);
            world.events.push(Made { at: at + 0.01, server, what, from, account, status, entity });
        }
    }
    world.client(entity, from, &train, true);
}

/// Machines behind one address: four names, one address, four loops.
pub(super) fn behind_nat(world: &mut World) {
    let ip = world.address().ip;
    let server = world.servers.len().min(2) - 1;
    for _ in 0..4 {
        let entity = world.entity("behind-nat", "storm");
        let mut from = world.workstation();
        from.ip = ip;
        let account = world.account();
        let train = plain_train(world, 3.0, 15.0);
        for at in train.iter().flat_map(|burst| burst.attempts.clone()) {
            let (what, status) = (What::Logon, DISABLED);
            world.events.push(Made { at, server, what, from, account, status, entity });
        }
        world.client(entity, from, &train, true);
    }
}

/// A machine renamed at half time; its one log is filed under the new name.
pub(super) fn renamed(world: &mut World) {
    let old = world.entity("renamed-old", "storm");
    let new = world.entity("renamed-new", "storm");
    let (before, after, account) = (world.workstation(), world.workstation(), world.account());
    let model = Loop { m: 6.0, d: 0.7, wait: 60.0, sigma: 1.5, rounds: Some((5, 15.0 * MINUTE)), office: false };
    let train = bursts(&mut world.rng, &model, 0.0, world.span);
    for at in train.iter().flat_map(|burst| burst.attempts.clone()) {
        if at < world.span / 2.0 {
            world.fail(old, at, before, account, DISABLED);
        } else {
            world.fail(new, at, after, account, DISABLED);
        }
    }
    world.client(new, after, &train, true);
}

/// Two machines with one name, two independent loops; the log of one of them.
pub(super) fn cloned(world: &mut World) {
    let entity = world.entity("cloned-name", "storm");
    let (from, account) = (world.workstation(), world.account());
    let model = Loop { m: 4.0, d: 1.0, wait: 60.0, sigma: 1.5, rounds: Some((5, 20.0 * MINUTE)), office: false };
    let one = bursts(&mut world.rng, &model, 0.0, world.span);
    let start = world.rng.between(0.0, HOUR);
    let other = bursts(&mut world.rng, &model, start, world.span);
    world.fail_all(entity, &one, from, account, DISABLED);
    world.fail_all(entity, &other, from, account, DISABLED);
    world.client(entity, from, &one, true);
}

/// The workstation loops, and its log tells of another loop of the same kind: not to be confirmed.
pub(super) fn hard_negative(world: &mut World, rounds: bool) {
    let entity = world.entity("hard-negative", "storm");
    let rounds = rounds.then_some((5, 15.0 * MINUTE));
    unrelated(world, entity, rounds, |_| {});
}

/// Loops of exactly one kind without any pause: two of them always seem to fit.
pub(super) fn uninterrupted(world: &mut World) {
    let entity = world.entity("uninterrupted", "storm");
    unrelated(world, entity, None, |_| {});
}

/// A log that names another server than the one with the failures.
pub(super) fn other_server(world: &mut World) {
    let entity = world.entity("other-server", "storm");
    unrelated(world, entity, Some((5, 15.0 * MINUTE)), |client| client.metering_server = "MTR09".into());
}

/// The log of another week.
pub(super) fn other_week(world: &mut World) {
    let entity = world.entity("other-week", "storm");
    unrelated(world, entity, Some((5, 15.0 * MINUTE)), |client| {
        for tick in &mut client.ticks {
            tick.from -= 7.0 * DAY;
            tick.end -= 7.0 * DAY;
        }
        client.window = (-14.0 * DAY, client.window.1);
    });
}

/// The client works well by its own log: successes, and now and then an outage of its own.
pub(super) fn succeeding(world: &mut World) {
    let entity = world.entity("succeeding", "storm");
    let span = world.span;
    unrelated(world, entity, Some((5, 240.0 * MINUTE)), |client| {
        client.successes = (0..(span / HOUR) as u32).map(|hour| f64::from(hour) * HOUR + 77.0).collect();
    });
}

fn unrelated(
    world: &mut World,
    entity: u32,
    rounds: Option<(u32, f64)>,
    change: impl FnOnce(&mut super::world::Client),
) {
    let (from, account) = (world.workstation(), world.account());
    let m = world.rng.whole(1, 9) as f64;
    let model = Loop { m, d: 1.0, wait: 60.0, sigma: 1.5, rounds, office: false };
    let train = bursts(&mut world.rng, &model, 0.0, world.span);
    world.fail_all(entity, &train, from, account, DISABLED);
    let start = world.rng.between(0.0, 900.0);
    let own = bursts(&mut world.rng, &model, start, world.span);
    change(world.client(entity, from, &own, false));
}
