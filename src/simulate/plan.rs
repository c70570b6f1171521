//! What the user asks for, and the two ways to get it: in memory or in a folder.

use std::io;
use std::path::Path;

use super::demo;
use super::event::invalid;
use super::exports::Format;
use super::fleet::{Damage, Fleet, Origin, finish};
use super::scenario::{SCENARIOS, Scenario};
use super::stress;
use super::truth::Truth;
use super::world::World;

/// Monday 2002-08-05T00:00:00Z, the week of the annotated event.
const MONDAY: Origin = Origin { start: 1_028_505_600 };

/// A fleet to be made.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Same seed, same bytes.
    pub seed: u64,
    /// Days of the span, at least 1; `None`: the scenario's own.
    pub days: Option<u32>,
    /// About how many workstations; `None`: the scenario's own. With `size`: how many names occur.
    pub workstations: Option<u32>,
    /// Name of the scenario.
    pub scenario: String,
    /// Instead of a scenario, one log of failures of at least this many bytes.
    pub size: Option<u64>,
    /// Form of the servers' logs.
    pub format: Format,
}

impl Default for Plan {
    fn default() -> Self {
        let scenario = "default".to_owned();
        Self { seed: 1, days: None, workstations: None, scenario, size: None, format: Format::Evtx }
    }
}

/// What was written.
#[derive(Clone, Debug)]
pub struct Summary {
    /// Number of files, `truth.json` among them.
    pub files: u64,
    /// Bytes of all files.
    pub bytes: u64,
    /// Events in the servers' logs; an event in two exports counts once.
    pub events: u64,
    /// The ground truth that was written.
    pub truth: Truth,
}

/// Makes the fleet in memory. Fails with `InvalidInput` for an unknown scenario, for no days and
/// for the demo in a form that cannot hold modern events; [`Plan::size`] is not heeded.
pub fn fleet(plan: &Plan) -> io::Result<Fleet> {
    if plan.days == Some(0) {
        return Err(invalid("a fleet needs at least one day"));
    }
    let mut fleet = if plan.scenario == demo::NAME { demo::fleet(plan)? } else { scenario_fleet(plan)? };
    fleet.truth.seed = plan.seed;
    fleet.truth.scenario = plan.scenario.clone();
    Ok(fleet)
}

fn scenario_fleet(plan: &Plan) -> io::Result<Fleet> {
    let Some(scenario) = SCENARIOS.iter().find(|scenario| scenario.name == plan.scenario) else {
        let names: Vec<&str> = SCENARIOS.iter().map(|scenario| scenario.name).chain([demo::NAME]).collect();
        let text = format!("no scenario \"{}\"; there are {}", plan.scenario, names.join(", "));
        return Err(io::Error::new(io::ErrorKind::InvalidInput, text));
    };
    let days = plan.days.unwrap_or(scenario.days);
    let mut world = World::new(plan.seed, days, Scenario::servers(plan.format.modern() && !scenario.damaged));
    scenario.fill(&mut world, plan.workstations);
    let server_hole = if scenario.rough { 3600.0 } else { 0.0 };
    let damage = Damage { loss: scenario.loss, client_hole: 0.3, server_hole, overlap_days: (1, 3) };
    let damage = if scenario.loss == 0.0 { Damage { client_hole: 0.0, ..damage } } else { damage };
    finish(world, &damage, MONDAY, plan.format)
}

/// Writes the fleet below `dir`: `security/`, `clients/` and `truth.json`. Existing files of the
/// same names are overwritten.
pub fn run(plan: &Plan, dir: &Path) -> io::Result<Summary> {
    if let Some(size) = plan.size {
        return stress::run(plan, size, MONDAY, dir);
    }
    let fleet = fleet(plan)?;
    let json = fleet.truth.json().into_bytes();
    let (mut files, mut bytes) = (0, 0);
    for (path, content) in
        fleet.files.iter().map(|(path, content)| (path.as_str(), content)).chain([("truth.json", &json)])
    {
        let path = dir.join(path);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent)?;
        }
        #[allow(clippy::disallowed_methods, reason = "a new folder: nothing there to lose")]
        std::fs::write(path, content)?;
        files += 1;
        bytes += content.len() as u64;
    }
    let events = fleet.truth.servers.iter().map(|server| server.events).sum();
    Ok(Summary { files, bytes, events, truth: fleet.truth })
}
