//! Every published line of the metering client, damage to them, and other agents by a profile.

use std::fmt::Write;
use std::sync::Arc;

use proptest::prelude::*;

use super::formats::{METERING, SMS, sureness};
use super::profile::Profile;
use crate::fsio::source::Source;
use crate::input::door::{Format, Head};
use crate::input::kept::Kept;
use crate::input::lines::head_text;
use crate::input::options::Options;
use crate::model::attempts::Attempts;
use crate::model::client::{AttributedBy, ClientLog, ConnectAttempt, Stamp, TickClass};

/// The lines of KB Q287626 in their order, where the article says "similar to".
const BLOCK: &str = r#"Requesting use of: "CLOCK.EXE" ("CLOCK.EXE"), version: "4.00"
FAILED - Severity:0 Error:2 Failed to connect to the pipe-service on \\HANSR1. Check the service is running.
+ON +: Forcing gbConnectedOK = FALSE on failed fnTaskStarted.
fnCheckTasksStatus FAILED
+ON +: Forcing gbConnectedOK = FALSE on failed fnCheckTasksStatus.
WARNING: No user or lost contact with DB, attempting to re-connect ...
Freeing (and re-requesting) all workstation tasks ...
Attempting disconnect from DB first ...
Could not attempt to disconnect from DB due to lost connection.
Could not attempt to de-initialize due to lost connection.
OK
+ON +: Connecting (0/5). Verifying connection to server DB path ...
+ON +: Server path = "\\HANSR1\LICMTR" (-1) ...
+ON +: IsFileReachable(): Doing a CreateFile(\\HANSR1\LICMTR\dbup.ini)
+ON +: IsFileReachable(): Done.
+ON +: Server is unreachable.
+ON +: Forcing gbConnectedOK = FALSE on failed IsFileReachable().
+ON +: Will try again in 60 secs.
+ON +: TestStayOnline FAILED. Will retry 4 more times out of 5.
"#;

/// What a log told, as text: one line per attempt and success, then the totals.
fn told(log: &ClientLog) -> String {
    let mut text = String::new();
    for attempt in log.attempts.iter() {
        let class = if attempt.class == TickClass::Pipe { "pipe" } else { "reach" };
        let _ = write!(text, "{}: {class} {}", attempt.line, attempt.server);
        for (name, pair) in [("try", attempt.counter), ("left", attempt.retries_left)] {
            let _ = pair.map(|(a, b)| write!(text, " {name} {a}/{b}"));
        }
        let _ = attempt.wait_s.map(|wait| write!(text, " wait {wait}"));
        let _ = attempt.error.map(|error| write!(text, " error {error}"));
        text.push('\n');
    }
    for success in &log.successes {
        let _ = writeln!(text, "{}: success {}", success.line, success.account.as_deref().unwrap_or("-"));
    }
    let _ = write!(text, "unknown {} busy {}", log.unknown_lines, log.busy_lines);
    text
}

fn read(format: &Format, path: &str, bytes: &[u8], options: &Options) -> Kept {
    Kept::read(format, &Source::memory(path, bytes, None), options)
}

fn metering(bytes: &[u8]) -> ClientLog {
    let kept = read(&METERING, "clients/WKS0042/Liccli.log", bytes, &Options::default());
    assert_eq!(kept.skipped, [""; 0]);
    kept.clients.into_iter().next().expect("a client log")
}

fn check(text: &str, expect: &str) {
    assert_eq!(told(&metering(text.as_bytes())), expect, "{text}");
}

const BLOCK_TOLD: &str = "2: pipe HANSR1 error 2\n16: reach HANSR1 try 0/5 left 4/5 wait 60\nunknown 0 busy 0";

#[test]
fn the_block_of_the_article_tells_of_two_attempts() {
    check(BLOCK, BLOCK_TOLD);
    let log = metering(BLOCK.as_bytes());
    assert_eq!(log.lines, 19);
    assert_eq!(log.kinds.iter().map(|(_, count)| count).sum::<u64>(), 19);
    assert_eq!(log.workstation, Some(("WKS0042".into(), AttributedBy::Folder)));
    assert_eq!((log.first, log.last, log.older), (Stamp::None, Stamp::None, false));
    let offset = BLOCK.find("+ON +: Server is").unwrap() as u64;
    assert_eq!(attempt(&log, 1).offset, offset);
}

