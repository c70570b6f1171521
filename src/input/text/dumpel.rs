//! Dumpel (Resource Kit): `dtTCISucs` = date, time, type, category, id, source, user, computer, strings,
//! behind tabs, commas or blanks. Strings are raw: of a 681 the package comes first.
//!
//! Strings behind blanks cannot be told apart where an account has blanks, so they are read from both
//! ends: the package is one of known names, workstation and code are the last two words.

use std::borrow::Cow;

use super::dates::{clock, parts};
use super::local::{self, Found, Layout};
use super::rows::{fields, has};
use crate::input::door::{Format, Head};
use crate::input::windows::ids;

/// Dumpel.
pub const FORMAT: Format = Format {
    name: "dumpel",
    summary: "Dumpel of the Resource Kit, default columns",
    sample: "fixtures/formats/dumpel.txt",
    verified: false,
    sniff: |head: &Head<'_>| if local::has_row(head, &Dumpel) { 75 } else { 0 },
    most: 75,
    read: |job, sink| local::read(job, sink, &Dumpel),
    parts: None,
};

struct Dumpel;

/// Date, time, type, category, id, source, user, computer, strings.
const COLUMNS: usize = 9;
/// Success and failure audit, information, warning, error, success.
const TYPES: [u32; 6] = [8, 16, 4, 2, 1, 0];

impl Layout for Dumpel {
    /// Every line is a row.
    fn starts(&self, _: &str, _: bool) -> bool {
        true
    }

    fn split<'a>(&self, text: &'a str) -> Option<Found<'a>> {
        if has(text, '\t', 1) {
            return delimited(text, '\t');
        }
        delimited(text, ',').or_else(|| blanks(text))
    }

    fn header(&self, _: &str) -> bool {
        false
    }

    fn joined(&self, line: &str, _: bool) -> bool {
        // A second time of day on the line, behind a date.
        let ends = [' ', '\t', ','];
        let mut rest = line;
        for _ in 0..2 {
            rest = rest.trim_start_matches(ends);
            rest = &rest[rest.find(ends).unwrap_or(rest.len())..];
        }
        if memchr::memchr(b':', rest.as_bytes()).is_none() {
            return false;
        }
        let words = line.split(ends).filter(|word| !word.is_empty()).skip(1);
        let mut before = "";
        words.into_iter().any(|word| {
            let text = std::mem::replace(&mut before, word);
            let dated = text.ends_with(|c: char| c.is_ascii_digit()) && memchr::memchr(b':', word.as_bytes()).is_some();
            dated && parts(tail(text)).is_some() && clock(word).is_some()
        })
    }
}

/// What may be a date at the end of a word.
fn tail(word: &str) -> &str {
    word.rsplit(|c: char| !c.is_ascii_digit() && !"/.-".contains(c)).next().unwrap_or("")
}

fn delimited(text: &str, delimiter: char) -> Option<Found<'_>> {
    if !has(text, delimiter, COLUMNS - 2) {
        return None;
    }
    let columns = fields(text, delimiter, COLUMNS);
    let [date, time, kind, category, id, source, _user, computer, rest @ ..] = &columns[..] else { return None };
    numbers(kind, category)?;
    let id = event_id(id)?;
    let strings = match rest.first() {
        Some(Cow::Borrowed(rest)) if ids::wanted(id).is_some() => strings(rest, delimiter),
        _ => Vec::new(),
    };
    Some(Found {
        date: parts(date)?,
        clock: clock(time)?,
        source: source.clone(),
        id,
        computer: computer.clone(),
        record_id: None,
        strings,
        description: Cow::Borrowed(""),
        surplus: false,
    })
}

