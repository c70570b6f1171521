//! From the path of a client log to the workstation that wrote it.
//!
//! Every client writes the same file name and no line names the client, so the layout of the
//! collection has to tell. The first rule that gives a name counts: the client map, a UNC-like path,
//! the parent folder, an affix of the file name.

use std::collections::BTreeSet;

use crate::input::client_map::ClientMap;
use crate::model::client::AttributedBy;
use crate::model::workstation::{NETBIOS_LEN, canonical};

/// Folders that are named after no computer.
const GENERIC: [&str; 28] = [
    "logs",
    "log",
    "sms",
    "ms",
    "winnt",
    "windows",
    "system32",
    "c",
    "d",
    "c:",
    "d:",
    "admin$",
    "collected",
    "clients",
    "data",
    "debug",
    "ccm",
    "clicomp",
    "licmtr",
    "inboxes",
    "sinv.box",
    "sinv",
    "file.col",
    "filecol",
    "temp",
    "tmp",
    "exports",
    "..",
];
/// Above such a folder there is no client any more: it holds the clients.
const TOP: [&str; 1] = ["clients"];
/// Below such a folder on a share lies a collection, so the share's host is the collector.
const COLLECTION: [&str; 3] = ["clients", "collected", "data"];
/// Extensions that are taken off a file name, and words that say which copy it is.
const EXTENSIONS: [&str; 5] = ["log", "lo_", "txt", "bak", "old"];
const COPY_WORDS: [&str; 9] = ["old", "new", "bak", "backup", "copy", "prev", "previous", "current", "log"];

/// What the path of a log told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    /// Canonical name and the rule that gave it; `None` if no rule did.
    pub workstation: Option<(String, AttributedBy)>,
    /// Names that were not taken, and why.
    pub warnings: Vec<String>,
}

/// Gives a log to a workstation.
///
/// `files` are the names without extension that such a log has, in lower case. `servers` are the
/// canonical names of the servers named in the log: a name that is one of them is no client's.
pub fn attribute(path: &str, files: &[String], map: &ClientMap, servers: &BTreeSet<String>) -> Given {
    let mut given = Given::default();
    if let Some(name) = map.find(path) {
        if servers.contains(name) {
            given.warnings.push(format!("the client map says {name}, which the log itself names as the server"));
        }
        given.workstation = Some((name.to_owned(), AttributedBy::Map));
        return given;
    }
    for (name, rule) in candidates(path, files) {
        if !servers.contains(&name) {
            given.workstation = Some((name, rule));
            break;
        }
        let word = rule.word();
        given
            .warnings
            .push(format!("the rule {word} says {name}, which the log itself names as the server: not taken"));
    }
    given
}

/// The computer that a log's path names, without a map and without regard to servers; empty when
/// none does. For logs that are written by servers.
pub fn owner(path: &str, files: &[&str]) -> String {
    let files: Vec<String> = files.iter().map(|&name| name.to_owned()).collect();
    candidates(path, &files).into_iter().next().map_or(String::new(), |(name, _)| name)
}

/// True for an older generation: `Liccli.lo_`, also copied to `Liccli.lo_.txt`.
pub fn is_older(path: &str) -> bool {
    let file = path.rsplit(['/', '\\', '!']).next().unwrap_or(path).to_lowercase();
    file.split('.').skip(1).any(|part| part == "lo_")
}

/// Names in order of the rules.
fn candidates(path: &str, files: &[String]) -> Vec<(String, AttributedBy)> {
    let parts: Vec<&str> = path.split(['/', '\\', '!']).filter(|part| !part.is_empty() && *part != ".").collect();
    let Some((file, folders)) = parts.split_last() else { return Vec::new() };
    let affix = affix(file, files);
    let mut names = Vec::new();
    if let Some(name) = unc(folders) {
        names.push((name, AttributedBy::Unc));
    }
    if let Some((name, near)) = folder(folders) {
        // A file that names its host in a folder like `clients` is not named after what holds it.
        if !near && let Some(host) = &affix {
            names.push((host.clone(), AttributedBy::FileName));
        }
        names.push((name, AttributedBy::Folder));
    }
    if let Some(host) = affix {
        names.push((host, AttributedBy::FileName));
    }
    names
}

/// The component before the last `ADMIN$`, `X$` or `WINNT/MS/SMS/Logs`.
fn unc(folders: &[&str]) -> Option<String> {
    let is = |at: usize, names: &[&str]| folders.get(at).is_some_and(|part| has(names, part));
    let at = (1..folders.len()).rev().find(|&at| {
        let share = folders[at].eq_ignore_ascii_case("admin$") || is_drive_share(folders[at]);
        let tree = is(at, &["winnt", "windows"])
            && is(at + 1, &["ms"])
            && is(at + 2, &["sms"])
            && is(at + 3, &["logs"])
            && !is_drive(folders[at - 1])
            && !is_drive_share(folders[at - 1]);
        share || tree
    })?;
    if folders[at + 1..].iter().any(|part| has(&COLLECTION, part)) {
        return None;
    }
    plausible(folders[at - 1])
}