#[test]
fn indent_line_ends_and_encodings_change_nothing() {
    let indented: String = BLOCK.lines().map(|line| format!("\t  {line}\r\n")).collect();
    check(&indented, BLOCK_TOLD);
    let wide: Vec<u8> = indented.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(told(&metering(&[b"\xff\xfe".as_slice(), &wide].concat())), BLOCK_TOLD);
    assert_eq!(told(&metering(&[b"\xef\xbb\xbf", BLOCK.as_bytes()].concat())), BLOCK_TOLD);
    let ansi = BLOCK.replace("HANSR1", "B\u{dc}RO1");
    let ansi: Vec<u8> = ansi.chars().map(|c| c as u8).collect();
    assert_eq!(told(&metering(&ansi)), BLOCK_TOLD.replace("HANSR1", "BÜRO1"));
}

#[test]
fn lines_wrapped_as_in_the_article_are_joined() {
    let wrapped = BLOCK
        .replace("HANSR1. Check", "HANSR1.\n  Check")
        .replace("CreateFile(\\\\HANSR1\\LICMTR", "CreateFile(\\\\HANSR1\\\n  LICMTR");
    check(&wrapped, &BLOCK_TOLD.replace("16:", "18:"));
    check(&BLOCK.replace("service on \\\\", "service on\n\\\\"), &BLOCK_TOLD.replace("16:", "17:"));
    check(&BLOCK.replace("connect to the", "connect to\nthe"), &BLOCK_TOLD.replace("16:", "17:"));
    // Cut in the middle of the wrapped line: the attempt stays, the server of the line is lost.
    check("FAILED - Severity:0 Error:2 Failed to connect to the pipe-service on", "1: pipe  error 2\nunknown 0 busy 0");
    let cut = "+ON +: IsFileReachable(): Doing a CreateFile(\\\\HANSR1\\\n+ON +: Server is unreachable.";
    check(cut, "2: reach HANSR1\nunknown 0 busy 0");
}

#[test]
fn every_published_line_has_a_kind_and_tells_what_it_should() {
    let note = |line: &str| check(&format!("{line}\nfnCheckTasksStatus FAILED"), "unknown 0 busy 0");
    BLOCK.lines().filter(|line| !line.contains("pipe-service") && !line.contains("unreachable")).for_each(note);
    note("Requesting use of \"REGEDT32.exe\", version: \"4.00\",lang:0x9,0x4 ...");
    note("Copying reintegration data to server...");
    note("Download failed: Failed to get ignorable exes");
    note("+ON +: Synchronized FAILED.");
    note("Switching OFFLINE ...");
    note("ACCESS DENIED");
    note("Request received to terminate app.");
    note("TerminateApp() enumerating app windows.");
    note("Send WM_CLOSE to Registry Editor");
    note("TerminateApp() waiting for app to terminate.");
    note("TerminateApp() checking to see if app terminated in allotted time.");
    note("TerminateApp() closing app process handle.");
    note(
        "Problem with the registry (error 2). SWM server probably not configured properly (LicenseServers key missing?)",
    );
    note("ERROR: Registry key missing or corrupt.");
    note("Off-line licensing log error: access to the log file has been denied.");
    note("Drive space now available - Resuming Client");
    note("====== Logging initialized for module \"Software Inventory Agent\" =======");
}

#[test]
fn successes_need_their_result() {
    let uploaded = "Copying reintegration data to server...\nOK\nOffline upload successful\n";
    check(
        &format!("{uploaded}Downloading client configuration...\nOK"),
        "3: success -\n4: success -\nunknown 0 busy 0",
    );
    check(
        &format!(
            "{uploaded}Downloading client configuration...\nDownload failed: Failed to get ignorable exes\n+ON +: Synchronized FAILED.\nSwitching OFFLINE ..."
        ),
        "3: success -\nunknown 0 busy 0",
    );
    check("Downloading client configuration...", "unknown 0 busy 0");
    check(
        "Getting groups for the user \"LOWRIGHTS\"\nOK (0 groups)\nACCESS DENIED\nSwitching OFFLINE ...",
        "1: success LOWRIGHTS\nunknown 0 busy 0",
    );
    check("Getting groups for the user \"LOWRIGHTS\"\nServer is unreachable.", "2: reach \nunknown 0 busy 0");
}

#[test]
fn unknown_lines_are_counted_and_a_busy_pipe_is_no_attempt() {
    check(
        "fnCheckTasksStatus FAILED\nsomething new\n\nThe pipe is busy.\nError 1326 while connecting",
        "unknown 2 busy 1",
    );
}

#[test]
fn the_offline_form_of_the_prefix_and_other_codes_are_read() {
    check(
        "+OFF +: Connecting (3/5). Verifying\n+OFF +: Server is unreachable.\nFAILED - Severity:1 Error:1331 Failed to connect to the pipe-service on \\\\srv.corp.example. Check the service is running.",
        "2: reach  try 3/5\n3: pipe srv.corp.example error 1331\nunknown 0 busy 0",
    );
}

