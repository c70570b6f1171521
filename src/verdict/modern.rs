//! Where a stale credential usually sits, by logon type, process and period.
//!
//! Logon types: Microsoft's documentation of events 4624 and 4625. Places: Microsoft,
//! "Troubleshooting Account Lockout".

/// A place where a credential is kept, and how to find it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// In words: `a Windows service`.
    pub words: &'static str,
    /// Where to look and what to type, one step each.
    pub steps: &'static [&'static str],
}

const SERVICE: Place = Place {
    words: "a Windows service",
    steps: &[
        "services.msc: the column Log On As shows which account each service runs as",
        "sc qc SERVICE: the line SERVICE_START_NAME; give it the new password there and restart it",
    ],
};
const TASK: Place = Place {
    words: "a scheduled task",
    steps: &["schtasks /query /v /fo list: the line Run As User; give the task the new password there"],
};
const DRIVE: Place = Place {
    words: "a mapped drive, a saved credential (cmdkey /list) or a program's own settings",
    steps: &[
        "net use, in the session of each user: persistent drives with another user's name",
        "cmdkey /list, in the session of each user: saved credentials; cmdkey /delete removes one",
        "programs that keep a name and a password of their own: backup, monitoring, scan to folder",
    ],
};
const SCHEDULE: Place = Place {
    words: "a scheduled task or a program that synchronises on a schedule",
    steps: &[
        "schtasks /query /v /fo list: tasks whose repetition is the storm's period",
        "backup, synchronisation and monitoring programs that keep a name and a password of their own",
    ],
};
const CONSOLE: Place = Place {
    words: "an automatic logon, or a person at the console",
    steps: &[r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon: AutoAdminLogon and DefaultUserName"],
};
const LOCKED: Place = Place {
    words: "a locked session with the old password",
    steps: &["quser: sessions that were never logged off; log them off, or unlock them with the new password"],
};
const CACHED: Place = Place {
    words: "a session with the old password",
    steps: &["quser: sessions that were never logged off; lock and unlock them with the new password"],
};
const CLEARTEXT: Place = Place {
    words: "a web site or mail program with basic authentication, or a phone",
    steps: &[
        "the mail server's list of a mailbox's devices: one of them still has the old password",
        "the web server's log at the times of the failures: the client's address and program",
    ],
};
const RUNAS: Place = Place {
    words: "a program started with runas /netonly",
    steps: &["programs that run under other credentials: shortcuts and scripts with runas /netonly"],
};
const DESKTOP: Place = Place {
    words: "a saved or disconnected Remote Desktop session",
    steps: &[
        "quser, on every terminal server: disconnected sessions of the account; logoff ID ends one",
        "saved .rdp files, and cmdkey /list for names that begin with TERMSRV/",
    ],
};
const CONNECTION: Place =
    Place { words: "a saved Remote Desktop connection", steps: &["cmdkey /list: names that begin with TERMSRV/"] };
const POOL: Place = Place {
    words: "an application pool or site of IIS",
    steps: &["the identity of each application pool, and Connect As of each site and virtual directory"],
};
const SITE: Place =
    Place { words: "a site of IIS", steps: &["the anonymous user and Connect As of each site and virtual directory"] };
const SQL: Place = Place {
    words: "a job or linked server of SQL Server",
    steps: &["jobs, proxies, credentials and linked servers that name the account"],
};
const MAIL: Place =
    Place { words: "a mail profile", steps: &["the mail program's accounts, and cmdkey /list for what it saved"] };

/// Where nothing else is told.
const ANYWHERE: Place = Place {
    words: "a service, scheduled task, mapped drive, phone or disconnected session",
    steps: &[
        "services.msc: the column Log On As",
        "schtasks /query /v /fo list: the line Run As User",
        "net use and cmdkey /list, in the session of each user",
        "quser: disconnected sessions",
        "the phones and other devices that read the account's mail",
    ],
};

/// One logon type and where its credential sits.
const BY_TYPE: &[(u8, Place)] = &[
    (2, CONSOLE),
    (3, DRIVE),
    (4, TASK),
    (5, SERVICE),
    (7, LOCKED),
    (8, CLEARTEXT),
    (9, RUNAS),
    (10, DESKTOP),
    (11, CACHED),
];

/// Processes that tell more than the logon type.
const BY_PROCESS: &[(&str, Place)] = &[
    ("services.exe", SERVICE),
    ("taskeng.exe", TASK),
    ("taskhostw.exe", TASK),
    ("w3wp.exe", POOL),
    ("inetinfo.exe", SITE),
    ("winlogon.exe", CONSOLE),
    ("sqlservr.exe", SQL),
    ("mstsc.exe", CONNECTION),
    ("outlook.exe", MAIL),
];

/// Periods of this many seconds and more look like a schedule, not like a retry.
const SCHEDULE_S: f64 = 300.0;

/// The file name of a process path, whatever its separators.
fn file_name(process: &str) -> &str {
    process.rsplit(['\\', '/']).next().unwrap_or(process)
}

/// Where a stale credential usually sits. `logon_types` stand in order of frequency, 0 is no type;
/// `period_s` is the storm's period.
pub fn where_it_sits(logon_types: &[(u8, u64)], process: Option<&str>, period_s: Option<f64>) -> Place {
    let name = process.map(file_name).filter(|name| !name.is_empty());
    let known = name.and_then(|name| BY_PROCESS.iter().find(|(exe, _)| exe.eq_ignore_ascii_case(name)));
    if let Some((_, place)) = known {
        return *place;
    }
    let logon_type = logon_types.iter().map(|(logon_type, _)| *logon_type).find(|logon_type| *logon_type != 0);
    let by_type = logon_type.and_then(|wanted| BY_TYPE.iter().find(|(logon_type, _)| *logon_type == wanted));
    match (by_type, period_s) {
        (Some((3, _)), Some(period)) if period >= SCHEDULE_S => SCHEDULE,
        (Some((_, place)), _) => *place,
        (None, _) => ANYWHERE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_process_tells_more_than_the_logon_type() {
        let services = Some(r"C:\Windows\System32\services.exe");
        assert_eq!(where_it_sits(&[(3, 10)], services, None), SERVICE);
        assert_eq!(where_it_sits(&[(4, 10)], Some(r"C:\own\tool.exe"), None), TASK);
    }

    #[test]
    fn a_slow_network_logon_is_a_schedule_and_an_unknown_one_may_be_anything() {
        assert_eq!(where_it_sits(&[(3, 10)], None, Some(60.0)), DRIVE);
        assert_eq!(where_it_sits(&[(3, 10)], None, Some(1800.0)), SCHEDULE);
        assert_eq!(where_it_sits(&[(0, 10)], None, Some(60.0)), ANYWHERE);
        assert_eq!(where_it_sits(&[(0, 10), (5, 2)], None, None), SERVICE);
        assert_eq!(where_it_sits(&[(99, 1)], Some(""), None), ANYWHERE);
    }

    #[test]
    fn tables_have_no_repeats() {
        assert!(BY_TYPE.windows(2).all(|pair| pair[0].0 < pair[1].0));
    }
}
