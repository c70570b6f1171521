//! Episodes: stretches of a storm without long pauses, and what is known about their ends.

use super::persistence;
use super::subject::Subject;
use crate::model::config::{Param, Thresholds};
use crate::model::event::EventKind;
use crate::model::finding::Episode;
use crate::model::status::Status;
use crate::model::timeline::{ContextEvent, Timeline};
use crate::model::train::{Mark, Train};

/// The episodes of a storm in order of time.
///
/// Between two sessions the episode goes on over a pause of a day, or of a weekend where account
/// and reason are the same on both sides. Changes of the reason inside a session never split: a
/// locked account may alternate between two reasons.
pub(super) fn episodes(subject: &Subject<'_>, timeline: &Timeline, thresholds: &Thresholds) -> Vec<Episode> {
    let mut stretches: Vec<Stretch<'_>> = Vec::new();
    for session in persistence::sessions(&subject.marks, thresholds[Param::SessionGap] as i64) {
        let Some((first, last)) = session.first().zip(session.last()) else { continue };
        let (first, last) = (i64::from(first.sec), i64::from(last.sec));
        let failures = session.iter().map(|mark| u64::from(mark.count)).sum();
        let dominant = dominant(subject.trains, session);
        match stretches.last_mut() {
            Some(now) if goes_on(now, first, dominant, thresholds) => {
                now.last = last;
                now.failures += failures;
                now.dominant = dominant;
            }
            _ => stretches.push(Stretch { first, last, failures, dominant }),
        }
    }
    let server = subject.trains.first().map_or("", |train| train.server.as_str());
    let ends = Ends::new(timeline, server, subject.period_or_usual(), thresholds);
    stretches.iter().map(|stretch| ends.episode(stretch)).collect()
}

struct Stretch<'a> {
    first: i64,
    last: i64,
    failures: u64,
    /// Account and reason of the last session.
    dominant: (&'a str, Status),
}

fn goes_on(now: &Stretch<'_>, first: i64, dominant: (&str, Status), thresholds: &Thresholds) -> bool {
    let pause = (first - now.last) as f64;
    pause <= thresholds[Param::EpisodeGap] || (pause <= thresholds[Param::EpisodeGapSame] && now.dominant == dominant)
}

/// The account with most distinct seconds in a session, and its reason there.
fn dominant<'a>(trains: &'a [Train], session: &[Mark]) -> (&'a str, Status) {
    let (Some(first), Some(last)) = (session.first(), session.last()) else { return ("", Status::None) };
    let mut best: (usize, &str, Status) = (0, "", Status::None);
    for train in trains {
        let from = train.marks.partition_point(|mark| mark.sec < first.sec);
        let to = train.marks.partition_point(|mark| mark.sec <= last.sec);
        if to - from > best.0 {
            let phase = train.phases.partition_point(|(start, _)| *start <= last.sec);
            let status = train.phases[..phase].last().map_or(Status::None, |(_, status)| *status);
            best = (to - from, &train.account_key, status);
        }
    }
    (best.1, best.2)
}

/// What is known about the ends of a server's log.
struct Ends {
    /// First and last record of any kind; `None` when no coverage is known.
    cover: Option<(i64, i64)>,
    /// The log says that it is full.
    full: bool,
    /// Times of records that tell of a full or cleared log, sorted.
    stops: Vec<i64>,
    /// Two periods, in seconds: closer to an end than this is at the end.
    near: f64,
    /// A pause that ends a session, in seconds.
    pause: f64,
}

impl Ends {
    fn new(timeline: &Timeline, server: &str, period: f64, thresholds: &Thresholds) -> Self {
        let log = timeline.servers.iter().find(|log| log.server == server);
        let stops = |event: &&ContextEvent| {
            matches!(event.kind, EventKind::LogFull | EventKind::LogCleared | EventKind::AuditsLost)
                && event.server == server
        };
        Self {
            cover: log.map(|log| (log.from, log.to)),
            full: log.is_some_and(|log| log.full),
            stops: timeline.context.iter().filter(stops).map(|event| event.sec).collect(),
            near: 2.0 * period,
            pause: thresholds[Param::SessionGap],
        }
    }

    fn episode(&self, stretch: &Stretch<'_>) -> Episode {
        let ongoing = self.cover.is_some_and(|(_, to)| (to - stretch.last) as f64 <= self.near);
        let reach = self.near.max(self.pause);
        let stopped = |stop: &i64| (0.0..=reach).contains(&((stop - stretch.last) as f64));
        Episode {
            first: stretch.first,
            last: stretch.last,
            failures: stretch.failures,
            since_before: self.cover.is_some_and(|(from, _)| (stretch.first - from) as f64 <= self.near),
            ongoing,
            log_stops: (ongoing && self.full) || self.stops.iter().any(stopped),
        }
    }
}
