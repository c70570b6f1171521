//! Log Parser's CSV of its EVT input: strings separated by `|`, local times in ISO form.

use super::table::{self, Table};
use crate::input::door::{Format, Head};

/// Log Parser.
pub const FORMAT: Format = Format {
    name: "log-parser-csv",
    summary: "Log Parser: select * from Security, output CSV",
    sample: "fixtures/formats/log-parser.csv",
    verified: false,
    sniff,
    most: 85,
    read: table::read,
    parts: None,
};

fn sniff(head: &Head<'_>) -> u8 {
    let header = head.text.lines().take(3).find(|line| Table::of(line).is_some());
    if header.is_some_and(|line| line.contains("SourceName") && line.contains("TimeGenerated")) { 85 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_damage_behind, check_fixture, fixture};
    use super::*;

    #[test]
    fn strings_of_classic_and_messages_of_modern_events_are_read() {
        check_fixture(
            &FORMAT,
            &[
                "2002-08-06T12:00:00Z 681 Failure #1 on HANSR1: \\jsmith from \\\\WKS0042  0xC0000072 type -",
                "2015-07-25T04:38:11Z 4776 Failure #165437 on DC01: \\dadmin from WIN81  0xC0000234 type -",
            ],
        );
    }

    #[test]
    fn damage_is_reported_and_the_rest_is_read() {
        let header = fixture(&FORMAT).iter().position(|byte| *byte == b'\n').unwrap();
        check_damage_behind(&FORMAT, header + 1);
    }
}
