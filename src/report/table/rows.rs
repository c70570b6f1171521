//! The ranked rows: numbers in columns, the rest in lines below.

use std::borrow::Cow;
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
const PARTS: usize = 16;

/// Bytes that the facts of most rows take.
const FACTS: usize = 160;

struct Column {
    title: &'static str,
    right: bool,
    /// Wider cells are cut.
    most: usize,
    make: Make,
}

type Cell<'a> = (Cow<'a, str>, Tone);
type Make = for<'a> fn(&'a Row, &Style) -> Cell<'a>;

const fn left(title: &'static str, most: usize, make: Make) -> Column {
    Column { title, right: false, most, make }
}

const fn right(title: &'static str, most: usize, make: Make) -> Column {
    Column { title, right: true, most, make }
}

const RANK: Column = right("#", 6, |row, _| (row.rank.to_string().into(), Tone::Faint));
const CLASS: Column = left("class", 14, |row, _| (row.class.word().into(), Tone::of_class(row.class)));
const VERDICT: Column = left("verdict", 12, |row, _| match row.verdict {
    Some(verdict) => (verdict.word().into(), Tone::of_verdict(verdict)),
    None => ("".into(), Tone::Plain),
});
const FAILURES: Column = right("failures", 13, |row, _| (count(row.failures).into(), Tone::Strong));
const EVERY: Column = right("every", 11, |row, _| plain(row.rate.period_s.map(period)));
const SINCE: Column = left("since", 16, |row, style| plain(row.first_failure.map(|s| minute(s, style.zone))));
const SINCE_DAY: Column = left("since", 10, |row, style| plain(row.first_failure.map(|s| day(s, style.zone))));
const UNTIL: Column = left("until", 16, |row, style| plain(Some(until(row, style))));
const PER_DAY: Column = right("per day", 11, |row, _| plain(nonzero(row.rate.per_day)));
const PEAK: Column = right("peak/h", 9, |row, _| plain(nonzero(row.rate.peak_per_hour as f64)));
const SHARE: Column = right("share", 11, |row, _| plain(share(row)));

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
    left("servers", 20, |row, _| plain(Some(terminal(&few(&row.servers)).into_owned()))),
    left("client log", 14, |row, _| plain(Some(agreement(row)))),
];

fn name<'a>(row: &'a Row, _: &Style) -> Cell<'a> {
    (terminal(&row.workstation), Tone::Strong)
}

fn plain(text: Option<String>) -> Cell<'static> {
    (text.unwrap_or_default().into(), Tone::Plain)
}

fn nonzero(value: f64) -> Option<String> {
    (value > 0.0).then(|| decimal(value))
}

fn share(row: &Row) -> Option<String> {
    let share = row.cost.share_of_failures;
    (share > 0.0).then(|| percent(share).replace("under ", "<"))
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
    let columns = SETS[set];
    let titles: Vec<String> =
        columns.iter().zip(&widths).map(|(column, width)| pad(column.title, *width, column.right)).collect();
    writeln!(out, "\n{}", paint(titles.join("  ").trim_end(), Tone::Faint, style.color))?;
    let below = Below::new(analysis, style, widths[0] + 2, set == 0, columns[1].most);
    let one = |row: &Row, cells: &[Cell<'_>], out: &mut String| {
        let start = out.len();
        for ((column, width), (text, tone)) in columns.iter().zip(&widths).zip(cells) {
            let text = pad(&cut(text, column.most), *width, column.right);
            out.push_str(&paint(&text, *tone, style.color));
            out.push_str("  ");
        }
        out.truncate(start + out[start..].trim_end().len());
        out.push('\n');
        below.write(row, out);
    };
    let parts: Vec<_> = rows.chunks(PART).zip(cells.chunks(PART)).collect();
    for parts in parts.chunks(PARTS) {
        let texts = of_each(parts, |(rows, cells)| {
            let mut text = String::new();
            rows.iter().zip(*cells).for_each(|(row, cells)| one(row, cells, &mut text));
            text
        });
        texts.iter().try_for_each(|text| out.write_all(text.as_bytes()))?;
    }
    Ok(())
}

type Cells<'a> = Vec<Vec<Cell<'a>>>;

