//! The client map: which client log belongs to which workstation, as the person says.

use std::collections::HashMap;

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::model::workstation::canonical;

/// The rows of a `--client-map`, ready for look-up. Of several rows that fit, the first counts.
#[derive(Clone, Debug, Default)]
pub struct ClientMap {
    /// Canonical workstation of each row.
    workstations: Vec<String>,
    /// Rows by normalised path.
    literal: HashMap<String, usize>,
    /// Rows with wildcards, as patterns.
    globs: GlobSet,
    /// The row of each pattern.
    glob_rows: Vec<usize>,
}

impl ClientMap {
    /// True without rows.
    pub fn is_empty(&self) -> bool {
        self.workstations.is_empty()
    }

    /// The workstation of a log's path; `None` when no row fits.
    ///
    /// A row fits when it is the path, its end, a folder in it or a run of folders in it, without
    /// regard to case and to the kind of slash. A resource id of SMS File Collection is such a
    /// folder (KB Q200345).
    pub fn find(&self, path: &str) -> Option<&str> {
        if self.is_empty() {
            return None;
        }
        let path = normalised(path);
        let mut starts = vec![0];
        starts.extend(path.match_indices('/').map(|(at, _)| at + 1));
        let mut best: Option<usize> = None;
        let mut take = |row: usize| best = Some(best.map_or(row, |best| best.min(row)));
        for &from in &starts {
            let ends = path[from..].match_indices('/').map(|(at, _)| from + at).chain([path.len()]);
            for to in ends {
                let part = &path[from..to];
                if let Some(row) = self.literal.get(part) {
                    take(*row);
                }
                self.globs.matches(part).into_iter().for_each(|glob| take(self.glob_rows[glob]));
            }
        }
        best.map(|row| self.workstations[row].as_str())
    }
}

/// Lower case, `/` for every slash and for the `!` of archives, no empty and no `.` components.
fn normalised(path: &str) -> String {
    let lower = path.to_lowercase().replace(['\\', '!'], "/");
    let parts: Vec<&str> = lower.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
    parts.join("/")
}

/// Reads a client map: CSV with the header `path,workstation`. The message of an error names line
/// and column.
pub fn parse_client_map(text: &str) -> Result<ClientMap, String> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let mut map = ClientMap::default();
    let mut globs = GlobSetBuilder::new();
    let mut header = false;
    for record in reader.records() {
        let record = record.map_err(|error| error.to_string())?;
        let line = || line_of(text, record.position().map_or(0, |position| position.byte()));
        if !header {
            let names: Vec<String> = record.iter().map(str::to_lowercase).collect();
            if names != ["path", "workstation"] {
                let found: Vec<&str> = record.iter().collect();
                return Err(format!(
                    "line {}: the header must be `path,workstation`, not `{}`",
                    line(),
                    found.join(",")
                ));
            }
            header = true;
            continue;
        }
        row(&record, &mut map, &mut globs).map_err(|what| format!("line {}{what}", line()))?;
    }
    if !header {
        return Err("line 1: the header `path,workstation` is missing".into());
    }
    map.globs = globs.build().map_err(|error| error.to_string())?;
    Ok(map)
}

/// One row. The message of an error is what stands behind the line's number.
fn row(record: &csv::StringRecord, map: &mut ClientMap, globs: &mut GlobSetBuilder) -> Result<(), String> {
    let (path, workstation) = match (record.get(0), record.get(1), record.len()) {
        (Some(path), Some(workstation), 2) => (path, workstation),
        (_, _, columns) => return Err(format!(": 2 columns wanted, {columns} found")),
    };
    let key = normalised(path);
    if key.is_empty() {
        return Err(", column 1 (path): empty".into());
    }
    let name = match canonical(workstation) {
        Some(Ok(name)) => name,
        Some(Err(address)) => address.to_string(),
        None => return Err(format!(", column 2 (workstation): no name in `{workstation}`")),
    };
    let index = map.workstations.len();
    map.workstations.push(name);
    if key.contains(['*', '?', '[', '{']) {
        let glob = GlobBuilder::new(&key).literal_separator(true).build();
        globs.add(glob.map_err(|error| format!(", column 1 (path): {}", error.kind()))?);
        map.glob_rows.push(index);
    }
    map.literal.entry(key).or_insert(index);
    Ok(())
}

/// Line of a record that starts at a byte or behind the empty lines there, from 1.
fn line_of(text: &str, byte: u64) -> usize {
    let at = usize::try_from(byte).unwrap_or(usize::MAX).min(text.len());
    let blank = text[at..].bytes().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    text[..at + blank].matches('\n').count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(rows: &str, path: &str, expect: Option<&str>) {
        let map = parse_client_map(&format!("path,workstation\n{rows}")).unwrap();
        assert_eq!(map.find(path), expect, "{rows} {path}");
    }

    #[test]
    fn rows_fit_paths_ends_of_paths_and_folders() {
        check("clients/a/Liccli.log,WS1", "clients/a/Liccli.log", Some("WS1"));
        check("clients/a/liccli.log,\\\\ws1.corp.example", "./demo/clients/A/Liccli.log", Some("WS1"));
        check("clients\\a,WS1", "demo/clients/a/Liccli.lo_", Some("WS1"));
        check("clients/a,WS1", "demo/clients/ab/Liccli.log", None);
        check("a.zip/b.log,WS1", "x/a.zip!b.log", Some("WS1"));
        check("\\\\HOST\\C$,WS1", "//host/c$/Liccli.log", Some("WS1"));
    }

    #[test]
    fn resource_ids_are_folders() {
        check("1042,WS1", "SMS/Inboxes/Sinv.box/File.col/1042/Liccli.log", Some("WS1"));
        check("42,WS1", "File.col/1042/Liccli.log", None);
    }

    #[test]
    fn globs_stay_inside_one_folder_and_the_first_row_wins() {
        check("clients/kiosk*/liccli.log,WS1", "d/clients/KIOSK7/Liccli.log", Some("WS1"));
        check("clients/*.log,WS1", "d/clients/x/Liccli.log", None);
        check("clients/**/*.log,WS1", "d/clients/x/y/Liccli.log", Some("WS1"));
        check("b?,WS1\nb1,WS2", "b1/Liccli.log", Some("WS1"));
        check("b1,WS2\nb?,WS1", "b1/Liccli.log", Some("WS2"));
        check("[weird].log,WS3", "x/[weird].log", Some("WS3"));
    }

    #[test]
    fn mistakes_are_named_with_line_and_column() {
        let fails = |text: &str, expect: &str| assert_eq!(parse_client_map(text).unwrap_err(), expect, "{text}");
        fails("", "line 1: the header `path,workstation` is missing");
        fails("file,host\n", "line 1: the header must be `path,workstation`, not `file,host`");
        fails("path,workstation\na,b\n\nc\n", "line 4: 2 columns wanted, 1 found");
        fails("path,workstation\na,b,c\n", "line 2: 2 columns wanted, 3 found");
        fails("path,workstation\n,b\n", "line 2, column 1 (path): empty");
        fails("path,workstation\na,-\n", "line 2, column 2 (workstation): no name in `-`");
        fails("path,workstation\na[,b\n", "line 2, column 1 (path): unclosed character class; missing ']'");
        assert!(parse_client_map("\u{feff}Path, Workstation\r\n\"a,b\",x\r\n").is_ok());
    }
}
