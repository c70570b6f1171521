//! Stamps without a year, and the year of each.

use std::io;
use std::ops::ControlFlow;

use crate::input::door::Job;
use crate::input::lines::each_line;
use crate::input::stamp::{NO_YEAR, date_ms};

/// Milliseconds.
const DAY: i64 = 86_400_000;
/// A step back by more than this, in milliseconds, is a new year and not a clock that was set.
const NEW_YEAR_STEP: i64 = 180 * DAY;
/// How far a stamp may lie behind the file's modification time: other zones, and a day of clock error.
const AHEAD: i64 = 2 * DAY;
/// More turns of the year than any log has: a file that has them is no log.
const MAX_TURNS: usize = 100;

/// Date and time without a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub(super) month: u32,
    pub(super) day: u32,
    /// Milliseconds since midnight.
    pub(super) time_ms: u32,
    /// Milliseconds in a leap year, for comparing.
    pub(super) in_year: i64,
}

/// `MM/DD HH:MM:SS ` at the start of a line, and what stands behind it.
pub(super) fn stamp(line: &str) -> (Option<At>, &str) {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || c == '\0');
    parse_stamp(line).map_or((None, line), |at| (Some(at), line[STAMP..].trim_start()))
}

/// Bytes of `MM/DD HH:MM:SS`.
const STAMP: usize = 14;

/// Stamps line by line: most lines of a log have the stamp of the line before.
#[derive(Default)]
struct Stamps {
    last: [u8; STAMP],
    at: Option<At>,
}

impl Stamps {
    fn of(&mut self, line: &str) -> Option<At> {
        match line.as_bytes().first_chunk::<STAMP>() {
            // With blanks in front, or without a stamp.
            Some(text) if !text[0].is_ascii_digit() => stamp(line).0,
            Some(text) if *text == self.last => self.at,
            Some(text) => {
                (self.last, self.at) = (*text, parse_stamp(line));
                self.at
            }
            None => None,
        }
    }
}

fn parse_stamp(line: &str) -> Option<At> {
    let text = line.as_bytes().get(..STAMP)?;
    let marks = (text[2], text[5], text[8], text[11]) == (b'/', b' ', b':', b':');
    let two = |at: usize| {
        let (tens, ones) = (text[at].wrapping_sub(b'0'), text[at + 1].wrapping_sub(b'0'));
        (tens < 10 && ones < 10).then(|| u32::from(tens) * 10 + u32::from(ones))
    };
    let (month, day, hour, minute, second) = (two(0)?, two(3)?, two(6)?, two(9)?, two(12)?);
    if !marks || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let time_ms = ((hour * 60 + minute) * 60 + second) * 1000;
    Some(At { month, day, time_ms, in_year: date_ms(NO_YEAR, month, day, time_ms)? })
}

/// The year of each stamp. The last one lies just before the file's modification time; each step
/// back from December to January before it is one year. One damaged stamp must not move the others,
/// so a step counts when the stamp after it agrees.
#[derive(Debug, Default)]
pub(super) struct Years {
    /// Year of the first stamp; `None` where the file's modification time is not known.
    first: Option<i32>,
    /// Numbers of the lines that begin a year.
    turns: Vec<u64>,
}

/// The walk that finds the years.
#[derive(Default)]
struct Turns {
    /// The last two stamps that agree with their neighbours, and the turns before each.
    last: Option<(At, usize)>,
    before: Option<(At, usize)>,
    /// A stamp far from the last one, and its line.
    odd: Option<(At, u64)>,
    turns: Vec<u64>,
}

impl Turns {
    fn stamp(&mut self, at: At, line: u64) {
        let Some((last, _)) = self.last else { return self.agreed(at) };
        let step = at.in_year - last.in_year;
        match self.odd.take() {
            // Back where the log was before the odd stamp.
            Some(_) if (-DAY..=NEW_YEAR_STEP).contains(&step) => self.agreed(at),
            Some((odd, odd_line)) => {
                self.turn(last, odd, odd_line);
                self.agreed(odd);
                self.stamp(at, line);
            }
            None if step.abs() > NEW_YEAR_STEP => self.odd = Some((at, line)),
            None => self.agreed(at),
        }
    }

    fn agreed(&mut self, at: At) {
        self.before = self.last;
        self.last = Some((at, self.turns.len()));
    }

    fn turn(&mut self, last: At, odd: At, line: u64) {
        if odd.in_year < last.in_year && self.turns.len() < MAX_TURNS {
            self.turns.push(line);
        }
    }

    fn years(mut self, modified: Option<i64>) -> Years {
        let first = |stamp: Option<(At, usize)>| {
            let (at, turns) = stamp?;
            Some(year_of(modified?, at)? - turns as i32)
        };
        // A damaged last stamp may lie behind the modification time and cost a year.
        let first = first(self.last).max(first(self.before));
        if let (Some((odd, line)), Some((last, _))) = (self.odd, self.last) {
            self.turn(last, odd, line);
        }
        Years { first, turns: self.turns }
    }
}

impl Years {
    /// Looks through the file.
    pub(super) fn of(job: &Job<'_>) -> io::Result<Years> {
        let mut turns = Turns::default();
        let mut stamps = Stamps::default();
        each_line(job.source, &mut |line| {
            if let Some(at) = stamps.of(line.text) {
                turns.stamp(at, line.number);
            }
            ControlFlow::Continue(())
        })?;
        Ok(turns.years(job.source.modified))
    }

    /// The year at a line.
    pub(super) fn at(&self, line: u64) -> Option<i32> {
        Some(self.first? + self.turns.partition_point(|turn| *turn <= line) as i32)
    }
}

/// The latest year in which the stamp exists and does not lie after the modification time.
fn year_of(modified: i64, last: At) -> Option<i32> {
    let modified = modified.checked_mul(1000)?;
    let about = chrono::DateTime::from_timestamp_millis(modified)?;
    let year = chrono::Datelike::year(&about);
    (year - 8..=year + 1).rev().find(|&year| {
        date_ms(year, last.month, last.day, last.time_ms).is_some_and(|at| at <= modified.saturating_add(AHEAD))
    })
}
