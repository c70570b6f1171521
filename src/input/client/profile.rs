//! A profile: which lines of an agent's log are attempts, successes, waits, and where server and
//! account stand in them.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::OnceLock;

use regex::{Regex, RegexSet};
use serde::Deserialize;
use toml::Spanned;

use crate::model::client::TickClass;

/// The text of the built-in profile: the metering client of SMS 2.0.
pub const METERING: &str = include_str!("../profiles/metering.toml");

/// What a line of one kind tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// A connect attempt ended in failure.
    Attempt(TickClass),
    /// The agent got through.
    Success,
    /// The server has no free pipe: overload, not credentials.
    Busy,
    /// What the agent does next.
    Wait,
    /// Nothing.
    Note,
}

/// One kind of line.
#[derive(Clone, Debug)]
pub struct Rule {
    /// Name under which such lines are counted.
    pub kind: String,
    /// What they tell.
    pub means: Means,
    /// One such line shows that a file is a log of this profile.
    pub typical: bool,
    /// The pattern, where it has groups to look at; `None` when the hit is all.
    pub captures: Option<Regex>,
    /// A success counts only if the next line fits.
    pub next: Option<Regex>,
    /// A success counts only if there is a next line that does not fit.
    pub not_next: Option<Regex>,
}

/// A checked profile, ready for use.
#[derive(Clone, Debug)]
pub struct Profile {
    /// What messages call this kind of log.
    pub name: String,
    /// Names of the log without extension, in lower case.
    pub files: Vec<String>,
    /// What stands in front of every message.
    pub prefix: Option<Regex>,
    /// The stamp in front of the message.
    pub stamp: Option<Regex>,
    /// The kinds of lines; the first that fits decides.
    pub rules: Vec<Rule>,
    /// What joins a continuation to its line, by the patterns behind those of the rules.
    pub wraps: Vec<String>,
    /// All patterns in one: rules, then wraps.
    set: RegexSet,
}

/// What one pass over a line found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hit {
    /// Index of the rule; `None`: no known kind.
    pub rule: Option<usize>,
    /// Index of the wrap: a continuation may follow.
    pub wrap: Option<usize>,
}

