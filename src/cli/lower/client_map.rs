//! `--client-map`: which client log belongs to which workstation.

use std::path::Path;

use crate::input::options::MapRow;
use crate::run::Failure;

/// Reads the map. The header must be `path,workstation`; a byte order mark is allowed.
pub(in crate::cli) fn read(path: &Path) -> Result<Vec<MapRow>, Failure> {
    let shown = path.display();
    let text =
        std::fs::read_to_string(path).map_err(|error| Failure::Usage(format!("--client-map {shown}: {error}")))?;
    parse(&text).map_err(|why| Failure::Usage(format!("--client-map {shown}: {why}")))
}

fn parse(text: &str) -> Result<Vec<MapRow>, String> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).comment(Some(b'#')).from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().map_err(|error| error.to_string())?.iter().map(str::to_owned).collect();
    if header != ["path", "workstation"] {
        return Err(format!("line 1: the header must be path,workstation, not {}", header.join(",")));
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = record.position().map_or(0, csv::Position::line);
        let (path, workstation) = (record[0].to_owned(), record[1].to_owned());
        if path.is_empty() || workstation.is_empty() {
            return Err(format!("line {line}: path and workstation must both be given"));
        }
        if path.contains(['*', '?', '[', '{'])
            && let Err(error) = globset::Glob::new(&path)
        {
            return Err(format!("line {line}: {path:?}: {}", error.kind()));
        }
        rows.push(MapRow { path, workstation });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_keep_their_order() {
        let rows =
            parse("\u{FEFF}path,workstation\r\nclients/a/*, WS042\r\n# later\r\nGUID:1,WS043\r\n").expect("a good map");
        let rows: Vec<(&str, &str)> = rows.iter().map(|row| (row.path.as_str(), row.workstation.as_str())).collect();
        assert_eq!(rows, [("clients/a/*", "WS042"), ("GUID:1", "WS043")]);
    }

    #[test]
    fn a_wrong_column_is_named_with_its_line() {
        let check = |text: &str, expect: &str| {
            let error = parse(text).expect_err("a bad map");
            assert!(error.contains(expect), "{error}");
        };
        check("path,computer\na,b\n", "the header must be path,workstation, not path,computer");
        check("path,workstation\na\n", "line: 2");
        check("path,workstation\na,\n", "line 2: path and workstation");
        check("path,workstation\na[,b\n", "line 2: \"a[\"");
    }
}