/// The nearest folder that is not generic, and whether it holds the file itself.
fn folder(folders: &[&str]) -> Option<(String, bool)> {
    let mut near = true;
    for part in folders.iter().rev() {
        if has(&TOP, part) {
            return None;
        }
        if !is_generic(part) {
            // A folder of digits is a resource id of SMS File Collection (KB Q200345), or a date.
            return plausible(part).map(|name| (name, near));
        }
        near = false;
    }
    None
}

/// The host in the name of a file: `HOST_liccli.log`, `liccli.HOST.lo_`, `HOST.log.txt`.
fn affix(file: &str, files: &[String]) -> Option<String> {
    let stem = strip_dates(strip_extensions(file));
    let lower = stem.to_lowercase();
    if lower.len() != stem.len() || files.is_empty() {
        return None;
    }
    // The longest first, so that `liccli95` is not read as `liccli` and `95`.
    let mut names: Vec<&String> = files.iter().filter(|name| !name.is_empty()).collect();
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    for name in names {
        if lower == *name {
            return None;
        }
        if let Some(rest) = lower.strip_prefix(name.as_str()).filter(|rest| rest.starts_with(['_', '-', '.'])) {
            return host(&stem[stem.len() - rest.len() + 1..]);
        }
        if let Some(rest) = lower.strip_suffix(name.as_str()).filter(|rest| rest.ends_with(['_', '-', '.'])) {
            return host(&stem[..rest.len() - 1]);
        }
        if lower.contains(name.as_str()) {
            return None;
        }
    }
    host(stem)
}

fn host(text: &str) -> Option<String> {
    let text = strip_dates(text);
    if has(&COPY_WORDS, text) || has(&GENERIC, text) { None } else { plausible(text) }
}

fn strip_extensions(file: &str) -> &str {
    let mut stem = file;
    while let Some((rest, extension)) = stem.rsplit_once('.') {
        let is_date = extension.len() == 8 && extension.bytes().all(|byte| byte.is_ascii_digit());
        if !has(&EXTENSIONS, extension) && !is_date {
            break;
        }
        stem = rest;
    }
    stem
}

/// Takes `_20020806`, `-2002-08-06`, `_20020806-1412` and the like off the end.
fn strip_dates(stem: &str) -> &str {
    let tail = stem.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_' | '.' | 'T' | 't'));
    let cut = tail.len();
    for (at, _) in stem[cut..].match_indices(['-', '_', '.']) {
        let date: String = stem[cut + at..].chars().filter(char::is_ascii_digit).collect();
        let begins = stem[cut + at + 1..].bytes().take(4).filter(u8::is_ascii_digit).count() == 4;
        let year = date.get(..4).and_then(|year| year.parse().ok()).unwrap_or(0);
        if begins && matches!(date.len(), 8 | 12 | 14) && (1990..=2100).contains(&year) {
            return &stem[..cut + at];
        }
    }
    stem
}

/// The canonical name, if the text can be a computer's: 1 to 15 characters that NetBIOS allows
/// (KB909264), not digits alone, not a file of an archive.
fn plausible(text: &str) -> Option<String> {
    let name = match canonical(text)? {
        Ok(name) => name,
        Err(address) => return Some(address.to_string()),
    };
    let allowed = |c: char| c.is_ascii_alphanumeric() || "_-!@#$%^&'(){}~.".contains(c);
    let digits = name.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '_'));
    let fits = name.len() <= NETBIOS_LEN && name.chars().all(allowed) && !digits && !text.starts_with('.');
    fits.then_some(name)
}

fn is_generic(part: &str) -> bool {
    has(&GENERIC, part) || is_drive(part) || is_drive_share(part) || is_archive(part)
}

fn is_archive(part: &str) -> bool {
    part.rsplit_once('.').is_some_and(|(_, extension)| has(&["zip", "gz", "zst"], extension))
}

fn is_drive(part: &str) -> bool {
    matches!(part.as_bytes(), [letter] | [letter, b':'] if letter.is_ascii_alphabetic())
}

fn is_drive_share(part: &str) -> bool {
    matches!(part.as_bytes(), [letter, b'$'] if letter.is_ascii_alphabetic())
}

