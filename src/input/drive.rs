//! Reads all inputs in parallel and hands the pieces over in order.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Mutex, mpsc};

use super::archive;
use super::door::{Carried, Description, Job, Moment, RecordRun, Sink};
use super::gate::{Gate, OpenOnDrop};
use super::options::Options;
use super::sniff::{Kind, sniff};
use super::tasks::{Task, tasks};
use super::walk::{Found, walk, why};
use crate::fsio::source::Source;
use crate::model::client::ClientLog;
use crate::model::event::{FileId, RawEvent};
use crate::model::gathered::{FileInfo, Severity, Skipped};

/// Tasks that each thread may be ahead of the hand-over: keeps memory bounded when one slow task stands at the
/// front.
const AHEAD: usize = 8;
/// Results that one thread may hold before it hands them over together: to wake the thread that takes them
/// costs as much as to read a small file.
const HELD: usize = 8;
/// Bytes on disk of the largest task whose result is held. Before a larger one is read, what is held is handed
/// over.
const SMALL: u64 = 256 << 10;

/// Told how far the reading is, from any thread. Nothing of it enters a result.
pub trait Progress: Sync {
    /// Bytes read so far and bytes in all, as far as known.
    fn at(&self, done: u64, total: u64);
    /// Something that only a curious person wants to know: a file passed over, a link not followed.
    fn detail(&self, _text: &str) {}
}

/// Nobody watches.
impl Progress for () {
    fn at(&self, _done: u64, _total: u64) {}
}

/// A sink that is filled on one thread and emptied after each piece.
pub trait Worker: Sink + Send {
    /// What one piece of input became.
    type Piece: Send;
    /// Takes what was handed over since the last call.
    fn take(&mut self) -> Self::Piece;
    /// It holds so much that it should be emptied before the end of the input.
    fn is_heavy(&self) -> bool {
        false
    }
    /// Takes some of a piece that goes on, where it need not end yet.
    fn take_some(&mut self) -> Option<Self::Piece> {
        None
    }
}

/// What one piece of one file became.
#[derive(Debug)]
pub struct Read<P> {
    /// The file. Pieces of one file follow each other.
    pub info: FileInfo,
    /// This is the file's first piece.
    pub first: bool,
    /// Which worker read it: index into [`Done::workers`].
    pub worker: usize,
    /// Records in it, of any id.
    pub records: u64,
    /// The file is of no known format.
    pub unrecognised: bool,
    /// The piece.
    pub piece: P,
}

/// What is known when all is read.
#[derive(Debug)]
pub struct Done<W> {
    /// The workers, with what they keep over all pieces.
    pub workers: Vec<W>,
    /// What concerns whole paths: missing ones, links, unrecognised files.
    pub skipped: Vec<Skipped>,
    /// Files of no known format.
    pub unrecognised: u64,
    /// Bytes that were read from files.
    pub bytes_read: u64,
}

/// Reads everything below `paths` with one worker a thread (`None`: one a core) and hands the pieces
/// over in order of (path bytes, place in the file), whatever the number of threads.
pub fn read_all<W: Worker>(
    paths: &[PathBuf],
    options: &Options,
    threads: Option<usize>,
    progress: &dyn Progress,
    make: &(dyn Fn() -> W + Sync),
    consume: &mut dyn FnMut(Read<W::Piece>),
) -> io::Result<Done<W>> {
    read_found(walk(paths), options, threads, progress, make, consume)
}

