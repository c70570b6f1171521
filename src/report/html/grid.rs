//! A plain table: behind every picture there is one, and the evidence stands in them.

use askama::Template;
use askama::filters::HtmlSafe;

use super::text::Text;

/// A table with a caption.
#[derive(Template)]
#[template(path = "grid.html")]
pub(super) struct Grid {
    /// What a screen reader calls the box that scrolls; differs from table to table.
    pub(super) label: String,
    pub(super) caption: String,
    /// Titles of the columns, and whether their cells are numbers.
    pub(super) columns: Vec<(String, bool)>,
    /// The first cell of each row names the row.
    pub(super) headed: bool,
    /// As many cells as columns in each.
    pub(super) rows: Vec<Vec<Text>>,
}

impl HtmlSafe for Grid {}

impl Grid {
    /// A table, or nothing where it would have no rows. A title that begins with `#` heads numbers.
    pub(super) fn new(
        label: String,
        caption: impl Into<String>,
        columns: &[&str],
        rows: Vec<Vec<Text>>,
    ) -> Option<Self> {
        let titled = |title: &&str| (title.trim_start_matches('#').to_owned(), title.starts_with('#'));
        let columns = columns.iter().map(titled).collect();
        (!rows.is_empty()).then(|| Self { label, caption: caption.into(), columns, headed: false, rows })
    }
}
