//! The section of one row.

use super::draw;
use crate::escape::terminal::terminal;
use crate::model::analysis::{Analysis, ClientLine, Row};
use crate::model::finding::Class;
use crate::model::matching::Match;
use crate::report::sentence::{self, clock_words};
use crate::report::style::Style;
use crate::report::words::{client_stamp, count, decimal, duration, period, stamp};
use crate::report::{pairs, place};

/// Rows with pictures and tables; the next ones have sentences only, to keep the file small.
pub(super) const FULL: usize = 10;
/// Rows with a section at all.
pub(super) const SECTIONS: usize = 200;
/// Pairs and lines that are listed.
const PAIRS: usize = 8;
const LINES: usize = 4;

/// One section.
pub(super) struct Detail {
    pub(super) rank: u64,
    pub(super) name: String,
    pub(super) class: &'static str,
    pub(super) verdict: &'static str,
    pub(super) sentence: String,
    pub(super) reasons: Vec<String>,
    pub(super) action: String,
    pub(super) full: Option<Full>,
}

/// Pictures and tables of a section.
pub(super) struct Full {
    pub(super) overview: String,
    pub(super) close_look: String,
    pub(super) gaps: String,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) events: Vec<[String; 2]>,
    pub(super) lines: Vec<[String; 2]>,
    pub(super) pairs: Vec<[String; 5]>,
}

/// The sections, in order of rank.
pub(super) fn all(analysis: &Analysis, style: &Style) -> Vec<Detail> {
    let deep = |row: &Row| matches!(row.class, Class::Storm | Class::PossibleStorm) || row.matched.is_some();
    let mut full = 0;
    let section = |row| {
        let with = deep(row) && full < FULL;
        full += usize::from(with);
        one(analysis, row, style, with)
    };
    style.rows(analysis).take(SECTIONS).map(section).collect()
}

fn one(analysis: &Analysis, row: &Row, style: &Style, with: bool) -> Detail {
    let shown = |text: &str| terminal(text).into_owned();
    Detail {
        rank: row.rank,
        name: shown(&row.workstation),
        class: row.class.word(),
        verdict: row.verdict.map_or("", |verdict| verdict.word()),
        sentence: shown(&sentence::of(row, style.zone)),
        reasons: if with { row.reasons.iter().map(|text| shown(text)).collect() } else { Vec::new() },
        action: if with { shown(&row.action) } else { String::new() },
        full: with.then(|| pictures(analysis, row, style)),
    }
}

fn pictures(analysis: &Analysis, row: &Row, style: &Style) -> Full {
    let found = pairs::found(row);
    let shown = |text: String| terminal(&text).into_owned();
    let events = row.evidence.sightings.iter();
    let ticks: Vec<&ClientLine> = row.evidence.ticks.iter().collect();
    Full {
        overview: draw::overview(row, style.zone),
        close_look: found.map(|found| draw::close_look(row, found, style.zone)).unwrap_or_default(),
        gaps: draw::gaps(row),
        facts: found.map(|found| facts(row, found)).unwrap_or_default(),
        events: events
            .map(|sighting| [stamp(sighting.sec, style.zone), shown(place::of(analysis, sighting.at))])
            .collect(),
        lines: pairs::spread(&ticks, LINES)
            .into_iter()
            .map(|tick| {
                let time = tick.at_ms.map_or_else(|| "no time".to_owned(), client_stamp);
                [time, shown(place::of_line(analysis, tick))]
            })
            .collect(),
        pairs: found.map(|found| pair_rows(analysis, row, found, style)).unwrap_or_default(),
    }
}

/// What the comparison gave, in words.
fn facts(row: &Row, found: &Match) -> Vec<(&'static str, String)> {
    let n = |n: usize| count(n as u64);
    let offset = row.matched.as_ref().and_then(|matched| matched.clock_offset_s);
    let mut facts = vec![
        (
            "agree",
            format!(
                "{} of {} client attempts; {} bursts in that time",
                n(found.matched),
                n(found.of_client),
                n(found.of_server)
            ),
        ),
        ("shuffled logs", format!("the best of {} reaches {}", n(found.shuffles), n(found.shuffled_best))),
        (
            "other workstations",
            match found.decoy_best {
                Some(best) => format!("the best of {} reaches {}", n(found.decoys), n(best)),
                None => "none to compare with".to_owned(),
            },
        ),
    ];
    if let Some(offset) = offset {
        facts.push(("clocks", format!("{} ({} s)", clock_words(offset, found.ambiguous_by), decimal(offset))));
    }
    facts.push(("drift", format!("{} ppm", decimal(found.clock.rho * 1e6))));
    if let Some(seconds) = found.ambiguous_by {
        facts.push(("aliases", format!("the offset is known only up to multiples of {}", period(seconds))));
    }
    for step in found.steps.iter().take(4) {
        let side = if step.seconds < 0.0 { "back" } else { "forward" };
        let text = format!("set {side} by {} after {}", duration(step.seconds), client_stamp(step.after * 1000));
        facts.push(("clock step", text));
    }
    facts
}

fn pair_rows(analysis: &Analysis, row: &Row, found: &Match, style: &Style) -> Vec<[String; 5]> {
    let one = |pair| {
        let checked = pairs::check(row, found, pair);
        let line = checked.line.map(|line| terminal(&place::of_line(analysis, line)).into_owned());
        [
            stamp(pair.server_sec, style.zone),
            checked.record.map(|at| at.at.to_string()).unwrap_or_default(),
            client_stamp(pair.client_sec * 1000),
            line.unwrap_or_default(),
            format!("{:+.1} s", checked.residual_s),
        ]
    };
    pairs::spread(&found.pairs, PAIRS).into_iter().map(one).collect()
}
