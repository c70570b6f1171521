//! Joins what was read tonight to what was seen before.

use std::collections::{HashMap, HashSet};

use super::state::State;
use crate::model::client::ClientLog;
use crate::model::event::{Event, FileId, Who, WhoId};
use crate::model::gathered::{Coverage, FileInfo, Gathered};
use crate::model::names::{NameId, Names};

/// Adds tonight's reading to what was seen.
///
/// A path that was read again keeps one entry: what its older content told stays, what tonight's
/// content tells is added. Copies are still in: the caller compacts.
pub fn join(state: &mut State, tonight: Gathered) {
    let before = std::mem::take(&mut state.seen);
    let again: HashSet<String> = tonight.files.iter().map(|file| file.path.clone()).collect();
    let mut joined = Joined::of(&before.files, &tonight.files);
    joined.add(before, &|path| again.contains(path));
    joined.add(tonight, &|_| false);
    state.seen = joined.finish();
}

/// Two readings on the way to one.
struct Joined {
    all: Gathered,
    ids: HashMap<String, FileId>,
    whos: HashMap<Who, WhoId>,
}

impl Joined {
    /// The files of both, sorted by path bytes.
    fn of(before: &[FileInfo], tonight: &[FileInfo]) -> Joined {
        let mut files: Vec<FileInfo> = before.iter().chain(tonight).cloned().collect();
        files.sort_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()));
        files.dedup_by(|new, old| {
            let same = new.path == old.path;
            if same {
                old.bytes = old.bytes.max(new.bytes);
                old.format = new.format;
            }
            same
        });
        let ids = files.iter().enumerate().map(|(at, file)| (file.path.clone(), FileId(at as u32))).collect();
        Joined { all: Gathered { files, ..Gathered::default() }, ids, whos: HashMap::new() }
    }

    /// Adds one reading. `replaced` names the paths whose damage a newer reading tells anew.
    fn add(&mut self, part: Gathered, replaced: &dyn Fn(&str) -> bool) {
        let file = |id: FileId| self.ids.get(part.path(id)).copied().unwrap_or_default();
        let names: Vec<NameId> = names(&mut self.all.names, &part.names);
        let name = |id: NameId| names.get(id.0 as usize).copied().unwrap_or_default();
        let whos: Vec<WhoId> = part
            .whos
            .iter()
            .map(|who| {
                let who = renamed(who, &name);
                *self.whos.entry(who).or_insert_with(|| {
                    self.all.whos.push(who);
                    WhoId(self.all.whos.len() as u32 - 1)
                })
            })
            .collect();
        self.all.events.extend(part.events.iter().map(|event| Event {
            who: whos[event.who.0 as usize],
            file: file(event.file),
            ..*event
        }));
        for coverage in &part.coverage {
            let moved = Coverage { file: file(coverage.file), server: name(coverage.server), ..coverage.clone() };
            add_coverage(&mut self.all.coverage, moved);
        }
        for client in part.clients.iter().cloned() {
            let moved = ClientLog { file: file(client.file), ..client };
            add_client(&mut self.all.clients, moved);
        }
        self.all.skipped.extend(part.skipped.into_iter().filter(|place| !replaced(&place.file)));
        self.all.records += part.records;
        self.all.unrecognised += part.unrecognised;
        self.all.bad_times += part.bad_times;
    }

    /// In the order that a reading has: by file, then place.
    fn finish(mut self) -> Gathered {
        self.all.events.sort_by_key(|event| event.file);
        self.all.clients.sort_by_key(|client| client.file);
        let names = &self.all.names;
        self.all.coverage.sort_by(|a, b| (a.file, names.text(a.server)).cmp(&(b.file, names.text(b.server))));
        self.all.skipped.sort();
        self.all.skipped.dedup();
        self.all
    }
}

fn names(all: &mut Names, part: &Names) -> Vec<NameId> {
    (0..part.len() as u32).map(|id| all.intern_stored(part.text(NameId(id)))).collect()
}

fn renamed(who: &Who, name: &dyn Fn(NameId) -> NameId) -> Who {
    Who {
        server: name(who.server),
        channel: name(who.channel),
        workstation: name(who.workstation),
        account: name(who.account),
        domain: name(who.domain),
        ip: name(who.ip),
        process: name(who.process),
        relay: name(who.relay),
        ..*who
    }
}

/// Two readings of one path are one: every hour's larger sum, the wider span.
fn add_coverage(all: &mut Vec<Coverage>, new: Coverage) {
    let Some(old) = all.iter_mut().find(|old| (old.file, old.server) == (new.file, new.server)) else {
        all.push(new);
        return;
    };
    old.records += new.records;
    old.first = old.first.min(new.first);
    old.last = old.last.max(new.last);
    old.audits = old.audits.union(new.audits);
    old.full = new.full;
    old.log_bytes = old.log_bytes.max(new.log_bytes);
    for (hour, bytes) in new.hours {
        match old.hours.binary_search_by_key(&hour, |row| row.0) {
            Ok(at) => old.hours[at].1 = old.hours[at].1.max(bytes),
            Err(at) => old.hours.insert(at, (hour, bytes)),
        }
    }
}

/// A log that only grew replaces its older content; one that was rotated away stays beside it.
fn add_client(all: &mut Vec<ClientLog>, new: ClientLog) {
    all.retain(|old| old.file != new.file || !holds_all(&new, old));
    all.push(new);
}

fn holds_all(new: &ClientLog, old: &ClientLog) -> bool {
    let same = new.attempts.len() >= old.attempts.len() && new.successes.len() >= old.successes.len();
    same && new.attempts.iter().zip(&old.attempts).all(|(a, b)| a == b)
        && new.successes.iter().zip(&old.successes).all(|(a, b)| a == b)
}
