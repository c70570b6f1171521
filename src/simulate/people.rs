//! People who mistype, and people who guess.

use super::retry::{DAY, Loop, bursts};
use super::world::{Made, Source, What, World};

const WRONG: u32 = 0xC000_006A;
const NO_SUCH_USER: u32 = 0xC000_0064;
const HOUR: f64 = 3600.0;

/// A person with a few sessions of mistyped passwords; `own_log` adds an unrelated client log.
pub(super) fn human(world: &mut World, own_log: bool) {
    let entity = world.entity("human", "human");
    let (from, account) = (world.workstation(), world.account());
    let days = world.span / DAY;
    let sessions = world.rng.poisson(1.2 * days) + u64::from(world.rng.chance(0.5));
    for _ in 0..sessions {
        let day = world.rng.whole(0, days as u64 - 1) as f64;
        let hour = world.rng.normal(10.5, 2.5).clamp(6.0, 20.0);
        session(world, entity, day * DAY + hour * HOUR, from, account);
    }
    if own_log {
        let model = Loop { m: 1.0, d: 1.0, wait: 60.0, sigma: 2.0, rounds: Some((5, 6.0 * HOUR)), office: false };
        let start = world.rng.between(0.0, 6.0 * HOUR);
        let mut outages = bursts(&mut world.rng, &model, start, world.span);
        outages.truncate(60);
        world.client(entity, from, &outages, false);
    }
}

/// A shared machine: many sessions of several accounts a day.
pub(super) fn kiosk(world: &mut World) {
    let entity = world.entity("kiosk", "human");
    let from = world.workstation();
    let count = world.rng.whole(4, 11);
    let accounts: Vec<u32> = (0..count).map(|_| world.account()).collect();
    for day in 0..(world.span / DAY) as u32 {
        for _ in 0..world.rng.whole(8, 24) {
            let start = f64::from(day) * DAY + world.rng.between(8.0, 18.0) * HOUR;
            let account = *world.rng.pick(&accounts);
            session(world, entity, start, from, account);
        }
    }
}

fn session(world: &mut World, entity: u32, start: f64, from: Source, account: u32) {
    let mut attempts = 1 + world.rng.poisson(1.6);
    if world.rng.chance(0.03) {
        attempts += world.rng.whole(5, 11);
    }
    let mut at = start;
    for _ in 0..attempts {
        world.fail(entity, at, from, account, WRONG);
        at += world.rng.log_normal(7.0, 0.8);
    }
    let (server, what, status) = (0, What::Success, 0);
    world.events.push(Made { at, server, what, from, account, status, entity });
}

/// One machine tries many accounts.
pub(super) fn spray(world: &mut World) {
    let entity = world.entity("spray", "spray");
    let from = world.workstation();
    let attempts = world.rng.whole(60, 400);
    let accounts: Vec<u32> = (0..attempts.div_ceil(2)).map(|_| world.account()).collect();
    let pace = world.rng.log_uniform(0.5, 60.0);
    let mut at = world.rng.between(0.0, 0.8 * world.span);
    for _ in 0..attempts {
        let account = *world.rng.pick(&accounts);
        let status = if world.rng.chance(0.5) { WRONG } else { NO_SUCH_USER };
        world.fail(entity, at, from, account, status);
        at += pace * world.rng.between(0.5, 1.5);
    }
}

/// A scanner: one account, a new random name in every attempt.
pub(super) fn scanner(world: &mut World) {
    let entity = world.entity("scanner", "scanner");
    let account = world.text("administrator".into());
    let mut at = world.rng.between(0.1, 0.8) * world.span;
    for _ in 0..world.rng.whole(2000, 6000) {
        let name = (0..10).map(|_| char::from(b'A' + world.rng.whole(0, 25) as u8)).collect();
        let from = Source { workstation: world.text(name), ip: 0 };
        world.fail(entity, at, from, account, WRONG);
        at += world.rng.normal(0.044, 0.013).abs();
    }
}