/// The same for files that were found before.
pub fn read_found<W: Worker>(
    found: Found,
    options: &Options,
    threads: Option<usize>,
    progress: &dyn Progress,
    make: &(dyn Fn() -> W + Sync),
    consume: &mut dyn FnMut(Read<W::Piece>),
) -> io::Result<Done<W>> {
    for passed in &found.passed {
        progress.detail(passed);
    }
    let bytes_read = AtomicU64::new(0);
    let tasks = tasks(&found.files, options, &bytes_read);
    let threads = threads.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, |n| n.get()));
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.max(1)).build().map_err(io::Error::other)?;
    let shared = Shared {
        tasks: &tasks,
        options,
        next: AtomicUsize::new(0),
        gate: Gate::new(threads.max(1) * AHEAD),
        progress,
        done: AtomicU64::new(0),
        bytes_read,
        total: found.files.iter().map(|file| file.len).sum(),
    };
    // Readers wait while the hand-over is busy. What waits for an earlier task is bounded by the gate.
    let (sender, receiver) = mpsc::sync_channel(threads.max(1));
    let finished = Mutex::new(Vec::new());
    let mut order = InOrder { consume, progress, skipped: found.skipped, unrecognised: 0, file: None };
    pool.in_place_scope(|scope| {
        for number in 0..threads.max(1) {
            let sender = sender.clone();
            let (shared, finished) = (&shared, &finished);
            scope.spawn(move |_| {
                let mut worker = make();
                work(shared, number, &mut worker, &sender);
                finished.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push((number, worker));
            });
        }
        drop(sender);
        // If the hand-over panics, those at the gate must not wait for ever.
        let _open = OpenOnDrop(&shared.gate);
        let mut waiting: BTreeMap<usize, Vec<TaskResult<W::Piece>>> = BTreeMap::new();
        let mut at = 0;
        for batch in receiver {
            let before = at;
            for (task, result) in batch {
                waiting.entry(task).or_default().push(result);
            }
            while let Some(results) = waiting.remove(&at) {
                let last = results.last().is_some_and(|result| result.last);
                results.into_iter().for_each(|result| order.accept(result));
                if !last {
                    break;
                }
                at += 1;
            }
            if at > before {
                shared.gate.open(at);
            }
        }
    });
    order.end_file();
    let mut workers = finished.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner());
    workers.sort_by_key(|(number, _)| *number);
    let workers = workers.into_iter().map(|(_, worker)| worker).collect();
    let (skipped, unrecognised) = (order.skipped, order.unrecognised);
    Ok(Done { workers, skipped, unrecognised, bytes_read: shared.bytes_read.into_inner() })
}

/// What all threads see.
struct Shared<'a> {
    tasks: &'a [Task<'a>],
    options: &'a Options,
    next: AtomicUsize,
    gate: Gate,
    progress: &'a dyn Progress,
    done: AtomicU64,
    bytes_read: AtomicU64,
    total: u64,
}

/// What one task became, or the next part of it.
struct TaskResult<P> {
    /// The task ends with it.
    last: bool,
    reads: Vec<Read<P>>,
    skipped: Vec<Skipped>,
    unrecognised: u64,
    details: Vec<String>,
}

/// Results with the numbers of their tasks.
type Batch<P> = Vec<(usize, TaskResult<P>)>;

fn work<W: Worker>(shared: &Shared<'_>, number: usize, worker: &mut W, sender: &mpsc::SyncSender<Batch<W::Piece>>) {
    // If this thread panics, those that wait for its piece must not wait for ever.
    let _open = OpenOnDrop(&shared.gate);
    let carried = Carried::default();
    let mut outlet =
        Outlet { shared, sender, task: 0, number, sent: 0, result: TaskResult::default(), held: Vec::new() };
    loop {
        let at = shared.next.fetch_add(1, Ordering::Relaxed);
        let Some(task) = shared.tasks.get(at) else { break };
        let bytes = task.input.len / task.part.1;
        if !(bytes <= SMALL && shared.gate.lets(at) || outlet.flush()) {
            return;
        }
        shared.gate.wait_for(at);
        (outlet.task, outlet.sent) = (at, 0);
        let read = TaskReader { options: shared.options, carried: &carried, worker, outlet: &mut outlet }.run(task);
        shared.bytes_read.fetch_add(read, Ordering::Relaxed);
        let done = shared.done.fetch_add(bytes, Ordering::Relaxed) + bytes;
        shared.progress.at(done, shared.total);
        outlet.hold(true);
        if (bytes > SMALL || outlet.held.len() >= HELD) && !outlet.flush() {
            return;
        }
    }
    outlet.flush();
}

impl<P> Default for TaskResult<P> {
    fn default() -> Self {
        Self { last: false, reads: Vec::new(), skipped: Vec::new(), unrecognised: 0, details: Vec::new() }
    }
}