/// Which of the sets fits first, its cells, and how wide each column is.
fn choose<'a>(rows: &[&'a Row], style: &Style) -> (usize, Cells<'a>, Vec<usize>) {
    let room = style.width.max(Style::MIN_WIDTH);
    let together = |widths: &[usize]| widths.iter().sum::<usize>() + 2 * (widths.len() - 1);
    let mut set = 0;
    loop {
        let (columns, last) = (SETS[set], set + 1 == SETS.len());
        let titles: Vec<usize> = columns.iter().map(|column| width(column.title)).collect();
        if last || together(&titles) <= room {
            let cells: Cells<'a> =
                of_each(rows, |row| columns.iter().map(|column| (column.make)(row, style)).collect());
            let widths: Vec<usize> = (0..columns.len()).map(|at| column_width(&columns[at], at, &cells)).collect();
            if last || together(&widths) <= room {
                return (set, cells, widths);
            }
        }
        set += 1;
    }
}

fn column_width(column: &Column, at: usize, cells: &[Vec<Cell<'_>>]) -> usize {
    let longest = cells.iter().map(|row| width(&row[at].0)).max().unwrap_or(0);
    longest.min(column.most).max(width(column.title))
}

/// The lines below the numbers.
struct Below<'a> {
    analysis: &'a Analysis,
    style: &'a Style,
    columns: usize,
    /// What stands before each line, and before the first of what to do.
    lead: String,
    arrow: String,
    /// Columns of prose.
    prose: usize,
    /// All columns are shown, so nothing of them is said again.
    wide: bool,
    /// Longer names were cut.
    name: usize,
}

impl<'a> Below<'a> {
    fn new(analysis: &'a Analysis, style: &'a Style, indent: usize, wide: bool, name: usize) -> Self {
        let columns = style.width.max(Style::MIN_WIDTH);
        let lead = " ".repeat(indent);
        let (arrow, prose) = (format!("{lead}→ "), columns.min(indent + Style::MAX_PROSE));
        Self { analysis, style, columns, lead, arrow, prose, wide, name }
    }

    /// The whole name where it was cut, what changed since the last night, account and reason, what to do.
    fn write(&self, row: &Row, out: &mut String) {
        let name = terminal(&row.workstation);
        if width(&name) > self.name {
            out.push_str(&hang(&self.lead, &name, self.columns));
        }
        let facts = self.facts(row);
        if !facts.is_empty() {
            out.push_str(&hang(&self.lead, &terminal(&facts), self.columns));
        }
        if !row.action.is_empty() {
            let text = hang(&self.arrow, &terminal(&row.action), self.prose);
            out.push_str(&paint(&text, Tone::Faint, self.style.color));
        }
    }

    fn facts(&self, row: &Row) -> String {
        let mut facts = Facts(String::with_capacity(FACTS));
        facts.extend(changes::of_row(self.analysis, row));
        facts.add(&accounts(row));
        if let Some((status, _)) = row.statuses.first() {
            match status.info() {
                Some(info) => facts.add(info.meaning),
                None => facts.add(&status.code_text()),
            }
        }
        if self.wide {
            return facts.0;
        }
        facts.extend(row.rate.period_s.map(|s| format!("every {}", period(s))));
        facts.add(&few(&row.servers));
        let client = agreement(row);
        if !client.is_empty() {
            facts.add(&format!("client log {client}"));
        }
        match until(row, self.style) {
            until if until.is_empty() || row.ongoing => facts.add(&until),
            until => facts.add(&format!("until {until}")),
        }
        if began_before_the_log(row) {
            facts.add("began before the log");
        }
        facts.0
    }
}

/// Facts behind each other; empty ones are none.
struct Facts(String);

impl Facts {
    fn add(&mut self, fact: &str) {
        if !self.0.is_empty() && !fact.is_empty() {
            self.0.push_str(" · ");
        }
        self.0.push_str(fact);
    }

    fn extend(&mut self, fact: Option<String>) {
        self.add(fact.as_deref().unwrap_or_default());
    }
}

fn accounts(row: &Row) -> String {
    const MOST: usize = 3;
    let mut text = String::new();
    for (at, account) in row.accounts.iter().take(MOST).enumerate() {
        text.push_str(if at > 0 { ", " } else { "" });
        text.push_str(&account_text(account.domain.as_deref(), &account.account));
    }
    match row.accounts.len().checked_sub(MOST) {
        None | Some(0) => text,
        Some(more) => format!("{text} (+{more} more)"),
    }
}