#[test]
fn trailers_give_the_stamps_damaged_or_not() {
    let trailed = |trailer: &str| -> ClientLog {
        let text: String = BLOCK.lines().map(|line| format!("{line}~  {trailer}\r\n")).collect();
        let log = metering(text.as_bytes());
        assert_eq!(told(&log), BLOCK_TOLD, "{trailer}");
        assert_eq!(attempt(&log, 1).stamp, log.last);
        log
    };
    let at = |log: ClientLog| log.first;
    let ms = 946_999_168_663;
    assert_eq!(at(trailed("$$<LICCLI><Tue Jan 04 15:19:28.663 2000><thread=112 (0x70)>")), Stamp::Dated(ms, None));
    let zone = "$$<LICCLI><Tue Jan 04 15:19:28.663 2000 Pacific Standard Time><thread=112 (0x70)>";
    assert_eq!(at(trailed(zone)), Stamp::Dated(ms, Some(480)));
    assert_eq!(at(trailed("$$<LICCLI<Tue Jan 04 15:19:28.663 2000>>thread=112")), Stamp::Dated(ms, None));
    assert_eq!(at(trailed("$$<LICCLI><Tue Jan  4 15:19:28 2000~><thread=8D>")), Stamp::Dated(ms - 663, None));
    assert_eq!(at(trailed("$$<LICCLI><Tue Jan 04 15:1")), Stamp::None);
}

#[test]
fn logs_are_recognised_by_what_they_say() {
    let sniff = |format: &Format, bytes: &[u8]| {
        let text = head_text(bytes);
        (format.sniff)(&Head { bytes, text: &text, path: "x" })
    };
    assert!(sniff(&METERING, BLOCK.as_bytes()) >= 90);
    assert!(
        sniff(
            &METERING,
            b"Getting groups for the user \"A\"\nOK (1 groups)\nCopying reintegration data to server...\n"
        ) > 60
    );
    // The server's log, a log of another agent, a text about the fault, a table of the lines.
    let server = "Copying C:\\SMS\\bin\\i386\\ProductDB.Dll to \\\\SRV\\LicMtr\\ProductDB.Dll...\nERROR: FAILED TO INSTALL LICENSE SERVER 'SRV'\nOK\n";
    let agent = "CCIM32 - Retry in 60 minutes $$<CCIM32><Tue Jan 04 15:19:28.663 2000><thread=112 (0x70)>\n";
    assert_eq!(sniff(&METERING, server.as_bytes()), 0);
    assert_eq!(sniff(&METERING, agent.as_bytes()), 0);
    assert_eq!(sniff(&METERING, b"the client writes Server is unreachable. again and again"), 0);
    assert_eq!(sniff(&METERING, b"line,kind\n\"+ON +: Server is unreachable.\",failure\n"), 0);
    assert!(sniff(&SMS, agent.as_bytes()) > 0);
    assert_eq!(sniff(&SMS, b"costs $$<b> 5"), 0);
    let trailed: String =
        BLOCK.lines().map(|line| format!("{line} $$<L><Tue Jan 04 15:19:28.663 2000><thread=1>\n")).collect();
    assert!(sniff(&METERING, trailed.as_bytes()) > sniff(&SMS, trailed.as_bytes()));
}

const CCM: &str = r#"
name = "ccm"
files = ["CcmExec"]
[[line]]
kind = "refused"
pattern = '^Failed to connect to \\\\(?P<server>[^\\]+)\\\S+ as (?P<account>\S+), error (?P<error>\S+?), retry in (?P<wait_min>\d+) minutes'
means = "attempt"
[[line]]
kind = "connected"
pattern = '^Successfully connected to \\\\(?P<server>[^\\]+)'
means = "success"
"#;

#[test]
fn other_agents_are_read_by_a_profile() {
    let options = Options { log_profile: Some(Arc::new(Profile::parse(CCM).unwrap())), ..Options::default() };
    let text = "<![LOG[Failed to connect to \\\\srv\\share as X, error 0x8007052E, retry in 5 minutes]LOG]!><time=\"08:06:34.590-060\" date=\"09-02-2016\" component=\"C\" context=\"\" type=\"3\" thread=\"1\" file=\"d.cpp\">\n\
        <![LOG[one\ntwo]LOG]!><time=\"08:07:34.590-060\" date=\"09-02-2016\" component=\"C\">\n\
        <![LOG[Successfully connected to \\\\server\\share]LOG]!><time=\"08:08:34.590-060\" date=\"09-02-2016\" component=\"C\">\n";
    let kept = read(&SMS, "CMPC0007_ccmexec.log", text.as_bytes(), &options);
    let log = &kept.clients[0];
    assert_eq!(told(log), "1: pipe srv wait 300 error 2147943726\n4: success -\nunknown 2 busy 0");
    assert_eq!(log.workstation, Some(("CMPC0007".into(), AttributedBy::FileName)));
    assert_eq!(attempt(log, 0).stamp, Stamp::Dated(1_472_803_594_590, Some(-60)));
    assert!(sureness("Successfully connected to \\\\server\\share", options.log_profile.as_deref().unwrap()) > 0);
    // Without the profile it is nobody's log; with it the metering client's logs are still read.
    let without = read(&SMS, "x.log", text.as_bytes(), &Options::default());
    assert_eq!((without.clients.len(), without.skipped.len()), (0, 1));
    assert_eq!(told(&read(&METERING, "a/Liccli.log", BLOCK.as_bytes(), &options).clients[0]), BLOCK_TOLD);
}