fn has(words: &[&str], part: &str) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(path: &str, expect: &str) {
        let files = ["liccli", "liccli95", "licclint"].map(str::to_owned);
        let servers = BTreeSet::from(["LICSRV1".to_owned()]);
        let given = attribute(path, &files, &ClientMap::default(), &servers);
        let got = given.workstation.map_or("none".into(), |(name, rule)| format!("{name} {}", rule.word()));
        assert_eq!(got, expect, "{path}");
    }

    #[test]
    fn unc_like_paths_name_the_host_before_the_share() {
        check("//WKS0042/ADMIN$/MS/SMS/Logs/Liccli.log", "WKS0042 unc");
        check("\\\\wks0042.corp.example\\C$\\WINNT\\MS\\SMS\\Logs\\Liccli.log", "WKS0042 unc");
        check("in/WKS0042/C$/WINNT/MS/SMS/Logs/Liccli.lo_", "WKS0042 unc");
        check("in/WKS0042/WINDOWS/ms/sms/logs/Liccli.log", "WKS0042 unc");
        check("WKS0042/C/WINNT/MS/SMS/Logs/Liccli.log", "WKS0042 folder");
        // The share of the computer that collects.
        check("//ARCHIVE/D$/collected/WKS0042/Liccli.log", "WKS0042 folder");
    }

    #[test]
    fn parent_folders_name_the_host_unless_they_are_generic() {
        check("clients/WKS0042/Liccli.log", "WKS0042 folder");
        check("clients/wks0042/logs/Liccli.lo_", "WKS0042 folder");
        check("clients/10.0.0.5/Liccli.log", "10.0.0.5 folder");
        check("clients.zip!WKS0042/Liccli.log", "WKS0042 folder");
        check("demo/clients/Liccli.log", "none");
        check("logs/Liccli.log", "none");
        check("Liccli.log", "none");
        check("Sinv.box/File.col/1042/Liccli.log", "none");
        check("a name far too long for netbios/Liccli.log", "none");
    }

    #[test]
    fn file_names_name_the_host_by_an_affix() {
        for file in [
            "WKS0042_liccli.log",
            "wks0042-Liccli.log",
            "WKS0042.liccli.log",
            "liccli_WKS0042.log",
            "liccli.WKS0042.log",
            "liccli-WKS0042.lo_",
            "WKS0042.log",
            "WKS0042_liccli95.log.txt",
            "WKS0042_LiccliNT.bak",
            "WKS0042_liccli_20020806.log",
            "liccli_WKS0042_2002-08-06.log",
            "WKS0042_20020806-1412.log",
            "WKS0042_liccli.log.20020806",
            "liccli95_WKS0042.lo_",
        ] {
            check(&format!("logs/{file}"), "WKS0042 file-name");
            check(&format!("in/clients/{file}"), "WKS0042 file-name");
            check(&format!("in/logs/{file}"), "WKS0042 file-name");
            check(&format!("PC7/{file}"), "PC7 folder");
        }
        for file in ["liccli_20020806.log", "liccli_old.log", "liccli.1.log", "Liccli95.log", "copy of liccli.log"] {
            check(&format!("logs/{file}"), "none");
        }
        check("logs/WS-2002_liccli.log", "WS-2002 file-name");
    }

    #[test]
    fn the_server_named_in_the_log_is_no_client() {
        check("LICSRV1/Liccli.log", "none");
        check("licsrv1/WKS0042_liccli.log", "WKS0042 file-name");
        let servers = BTreeSet::from(["LICSRV1".to_owned()]);
        let given = attribute("LICSRV1/Liccli.log", &["liccli".into()], &ClientMap::default(), &servers);
        assert_eq!(given.warnings.len(), 1);
        let map = crate::input::client_map::parse_client_map("path,workstation\na,licsrv1\n").unwrap();
        let given = attribute("a/Liccli.log", &["liccli".into()], &map, &servers);
        assert_eq!(given.workstation, Some(("LICSRV1".into(), AttributedBy::Map)));
        assert_eq!(given.warnings.len(), 1);
    }

    #[test]
    fn the_owner_of_a_server_log_is_told_by_the_same_rules() {
        assert_eq!(owner("DC01/debug/netlogon.log", &["netlogon"]), "DC01");
        assert_eq!(owner("logs/dc01_netlogon.bak", &["netlogon"]), "DC01");
        assert_eq!(owner("netlogon.log", &["netlogon"]), "");
    }

    #[test]
    fn older_generations_are_told_by_extension() {
        assert!(is_older("a/Liccli.lo_") && is_older("a.zip!LICCLI.LO_") && is_older("Liccli.lo_.txt"));
        assert!(!is_older("a.lo_/Liccli.log") && !is_older("lo_"));
    }

    proptest! {
        #[test]
        fn any_path_is_attributed_or_not_but_never_to_an_impossible_name(path in "\\PC{0,60}") {
            let given = attribute(&path, &["liccli".into()], &ClientMap::default(), &BTreeSet::new());
            if let Some((name, _)) = given.workstation {
                prop_assert!(!name.is_empty() && (name.len() <= NETBIOS_LEN || name.parse::<std::net::IpAddr>().is_ok()));
            }
        }
    }
}