/// Columns behind blanks: the time may have a word for the half of the day.
fn blanks(text: &str) -> Option<Found<'_>> {
    let (date, rest) = word(text)?;
    let (time, mut rest) = word(rest)?;
    let half = word(rest).filter(|(half, _)| half.len() <= 4 && half.starts_with(['A', 'P', 'a', 'p']));
    let mut time = time.to_owned();
    if let Some((half, behind)) = half {
        time = format!("{time} {half}");
        rest = behind;
    }
    let (kind, rest) = word(rest)?;
    let (category, rest) = word(rest)?;
    let (id, rest) = word(rest)?;
    numbers(kind, category)?;
    let (source, rest) = word(rest)?;
    // `NT AUTHORITY\\SYSTEM` is the one user of two words that writes audits.
    let rest = rest.trim_start();
    let (_user, rest) = match rest.strip_prefix("NT AUTHORITY\\") {
        Some(behind) => word(behind)?,
        None => word(rest)?,
    };
    let (computer, rest) = word(rest).unwrap_or(("", ""));
    let id = event_id(id)?;
    Some(Found {
        date: parts(date)?,
        clock: clock(&time)?,
        source: source.into(),
        id,
        computer: computer.into(),
        record_id: None,
        strings: if ids::wanted(id).is_some() { strings(rest, ' ') } else { Vec::new() },
        description: Cow::Borrowed(""),
        surplus: false,
    })
}

fn word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let end = memchr::memchr(b' ', text.as_bytes()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

fn numbers(kind: &str, category: &str) -> Option<()> {
    let kind: u32 = kind.trim().parse().ok()?;
    category.trim().parse::<u16>().ok()?;
    TYPES.contains(&kind).then_some(())
}

fn event_id(text: &str) -> Option<u16> {
    Some((text.trim().parse::<u32>().ok()? & 0xffff) as u16)
}

/// The insertion strings of a row.
fn strings(text: &str, delimiter: char) -> Vec<Cow<'_, str>> {
    let pieces: Vec<&str> = match delimiter {
        '\t' => text.split('\t').collect(),
        _ => vec![text],
    };
    if let [_, _, ..] = pieces[..] {
        return pieces.into_iter().map(Cow::Borrowed).collect();
    }
    let text = text.trim();
    let ntlm = text.starts_with("MICROSOFT_AUTHENTICATION_PACKAGE") || text.starts_with("Ntlm");
    let words: Vec<&str> = text.split_ascii_whitespace().collect();
    if let ([package, .., workstation, code], true) = (&words[..], ntlm && words.len() > 4) {
        let account = &text[package.len()..text.len() - code.len()].trim();
        let account = account.strip_suffix(workstation).unwrap_or(account).trim();
        return [*package, account, workstation, code].into_iter().map(Cow::Borrowed).collect();
    }
    words.into_iter().map(Cow::Borrowed).collect()
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_damage, check_fixture, sure, told};
    use super::*;

    #[test]
    fn tabs_and_blanks_are_read_and_accounts_with_blanks_too() {
        check_fixture(
            &FORMAT,
            &[
                "2002-08-13T12:00:00Z 681 Failure on HANSR1: \\jsmith from \\\\WKS0042  0xC0000072 type -",
                "2002-08-13T12:01:02Z 681 Failure on HANSR1: \\john smith from \\\\WKS0042  0xC0000072 type -",
                "2002-08-13T12:01:04Z 529 Failure on HANSR1: CORP\\bob from \\\\JAMES  0xC000006D type 3",
            ],
        );
    }

    #[test]
    fn other_columns_of_public_samples_are_rows_without_events() {
        for line in [
            "04.01.12,15:37:21,4,0,11707,MsiInstaller,N/A,LAUSSER6,Product: Java\n",
            "4/11/95 4:58:39 AM  1   0   1016    N/A DhcpServer  REDIPSRVP2  %%20013\n",
        ] {
            let told = told(&FORMAT, line.as_bytes());
            assert_eq!((told.records, told.events.len()), (1, 0), "{:?}", told.skipped);
            assert!(sure(&FORMAT, line.as_bytes()) > 0);
        }
    }

    #[test]
    fn damage_is_reported_and_the_rest_is_read() {
        check_damage(&FORMAT);
    }

    #[test]
    fn other_lines_are_not_taken() {
        assert_eq!(sure(&FORMAT, b"03/12/2001,14:07:42,Security,Failure Audit,Account Logon,681,u,c,\"x\"\n"), 0);
        assert_eq!(sure(&FORMAT, b"Connecting (0/5) 03/12/2001 14:07:42\n"), 0);
    }
}
