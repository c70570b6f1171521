//! The demo fleet: small, two days, one of each kind that a report tells apart.

use std::io;

use super::clock::Clock;
use super::event::invalid;
use super::fleet::{Damage, Fleet, Origin, finish};
use super::plan::Plan;
use super::retry::{Loop, bursts};
use super::scenario::Scenario;
use super::world::{Made, Source, What, World};

/// Name of the demo on the command line.
pub const NAME: &str = "demo";

/// Monday 2008-09-01T00:00:00Z: an old domain controller beside a new member server.
const ORIGIN: Origin = Origin { start: 1_220_227_200 };
const DAYS: u32 = 2;
const HOUR: f64 = 3600.0;
const DISABLED: u32 = 0xC000_0072;
const WRONG: u32 = 0xC000_006A;

/// The client's log of KB Q287626, with the indent and the line breaks of the article.
const KB_LINES: &str = include_str!("q287626.txt");

/// The demo; seed and format are heeded, days and workstations are fixed.
pub(super) fn fleet(plan: &Plan) -> io::Result<Fleet> {
    if !plan.format.modern() {
        return Err(invalid("the demo has events of Windows Server 2008: use evtx or xml"));
    }
    let mut servers = Scenario::servers(true);
    servers.truncate(2);
    "FS01".clone_into(&mut servers[1].name);
    let mut world = World::new(plan.seed, DAYS, servers);
    storm(&mut world);
    service(&mut world);
    disabled_computer(&mut world);
    human(&mut world);
    spray(&mut world);
    let damage = Damage { loss: 0.0, client_hole: 0.0, server_hole: 0.0, overlap_days: (2, 2) };
    let mut fleet = finish(world, &damage, ORIGIN, plan.format)?;
    fleet.files.push(("clients/KBQ287626/Liccli.log".into(), KB_LINES.into()));
    fleet.files.sort_by(|a, b| a.0.cmp(&b.0));
    Ok(fleet)
}

fn named(world: &mut World, name: &str) -> Source {
    Source { workstation: world.text(name.to_owned()), ip: 0 }
}

/// WS042 storms the domain controller with a disabled account; its clock is 6 h 13 min ahead.
fn storm(world: &mut World) {
    let entity = world.entity("sms-storm", "storm");
    let from = named(world, "WS042");
    let account = world.text("jsmith".into());
    let model = Loop { m: 3.0, d: 0.9, wait: 60.0, sigma: 1.0, rounds: Some((5, 1200.0)), office: false };
    let train = bursts(&mut world.rng, &model, 7.7 * HOUR, 41.0 * HOUR);
    world.fail_all(entity, &train, from, account, DISABLED);
    let whole = (0.0, world.span);
    world.capped = true;
    let client = world.client(entity, from, &train, true);
    client.clock = Clock { offset: 6.0 * HOUR + 13.0 * 60.0, drift_ppm: 20.0, step: None };
    client.window = whole;
    "MTR01".clone_into(&mut client.metering_server);
}

/// A backup service with an old password; the member server knows only its address.
fn service(world: &mut World) {
    let entity = world.entity("fixed-period-service", "storm");
    let from = Source { workstation: 0, ip: world.text("10.1.7.20".into()) };
    let account = world.text("svc_backup".into());
    every(world, 300.0, 0.3, |world, at| logon(world, entity, at, from, account, WRONG));
}

/// WS017's computer account is disabled.
fn disabled_computer(world: &mut World) {
    let entity = world.entity("disabled-computer", "storm");
    let from = Source { workstation: world.text("WS017".into()), ip: world.text("10.1.3.17".into()) };
    let account = world.text("WS017$".into());
    every(world, 900.0, 2.0, |world, at| logon(world, entity, at, from, account, DISABLED));
}

fn every(world: &mut World, period: f64, jitter: f64, mut act: impl FnMut(&mut World, f64)) {
    let mut at = world.rng.between(0.0, period);
    while at < world.span {
        let late = world.rng.normal(0.0, jitter).abs();
        act(world, at + late);
        at += period;
    }
}

fn logon(world: &mut World, entity: u32, at: f64, from: Source, account: u32, status: u32) {
    world.events.push(Made { at, server: 1, what: What::Logon, from, account, status, entity });
}

/// Somebody at WS105 mistypes twice each morning.
fn human(world: &mut World) {
    let entity = world.entity("human", "human");
    let from = named(world, "WS105");
    let account = world.text("mkeller".into());
    for at in [8.4, 8.402, 12.9, 32.1, 32.104, 32.11] {
        world.fail(entity, at * HOUR, from, account, WRONG);
    }
    for at in [8.405, 12.91, 32.12] {
        let (server, what, status) = (0, What::Success, 0);
        world.events.push(Made { at: at * HOUR, server, what, from, account, status, entity });
    }
}

/// WS066 tries eighty passwords on forty accounts.
fn spray(world: &mut World) {
    let entity = world.entity("spray", "spray");
    let from = named(world, "WS066");
    let accounts: Vec<u32> = (0..40).map(|_| world.account()).collect();
    let mut at = 26.5 * HOUR;
    for account in accounts.iter().chain(&accounts) {
        world.fail(entity, at, from, *account, WRONG);
        at += 5.0 * world.rng.between(0.5, 1.5);
    }
}
