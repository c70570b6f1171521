//! Other machines that fail: services, back-off loops, slow loops.

use super::world::{Made, What, World};

const DISABLED: u32 = 0xC000_0072;
const WRONG: u32 = 0xC000_006A;

/// A service with an old password: a fixed period to the end. Its events tell only an address.
pub(super) fn service(world: &mut World) {
    let entity = world.entity("fixed-period-service", "storm");
    let (from, account) = (world.address(), world.account());
    let period = *world.rng.pick(&[30.0, 60.0, 60.0, 120.0, 300.0, 600.0, 900.0]);
    let mut at = world.rng.between(0.0, 0.5 * world.span);
    let server = world.servers.len().min(2) - 1;
    while at < world.span {
        let jitter = world.rng.normal(0.0, 0.3);
        let (what, status) = (What::Logon, WRONG);
        world.events.push(Made { at: at + jitter, server, what, from, account, status, entity });
        at += period;
    }
}

/// Three attempts, then a pause of random length.
pub(super) fn back_off(world: &mut World) {
    let entity = world.entity("back-off", "storm");
    let (from, account) = (world.workstation(), world.account());
    let mut at = world.rng.between(0.0, 0.3 * world.span);
    while at < world.span {
        for _ in 0..3 {
            world.fail(entity, at, from, account, WRONG);
            at += 0.8;
        }
        at += world.rng.log_normal(240.0, 1.0);
    }
}

/// One failure every 30, 45 or 60 minutes.
pub(super) fn slow(world: &mut World) {
    let entity = world.entity("slow-loop", "storm");
    let (from, account) = (world.workstation(), world.account());
    let period = 60.0 * *world.rng.pick(&[30.0, 45.0, 60.0]);
    let mut at = world.rng.between(0.0, period);
    while at < world.span {
        let jitter = world.rng.normal(0.0, 1.0);
        world.fail(entity, at + jitter, from, account, DISABLED);
        at += period;
    }
}

/// A disabled computer account (`$`) whose machine keeps asking for tickets.
pub(super) fn disabled_computer(world: &mut World, name: &str) {
    let entity = world.entity("disabled-computer", "storm");
    let from = world.address();
    let account = world.text(format!("{name}$"));
    let mut at = world.rng.between(0.0, 600.0);
    while at < world.span {
        let jitter = world.rng.normal(0.0, 2.0);
        let (what, status) = (What::Kerberos, 0x12);
        world.events.push(Made { at: at + jitter, server: 0, what, from, account, status, entity });
        at += 900.0;
    }
}
