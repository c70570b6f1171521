//! The sections in their order.

use std::io::{self, Write};

use super::{comparison, evidence, logs, numbers};
use crate::escape::terminal::terminal;
use crate::model::analysis::{Analysis, Row};
use crate::report::style::Style;
use crate::report::text::{Tone, cut, hang, paint, wrap};
use crate::report::{facts, sentence, words};

/// Writes everything about one row.
pub fn text(analysis: &Analysis, row: &Row, style: &Style, out: &mut dyn Write) -> io::Result<()> {
    let page = &mut Page { analysis, row, style, out };
    page.title()?;
    page.why()?;
    numbers::write(page)?;
    comparison::write(page)?;
    evidence::write(page)?;
    logs::write(page)?;
    page.remedy()
}

/// What every section works on.
pub(super) struct Page<'a> {
    pub(super) analysis: &'a Analysis,
    pub(super) row: &'a Row,
    pub(super) style: &'a Style,
    pub(super) out: &'a mut dyn Write,
}

impl Page<'_> {
    /// A section's title, with an empty line before it.
    pub(super) fn heading(&mut self, title: &str) -> io::Result<()> {
        writeln!(self.out, "\n{}", paint(title, Tone::Strong, self.style.color))
    }

    /// A label and a text that hangs beside it.
    pub(super) fn field(&mut self, label: &str, text: &str) -> io::Result<()> {
        let lead = format!("  {label:14}");
        write!(self.out, "{}", hang(&lead, &terminal(text), self.style.prose()))
    }

    /// A text of its own, indented.
    pub(super) fn prose(&mut self, text: &str) -> io::Result<()> {
        write!(self.out, "{}", hang("  ", &terminal(text), self.style.prose()))
    }

    /// One point of a list.
    pub(super) fn point(&mut self, text: &str) -> io::Result<()> {
        write!(self.out, "{}", hang("  - ", &terminal(text), self.style.prose()))
    }

    /// A line that keeps its blanks, cut at the terminal's edge; foreign text in it must be escaped
    /// already.
    pub(super) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "  {}", cut(text.trim_end(), self.style.prose() - 2))
    }

    /// A text that hangs beside a lead of our own, which keeps its blanks.
    pub(super) fn entry(&mut self, lead: &str, text: &str) -> io::Result<()> {
        write!(self.out, "{}", hang(&format!("  {lead}  "), &terminal(text), self.style.prose()))
    }

    fn title(&mut self) -> io::Result<()> {
        let (row, color) = (self.row, self.style.color);
        let class = paint(row.class.word(), Tone::of_class(row.class), color);
        let verdict = match row.verdict {
            Some(verdict) => format!(", {}", paint(verdict.word(), Tone::of_verdict(verdict), color)),
            None => String::new(),
        };
        for line in wrap(&terminal(&row.workstation), self.style.prose()) {
            writeln!(self.out, "{}", paint(&line, Tone::Strong, color))?;
        }
        writeln!(
            self.out,
            "{class}{verdict} (rank {} of {})",
            row.rank,
            self.analysis.rows.len() as u64 + self.analysis.others
        )?;
        writeln!(self.out)?;
        for line in wrap(&terminal(&sentence::of(row, self.style.zone)), self.style.prose()) {
            writeln!(self.out, "{line}")?;
        }
        if let Some((from, to)) = self.analysis.span {
            let zone = self.style.zone;
            let span =
                format!("(logs from {} to {} {})", words::minute(from, zone), words::minute(to, zone), zone.name());
            writeln!(self.out, "{}", paint(&span, Tone::Faint, color))?;
        }
        Ok(())
    }

    fn why(&mut self) -> io::Result<()> {
        let verdict = self.row.verdict.map(|verdict| format!(", why {}", verdict.word())).unwrap_or_default();
        self.heading(&format!("Why {}{verdict}", self.row.class.word()))?;
        let row = self.row;
        for reason in &row.reasons {
            self.point(reason)?;
        }
        if row.reasons.is_empty() {
            self.point("no rule for a storm, a spray, a scan or a person holds")?;
        }
        Ok(())
    }

    fn remedy(&mut self) -> io::Result<()> {
        let row = self.row;
        if row.action.is_empty() {
            return Ok(());
        }
        self.heading("What would stop it")?;
        let remedies = facts::remedies(row);
        if remedies.is_empty() {
            return self.prose(&row.action);
        }
        for remedy in remedies {
            self.point(&remedy.text)?;
            for step in remedy.steps {
                self.entry("  ", step)?;
            }
        }
        Ok(())
    }
}