#[test]
fn equal_contents_have_equal_hashes_and_others_do_not() {
    let hash = |text: &str| metering(text.as_bytes()).content_hash;
    assert_eq!(hash(BLOCK), hash(BLOCK));
    assert_ne!(hash(BLOCK), hash(&format!("{BLOCK} ")));
}

#[test]
fn a_server_named_folder_is_reported() {
    let kept = read(&METERING, "HANSR1/Liccli.log", BLOCK.as_bytes(), &Options::default());
    assert_eq!(kept.clients[0].workstation, None);
    assert_eq!(kept.skipped.len(), 1, "{:?}", kept.skipped);
}

/// A damaged byte may cost its own line and the one it is joined to, nothing else.
#[test]
fn cuts_and_flips_change_no_other_attempt() {
    let text = BLOCK.repeat(3);
    let whole = metering(text.as_bytes()).attempts;
    let starts: Vec<usize> = std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect();
    for at in 0..text.len() {
        let cut = metering_or_none(&text.as_bytes()[..at]);
        let before = whole.iter().filter(|attempt| attempt.offset as usize + 25 <= at).count();
        assert!(cut >= before.saturating_sub(1), "cut at {at}");
        let mut bytes = text.clone().into_bytes();
        bytes[at] ^= 0x15;
        let line = starts.partition_point(|start| *start <= at) as u64;
        let Some(flipped) = log_or_none(&bytes) else { panic!("flip at {at}") };
        let key = |log: &Attempts, shift: u64| -> Vec<u64> {
            let far = |other: u64| other + 2 < line || other > line + 2 + shift;
            log.iter()
                .map(|attempt| attempt.offset)
                .filter(|offset| far(starts.partition_point(|s| *s as u64 <= *offset) as u64))
                .collect()
        };
        assert_eq!(key(&flipped.attempts, 0), key(&whole, 0), "flip at {at}");
    }
}

fn attempt(log: &ClientLog, at: usize) -> ConnectAttempt {
    log.attempts.iter().nth(at).expect("there are so many")
}

fn log_or_none(bytes: &[u8]) -> Option<ClientLog> {
    read(&METERING, "clients/WKS0042/Liccli.log", bytes, &Options::default()).clients.into_iter().next()
}

fn metering_or_none(bytes: &[u8]) -> usize {
    log_or_none(bytes).map_or(0, |log| log.attempts.len())
}

#[test]
fn a_line_of_100_mb_costs_no_attempt() {
    let mut bytes = BLOCK.as_bytes().to_vec();
    bytes.resize(bytes.len() + (100 << 20), b'z');
    bytes.push(b'\n');
    bytes.extend_from_slice(BLOCK.as_bytes());
    let kept = read(&METERING, "clients/WKS0042/Liccli.log", &bytes, &Options::default());
    let log = &kept.clients[0];
    assert_eq!((log.attempts.len(), log.lines, log.unknown_lines), (4, 39, 1));
    assert_eq!(kept.skipped, ["line 20 line: longer than 1 MiB; only its beginning was read"]);
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        read(&METERING, "x", &bytes, &Options::default());
        read(&SMS, "x", &bytes, &Options::default());
    }

    #[test]
    fn shuffled_lines_lose_nothing(order in proptest::collection::vec(0usize..19, 1..40)) {
        let lines: Vec<&str> = BLOCK.lines().collect();
        let text: Vec<&str> = order.iter().map(|&line| lines[line]).collect();
        let count = |wanted: &str| text.iter().filter(|line| line.contains(wanted)).count();
        if let Some(log) = log_or_none(text.join("\n").as_bytes()) {
            prop_assert_eq!(log.attempts.len(), count("pipe-service") + count("unreachable"));
            prop_assert_eq!(log.unknown_lines, 0);
            prop_assert_eq!(log.lines, order.len() as u64);
        }
    }
}