impl Profile {
    /// The metering client's own profile.
    pub fn metering() -> &'static Profile {
        static BUILT_IN: OnceLock<Profile> = OnceLock::new();
        BUILT_IN.get_or_init(|| Profile::parse(METERING).expect("the built-in profile is tested"))
    }

    /// Reads and checks a profile. The message of an error names line and column.
    pub fn parse(text: &str) -> Result<Profile, String> {
        let typed: Typed = toml::from_str(text).map_err(|error| {
            let at = error.span().unwrap_or(0..0);
            format!("{}: {}", place(text, &at), error.message())
        })?;
        check(text, typed)
    }

    /// One pass over a message: its kind, and whether a continuation may follow.
    pub fn hit(&self, message: &str) -> Hit {
        let mut hit = Hit::default();
        for index in self.set.matches(message) {
            if index < self.rules.len() {
                hit.rule = hit.rule.or(Some(index));
            } else {
                hit.wrap = hit.wrap.or(Some(index - self.rules.len()));
            }
        }
        hit
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Typed {
    name: Spanned<String>,
    #[serde(default)]
    files: Vec<String>,
    prefix: Option<Spanned<String>>,
    stamp: Option<Spanned<String>>,
    #[serde(default)]
    line: Vec<TypedLine>,
    #[serde(default)]
    wrap: Vec<TypedWrap>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedLine {
    kind: Spanned<String>,
    pattern: Spanned<String>,
    #[serde(default)]
    means: TypedMeans,
    tick: Option<Spanned<TypedTick>>,
    typical: Option<bool>,
    next: Option<Spanned<String>>,
    not_next: Option<Spanned<String>>,
}

#[derive(Deserialize, Default, PartialEq, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum TypedMeans {
    Attempt,
    Success,
    Busy,
    Wait,
    #[default]
    Note,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum TypedTick {
    Pipe,
    Reach,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TypedWrap {
    after: Spanned<String>,
    #[serde(default)]
    with: String,
}

/// Groups that a pattern of a line may have.
const GROUPS: [&str; 11] =
    ["server", "account", "error", "try", "tries", "left", "left_of", "wait_ms", "wait_s", "wait_min", "wait_h"];
/// Groups that a pattern of a stamp may have.
const STAMP_GROUPS: [&str; 7] = ["hour", "minute", "second", "fraction", "day", "month", "year"];

fn check(text: &str, typed: Typed) -> Result<Profile, String> {
    if typed.name.get_ref().trim().is_empty() {
        return Err(format!("{}: `name` is empty", place(text, &typed.name.span())));
    }
    let mut patterns = Vec::new();
    let mut rules = Vec::new();
    for line in &typed.line {
        rules.push(rule(text, line)?);
        patterns.push(line.pattern.get_ref().clone());
    }
    if !rules.iter().any(|rule| matches!(rule.means, Means::Attempt(_))) {
        return Err("no [[line]] has `means = \"attempt\"`: such a profile would find nothing".into());
    }
    for wrap in &typed.wrap {
        pattern(text, &wrap.after, &[])?;
        patterns.push(wrap.after.get_ref().clone());
    }
    let optional = |typed: &Option<Spanned<String>>, groups: &[&str]| {
        typed.as_ref().map(|spanned| pattern(text, spanned, groups)).transpose()
    };
    let stamp = optional(&typed.stamp, &STAMP_GROUPS)?;
    if let (Some(stamp), Some(spanned)) = (&stamp, &typed.stamp) {
        let named: BTreeSet<&str> = stamp.capture_names().flatten().collect();
        if !named.contains("hour") || !named.contains("minute") {
            return Err(format!("{}: a stamp needs the groups `hour` and `minute`", place(text, &spanned.span())));
        }
    }
    Ok(Profile {
        name: typed.name.into_inner(),
        files: typed.files.iter().map(|name| name.to_lowercase()).collect(),
        prefix: optional(&typed.prefix, &[])?,
        stamp,
        rules,
        wraps: typed.wrap.into_iter().map(|wrap| wrap.with).collect(),
        set: RegexSet::new(&patterns).map_err(|error| format!("the patterns together: {error}"))?,
    })
}

fn rule(text: &str, line: &TypedLine) -> Result<Rule, String> {
    let kind = line.kind.get_ref().trim().to_owned();
    if kind.is_empty() {
        return Err(format!("{}: `kind` is empty", place(text, &line.kind.span())));
    }
    if let (Some(tick), true) = (&line.tick, line.means != TypedMeans::Attempt) {
        return Err(format!("{}: only an attempt has a `tick`", place(text, &tick.span())));
    }
    let condition = line.next.as_ref().or(line.not_next.as_ref());
    if let (Some(condition), true) = (condition, line.means != TypedMeans::Success) {
        return Err(format!("{}: only a success depends on the next line", place(text, &condition.span())));
    }
    let means = match (line.means, line.tick.as_ref().map(|tick| *tick.get_ref())) {
        (TypedMeans::Attempt, Some(TypedTick::Reach)) => Means::Attempt(TickClass::Reach),
        (TypedMeans::Attempt, Some(TypedTick::Pipe) | None) => Means::Attempt(TickClass::Pipe),
        (TypedMeans::Success, _) => Means::Success,
        (TypedMeans::Busy, _) => Means::Busy,
        (TypedMeans::Wait, _) => Means::Wait,
        (TypedMeans::Note, _) => Means::Note,
    };
    let regex = pattern(text, &line.pattern, &GROUPS)?;
    let has_groups = regex.capture_names().flatten().next().is_some();
    let optional =
        |typed: &Option<Spanned<String>>| typed.as_ref().map(|spanned| pattern(text, spanned, &[])).transpose();
    Ok(Rule {
        kind,
        means,
        typical: line.typical.unwrap_or(means != Means::Note),
        captures: has_groups.then_some(regex),
        next: optional(&line.next)?,
        not_next: optional(&line.not_next)?,
    })
}

/// Compiles a pattern and checks its groups.
fn pattern(text: &str, spanned: &Spanned<String>, groups: &[&str]) -> Result<Regex, String> {
    let at = || place(text, &spanned.span());
    let regex = Regex::new(spanned.get_ref()).map_err(|error| format!("{}: {}", at(), short(&error)))?;
    if regex.is_match("") {
        return Err(format!("{}: the pattern fits an empty line", at()));
    }
    match regex.capture_names().flatten().find(|name| !groups.contains(name)) {
        Some(name) if groups.is_empty() => Err(format!("{}: group `{name}`: no groups here", at())),
        Some(name) => Err(format!("{}: unknown group `{name}`; known: {}", at(), groups.join(", "))),
        None => Ok(regex),
    }
}

/// The last line of a regex error says what is wrong; the lines before it draw the pattern.
fn short(error: &regex::Error) -> String {
    let text = error.to_string();
    text.lines().last().unwrap_or("no regular expression").trim_start_matches("error: ").to_owned()
}

/// Line and column of a place in the text, both from 1; columns count characters.
fn place(text: &str, at: &Range<usize>) -> String {
    let before = text.get(..at.start).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
    format!("line {line}, column {column}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "name = \"x\"\n[[line]]\nkind = \"a\"\nmeans = \"attempt\"\n";

    fn fails(text: &str, expect: &str) {
        let message = Profile::parse(text).expect_err(text);
        assert!(message.contains(expect), "{text}\n{message}");
    }

    #[test]
    fn the_built_in_profile_is_a_profile() {
        let profile = Profile::parse(METERING).unwrap();
        assert!(profile.rules.len() > 25);
        assert_eq!(profile.wraps, [" ", ""]);
    }

    #[test]
    fn mistakes_are_named_with_line_and_column() {
        fails("", "name");
        fails("name = \"x\"\nlines = 3\n", "line 2, column 1: unknown field `lines`");
        fails("name = \"x\"\n", "no [[line]] has `means = \"attempt\"`");
        fails(&format!("{HEAD}pattern = 'a('\n"), "line 5, column 11: unclosed group");
        fails(&format!("{HEAD}pattern = 'a*'\n"), "line 5, column 11: the pattern fits an empty line");
        fails(&format!("{HEAD}pattern = '(?P<host>a)'\n"), "line 5, column 11: unknown group `host`; known: server");
        fails(&format!("{HEAD}pattern = 'a'\nnext = 'b'\n"), "line 6, column 8: only a success");
        fails(
            "name = \"x\"\n[[line]]\nkind = \"a\"\nmeans = \"trial\"\npattern = 'a'\n",
            "line 4, column 9: unknown variant",
        );
        fails(
            "name = \"x\"\n[[line]]\nkind = \"a\"\ntick = \"pipe\"\npattern = 'a'\n",
            "line 4, column 8: only an attempt",
        );
        fails(&format!("{HEAD}pattern = 'a'\n[[wrap]]\nafter = '(?P<server>a)'\n"), "line 7, column 9: group `server`");
        fails(&format!("stamp = '^(?P<hour>.)'\n{HEAD}pattern = 'a'\n"), "line 1, column 9: a stamp needs");
        fails("name = \"é\" é", "line 1, column 12");
    }
}