/// Where the results of one thread's tasks go.
struct Outlet<'a, P> {
    shared: &'a Shared<'a>,
    sender: &'a mpsc::SyncSender<Batch<P>>,
    task: usize,
    /// Which worker this is.
    number: usize,
    /// Whole pieces of the task that were sent before its end.
    sent: usize,
    result: TaskResult<P>,
    /// Results that were not sent yet.
    held: Batch<P>,
}

impl<P> Outlet<'_, P> {
    /// Puts what there is of the task to what is held.
    fn hold(&mut self, last: bool) {
        let result = TaskResult { last, ..std::mem::take(&mut self.result) };
        self.held.push((self.task, result));
    }

    /// Sends what is held; false when nobody takes it any more.
    fn flush(&mut self) -> bool {
        self.held.is_empty() || self.sender.send(std::mem::take(&mut self.held)).is_ok()
    }

    /// Sends a part of an input that is too much to be kept until its end. The first two pieces go at once,
    /// the next when everything before this task is handed over: so memory stays bounded.
    fn part(&mut self, read: Read<P>, ends_piece: bool) {
        if self.sent > 1 {
            self.flush();
            self.shared.gate.wait_for_turn(self.task);
        }
        self.result.reads.push(read);
        self.hold(false);
        self.flush();
        self.sent += usize::from(ends_piece);
    }
}

/// Reads the inputs of one task on one thread.
struct TaskReader<'a, 'o, W: Worker> {
    options: &'a Options,
    carried: &'a Carried,
    worker: &'a mut W,
    outlet: &'a mut Outlet<'o, W::Piece>,
}

impl<W: Worker> TaskReader<'_, '_, W> {
    /// Returns how many bytes were read.
    fn run(&mut self, task: &Task<'_>) -> u64 {
        let shown = &task.input.shown;
        let source = match Source::open(&task.input.path, shown.clone()) {
            Ok(source) => source,
            Err(error) => {
                self.outlet.result.skipped.push(unreadable(shown, cannot_open(shown, &error)));
                return 0;
            }
        };
        match task.kind.map_or_else(|| sniff(&source, self.options), Ok) {
            Ok(Kind::Archive) => self.archive(&source),
            Ok(kind) => self.source(&source, kind, task.input.named, task.part),
            Err(error) => self.outlet.result.skipped.push(unreadable(shown, cannot_open(shown, &error))),
        }
        source.bytes_read()
    }

    fn archive(&mut self, source: &Source) {
        let (mut members, skipped) = archive::members(source);
        members.sort_by(|a, b| a.path.as_bytes().cmp(b.path.as_bytes()));
        self.outlet.result.skipped.extend(skipped);
        for member in &members {
            match sniff(member, self.options) {
                Ok(kind) => self.source(member, kind, false, (0, 1)),
                Err(error) => self.outlet.result.skipped.push(unreadable(&member.path, why(&error))),
            }
        }
    }

    fn source(&mut self, source: &Source, kind: Kind, named: bool, part: (u64, u64)) {
        let mut info = FileInfo { path: source.path.clone(), bytes: source.len, format: "" };
        let skip = |what: &str, why: &str, severity| Skipped {
            file: source.path.clone(),
            at: String::new(),
            what: what.to_owned(),
            why: why.to_owned(),
            severity,
        };
        let (mut records, mut first, mut unrecognised) = (0, part.0 == 0, false);
        match kind {
            Kind::Empty => {
                self.outlet.result.skipped.push(skip("file", "the file is empty (0 bytes)", Severity::Damage))
            }
            Kind::Ours if named => {
                self.outlet.result.skipped.push(skip("file", "written by this program, not an input", Severity::Note));
            }
            Kind::Ours => {
                self.outlet.result.details.push(format!("{}: written by this program, not an input", source.path))
            }
            Kind::Archive | Kind::Unknown => {
                self.outlet.result.unrecognised += 1;
                unrecognised = true;
                if named {
                    self.outlet.result.skipped.push(skip("file", "not recognised as a log", Severity::Note));
                } else {
                    self.outlet.result.details.push(format!("{}: not recognised as a log", source.path));
                }
            }
            Kind::Known(format) => {
                info.format = format.name;
                let job = Job { source, file: FileId(0), options: self.options, carried: self.carried };
                let mut counting =
                    Counting { worker: &mut *self.worker, outlet: &mut *self.outlet, info: &info, records: 0, first };
                let read = match format.parts {
                    Some(parts) if part.1 > 1 => (parts.read)(&job, part.0, &mut counting),
                    _ => (format.read)(&job, &mut counting),
                };
                (records, first) = (counting.records, counting.first);
                if let Err(error) = read {
                    self.worker.skipped(unreadable(&source.path, why(&error)));
                }
            }
        }
        let (worker, piece) = (self.outlet.number, self.worker.take());
        self.outlet.result.reads.push(Read { info, first, worker, records, unrecognised, piece });
    }
}

