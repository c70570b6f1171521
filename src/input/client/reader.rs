//! From entries to attempts: what one client log tells, read with one profile.

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Arc;

use super::entries::Entry;
use super::profile::{Means, Profile};
use super::said::{Known, Memo, Said};
use crate::input::stamp::Clock;
use crate::model::attempts::Attempts;
use crate::model::client::{ClientSuccess, ConnectAttempt, Stamp, TickClass};
use crate::model::workstation::server_key;

/// Longest message that continuations are still joined to, in bytes.
const MAX_JOINED: usize = 4 << 10;

/// What the lines told so far.
#[derive(Clone, Debug)]
pub struct Reader<'p> {
    profile: &'p Profile,
    clock: Clock,
    memo: Memo,
    /// A message whose continuation may follow.
    held: Option<Held>,
    /// Room for the text of the next one.
    room: String,
    /// A success that the next line decides, and its rule.
    pending: Option<(ClientSuccess, usize)>,
    /// Server named last, as logged; empty if none was.
    server: Arc<str>,
    /// `(i/n)` since the last attempt.
    counter: Option<(u32, u32)>,
    /// The last attempt, while it is still being told about.
    open: Option<ConnectAttempt>,
    /// Lines per rule.
    counts: Vec<u64>,
    /// Canonical names of the servers named.
    pub servers: BTreeSet<String>,
    /// Failed attempts in the order of the lines.
    pub attempts: Attempts,
    /// Successes in the order of the lines.
    pub successes: Vec<ClientSuccess>,
    /// Messages of no known kind.
    pub unknown: u64,
    /// "Pipe busy" lines.
    pub busy: u64,
    /// Attempts and successes that are kept, each.
    pub most: usize,
    /// Attempts and successes beyond that.
    pub cut: u64,
    /// First stamp.
    pub first: Stamp,
    /// Last stamp.
    pub last: Stamp,
}

#[derive(Clone, Debug)]
struct Held {
    number: u64,
    offset: u64,
    stamp: Stamp,
    text: String,
    rule: Option<usize>,
    said: Option<Rc<Said>>,
    wrap: usize,
}

/// One whole message and its kind.
struct Message<'a> {
    number: u64,
    offset: u64,
    stamp: Stamp,
    text: &'a str,
    rule: Option<usize>,
    said: Option<Rc<Said>>,
}

impl<'p> Reader<'p> {
    /// A reader that has seen nothing.
    pub fn new(profile: &'p Profile, clock: Clock) -> Self {
        Reader {
            profile,
            clock,
            memo: Memo::default(),
            held: None,
            room: String::new(),
            pending: None,
            server: Arc::default(),
            counter: None,
            open: None,
            counts: vec![0; profile.rules.len()],
            servers: BTreeSet::new(),
            attempts: Attempts::default(),
            successes: Vec::new(),
            unknown: 0,
            busy: 0,
            most: usize::MAX,
            cut: 0,
            first: Stamp::None,
            last: Stamp::None,
        }
    }

    /// The same with what another reader of the profile has left.
    pub(super) fn with_memo(mut self, memo: Memo) -> Self {
        self.memo = memo;
        self
    }

    /// What a reader of the next log may know.
    pub(super) fn take_memo(&mut self) -> Memo {
        std::mem::take(&mut self.memo).for_next()
    }

