//! The failed attempts of one log in few bytes each.
//!
//! Thousands of logs with tens of attempts each are held at a time, and a retry loop tells the same again
//! and again: an attempt is written as what differs from those before it, in ten bytes or so instead of a
//! hundred. Every attempt comes back as it was, whatever is in it.

use std::fmt;
use std::sync::Arc;

use super::client::{ConnectAttempt, Stamp, TickClass};

/// Failed attempts in the order of the lines.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Attempts {
    bytes: Vec<u8>,
    len: usize,
    /// Servers in the order in which attempts came to name them; one may stand here more than once.
    servers: Vec<Arc<str>>,
    before: Before,
}

/// What the next attempt is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Before {
    line: u64,
    offset: u64,
    stamp: Stamp,
    /// By class: the two kinds of attempts tell different things.
    rest: [Rest; 2],
}

/// What an attempt mostly says like the one of its class before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Rest {
    /// One more than the place of the server; 0 before the first.
    server: usize,
    counter: Option<(u32, u32)>,
    retries_left: Option<(u32, u32)>,
    wait_s: Option<u32>,
    error: Option<u32>,
}

// The first byte of an attempt: its class, and what differs.
const REACH: u8 = 1;
const FORM: u8 = 1 << 1;
const SERVER: u8 = 1 << 2;
const COUNTER: u8 = 1 << 3;
const LEFT: u8 = 1 << 4;
const WAIT: u8 = 1 << 5;
const ERROR: u8 = 1 << 6;

impl Attempts {
    /// How many.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True without any.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Bytes that they take.
    pub fn weight(&self) -> usize {
        self.bytes.len() + size_of_val(self.servers.as_slice())
    }

    /// Adds the next one.
    pub fn push(&mut self, attempt: &ConnectAttempt) {
        let class = usize::from(attempt.class == TickClass::Reach);
        let before = self.before.rest[class];
        let server = self.place(before.server, &attempt.server);
        let ConnectAttempt { counter, retries_left, wait_s, error, .. } = *attempt;
        let rest = Rest { server, counter, retries_left, wait_s, error };
        let flag = |differs: bool, flag: u8| if differs { flag } else { 0 };
        let what = flag(class == 1, REACH)
            | flag(form(self.before.stamp) != form(attempt.stamp), FORM)
            | flag(before.server != rest.server, SERVER)
            | flag(before.counter != rest.counter, COUNTER)
            | flag(before.retries_left != rest.retries_left, LEFT)
            | flag(before.wait_s != rest.wait_s, WAIT)
            | flag(before.error != rest.error, ERROR);
        let out = &mut Written::default();
        out.byte(what);
        put(out, attempt.line.wrapping_sub(self.before.line));
        put(out, attempt.offset.wrapping_sub(self.before.offset));
        put_stamp(out, what & FORM != 0, self.before.stamp, attempt.stamp);
        if what & SERVER != 0 {
            put(out, server as u64);
        }
        put_changed(out, what & COUNTER != 0, counter);
        put_changed(out, what & LEFT != 0, retries_left);
        put_changed(out, what & WAIT != 0, wait_s.map(|wait| (wait, 0)));
        put_changed(out, what & ERROR != 0, error.map(|error| (error, 0)));
        self.bytes.extend_from_slice(&out.bytes[..out.len]);
        (self.before.line, self.before.offset, self.before.stamp) = (attempt.line, attempt.offset, attempt.stamp);
        self.before.rest[class] = rest;
        self.len += 1;
    }

    /// One more than the place of a server, which is known where it was named last.
    fn place(&mut self, before: usize, server: &Arc<str>) -> usize {
        let is = |place: usize| {
            let known = place.checked_sub(1).and_then(|at| self.servers.get(at));
            known.is_some_and(|known| Arc::ptr_eq(known, server) || known == server)
        };
        if is(before) {
            return before;
        }
        if !is(self.servers.len()) {
            self.servers.push(Arc::clone(server));
        }
        self.servers.len()
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = ConnectAttempt> + '_ {
        Rows::of(self).map(|row| row.attempt(&self.servers))
    }

    /// Line and stamp of each.
    pub fn stamps(&self) -> impl Iterator<Item = (u64, Stamp)> + '_ {
        Rows::of(self).map(|row| (row.line, row.stamp))
    }

    /// True where these are the first of `longer`, as far as line, offset, stamp, class and server tell: what
    /// follows an attempt may have been cut off.
    pub fn begin(&self, longer: &Attempts) -> bool {
        // What was added last is known without decoding, and logs of one form differ there if anywhere.
        let last = |all: &Attempts| (all.before.line, all.before.offset, all.before.stamp);
        if self.len > longer.len || self.len == longer.len && last(self) != last(longer) {
            return false;
        }
        Rows::of(self).zip(Rows::of(longer)).all(|(a, b)| {
            (a.line, a.offset, a.stamp, a.class) == (b.line, b.offset, b.stamp, b.class)
                && server(&self.servers, &a) == server(&longer.servers, &b)
        })
    }

    /// Leaves the first so many.
    pub fn truncate(&mut self, most: usize) {
        if most < self.len {
            *self = self.iter().take(most).collect();
        }
    }

    /// Gives back what more of them would need.
    pub fn shrink_to_fit(&mut self) {
        self.bytes.shrink_to_fit();
        self.servers.shrink_to_fit();
    }
}

