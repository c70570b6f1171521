//! What one workstation name tried on one server against one account, whether it has many failures
//! or few.

use std::hash::BuildHasher;

use hashbrown::DefaultHashBuilder;

use crate::model::lights::LightTrain;
use crate::model::texts::Ranks;
use crate::model::timeline::{NameKind, Timeline};
use crate::model::train::Train;

/// All tries of named workstations, those of one name behind each other.
pub(super) struct Tries<'a> {
    timeline: &'a Timeline,
    all: Vec<Try<'a>>,
    places: Vec<u32>,
}

/// One of them. Names count through the workstations, then through the lights.
#[derive(Clone, Copy)]
enum Try<'a> {
    Heavy(u32, &'a Train),
    Light(u32, &'a LightTrain),
}

impl<'a> Tries<'a> {
    pub(super) fn new(timeline: &'a Timeline) -> Self {
        let mut all: Vec<Try<'a>> = Vec::with_capacity(timeline.lights.trains.len());
        for (name, workstation) in timeline.workstations.iter().enumerate() {
            if workstation.kind == NameKind::Named {
                all.extend(workstation.trains.iter().map(|train| Try::Heavy(name as u32, train)));
            }
        }
        for (name, trains) in timeline.lights.by_name().enumerate() {
            let name = (timeline.workstations.len() + name) as u32;
            all.extend(
                trains.iter().filter(|train| train.kind == NameKind::Named).map(|train| Try::Light(name, train)),
            );
        }
        Self { timeline, places: (0..all.len() as u32).collect(), all }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// All, in order of their names.
    pub(super) fn all(&self) -> &[u32] {
        &self.places
    }

    /// All that have a key, those of one (server, key) together, where there are `many` of them: in order of
    /// (server, key), else as they were.
    pub(super) fn by<'k>(&self, key: impl Fn(u32) -> Option<&'k str>, many: f64) -> Vec<Vec<u32>> {
        let places = self.of_many(&key, many);
        let places = || places.iter().copied();
        let (_, servers) = Ranks::number(places().map(|at| self.server(at)));
        let (_, keys) = Ranks::number(places().filter_map(&key));
        let mut all: Vec<(u32, u32, u32)> =
            places().zip(servers).zip(keys).map(|((at, server), key)| (server, key, at)).collect();
        all.sort_unstable();
        let together = all.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).filter(|of_one| of_one.len() as f64 >= many);
        together.map(|of_one| of_one.iter().map(|(.., at)| *at).collect()).collect()
    }

    /// Those whose key may be one of `many`, in their order: there may be millions of keys that only one has, and
    /// to sort those takes long.
    fn of_many<'k>(&self, key: impl Fn(u32) -> Option<&'k str>, many: f64) -> Vec<u32> {
        let hasher = DefaultHashBuilder::default();
        let buckets = self.places.len().next_power_of_two();
        let bucket = |at: u32| Some(hasher.hash_one(key(at)?) as u32 & (buckets - 1) as u32);
        let of: Vec<Option<u32>> = self.places.iter().map(|at| bucket(*at)).collect();
        let mut counts = vec![0_u32; buckets];
        of.iter().flatten().for_each(|bucket| counts[*bucket as usize] += 1);
        let may = |bucket: &Option<u32>| bucket.is_some_and(|bucket| f64::from(counts[bucket as usize]) >= many);
        self.places.iter().zip(&of).filter(|(_, bucket)| may(bucket)).map(|(at, _)| *at).collect()
    }

    pub(super) fn name(&self, at: u32) -> u32 {
        match self.all[at as usize] {
            Try::Heavy(name, _) | Try::Light(name, _) => name,
        }
    }

    pub(super) fn server(&self, at: u32) -> &'a str {
        match self.all[at as usize] {
            Try::Heavy(_, train) => &train.server,
            Try::Light(_, train) => self.timeline.lights.servers.text(train.server),
        }
    }

    /// The account for keys.
    pub(super) fn account(&self, at: u32) -> &'a str {
        match self.all[at as usize] {
            Try::Heavy(_, train) => &train.account_key,
            Try::Light(_, train) => self.timeline.lights.accounts.text(train.account),
        }
    }

    /// The most frequent address as logged; empty where none was.
    pub(super) fn ip(&self, at: u32) -> &'a str {
        match self.all[at as usize] {
            Try::Heavy(_, train) => train.ips.first().map_or("", |(ip, _)| ip.as_str()),
            Try::Light(_, train) => self.timeline.lights.names.text(train.ip),
        }
    }

    /// Calls `visit` for each distinct second of the failures that count, ascending.
    pub(super) fn each_second(&self, at: u32, visit: &mut dyn FnMut(u32)) {
        match self.all[at as usize] {
            Try::Heavy(_, train) => train.marks.iter().for_each(|mark| visit(mark.sec)),
            Try::Light(_, train) => {
                let mut last = None;
                let seconds = self.timeline.lights.seconds(train);
                seconds.filter(|sec| last.replace(*sec) != Some(*sec)).for_each(visit);
            }
        }
    }

    /// Failures of the name whose tries these are.
    pub(super) fn failures(&self, of_one: &[u32]) -> u64 {
        let Some(first) = of_one.first() else { return 0 };
        match self.all[*first as usize] {
            Try::Heavy(name, _) => self.timeline.workstations[name as usize].failures(),
            Try::Light(..) => {
                let light = |at: &u32| match self.all[*at as usize] {
                    Try::Light(_, train) => Some(*train),
                    Try::Heavy(..) => None,
                };
                self.timeline.lights.failures(&of_one.iter().filter_map(light).collect::<Vec<LightTrain>>())
            }
        }
    }
}
