//! What one message says, found once: a retry loop writes the same few messages thousands of times.

use std::hash::BuildHasher;
use std::rc::Rc;
use std::sync::Arc;

use hashbrown::DefaultHashBuilder;
use regex::Captures;

use super::profile::{Hit, Means, Profile, Rule};
use crate::model::slots::Slots;

/// Messages that are remembered at most.
const REMEMBERED: usize = 4096;
/// Longest message that is remembered, in bytes.
const LONGEST: usize = 512;

/// The values in a message.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    /// The server as logged, without backslashes; never empty.
    pub(super) server: Option<Arc<str>>,
    /// `(i/n)` of the retry cycle.
    pub(super) counter: Option<(u32, u32)>,
    /// `k more times out of n`.
    pub(super) left: Option<(u32, u32)>,
    /// Seconds of an announced wait.
    pub(super) wait_s: Option<u32>,
    /// Win32 error code.
    pub(super) error: Option<u32>,
    /// The account; never empty.
    pub(super) account: Option<String>,
}

impl Said {
    /// The values that a rule finds; `None` where it looks for none.
    pub(super) fn of(rule: &Rule, text: &str) -> Option<Said> {
        let found = rule.captures.as_ref()?.captures(text)?;
        let name = |group: &str| found.name(group).map(|found| found.as_str().trim());
        let server = name("server").map(|server| server.trim_start_matches('\\'));
        let owned = |text: Option<&str>| text.filter(|text| !text.is_empty()).map(str::to_owned);
        Some(Said {
            server: server.filter(|server| !server.is_empty()).map(Arc::from),
            counter: pair(&found, "try", "tries"),
            left: pair(&found, "left", "left_of"),
            wait_s: wait(&found),
            error: found.name("error").and_then(|error| code(error.as_str())),
            account: owned(name("account")),
        })
    }
}

/// A message as the profile sees it.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// Bytes of the prefix in front of it.
    pub(super) start: usize,
    /// There is a prefix.
    pub(super) prefixed: bool,
    /// Its kind, and whether a continuation may follow.
    pub(super) hit: Hit,
    /// The values in it, where its kind has any.
    pub(super) said: Option<Rc<Said>>,
    /// Its rule, where it is a whole message of which only the count and the stamp matter.
    pub(super) quiet: Option<usize>,
}

impl Known {
    /// Takes one message apart.
    pub(super) fn of(profile: &Profile, text: &str) -> Known {
        let (start, prefixed) = match profile.prefix.as_ref().and_then(|prefix| prefix.find(text)) {
            Some(found) if found.start() == 0 => (text.len() - text[found.end()..].trim_start().len(), true),
            _ => (0, false),
        };
        let known = Known::without_prefix(profile, &text[start..]);
        let counted = |rule: &usize| matches!(profile.rules[*rule].means, Means::Note | Means::Wait);
        let says_nothing = start < text.len() && known.said.is_none() && known.hit.wrap.is_none();
        let quiet = known.hit.rule.filter(|rule| says_nothing && counted(rule));
        Known { start, prefixed, quiet, ..known }
    }

    /// The same where no prefix is looked for.
    pub(super) fn without_prefix(profile: &Profile, text: &str) -> Known {
        let hit = profile.hit(text);
        let said = hit.rule.and_then(|rule| Said::of(&profile.rules[rule], text));
        Known { hit, said: said.map(Rc::new), ..Known::default() }
    }
}

/// Messages of one profile that were taken apart before: the logs of thousands of clients say the same, and
/// in the same order.
#[derive(Clone, Debug, Default)]
pub(super) struct Memo {
    messages: Vec<Message>,
    table: Slots,
    hasher: DefaultHashBuilder,
    /// The message that came last.
    last: usize,
    /// One that is not kept.
    other: Known,
}

#[derive(Clone, Debug)]
struct Message {
    text: Box<str>,
    known: Known,
    /// The message that came behind it the last time.
    next: usize,
}

impl Memo {
    /// The same for the next log; a full one makes room for other messages.
    pub(super) fn for_next(self) -> Memo {
        if self.messages.len() < REMEMBERED { self } else { Memo::default() }
    }

    /// The message, taken apart only where it is new.
    #[inline]
    pub(super) fn look(&mut self, profile: &Profile, text: &str) -> &Known {
        let next = self.messages.get(self.last).map_or(0, |last| last.next);
        if self.messages.get(next).is_none_or(|message| *message.text != *text) {
            return self.find_or_learn(profile, text);
        }
        self.last = next;
        &self.messages[next].known
    }

    fn find_or_learn(&mut self, profile: &Profile, text: &str) -> &Known {
        let hash = self.hasher.hash_one(text);
        let at = match self.table.find(hash, |at| *self.messages[at as usize].text == *text) {
            Some(at) => at as usize,
            None => {
                let known = Known::of(profile, text);
                if text.len() > LONGEST || self.messages.len() >= REMEMBERED {
                    self.other = known;
                    return &self.other;
                }
                let at = self.messages.len();
                self.table.insert(hash, at as u32);
                self.messages.push(Message { text: text.into(), known, next: 0 });
                at
            }
        };
        if let Some(last) = self.messages.get_mut(self.last) {
            last.next = at;
        }
        self.last = at;
        &self.messages[at].known
    }
}

fn pair(found: &Captures<'_>, first: &str, second: &str) -> Option<(u32, u32)> {
    Some((found.name(first)?.as_str().parse().ok()?, found.name(second)?.as_str().parse().ok()?))
}

/// Seconds of an announced wait, parts of a second counted as one.
fn wait(found: &Captures<'_>) -> Option<u32> {
    let units = [("wait_ms", 1), ("wait_s", 1000), ("wait_min", 60_000), ("wait_h", 3_600_000)];
    let (number, unit) = units.iter().find_map(|(name, unit)| Some((found.name(name)?, *unit)))?;
    let ms = number.as_str().parse::<u64>().ok()?.checked_mul(unit)?;
    u32::try_from(ms.div_ceil(1000)).ok()
}

/// A code as programs print it: decimal, negative decimal, hexadecimal.
fn code(text: &str) -> Option<u32> {
    match text.strip_prefix("0x").or(text.strip_prefix("0X")) {
        Some(digits) => u32::from_str_radix(digits, 16).ok(),
        None => text.parse::<u32>().ok().or_else(|| text.parse::<i32>().ok().map(|code| code as u32)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_that_is_known_says_what_it_said_and_memory_is_bounded() {
        let profile = Profile::metering();
        let mut memo = Memo::default();
        let text = r"+ON +: FAILED - Severity:0 Error:2 Failed to connect to the pipe-service on \\HANSR1. Check the service is running.";
        for _ in 0..2 {
            let known = memo.look(profile, text).clone();
            assert!(known.prefixed && text[known.start..].starts_with("FAILED"));
            let said = known.said.expect("it names the server");
            assert_eq!((said.server.as_deref(), said.error), (Some("HANSR1"), Some(2)));
        }
        assert_eq!(memo.messages.len(), 1);
        for at in 0..2 * REMEMBERED {
            memo.look(profile, &at.to_string());
        }
        memo.look(profile, &"x".repeat(LONGEST + 1));
        assert_eq!(memo.messages.len(), REMEMBERED);
    }
}
