//! `Get-WinEvent | Export-Csv` and `Get-EventLog | Export-Csv`: every field quoted, messages of many
//! lines, times in the form of the country.

use super::table::{self, Table};
use crate::input::door::{Format, Head};

/// PowerShell's events as CSV.
pub const FORMAT: Format = Format {
    name: "powershell-csv",
    summary: "Get-WinEvent or Get-EventLog | Export-Csv",
    sample: "fixtures/formats/get-winevent.csv",
    verified: false,
    sniff,
    most: 85,
    read: table::read,
    parts: None,
};

fn sniff(head: &Head<'_>) -> u8 {
    let header = head.text.lines().take(3).find(|line| Table::of(line).is_some());
    if header.is_some_and(|line| line.contains("MachineName")) { 85 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::super::testing::{check_damage_behind, check_fixture, fixture, sure, told};
    use super::*;

    #[test]
    fn messages_of_many_lines_are_read() {
        check_fixture(
            &FORMAT,
            &[
                "2026-05-31T20:36:21Z 4625 Failure #1657 on DC01.contoso.local: CORP\\bob from WS9 10.0.0.5 0xC0000064 type 3",
                "2026-05-31T20:37:00Z 4776 Failure #1659 on DC01.contoso.local: \\dadmin from WIN81  0xC0000234 type -",
            ],
        );
    }

    #[test]
    fn damage_is_reported_and_the_rest_is_read() {
        let header = fixture(&FORMAT).iter().enumerate().filter(|(_, byte)| **byte == b'\n').nth(1).unwrap().0;
        check_damage_behind(&FORMAT, header + 1);
    }

    #[test]
    fn a_row_that_is_too_long_ends_where_it_ends() {
        let fixture = fixture(&FORMAT);
        let long = vec![b'x'; 100 << 10];
        let text = [fixture.as_slice(), &long, b"\n", fixture.as_slice()].concat();
        let told = told(&FORMAT, &text);
        assert_eq!((told.records, told.events.len(), told.skipped.len()), (6, 4, 1), "{:?}", told.skipped);
    }

    #[test]
    fn a_damaged_header_is_reported() {
        let text = "\"Message\",\"Xd\",\"ProviderName\",\"MachineName\",\"TimeCreated\"\n";
        assert_eq!(told(&FORMAT, text.as_bytes()).skipped.len(), 1);
        assert_eq!(sure(&FORMAT, text.as_bytes()), 0);
    }
}
