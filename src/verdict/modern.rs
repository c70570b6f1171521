//! Where a stale credential usually sits, by logon type, process and period.
//!
//! Logon types: Microsoft's documentation of events 4624 and 4625. Places: Microsoft,
//! "Troubleshooting Account Lockout".

/// One logon type and where its credential sits.
const BY_TYPE: &[(u8, &str)] = &[
    (2, "an automatic logon, or a person at the console"),
    (3, "a mapped drive, a saved credential (cmdkey /list) or a program's own settings"),
    (4, "a scheduled task"),
    (5, "a Windows service"),
    (7, "a locked session with the old password"),
    (8, "a web site or mail program with basic authentication, or a phone"),
    (9, "a program started with runas /netonly"),
    (10, "a saved or disconnected Remote Desktop session"),
    (11, "a session with the old password"),
];

/// Processes that tell more than the logon type.
const BY_PROCESS: &[(&str, &str)] = &[
    ("services.exe", "a Windows service"),
    ("taskeng.exe", "a scheduled task"),
    ("taskhostw.exe", "a scheduled task"),
    ("w3wp.exe", "an application pool or site of IIS"),
    ("inetinfo.exe", "a site of IIS"),
    ("winlogon.exe", "an automatic logon, or a person at the console"),
    ("sqlservr.exe", "a job or linked server of SQL Server"),
    ("mstsc.exe", "a saved Remote Desktop connection"),
    ("outlook.exe", "a mail profile"),
];

/// Where nothing else is told.
const ANYWHERE: &str = "a service, scheduled task, mapped drive, phone or disconnected session";
/// Periods of this many seconds and more look like a schedule, not like a retry.
const SCHEDULE_S: f64 = 300.0;

/// The file name of a process path, whatever its separators.
fn file_name(process: &str) -> &str {
    process.rsplit(['\\', '/']).next().unwrap_or(process)
}

/// Where a stale credential usually sits, in words: `a Windows service`. `logon_types` stand in
/// order of frequency, 0 is no type; `period_s` is the storm's period.
pub fn where_it_sits(logon_types: &[(u8, u64)], process: Option<&str>, period_s: Option<f64>) -> String {
    let name = process.map(file_name).filter(|name| !name.is_empty());
    let known = name.and_then(|name| BY_PROCESS.iter().find(|(exe, _)| exe.eq_ignore_ascii_case(name)));
    if let Some((_, place)) = known {
        return (*place).to_owned();
    }
    let logon_type = logon_types.iter().map(|(logon_type, _)| *logon_type).find(|logon_type| *logon_type != 0);
    let by_type = logon_type.and_then(|wanted| BY_TYPE.iter().find(|(logon_type, _)| *logon_type == wanted));
    match (by_type, period_s) {
        (Some((3, _)), Some(period)) if period >= SCHEDULE_S => {
            "a scheduled task or a program that synchronises on a schedule".to_owned()
        }
        (Some((_, place)), _) => (*place).to_owned(),
        (None, _) => ANYWHERE.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_process_tells_more_than_the_logon_type() {
        let services = Some(r"C:\Windows\System32\services.exe");
        assert_eq!(where_it_sits(&[(3, 10)], services, None), "a Windows service");
        assert_eq!(where_it_sits(&[(4, 10)], Some(r"C:\own\tool.exe"), None), "a scheduled task");
    }

    #[test]
    fn a_slow_network_logon_is_a_schedule_and_an_unknown_one_may_be_anything() {
        assert!(where_it_sits(&[(3, 10)], None, Some(60.0)).contains("mapped drive"));
        assert!(where_it_sits(&[(3, 10)], None, Some(1800.0)).contains("schedule"));
        assert_eq!(where_it_sits(&[(0, 10)], None, Some(60.0)), ANYWHERE);
        assert_eq!(where_it_sits(&[(0, 10), (5, 2)], None, None), "a Windows service");
        assert_eq!(where_it_sits(&[(99, 1)], Some(""), None), ANYWHERE);
    }

    #[test]
    fn tables_have_no_repeats() {
        assert!(BY_TYPE.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
