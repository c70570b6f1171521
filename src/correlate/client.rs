//! The client's side: the failed attempts of one workstation's logs, in whole seconds.

use super::settings::Settings;
use crate::model::timeline::{ClientTrain, Dating, Tick};

/// Metering servers whose ticks are looked at alone: each costs a hundred shuffles.
const SERVERS: usize = 3;

/// A line that stands this many seconds before the one above it tells of a clock that was set back;
/// less is disorder among programs that write the same log. From half a day on it is another log, put
/// behind this one.
const BACK_S: std::ops::Range<i64> = 60..43_200;
/// A log with more such lines is in disorder.
const MOST_BACK: usize = 4;
/// Where the clock lost this much less than whole hours, in seconds, it lost whole hours (summer time, a
/// wrong zone), and the rest is the time between the two lines.
const HOUR_S: i64 = 3600;
const BETWEEN_S: i64 = 900;
/// Time between two lines unless the hour tells it: the announced wait (KB Q287626).
const WAIT_S: i64 = 60;

/// The ticks of one client train, ready to be laid over a server's bursts.
#[derive(Clone, Debug, PartialEq)]
pub struct Client {
    /// How the stamps can be used.
    pub dating: Dating,
    /// Seconds on the client's clock, ascending and distinct; empty if undated. Behind a place where the
    /// clock was set back they are moved on, so that they go on as the lines do.
    pub(super) times: Vec<i64>,
    /// For every time the index of its tick in the client train.
    pub(super) index: Vec<usize>,
    /// Places in `times` behind which the clock had been set back, and by how many seconds the times
    /// from there on are moved in all.
    pub(super) set_back: Vec<(usize, i64)>,
    /// Failed attempts, dated or not.
    pub(super) attempts: usize,
    /// Lengths of the retry cycles in order, and the length of an uninterrupted one.
    pub(super) runs: Vec<u32>,
    pub(super) full_run: u32,
    /// Sum of the announced waits in seconds.
    pub(super) waited_s: f64,
}

/// Takes from a client train what correlation needs. Times are floored to seconds and sorted, but where
/// the lines of a log tell that the clock was set back what follows stays behind; of several ticks
/// within one second the first is kept.
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
    let mut dated: Vec<(i64, usize, i64)> = Vec::new();
    if train.dating != Dating::Undated {
        let second = |(index, tick): (usize, &Tick)| Some((tick.at_ms?.div_euclid(1000), index, 0));
        dated.extend(train.ticks.iter().enumerate().filter(|(_, tick)| wanted(tick)).filter_map(second));
        move_on(&mut dated, train);
        dated.sort_unstable();
        dated.dedup_by_key(|(second, ..)| *second);
    }
    let mut set_back: Vec<(usize, i64)> = Vec::new();
    for (at, (_, _, moved)) in dated.iter().enumerate() {
        if *moved != set_back.last().map_or(0, |(_, before)| *before) {
            set_back.push((at, *moved));
        }
    }
    let ticks = || train.ticks.iter().filter(|tick| wanted(tick));
    let counters: Vec<(u32, u32)> = ticks().filter_map(|tick| tick.counter).collect();
    Client {
        dating: train.dating,
        times: dated.iter().map(|(second, ..)| *second).collect(),
        index: dated.iter().map(|(_, index, _)| *index).collect(),
        set_back,
        attempts: ticks().count(),
        runs: cycles(&counters),
        full_run: counters.iter().map(|(_, of)| *of).max().unwrap_or(0),
        waited_s: ticks().filter_map(|tick| tick.wait_s).map(f64::from).sum(),
    }
}

/// Moves the ticks (second, index, seconds moved) behind a place where the clock was set back, by what
/// it lost and the time between the two lines. Nothing is moved where the lines are in no order at all.
fn move_on(dated: &mut [(i64, usize, i64)], train: &ClientTrain) {
    let place = |index: usize| {
        let tick = &train.ticks[index];
        (train.files.iter().position(|file| *file == tick.file), tick.line)
    };
    dated.sort_by_key(|(_, index, _)| place(*index));
    let falls: Vec<usize> = (1..dated.len()).filter(|at| dated[at - 1].0 - dated[*at].0 >= BACK_S.start).collect();
    let trusted = |at: &usize| {
        let (before, first) = (dated[at - 1], dated[*at]);
        // one line with a wrong time is no clock that was set
        let stays = dated.get(at + 1).is_none_or(|next| next.0 < before.0);
        let was_there = at.checked_sub(2).is_none_or(|earlier| dated[earlier].0 > first.0);
        stays && was_there && BACK_S.contains(&(before.0 - first.0)) && place(before.1).0 == place(first.1).0
    };
    if falls.len() > MOST_BACK || !falls.iter().all(trusted) {
        return;
    }
    let lost: Vec<i64> = falls.iter().map(|at| lost(dated[at - 1].0 - dated[*at].0)).collect();
    for (at, lost) in falls.into_iter().zip(lost) {
        for (second, _, moved) in &mut dated[at..] {
            *second += lost;
            *moved += lost;
        }
    }
}

/// What a clock lost whose next line stands `fall` seconds before the last.
fn lost(fall: i64) -> i64 {
    let hours = (fall + HOUR_S - 1) / HOUR_S * HOUR_S;
    if hours - fall <= BETWEEN_S { hours } else { fall + WAIT_S }
}

impl Client {
    /// By how many seconds a tick is moved on.
    pub(super) fn moved(&self, tick: usize) -> i64 {
        let behind = self.set_back.partition_point(|(at, _)| *at <= tick);
        behind.checked_sub(1).map_or(0, |last| self.set_back[last].1)
    }

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

/// For tests: failed attempts at these times, without counters and waits.
#[cfg(test)]
pub(super) fn client(times: &[i64], dating: Dating) -> Client {
    Client {
        dating,
        times: times.to_vec(),
        index: (0..times.len()).collect(),
        set_back: vec![],
        attempts: times.len(),
        runs: vec![],
        full_run: 0,
        waited_s: 0.0,
    }
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