/// A log that Windows is writing to is locked; its owner has to export it.
fn cannot_open(shown: &str, error: &io::Error) -> String {
    let locked = matches!(error.raw_os_error(), Some(32 | 33)) && cfg!(windows);
    let lower = shown.to_ascii_lowercase();
    if locked || lower.contains("system32/winevt/logs/") || lower.contains("system32/config/") {
        format!("{}; a live Windows log cannot be opened, export it first: wevtutil epl Security out.evtx", why(error))
    } else {
        why(error)
    }
}

fn unreadable(shown: &str, why: String) -> Skipped {
    Skipped { file: shown.to_owned(), at: String::new(), what: "file".into(), why, severity: Severity::Unreadable }
}

/// Counts the records that pass, and empties the worker when it holds too much.
struct Counting<'a, 'o, W: Worker> {
    worker: &'a mut W,
    outlet: &'a mut Outlet<'o, W::Piece>,
    info: &'a FileInfo,
    records: u64,
    /// Nothing of the file was handed over yet.
    first: bool,
}

impl<W: Worker> Counting<'_, '_, W> {
    #[inline]
    fn empty(&mut self) {
        if self.worker.is_heavy() {
            self.send();
        }
    }

    #[cold]
    fn send(&mut self) {
        let (info, worker) = (self.info.clone(), self.outlet.number);
        let (first, records) = (std::mem::take(&mut self.first), std::mem::take(&mut self.records));
        let some = self.worker.take_some();
        let ends_piece = some.is_none();
        let piece = some.unwrap_or_else(|| self.worker.take());
        self.outlet.part(Read { info, first, worker, records, unrecognised: false, piece }, ends_piece);
    }
}

impl<W: Worker> Sink for Counting<'_, '_, W> {
    fn event(&mut self, event: &RawEvent<'_>) {
        self.worker.event(event);
        self.empty();
    }
    fn description(&self) -> Option<Description> {
        self.worker.description()
    }
    fn again(&mut self, description: Description, moment: &Moment) -> bool {
        let known = self.worker.again(description, moment);
        self.empty();
        known
    }
    fn records(&mut self, run: &RecordRun<'_>) {
        self.records += run.records;
        self.worker.records(run);
    }
    fn client(&mut self, log: ClientLog) {
        self.worker.client(log);
        self.empty();
    }
    fn skipped(&mut self, place: Skipped) {
        self.worker.skipped(place);
    }
    fn full(&mut self) {
        self.worker.full();
    }
}

/// Hands pieces over and notices files that hold no readable record.
struct InOrder<'a, P> {
    consume: &'a mut dyn FnMut(Read<P>),
    progress: &'a dyn Progress,
    skipped: Vec<Skipped>,
    unrecognised: u64,
    file: Option<(FileInfo, u64)>,
}

impl<P> InOrder<'_, P> {
    fn accept(&mut self, result: TaskResult<P>) {
        self.skipped.extend(result.skipped);
        self.unrecognised += result.unrecognised;
        for detail in &result.details {
            self.progress.detail(detail);
        }
        for read in result.reads {
            if read.first {
                self.end_file();
                self.file = Some((read.info.clone(), 0));
            }
            if let Some((_, records)) = &mut self.file {
                *records += read.records;
            }
            (self.consume)(read);
        }
    }

    fn end_file(&mut self) {
        if let Some((info, 0)) = self.file.take()
            && super::FORMATS.iter().any(|format| format.name == info.format && format.parts.is_some())
        {
            self.skipped.push(unreadable(&info.path, "a log without any readable record".to_owned()));
        }
    }
}