    /// The profile it reads with.
    pub fn profile(&self) -> &'p Profile {
        self.profile
    }

    /// Takes the next message of the log.
    pub fn entry(&mut self, entry: &Entry<'_>) {
        let (text, stamp) = self.unstamped(entry);
        let known = self.memo.look(self.profile, text);
        if let (Some(rule), None, None) = (known.quiet, &self.held, &self.pending) {
            self.counts[rule] += 1;
            return self.mark(stamp);
        }
        let Known { start, prefixed, hit, said, .. } = known.clone();
        let text = &text[start..];
        if text.is_empty() {
            return;
        }
        if self.held.is_some()
            && let Some(held) = self.held.take()
        {
            let continues = hit.rule.is_none() && !prefixed && (stamp == Stamp::None || held.stamp == Stamp::None);
            if continues && held.text.len() + text.len() <= MAX_JOINED {
                return self.join(held, text, stamp);
            }
            self.release(held);
        }
        let message = Message { number: entry.number, offset: entry.offset, stamp, text, rule: hit.rule, said };
        match hit.wrap {
            Some(wrap) if text.len() <= MAX_JOINED => self.hold(message, wrap),
            _ => self.message(message),
        }
    }

    /// Ends the log: what was held back is told now.
    pub fn end(&mut self) {
        if let Some(held) = self.held.take() {
            self.release(held);
        }
        // A success that would need a next line has none.
        self.pending = None;
        self.close();
    }

    /// Lines that only a log of this profile has.
    pub fn typical(&self) -> u64 {
        self.profile.rules.iter().zip(&self.counts).filter(|(rule, _)| rule.typical).map(|(_, count)| count).sum()
    }

    /// Lines of each kind that was met, in byte order of the name.
    pub fn kinds(&self) -> Vec<(String, u64)> {
        let mut kinds: Vec<(String, u64)> = Vec::new();
        for (rule, count) in self.profile.rules.iter().zip(&self.counts).filter(|(_, count)| **count > 0) {
            match kinds.iter_mut().find(|(kind, _)| *kind == rule.kind) {
                Some((_, sum)) => *sum += count,
                None => kinds.push((rule.kind.clone(), *count)),
            }
        }
        kinds.sort();
        kinds
    }

    /// The text behind the profile's own stamp, if the profile has one and the record has none.
    fn unstamped<'t>(&self, entry: &Entry<'t>) -> (&'t str, Stamp) {
        if let (Some(pattern), Stamp::None) = (&self.profile.stamp, entry.stamp)
            && let Some(found) = pattern.captures(entry.text)
            && let Some(whole) = found.get(0)
        {
            return (entry.text[whole.end()..].trim_start(), self.clock.profile(&found));
        }
        (entry.text, entry.stamp)
    }

    fn hold(&mut self, message: Message<'_>, wrap: usize) {
        let mut text = std::mem::take(&mut self.room);
        text.clear();
        text.push_str(message.text);
        self.held = Some(Held {
            number: message.number,
            offset: message.offset,
            stamp: message.stamp,
            text,
            rule: message.rule,
            said: message.said,
            wrap,
        });
    }

    fn join(&mut self, held: Held, text: &str, stamp: Stamp) {
        let joined = format!("{}{}{text}", held.text, self.profile.wraps[held.wrap]);
        let Known { hit, said, .. } = Known::without_prefix(self.profile, &joined);
        let stamp = if held.stamp == Stamp::None { stamp } else { held.stamp };
        let message = Message { number: held.number, offset: held.offset, stamp, text: &joined, rule: hit.rule, said };
        match hit.wrap {
            Some(wrap) => self.hold(message, wrap),
            None => self.message(message),
        }
    }

    fn release(&mut self, held: Held) {
        self.message(Message {
            number: held.number,
            offset: held.offset,
            stamp: held.stamp,
            text: &held.text,
            rule: held.rule,
            said: held.said,
        });
        self.room = held.text;
    }

    #[inline]
    fn mark(&mut self, stamp: Stamp) {
        if stamp != Stamp::None {
            self.last = stamp;
            if self.first == Stamp::None {
                self.first = stamp;
            }
        }
    }

    fn message(&mut self, message: Message<'_>) {
        self.mark(message.stamp);
        if self.pending.is_some()
            && let Some((success, rule)) = self.pending.take()
        {
            let rule = &self.profile.rules[rule];
            let fits = |pattern: &regex::Regex| pattern.is_match(message.text);
            if rule.next.as_ref().is_none_or(fits) && !rule.not_next.as_ref().is_some_and(fits) {
                self.succeeded(success);
            }
        }
        let Some(index) = message.rule else {
            self.unknown += 1;
            return;
        };
        self.counts[index] += 1;
        let rule = &self.profile.rules[index];
        let said = message.said.as_deref();
        if let Some(said) = said {
            self.details(said);
        }
        match rule.means {
            Means::Attempt(class) => self.attempt(&message, class),
            Means::Success => {
                let account = said.and_then(|said| said.account.clone());
                let success = ClientSuccess { line: message.number, stamp: message.stamp, account };
                if rule.next.is_some() || rule.not_next.is_some() {
                    self.pending = Some((success, index));
                } else {
                    self.succeeded(success);
                }
            }
            Means::Busy => self.busy += 1,
            Means::Wait | Means::Note => {}
        }
        // An attempt's own line may announce the wait.
        if let (Some(said), Some(attempt)) = (said, &mut self.open) {
            // Countdown and wait, which lines behind the attempt may announce.
            attempt.retries_left = attempt.retries_left.or(said.left);
            attempt.wait_s = attempt.wait_s.or(said.wait_s);
        }
    }

    fn attempt(&mut self, message: &Message<'_>, class: TickClass) {
        self.close();
        let counter = self.counter.take();
        if self.attempts.len() >= self.most {
            self.cut += 1;
            return;
        }
        self.open = Some(ConnectAttempt {
            line: message.number,
            offset: message.offset,
            stamp: message.stamp,
            class,
            server: Arc::clone(&self.server),
            counter,
            retries_left: None,
            wait_s: None,
            error: message.said.as_deref().and_then(|said| said.error),
        });
    }

    /// Nothing more is told about the last attempt.
    fn close(&mut self) {
        if let Some(attempt) = self.open.take() {
            self.attempts.push(&attempt);
        }
    }

    fn succeeded(&mut self, success: ClientSuccess) {
        if self.successes.len() < self.most {
            self.successes.push(success);
        } else {
            self.cut += 1;
        }
    }

    /// Server and counter, which lines before the attempt may name.
    fn details(&mut self, said: &Said) {
        if let Some(server) = &said.server
            && *server != self.server
        {
            self.server = Arc::clone(server);
            let key = server_key(server);
            if !key.is_empty() {
                self.servers.insert(key);
            }
        }
        if let Some(counter) = said.counter {
            self.counter = Some(counter);
            self.close();
        }
    }
}
