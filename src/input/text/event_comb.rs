//! EventCombMT: `id,type,source,ctime,user,description` on one line. The computer is not in the line:
//! EventCombMT writes one file per computer and names it `COMPUTER-Security_LOG.txt`.

use std::io;
use std::ops::ControlFlow;

use super::out::{Out, channel_of, event_at};
use super::rows::fields;
use super::stamp::{self, Stamp};
use crate::input::door::{Format, Head, Job, Sink};
use crate::input::lines::each_line;
use crate::input::windows::description;
use crate::model::names::Text;

/// EventCombMT.
pub const FORMAT: Format = Format {
    name: "event-comb",
    summary: "EventCombMT of the Account Lockout Tools",
    sample: "fixtures/formats/HANSR1-Security_LOG.txt",
    verified: false,
    sniff,
    most: 80,
    read,
    parts: None,
};

/// Id, type, source, time, user, description.
const COLUMNS: usize = 6;

struct Found<'a> {
    id: u16,
    source: String,
    time: Stamp,
    description: &'a str,
}

fn sniff(head: &Head<'_>) -> u8 {
    if head.text.lines().take(40).any(|line| parse(line, None).is_some()) { 80 } else { 0 }
}

fn parse(line: &str, zone: Option<chrono_tz::Tz>) -> Option<Found<'_>> {
    let columns = fields(line, ',', COLUMNS);
    let [id, kind, source, time, _user, _] = &columns[..] else { return None };
    if !kind.chars().all(|c| c.is_ascii_uppercase() || c == ' ') {
        return None;
    }
    let description = line.splitn(COLUMNS, ',').last()?;
    Some(Found {
        id: id.trim().parse().ok()?,
        source: source.to_string(),
        time: stamp::ctime(time, zone)?,
        description,
    })
}

/// `DC01` of `logs/DC01-Security_LOG.txt`; empty where the name does not tell.
fn computer_of(path: &str) -> &str {
    let name = path.rsplit(['/', '\\', '!']).next().unwrap_or(path);
    let end = name.to_ascii_lowercase().find("-security_log");
    end.map_or("", |end| &name[..end])
}

fn read(job: &Job<'_>, sink: &mut dyn Sink) -> io::Result<()> {
    let mut out = Out::new(job, sink);
    let computer = computer_of(&job.source.path).to_owned();
    each_line(job.source, &mut |line| {
        match parse(line.text, job.options.time_zone) {
            Some(found) => {
                let mut event = event_at(found.id, line.number, line.offset);
                (event.time, event.time_digits) = found.time;
                event.provider = Text::Utf8(&found.source);
                event.channel = channel_of(&found.source);
                event.computer = Text::Utf8(&computer);
                if found.description.contains(",AUDIT ") {
                    out.bad(line.number, "line", "several events on one line; the first is read");
                }
                out.record(event, &mut |event| description::fill(event, found.description));
            }
            None if line.text.trim().is_empty() => {}
            None => out.bad(line.number, "line", "no line of EventCombMT"),
        }
        ControlFlow::Continue(())
    })?;
    out.finish();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_damage, check_fixture, sure};
    use super::*;

    #[test]
    fn lines_of_2003_and_of_2008_are_read() {
        check_fixture(
            &FORMAT,
            &[
                "2013-03-26T05:46:05Z 4771 Failure on : \\dadmin from  ::ffff:10.0.0.12 0x18 type -",
                "2005-03-29T05:46:05Z 644 Lockout on : \\user4 from WS042   type -",
            ],
        );
    }

    #[test]
    fn the_computer_is_that_of_the_file_name() {
        assert_eq!(computer_of("logs/HANSR1-Security_LOG.txt"), "HANSR1");
        assert_eq!(computer_of("a.zip!dc-2-security_log.TXT"), "dc-2");
        assert_eq!(computer_of("export.txt"), "");
    }

    #[test]
    fn damage_is_reported_and_the_rest_is_read() {
        check_damage(&FORMAT);
    }

    #[test]
    fn other_lines_are_not_taken() {
        assert_eq!(sure(&FORMAT, b"1,STORM04,storm,confirmed,9114,x\n"), 0);
    }
}
