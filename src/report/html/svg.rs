//! Small pieces of SVG. Numbers are ours; text goes through `escape::html`.

use std::fmt::Write as _;

use crate::escape::html::html;

/// A path of rectangles: one element, however many there are.
#[derive(Default)]
pub(super) struct Boxes(String);

impl Boxes {
    /// Adds a rectangle.
    pub(super) fn add(&mut self, x: f64, y: f64, width: f64, height: f64) {
        // Writing to a String cannot fail.
        let _ = write!(self.0, "M{} {}h{}v{}h-{}z", short(x), short(y), short(width), short(height), short(width));
    }

    /// The element; nothing without rectangles.
    pub(super) fn path(self, class: &str) -> String {
        if self.0.is_empty() { String::new() } else { format!("<path class=\"{class}\" d=\"{}\"/>", self.0) }
    }
}

/// A path of horizontal strokes, shorter to write than boxes; the width comes with the element.
#[derive(Default)]
pub(super) struct Strokes {
    path: String,
    /// Where the pen stands.
    pen: (f64, f64),
}

impl Strokes {
    /// Adds a stroke from (x, y) to the right. Positions and widths are whole tenths.
    pub(super) fn add(&mut self, x: f64, y: f64, width: f64) {
        // Writing to a String cannot fail.
        let _ = match self.path.is_empty() || self.pen.1 != y {
            true => write!(self.path, "M{} {}h{}", short(x), short(y), short(width)),
            false => write!(self.path, "m{} 0h{}", short(x - self.pen.0), short(width)),
        };
        self.pen = (x + width, y);
    }

    /// The element; nothing without strokes.
    pub(super) fn path(self, class: &str, thick: f64) -> String {
        if self.path.is_empty() {
            return String::new();
        }
        format!("<path class=\"{class}\" stroke-width=\"{}\" d=\"{}\"/>", short(thick), self.path)
    }
}

/// A number with at most one decimal.
pub(super) fn short(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A text element.
pub(super) fn text(x: f64, y: f64, class: &str, content: &str) -> String {
    format!("<text class=\"{class}\" x=\"{}\" y=\"{}\">{}</text>", short(x), short(y), html(content))
}

/// A picture with its name for readers of the screen.
pub(super) fn picture(width: f64, height: f64, title: &str, body: &str) -> String {
    format!(
        "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">{body}</svg>",
        short(width),
        short(height),
        html(title)
    )
}

/// Occupied columns as runs: (first column, columns).
pub(super) fn runs(columns: &[bool]) -> Vec<(usize, usize)> {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for at in columns.iter().enumerate().filter_map(|(at, on)| on.then_some(at)) {
        match runs.last_mut() {
            Some((first, length)) if *first + *length == at => *length += 1,
            _ => runs.push((at, 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_become_one_run() {
        assert_eq!(runs(&[true, true, false, true]), [(0, 2), (3, 1)]);
        assert!(runs(&[false]).is_empty());
    }

    #[test]
    fn strokes_of_one_line_follow_each_other() {
        let mut strokes = Strokes::default();
        for (x, y, width) in [(8.0, 5.5, 16.0), (32.0, 5.5, 8.0), (8.0, 9.0, 8.0)] {
            strokes.add(x, y, width);
        }
        let path = strokes.path("h1", 3.0);
        assert_eq!(path, "<path class=\"h1\" stroke-width=\"3\" d=\"M8 5.5h16m8 0h8M8 9h8\"/>");
    }

    #[test]
    fn text_cannot_leave_its_element() {
        assert_eq!(
            text(1.0, 2.25, "t", "</text><a>"),
            "<text class=\"t\" x=\"1\" y=\"2.2\">&lt;/text&gt;&lt;a&gt;</text>"
        );
    }
}
