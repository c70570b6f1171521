//! The one place that turns a logged name into the name of a workstation, a server or an account.

use std::net::{IpAddr, Ipv4Addr};

/// The name of events that carry neither a workstation name nor an address.
pub const BLANK: &str = "(blank)";
/// NetBIOS names have at most this many characters (KB909264).
pub const NETBIOS_LEN: usize = 15;

/// Who an event says has tried.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Workstation {
    /// A computer's name: first label, upper case, without leading backslashes and trailing `$`.
    Named(String),
    /// An address, where the event has no name (Kerberos events have nothing else).
    Address(IpAddr),
    /// The logging computer itself (a loopback address).
    Server,
    /// Neither name nor address. Never joined to a client log.
    Blank,
}

/// The workstation of an event, from its raw name and its raw address.
///
/// The name wins; where it is empty or `-`, the address stands in, with `::ffff:` removed and
/// loopback read as the server itself.
pub fn workstation(raw_name: &str, raw_ip: &str) -> Workstation {
    match canonical(raw_name) {
        Some(Ok(name)) => Workstation::Named(name),
        Some(Err(ip)) => from_ip(ip),
        None => address(raw_ip).map_or(Workstation::Blank, from_ip),
    }
}

fn from_ip(ip: IpAddr) -> Workstation {
    if ip.is_loopback() { Workstation::Server } else { Workstation::Address(ip) }
}

/// The canonical form of a computer's name: `Ok(name)`, or `Err(address)` when the text is an
/// address, or `None` when it is blank or `-`.
pub fn canonical(raw: &str) -> Option<Result<String, IpAddr>> {
    let mut name = String::new();
    Some(push_canonical(raw, &mut name)?.map(|()| name))
}

/// The same; a name is appended.
pub fn push_canonical(raw: &str, to: &mut String) -> Option<Result<(), IpAddr>> {
    let text = trim(raw).trim_start_matches(['\\', '/']);
    let text = trim(text);
    if text.is_empty() || text == "-" {
        return None;
    }
    if let Some(ip) = address(text) {
        return Some(Err(ip));
    }
    let label = text.split('.').next().unwrap_or(text);
    let label = label.strip_suffix('$').unwrap_or(label);
    if label.is_empty() {
        return None;
    }
    push_upper(label, to);
    Some(Ok(()))
}

/// The name of a server for keys: like a workstation's; an address stays as text; blank is empty.
pub fn server_key(raw: &str) -> String {
    match canonical(raw) {
        Some(Ok(name)) => name,
        Some(Err(ip)) => ip.to_string(),
        None => String::new(),
    }
}

/// The name of an account for keys: trimmed and upper-cased, never split.
pub fn account_key(raw: &str) -> String {
    let mut key = String::new();
    push_account_key(raw, &mut key);
    key
}

/// The same, appended.
pub fn push_account_key(raw: &str, to: &mut String) {
    push_upper(trim(raw), to);
}

/// Upper case, without a look into the tables of Unicode where there is nothing to look up.
fn push_upper(text: &str, to: &mut String) {
    if !text.is_ascii() {
        to.push_str(&text.to_uppercase());
        return;
    }
    let start = to.len();
    to.push_str(text);
    to[start..].make_ascii_uppercase();
}

/// An address as logged: `10.0.0.5`, `::ffff:10.0.0.5`, `[::ffff:10.0.0.5]:49152`, with or without
/// blanks. `None` for `-`, `LOCAL`, `Unknown` and everything else that is no address.
pub fn address(raw: &str) -> Option<IpAddr> {
    // Most texts are no address, and most addresses are plain.
    if !raw.bytes().any(|byte| matches!(byte, b'.' | b':')) {
        return None;
    }
    if let Ok(v4) = raw.parse::<Ipv4Addr>() {
        return Some(IpAddr::V4(v4));
    }
    let text = trim(raw);
    let text = match text.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or(rest),
        None => text,
    };
    let text = text.split('%').next().unwrap_or(text);
    match text.parse::<IpAddr>().ok()? {
        IpAddr::V6(v6) => Some(v6.to_ipv4_mapped().map_or(IpAddr::V6(v6), IpAddr::V4)),
        v4 => Some(v4),
    }
}

fn trim(raw: &str) -> &str {
    raw.trim_matches(|c: char| c.is_whitespace() || c == '\0')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, ip: &str, expect: &str) {
        let got = match workstation(name, ip) {
            Workstation::Named(name) => name,
            Workstation::Address(ip) => format!("ip {ip}"),
            Workstation::Server => "server".into(),
            Workstation::Blank => BLANK.into(),
        };
        assert_eq!(got, expect, "{name:?} {ip:?}");
    }

    #[test]
    fn names_lose_backslashes_domain_and_dollar_but_addresses_stay_whole() {
        check("\\\\WKS0042", "", "WKS0042");
        check("//wks0042.corp.example.", "", "WKS0042");
        check(" win81$ \0", "10.0.0.5", "WIN81");
        check("10.0.0.5", "", "ip 10.0.0.5");
        check("::ffff:10.0.0.5", "", "ip 10.0.0.5");
    }

    #[test]
    fn a_blank_name_falls_back_to_the_address_and_never_to_a_dash() {
        check("", "::ffff:192.168.20.111", "ip 192.168.20.111");
        check("-", "[::ffff:1.2.3.4]:49152", "ip 1.2.3.4");
        check("-", "-", BLANK);
        check("\\\\", "LOCAL", BLANK);
        check("", "::1", "server");
        check("$", "127.0.0.1", "server");
    }
}
