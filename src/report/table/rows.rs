//! The ranked rows: numbers in columns, the rest in lines below.

use std::io::{self, Write};

use crate::escape::terminal::terminal;
use crate::model::analysis::{Analysis, Row};
use crate::report::changes;
use crate::report::data::cells::account_text;
use crate::report::sentence::began_before_the_log;
use crate::report::style::Style;
use crate::report::text::{Tone, cut, hang, pad, paint, width};
use crate::report::threads::of_each;
use crate::report::words::{count, day, decimal, minute, percent, period};

/// Rows whose text is made in one go, and how many times as many stand in memory before they are written.
const PART: usize = 64;
const PARTS: usize = 64;

struct Column {
    title: &'static str,
    right: bool,
    /// Wider cells are cut.
    most: usize,
    cell: fn(&Row, &Style) -> (String, Tone),
}

const fn left(title: &'static str, most: usize, cell: fn(&Row, &Style) -> (String, Tone)) -> Column {
    Column { title, right: false, most, cell }
}

const fn right(title: &'static str, most: usize, cell: fn(&Row, &Style) -> (String, Tone)) -> Column {
    Column { title, right: true, most, cell }
}

const RANK: Column = right("#", 6, |row, _| (row.rank.to_string(), Tone::Faint));
const CLASS: Column = left("class", 14, |row, _| (row.class.word().to_owned(), Tone::of_class(row.class)));
const VERDICT: Column = left("verdict", 12, |row, _| match row.verdict {
    Some(verdict) => (verdict.word().to_owned(), Tone::of_verdict(verdict)),
    None => (String::new(), Tone::Plain),
});
const FAILURES: Column = right("failures", 13, |row, _| (count(row.failures), Tone::Strong));
const EVERY: Column = right("every", 11, |row, _| (row.rate.period_s.map(period).unwrap_or_default(), Tone::Plain));
const SINCE: Column =
    left("since", 16, |row, style| (row.first_failure.map(|s| minute(s, style.zone)).unwrap_or_default(), Tone::Plain));
const SINCE_DAY: Column =
    left("since", 10, |row, style| (row.first_failure.map(|s| day(s, style.zone)).unwrap_or_default(), Tone::Plain));
const UNTIL: Column = left("until", 16, |row, style| (until(row, style), Tone::Plain));
const PER_DAY: Column = right("per day", 11, |row, _| (nonzero(row.rate.per_day), Tone::Plain));
const PEAK: Column = right("peak/h", 9, |row, _| (nonzero(row.rate.peak_per_hour as f64), Tone::Plain));
const SHARE: Column = right("share", 11, |row, _| (share(row), Tone::Plain));

/// The first set that fits is used; the last fits everywhere.
const SETS: [&[Column]; 4] = [
    WIDE_COLUMNS,
    &[RANK, left("workstation", 18, name), CLASS, VERDICT, FAILURES, SINCE],
    &[RANK, left("workstation", 18, name), CLASS, VERDICT, FAILURES, SINCE_DAY],
    &[RANK, left("workstation", 14, name), CLASS, VERDICT, FAILURES],
];
const WIDE_COLUMNS: &[Column] = &[
    RANK,
    left("workstation", 28, name),
    CLASS,
    VERDICT,
    FAILURES,
    PER_DAY,
    PEAK,
    SHARE,
    EVERY,
    SINCE,
    UNTIL,
    left("servers", 20, |row, _| (terminal(&few(&row.servers)).into_owned(), Tone::Plain)),
    left("client log", 14, |row, _| (agreement(row), Tone::Plain)),
];

fn name(row: &Row, _: &Style) -> (String, Tone) {
    (terminal(&row.workstation).into_owned(), Tone::Strong)
}

fn nonzero(value: f64) -> String {
    if value > 0.0 { decimal(value) } else { String::new() }
}

fn share(row: &Row) -> String {
    if row.cost.share_of_failures > 0.0 {
        percent(row.cost.share_of_failures).replace("under ", "<")
    } else {
        String::new()
    }
}

fn until(row: &Row, style: &Style) -> String {
    if row.ongoing { "ongoing".to_owned() } else { row.last_failure.map(|s| minute(s, style.zone)).unwrap_or_default() }
}

/// `523 of 539`, or how many attempts the log tells of.
fn agreement(row: &Row) -> String {
    let found = row.matched.as_ref().and_then(|matched| matched.found.as_deref());
    match (found, &row.client) {
        (Some(found), _) => format!("{} of {}", count(found.matched as u64), count(found.of_client as u64)),
        (None, Some(client)) => format!("{} attempts", count(client.attempts)),
        (None, None) => String::new(),
    }
}

fn few(values: &[String]) -> String {
    match values {
        [one, two, _, ..] => format!("{one}, {two} (+{} more)", values.len() - 2),
        values => values.join(", "),
    }
}