impl FromIterator<ConnectAttempt> for Attempts {
    fn from_iter<I: IntoIterator<Item = ConnectAttempt>>(attempts: I) -> Self {
        let mut all = Attempts::default();
        attempts.into_iter().for_each(|attempt| all.push(&attempt));
        all.shrink_to_fit();
        all
    }
}

impl fmt::Debug for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Most bytes of one attempt: what differs, line, offset, a stamp with its form, a server, and four pairs.
const MOST: usize = 1 + 10 + 10 + 1 + 10 + 10 + 10 + 4 * (5 + 5);

/// One attempt as it is written.
struct Written {
    bytes: [u8; MOST],
    len: usize,
}

impl Default for Written {
    fn default() -> Self {
        Written { bytes: [0; MOST], len: 0 }
    }
}

impl Written {
    fn byte(&mut self, byte: u8) {
        self.bytes[self.len] = byte;
        self.len += 1;
    }
}

/// One attempt as it comes back; its server is a place.
struct Row {
    line: u64,
    offset: u64,
    stamp: Stamp,
    class: TickClass,
    rest: Rest,
}

impl Row {
    fn attempt(self, servers: &[Arc<str>]) -> ConnectAttempt {
        let server = server(servers, &self).cloned().unwrap_or_default();
        let Row { line, offset, stamp, class, rest: Rest { counter, retries_left, wait_s, error, .. } } = self;
        ConnectAttempt { line, offset, stamp, class, server, counter, retries_left, wait_s, error }
    }
}

/// The server that a row names.
fn server<'s>(servers: &'s [Arc<str>], row: &Row) -> Option<&'s Arc<str>> {
    row.rest.server.checked_sub(1).and_then(|at| servers.get(at))
}

/// The attempts one by one.
struct Rows<'a> {
    bytes: &'a [u8],
    left: usize,
    before: Before,
}

impl<'a> Rows<'a> {
    fn of(all: &'a Attempts) -> Rows<'a> {
        Rows { bytes: &all.bytes, left: all.len, before: Before::default() }
    }
}

impl Iterator for Rows<'_> {
    type Item = Row;

