//! Trailers of one log: most lines repeat the trailer of the line before, or all of it but the time of day.

use crate::input::stamp::{CLOCK, Clock, Usual, clock_ms, trailer_start, usual};
use crate::model::client::Stamp;

/// Reads trailers, the last one remembered.
#[derive(Debug, Default)]
pub(super) struct Trailers {
    clock: Clock,
    last: Vec<u8>,
    stamp: Stamp,
    /// What the last one told, where it had the usual form.
    usual: Option<Usual>,
}

impl Trailers {
    /// For a log without lines yet.
    pub(super) fn new(clock: Clock) -> Self {
        Trailers { clock, ..Trailers::default() }
    }

    /// What [`Trailers::split`] tells where the trailer is the last one again, or all of it but the time of day;
    /// `None` for others.
    #[inline]
    pub(super) fn split_usual<'t>(&mut self, line: &'t str) -> Option<(&'t str, Stamp)> {
        let (text, trailer) = line.split_at_checked(line.len().checked_sub(self.last.len())?)?;
        if trailer.as_bytes() != self.last {
            let ms = self.of_same_day(trailer.as_bytes())?;
            self.stamp = self.clock.dated(Some(ms), None);
            self.last.copy_from_slice(trailer.as_bytes());
        }
        // Without a last trailer nothing is at the end of the line.
        (!trailer.is_empty()).then_some((text, self.stamp))
    }

    /// The text in front of a line's trailer and the trailer's stamp; `None` where the line has none.
    pub(super) fn split<'t>(&mut self, line: &'t str) -> Option<(&'t str, Stamp)> {
        let (text, trailer) = line.split_at(trailer_start(line)?);
        if trailer.as_bytes() != self.last {
            self.read(trailer);
        }
        Some((text, self.stamp))
    }

    fn read(&mut self, trailer: &str) {
        self.stamp = match self.of_same_day(trailer.as_bytes()) {
            Some(ms) => self.clock.dated(Some(ms), None),
            None => {
                self.usual = usual(trailer);
                self.clock.trailer(trailer)
            }
        };
        self.last.clear();
        self.last.extend_from_slice(trailer.as_bytes());
    }

    /// Milliseconds of a trailer that differs from the last one in its time of day only.
    fn of_same_day(&self, trailer: &[u8]) -> Option<i64> {
        let Usual { clock_at, midnight, .. } = self.usual?;
        let (head, rest) = trailer.split_at_checked(clock_at)?;
        let (clock, tail) = rest.split_at_checked(CLOCK)?;
        let same = head == &self.last[..clock_at] && tail == &self.last[clock_at + CLOCK..];
        same.then(|| clock_ms(clock)).flatten().map(|time| midnight + i64::from(time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_came_before_changes_no_stamp(
            picks in proptest::collection::vec((0usize..8, 0usize..70, any::<u8>()), 1..40)
        ) {
            let lines = [
                "a  $$<LICCLI><Tue Aug 06 12:00:00.000 2002><thread=212 (0xD4)>",
                "b  $$<LICCLI><Tue Aug 06 12:00:00.000 2002><thread=212 (0xD4)>",
                "b  $$<LICCLI><Tue Aug 06 13:09:59.500 2002><thread=212 (0xD4)>",
                "b  $$<LICCLI><Tue Aug 06 24:09:59.500 2002><thread=212 (0xD4)>",
                "b  $$<LICCLI><Wed Aug 07 13:09:59.500 2002><thread=212 (0xD4)>",
                "b  $$<CCIM32><Wed Aug 07 13:09:59.500 2002 Pacific Standard Time><thread=212 (0xD4)>",
                "c  $$<SMS><09-17-2023 17:26:15.614+420><thread=7064 (0x1B98)>",
                "no trailer",
            ];
            let mut trailers = Trailers::new(Clock::default());
            for (line, at, byte) in picks {
                let mut line = lines[line].to_owned();
                // Two of three lines are whole.
                if byte % 3 == 0 && at < line.len() {
                    line.replace_range(at..=at, &char::from(byte % 128).to_string());
                }
                let alone = trailer_start(&line).map(|at| (&line[..at], Clock::default().trailer(&line[at..])));
                if let Some(usual) = trailers.split_usual(&line) {
                    prop_assert_eq!(Some(usual), alone, "{}", line);
                }
                prop_assert_eq!(trailers.split(&line), alone, "{}", line);
                let usual = alone.filter(|(text, _)| line.len() > text.len());
                prop_assert_eq!(trailers.split_usual(&line), usual, "{}", line);
            }
        }
    }
}
