//! A task for the Windows Task Scheduler, schema 1.2 (MS-TSCH 2.5), for `schtasks /Create /XML`.
//!
//! The text is ASCII and names no encoding: a shell may save it as UTF-8 or UTF-16, both are read.

use super::task::{HOUR, MINUTE, Refused, Task};
use crate::escape::xml::ascii;

const SCHEDULER: &str = "the Task Scheduler";

/// The XML of a task.
pub fn xml(task: &Task) -> Result<String, Refused> {
    task.check(SCHEDULER)?;
    for text in [&task.program, &task.folder].into_iter().chain(&task.arguments) {
        if text.matches('%').count() > 1 || text.contains("$(") {
            let why = "it would be taken for a variable, and there is no way to escape it";
            return Err(Refused { text: text.clone(), scheduler: SCHEDULER, why });
        }
    }
    let program = ascii(&format!("\"{}\"", task.program));
    let arguments: Vec<String> = task.arguments.iter().map(|text| quoted(text)).collect();
    let arguments = ascii(&arguments.join(" "));
    let folder = ascii(&task.folder);
    Ok(format!(
        "\
<?xml version=\"1.0\"?>
<!-- Made by `logonstorm nightly, print-schedule windows`. To install it, as an administrator:
     schtasks /Create /TN logonstorm /XML nightly.xml
     It runs as LOCAL SERVICE, which must be able to read the exports and to write state and reports;
     for a share use a group managed service account: schtasks /Change /TN logonstorm /RU DOMAIN\\name$ -->
<Task version=\"1.2\" xmlns=\"http://schemas.microsoft.com/windows/2004/02/mit/task\">
  <RegistrationInfo>
    <Description>logonstorm: who storms the servers with failed logons. Last Run Result is the exit code: 0 report made, 3 an input could not be read, 4 fail_on matched, 11 another run was at work.</Description>
  </RegistrationInfo>
  <Triggers>
    <CalendarTrigger>
      <StartBoundary>2001-01-01T{HOUR:02}:{MINUTE:02}:00</StartBoundary>
      <Enabled>true</Enabled>
      <ScheduleByDay>
        <DaysInterval>1</DaysInterval>
      </ScheduleByDay>
    </CalendarTrigger>
  </Triggers>
  <Principals>
    <Principal id=\"Author\">
      <UserId>S-1-5-19</UserId>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <StartWhenAvailable>true</StartWhenAvailable>
    <ExecutionTimeLimit>PT4H</ExecutionTimeLimit>
    <RestartOnFailure>
      <Interval>PT30M</Interval>
      <Count>2</Count>
    </RestartOnFailure>
    <Priority>7</Priority>
  </Settings>
  <Actions Context=\"Author\">
    <Exec>
      <Command>{program}</Command>
      <Arguments>{arguments}</Arguments>
      <WorkingDirectory>{folder}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"
    ))
}

/// One argument as `CommandLineToArgvW` reads it: backslashes are doubled before a quote only.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let mut backslashes = 0;
    for c in text.chars() {
        match c {
            '\\' => backslashes += 1,
            '"' => {
                out.push_str(&"\\".repeat(2 * backslashes + 1));
                backslashes = 0;
            }
            _ => {
                out.push_str(&"\\".repeat(backslashes));
                backslashes = 0;
            }
        }
        if c != '\\' {
            out.push(c);
        }
    }
    out.push_str(&"\\".repeat(2 * backslashes));
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::task::tests::{STRANGE, contrib};
    use proptest::prelude::*;

    /// The arguments of a command line, as `CommandLineToArgvW` takes them apart.
    fn split(line: &str) -> Vec<String> {
        let letters: Vec<char> = line.chars().collect();
        let (mut words, mut word, mut inside, mut at) = (Vec::new(), None::<String>, false, 0);
        while at < letters.len() {
            let run = letters[at..].iter().take_while(|c| **c == '\\').count();
            at += run;
            let is_quote = letters.get(at) == Some(&'"');
            if run > 0 {
                let kept = if is_quote { run / 2 } else { run };
                word.get_or_insert_default().push_str(&"\\".repeat(kept));
            }
            match letters.get(at) {
                Some('"') if run % 2 == 1 => word.get_or_insert_default().push('"'),
                Some('"') => {
                    inside = !inside;
                    word.get_or_insert_default();
                }
                Some(' ') if !inside => words.extend(word.take()),
                Some(c) => word.get_or_insert_default().push(*c),
                None => break,
            }
            at += 1;
        }
        words.extend(word);
        words
    }

    /// The text of the first element of that name.
    fn element(xml: &str, name: &str) -> String {
        use quick_xml::events::Event;
        let mut reader = quick_xml::Reader::from_str(xml);
        let (mut inside, mut text) = (false, String::new());
        loop {
            match reader.read_event().expect("well-formed") {
                Event::Start(tag) if tag.name().as_ref() == name => inside = true,
                Event::End(tag) if tag.name().as_ref() == name => return text,
                Event::Text(part) if inside => text.push_str(&part),
                Event::GeneralRef(part) if inside => {
                    let reference = format!("&{};", &*part);
                    text.push_str(&quick_xml::escape::unescape(&reference).expect("a known reference"));
                }
                Event::Eof => panic!("no {name}"),
                _ => {}
            }
        }
    }

    #[test]
    fn strange_names_come_back_as_they_are() {
        let names: Vec<String> =
            STRANGE.iter().filter(|name| name.matches('%').count() < 2).map(|name| (*name).to_owned()).collect();
        assert!(names.len() > 8);
        let task = Task { arguments: names.clone(), folder: names[0].clone(), ..Task::usual_windows() };
        let text = xml(&task).expect("a task");
        assert!(text.is_ascii());
        assert_eq!(split(&element(&text, "Arguments")), names);
        assert_eq!(element(&text, "Command"), "\"C:\\Program Files\\logonstorm\\logonstorm.exe\"");
        assert_eq!(element(&text, "WorkingDirectory"), names[0]);
    }

    #[test]
    fn what_would_be_expanded_is_refused() {
        for name in ["C:\\%TEMP%\\x", "C:\\$(Arg0)"] {
            assert!(xml(&Task { folder: name.to_owned(), ..Task::usual_windows() }).is_err(), "{name}");
        }
        assert!(xml(&Task { folder: "C:\\100 % sure".to_owned(), ..Task::usual_windows() }).is_ok());
    }

    #[test]
    fn contrib_holds_this_very_task() {
        contrib("windows/nightly.xml", &xml(&Task::usual_windows()).expect("a task"));
    }

    proptest! {
        #[test]
        fn any_arguments_survive_the_windows_command_line(words in prop::collection::vec("[a\\\\\" é]{0,8}", 0..5)) {
            let line: Vec<String> = words.iter().map(|word| quoted(word)).collect();
            prop_assert_eq!(split(&line.join(" ")), words);
        }
    }
}
