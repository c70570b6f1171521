//! The client's side: the failed attempts of one workstation's logs, in whole seconds.

use super::settings::Settings;
use crate::model::timeline::{ClientTrain, Dating, Tick};

/// Metering servers whose ticks are looked at alone: each costs a hundred shuffles.
const SERVERS: usize = 3;

/// The ticks of one client train, ready to be laid over a server's bursts.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// How the stamps can be used.
    pub dating: Dating,
    /// Seconds on the client's clock, ascending and distinct; empty if undated.
    pub(super) times: Vec<i64>,
    /// For every time the index of its tick in the client train.
    pub(super) index: Vec<usize>,
    /// Failed attempts, dated or not.
    pub(super) attempts: usize,
    /// Lengths of the retry cycles in order, and the length of an uninterrupted one.
    pub(super) runs: Vec<u32>,
    pub(super) full_run: u32,
    /// Sum of the announced waits in seconds.
    pub(super) waited_s: f64,
}

/// Takes from a client train what correlation needs. Times are floored to seconds and sorted; of
/// several ticks within one second the first is kept.
pub fn prepare(train: &ClientTrain) -> Client {
    prepare_where(train, |_| true)
}

/// The ticks of each metering server alone, for a train that names several, in the order in which it
/// names them: a client with two servers may storm one of them only. Servers with fewer ticks than
/// can be compared are passed over; empty for a train of one server.
pub fn prepare_by_server(train: &ClientTrain, settings: &Settings) -> Vec<Client> {
    if train.metering_servers.len() < 2 {
        return Vec::new();
    }
    let servers = train.metering_servers.iter().take(SERVERS);
    let clients = servers.map(|server| prepare_where(train, |tick| *tick.server == **server));
    clients.filter(|client| (settings.analysable_ticks..train.ticks.len()).contains(&client.attempts)).collect()
}

fn prepare_where(train: &ClientTrain, wanted: impl Fn(&Tick) -> bool) -> Client {
    let mut dated: Vec<(i64, usize)> = Vec::new();
    if train.dating != Dating::Undated {
        let second = |(index, tick): (usize, &Tick)| Some((tick.at_ms?.div_euclid(1000), index));
        dated.extend(train.ticks.iter().enumerate().filter(|(_, tick)| wanted(tick)).filter_map(second));
        dated.sort_unstable();
        dated.dedup_by_key(|(second, _)| *second);
    }
    let ticks = || train.ticks.iter().filter(|tick| wanted(tick));
    let counters: Vec<(u32, u32)> = ticks().filter_map(|tick| tick.counter).collect();
    Client {
        dating: train.dating,
        times: dated.iter().map(|(second, _)| *second).collect(),
        index: dated.iter().map(|(_, index)| *index).collect(),
        attempts: ticks().count(),
        runs: cycles(&counters),
        full_run: counters.iter().map(|(_, of)| *of).max().unwrap_or(0),
        waited_s: ticks().filter_map(|tick| tick.wait_s).map(f64::from).sum(),
    }
}

impl Client {
    /// Ticks with a time.
    pub fn ticks(&self) -> usize {
        self.times.len()
    }
}

/// Lengths of the retry cycles. The index of the last attempt tells the length, so that lines lost
/// before it do not matter; a cycle ends where the index does not rise.
fn cycles(counters: &[(u32, u32)]) -> Vec<u32> {
    let mut runs = Vec::new();
    for (at, (index, _)) in counters.iter().enumerate() {
        let ends = counters.get(at + 1).is_none_or(|(next, _)| next <= index);
        if ends {
            runs.push(index.saturating_add(1));
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_lines_do_not_shorten_a_cycle() {
        let five = |indices: &[u32]| cycles(&indices.iter().map(|i| (*i, 5)).collect::<Vec<_>>());
        assert_eq!(five(&[0, 1, 2, 3, 4, 0, 2, 4, 1, 2, 0, 0]), [5, 5, 3, 1, 1]);
        assert!(five(&[]).is_empty());
    }
}