/// Writes the rows that the style lists; nothing when there are none.
pub fn write(analysis: &Analysis, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let rows: Vec<&Row> = style.rows(analysis).collect();
    if rows.is_empty() {
        return Ok(());
    }
    let (set, cells, widths) = choose(&rows, style);
    let (columns, wide) = (SETS[set], set == 0);
    let titles: Vec<String> =
        columns.iter().zip(&widths).map(|(column, width)| pad(column.title, *width, column.right)).collect();
    writeln!(out, "\n{}", paint(titles.join("  ").trim_end(), Tone::Faint, style.color))?;
    let indent = widths[0] + 2;
    let one = |row: &Row, cells: &[(String, Tone)], out: &mut Vec<u8>| {
        let mut line = String::new();
        for ((column, width), (text, tone)) in columns.iter().zip(&widths).zip(cells) {
            let text = pad(&cut(text, column.most), *width, column.right);
            line.push_str(&paint(&text, *tone, style.color));
            line.push_str("  ");
        }
        writeln!(out, "{}", line.trim_end())?;
        let change = changes::of_row(analysis, row);
        details(row, change, indent, wide, &columns[1], style, out)
    };
    let parts: Vec<_> = rows.chunks(PART).zip(cells.chunks(PART)).collect();
    for parts in parts.chunks(PARTS) {
        let texts = of_each(parts, |(rows, cells)| {
            let mut text = Vec::new();
            rows.iter().zip(*cells).try_for_each(|(row, cells)| one(row, cells, &mut text)).map(|()| text)
        });
        texts.into_iter().try_for_each(|text| out.write_all(&text?))?;
    }
    Ok(())
}

type Cells = Vec<Vec<(String, Tone)>>;

/// Which of the sets fits first, its cells, and how wide each column is.
fn choose(rows: &[&Row], style: &Style) -> (usize, Cells, Vec<usize>) {
    let room = style.width.max(Style::MIN_WIDTH);
    let together = |widths: &[usize]| widths.iter().sum::<usize>() + 2 * (widths.len() - 1);
    let mut set = 0;
    loop {
        let (columns, last) = (SETS[set], set + 1 == SETS.len());
        let titles: Vec<usize> = columns.iter().map(|column| width(column.title)).collect();
        if last || together(&titles) <= room {
            let cells: Cells = of_each(rows, |row| columns.iter().map(|column| (column.cell)(row, style)).collect());
            let widths: Vec<usize> = (0..columns.len()).map(|at| column_width(&columns[at], at, &cells)).collect();
            if last || together(&widths) <= room {
                return (set, cells, widths);
            }
        }
        set += 1;
    }
}

fn column_width(column: &Column, at: usize, cells: &[Vec<(String, Tone)>]) -> usize {
    let longest = cells.iter().map(|row| width(&row[at].0)).max().unwrap_or(0);
    longest.min(column.most).max(width(column.title))
}

/// The lines below the numbers: the whole name where it was cut, what changed since the last night,
/// account and reason, what to do.
fn details(
    row: &Row,
    change: Option<String>,
    indent: usize,
    wide: bool,
    name: &Column,
    style: &Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let columns = style.width.max(Style::MIN_WIDTH);
    let lead = " ".repeat(indent);
    if width(&terminal(&row.workstation)) > name.most {
        write!(out, "{}", hang(&lead, &terminal(&row.workstation), columns))?;
    }
    let mut parts: Vec<String> = change.into_iter().collect();
    parts.push(accounts(row));
    parts.extend(row.statuses.first().map(|(status, _)| match status.info() {
        Some(info) => info.meaning.to_owned(),
        None => status.code_text(),
    }));
    if !wide {
        parts.extend(row.rate.period_s.map(|s| format!("every {}", period(s))));
        parts.push(few(&row.servers));
        let client = agreement(row);
        parts.push(if client.is_empty() { client } else { format!("client log {client}") });
        parts.push(match until(row, style) {
            until if until.is_empty() || row.ongoing => until,
            until => format!("until {until}"),
        });
        if began_before_the_log(row) {
            parts.push("began before the log".to_owned());
        }
    }
    parts.retain(|part| !part.is_empty());
    if !parts.is_empty() {
        write!(out, "{}", hang(&lead, &terminal(&parts.join(" · ")), columns))?;
    }
    if !row.action.is_empty() {
        let text = hang(&format!("{lead}→ "), &terminal(&row.action), columns.min(indent + Style::MAX_PROSE));
        write!(out, "{}", paint(&text, Tone::Faint, style.color))?;
    }
    Ok(())
}

fn accounts(row: &Row) -> String {
    let shown: Vec<String> =
        row.accounts.iter().take(3).map(|account| account_text(account.domain.as_deref(), &account.account)).collect();
    let more = row.accounts.len() - shown.len();
    if more > 0 { format!("{} (+{} more)", shown.join(", "), more) } else { shown.join(", ") }
}