    fn next(&mut self) -> Option<Row> {
        self.left = self.left.checked_sub(1)?;
        let from = &mut self.bytes;
        let what = byte(from);
        let before = &mut self.before;
        before.line = before.line.wrapping_add(take(from));
        before.offset = before.offset.wrapping_add(take(from));
        before.stamp = take_stamp(from, what & FORM != 0, before.stamp);
        let (class, rest) = match what & REACH {
            0 => (TickClass::Pipe, &mut before.rest[0]),
            _ => (TickClass::Reach, &mut before.rest[1]),
        };
        if what & SERVER != 0 {
            rest.server = take(from) as usize;
        }
        take_changed(from, what & COUNTER != 0, &mut rest.counter, |pair| pair);
        take_changed(from, what & LEFT != 0, &mut rest.retries_left, |pair| pair);
        take_changed(from, what & WAIT != 0, &mut rest.wait_s, |pair| pair.0);
        take_changed(from, what & ERROR != 0, &mut rest.error, |pair| pair.0);
        let rest = *rest;
        Some(Row { line: before.line, offset: before.offset, stamp: before.stamp, class, rest })
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

/// What a stamp tells besides its number: which kind it is, and the bias.
fn form(stamp: Stamp) -> (u8, i32) {
    match stamp {
        Stamp::None => (0, 0),
        Stamp::TimeOfDay(_) => (1, 0),
        Stamp::NoYear(_) => (2, 0),
        Stamp::Dated(_, None) => (3, 0),
        Stamp::Dated(_, Some(bias)) => (4, bias),
    }
}

fn number(stamp: Stamp) -> i64 {
    match stamp {
        Stamp::None => 0,
        Stamp::TimeOfDay(ms) => i64::from(ms),
        Stamp::NoYear(ms) | Stamp::Dated(ms, _) => ms,
    }
}

fn put_stamp(out: &mut Written, differs: bool, before: Stamp, stamp: Stamp) {
    let (kind, bias) = form(stamp);
    if differs {
        out.byte(kind);
        put(out, zigzag(i64::from(bias)));
    }
    put(out, zigzag(number(stamp).wrapping_sub(number(before))));
}

fn take_stamp(from: &mut &[u8], differs: bool, before: Stamp) -> Stamp {
    let (kind, bias) = match differs {
        true => (byte(from), unzigzag(take(from)) as i32),
        false => form(before),
    };
    let ms = number(before).wrapping_add(unzigzag(take(from)));
    match kind {
        0 => Stamp::None,
        1 => Stamp::TimeOfDay(ms as u32),
        2 => Stamp::NoYear(ms),
        3 => Stamp::Dated(ms, None),
        _ => Stamp::Dated(ms, Some(bias)),
    }
}

fn put_changed(out: &mut Written, differs: bool, pair: Option<(u32, u32)>) {
    if !differs {
        return;
    }
    // One more than the first of the pair; 0 without one.
    put(out, pair.map_or(0, |(first, _)| u64::from(first) + 1));
    if let Some((_, second)) = pair {
        put(out, u64::from(second));
    }
}

fn take_changed<T>(from: &mut &[u8], differs: bool, value: &mut Option<T>, of: impl Fn((u32, u32)) -> T) {
    if differs {
        *value = take(from).checked_sub(1).map(|first| of((first as u32, take(from) as u32)));
    }
}

/// Small numbers of either sign are small.
fn zigzag(number: i64) -> u64 {
    (number << 1 ^ number >> 63) as u64
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// Seven bits a byte, the lowest first; the highest bit of a byte says that another follows.
fn put(out: &mut Written, mut number: u64) {
    while number >= 0x80 {
        out.byte(number as u8 | 0x80);
        number >>= 7;
    }
    out.byte(number as u8);
}

#[inline]
fn take(from: &mut &[u8]) -> u64 {
    let first = byte(from);
    if first < 0x80 { u64::from(first) } else { take_more(from, u64::from(first & 0x7f)) }
}

fn take_more(from: &mut &[u8], mut number: u64) -> u64 {
    let mut shift = 7;
    loop {
        let next = byte(from);
        number |= u64::from(next & 0x7f) << shift;
        shift += 7;
        if next < 0x80 || shift > 63 {
            return number;
        }
    }
}

#[inline]
fn byte(from: &mut &[u8]) -> u8 {
    let Some((first, rest)) = from.split_first() else { return 0 };
    *from = rest;
    *first
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn stamp() -> impl Strategy<Value = Stamp> {
        prop_oneof![
            Just(Stamp::None),
            any::<u32>().prop_map(Stamp::TimeOfDay),
            any::<i64>().prop_map(Stamp::NoYear),
            (any::<i64>(), any::<Option<i32>>()).prop_map(|(ms, bias)| Stamp::Dated(ms, bias)),
            (0_i64..9).prop_map(|ms| Stamp::Dated(ms, None)),
        ]
    }

    fn attempt() -> impl Strategy<Value = ConnectAttempt> {
        let pair = || prop_oneof![any::<Option<(u32, u32)>>(), (0_u32..2, 0_u32..2).prop_map(Some)];
        let one = || prop_oneof![any::<Option<u32>>(), (0_u32..2).prop_map(Some)];
        let place = (any::<u64>(), any::<u64>(), stamp(), any::<bool>(), 0_usize..3);
        (place, pair(), pair(), one(), one()).prop_map(|(place, counter, retries_left, wait_s, error)| {
            let (line, offset, stamp, reach, server) = place;
            let class = if reach { TickClass::Reach } else { TickClass::Pipe };
            let server = ["", "A", "B"][server].into();
            ConnectAttempt { line, offset, stamp, class, server, counter, retries_left, wait_s, error }
        })
    }

    proptest! {
        #[test]
        fn attempts_come_back_as_they_were(
            attempts in prop::collection::vec(attempt(), 0..20),
            most in 0_usize..25,
        ) {
            let mut kept: Attempts = attempts.iter().cloned().collect();
            prop_assert_eq!(kept.len(), attempts.len());
            prop_assert_eq!(kept.iter().collect::<Vec<_>>(), attempts.clone());
            let first: Attempts = attempts.iter().take(most).cloned().collect();
            prop_assert!(first.begin(&kept));
            prop_assert_eq!(kept.begin(&first), most >= attempts.len());
            let stamps: Vec<(u64, Stamp)> = attempts.iter().map(|attempt| (attempt.line, attempt.stamp)).collect();
            prop_assert_eq!(kept.stamps().collect::<Vec<_>>(), stamps);
            kept.truncate(most);
            prop_assert_eq!(kept.iter().collect::<Vec<_>>(), &attempts[..most.min(attempts.len())]);
            let more = attempts.iter().skip(most);
            more.for_each(|attempt| kept.push(attempt));
            prop_assert_eq!(kept, attempts.into_iter().collect());
        }
    }

    #[test]
    fn the_attempts_of_a_loop_take_ten_bytes_or_so() {
        let server: Arc<str> = "DC01".into();
        let attempt = |at: u64| ConnectAttempt {
            line: 10 * at,
            offset: 1000 * at,
            stamp: Stamp::Dated(1_000_000_000_000 + 60_000 * at as i64, None),
            class: if at.is_multiple_of(2) { TickClass::Pipe } else { TickClass::Reach },
            server: Arc::clone(&server),
            counter: at.is_multiple_of(2).then_some((at as u32 % 5, 5)),
            retries_left: None,
            wait_s: Some(60),
            error: Some(2),
        };
        let all: Attempts = (0..1000).map(attempt).collect();
        assert!(all.weight() < 12_000, "{}", all.weight());
    }
}
