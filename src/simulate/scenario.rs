//! The named scenarios: which entities a fleet has and what is lost of its logs.

use super::harm::Harm;
use super::world::{Server, World};
use super::{machines, people, storms};

/// Puts one entity into the world.
pub(super) type Make = fn(&mut World);

/// A named scenario.
#[derive(Clone, Copy)]
pub struct Scenario {
    /// Name on the command line.
    pub name: &'static str,
    /// One line for the help.
    pub summary: &'static str,
    /// Days of the span where the user asks for none.
    pub days: u32,
    /// Part of the server's events and of the client's attempts that is lost, each on its own.
    pub loss: f64,
    /// Client logs lose a piece now and then, client logs rotate, servers have holes.
    pub(super) rough: bool,
    /// Client logs and servers' logs suffer whatever happens to logs.
    pub(super) damaged: bool,
    pub(super) entities: &'static [(Make, u32)],
}

/// The entities whose detection is measured, with their counts in a run of about 264 workstations.
const MEASURED: &[(Make, u32)] = &[
    (storms::sms_storm, 24),
    (machines::service, 12),
    (machines::back_off, 4),
    (machines::slow, 4),
    (|world| people::human(world, false), 188),
    (|world| people::human(world, true), 12),
    (people::kiosk, 5),
    (people::spray, 3),
    (storms::renamed, 2),
    (storms::cloned, 1),
    (|world| storms::hard_negative(world, true), 4),
    (|world| storms::hard_negative(world, false), 4),
];

/// What else must be told apart.
const EXTENDED: &[(Make, u32)] = &[
    (storms::sms_storm, 12),
    (storms::dense_storm, 2),
    (storms::triplets, 2),
    (storms::pairs, 2),
    (storms::two_servers, 2),
    (storms::terminal_server, 1),
    (storms::locks_out, 1),
    (storms::behind_nat, 1),
    (storms::renamed, 1),
    (storms::cloned, 1),
    (|world| storms::hard_negative(world, true), 2),
    (|world| storms::hard_negative(world, false), 2),
    (storms::other_server, 2),
    (storms::other_week, 2),
    (storms::succeeding, 2),
    (machines::service, 6),
    (machines::back_off, 2),
    (machines::slow, 2),
    (|world| machines::disabled_computer(world, "WS901"), 1),
    (|world| people::human(world, false), 60),
    (|world| people::human(world, true), 6),
    (people::kiosk, 2),
    (people::spray, 2),
    (people::scanner, 1),
];

/// Loops without pauses as the majority: a match by chance is likely.
const UNINTERRUPTED: &[(Make, u32)] =
    &[(storms::uninterrupted, 12), (storms::sms_storm, 4), (|world| people::human(world, false), 8)];

/// What the damage is done to.
const DAMAGED: &[(Make, u32)] = &[
    (storms::sms_storm, 12),
    (storms::triplets, 3),
    (storms::pairs, 3),
    (storms::two_servers, 3),
    (storms::locks_out, 1),
    (storms::behind_nat, 2),
    (storms::slow_retries, 2),
    (storms::renamed, 1),
    (storms::cloned, 1),
    (|world| storms::hard_negative(world, true), 3),
    (|world| storms::hard_negative(world, false), 3),
    (|world| people::human(world, false), 30),
    (people::spray, 1),
    (people::scanner, 1),
];

/// All scenarios but the demo, whose fleet is written down entity by entity.
pub const SCENARIOS: &[Scenario] = &[
    Scenario {
        name: "default",
        summary: "storms, services, people, sprays; 30 % of both sides lost",
        days: 3,
        loss: 0.3,
        rough: false,
        damaged: false,
        entities: MEASURED,
    },
    Scenario {
        name: "no-loss",
        summary: "the same fleet, complete logs",
        days: 3,
        loss: 0.0,
        rough: false,
        damaged: false,
        entities: MEASURED,
    },
    Scenario {
        name: "loss-50",
        summary: "the same fleet, half of both sides lost",
        days: 3,
        loss: 0.5,
        rough: false,
        damaged: false,
        entities: MEASURED,
    },
    Scenario {
        name: "seven-days",
        summary: "the same fleet over seven days; 30 % lost",
        days: 7,
        loss: 0.3,
        rough: false,
        damaged: false,
        entities: MEASURED,
    },
    Scenario {
        name: "extended",
        summary: "every kind of entity, old clocks, rotated client logs, holes in the servers' logs",
        days: 3,
        loss: 0.1,
        rough: true,
        damaged: false,
        entities: EXTENDED,
    },
    Scenario {
        name: "uninterrupted",
        summary: "loops without pauses as the majority, with logs of other loops",
        days: 3,
        loss: 0.3,
        rough: false,
        damaged: false,
        entities: UNINTERRUPTED,
    },
    Scenario {
        name: "damaged",
        summary: "cleared, full and disordered servers' logs; client logs without stamps or dates, with summer time",
        days: 3,
        loss: 0.1,
        rough: true,
        damaged: true,
        entities: DAMAGED,
    },
];

impl Scenario {
    /// The fleet's servers: a domain controller, a member server, and a second domain controller
    /// whose clock is 40 s behind. `modern`: the member server logs the events of Windows Vista and later.
    pub(super) fn servers(modern: bool) -> Vec<Server> {
        let server =
            |name: &str, modern, offset| Server { name: name.to_owned(), modern, offset, harm: Harm::default() };
        vec![server("DC01", false, 0.0), server("MTR01", modern, 0.0), server("DC02", false, -40.0)]
    }

    /// Fills the world. `workstations` scales the counts; each entity stays at least once.
    pub(super) fn fill(&self, world: &mut World, workstations: Option<u32>) {
        let total: u64 = self.entities.iter().map(|(_, count)| u64::from(*count)).sum();
        if self.rough {
            world.capped = true;
        }
        if self.damaged {
            world.damaged = true;
            let span = world.span;
            world.servers.iter_mut().enumerate().for_each(|(i, server)| server.harm = Harm::of_server(i, span));
        }
        for (make, count) in self.entities {
            let count = match workstations {
                None => u64::from(*count),
                Some(wanted) => (u64::from(*count) * u64::from(wanted)).div_ceil(total).max(1),
            };
            for i in 0..count {
                // Old machines: clocks that drift by minutes a day.
                world.drift_sd = if self.rough && i % 6 == 5 { 1400.0 } else { 50.0 };
                make(world);
            }
        }
    }
}
