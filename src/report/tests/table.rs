//! The terminal report, as a person sees it.

use super::sample::{empty, fleet};
use super::written;
use crate::report::style::Style;
use crate::report::table::OUTPUT;
use crate::report::text::width;

#[test]
fn at_80_columns() {
    insta::assert_snapshot!(written(&OUTPUT, &fleet(), &Style::default()));
}

#[test]
fn at_200_columns() {
    insta::assert_snapshot!(written(&OUTPUT, &fleet(), &Style { width: 200, all: true, ..Style::default() }));
}

#[test]
fn with_nothing_read() {
    insta::assert_snapshot!(written(&OUTPUT, &empty(), &Style::default()));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for columns in [60, 79, 80, 100, 149, 150, 200] {
        let style = Style { width: columns, all: true, verbose: true, ..Style::default() };
        for line in written(&OUTPUT, &fleet(), &style).lines() {
            assert!(width(line) <= columns, "{} columns at {columns}: {line}", width(line));
        }
    }
}

#[test]
fn colour_changes_no_letter() {
    let plain = written(&OUTPUT, &fleet(), &Style::default());
    let colored = written(&OUTPUT, &fleet(), &Style { color: true, ..Style::default() });
    assert!(colored.contains("\x1b["));
    assert_eq!(anstream::adapter::strip_str(&colored).to_string(), plain);
}
