//! What happens in a fleet, before anything is lost or written.

use super::client_log::Stamps;
use super::clock::Clock;
use super::harm::Harm;
use super::retry::Burst;
use super::rng::Rng;

/// The kinds of event a server logs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Credential validation failed: 681 or 4776.
    Validation,
    /// A logon failed: 529-539 or 4625.
    Logon,
    /// Kerberos pre-authentication failed: 675 or 4771.
    Kerberos,
    /// A network logon succeeded: 540 or 4624.
    Success,
    /// An account was locked out: 644 or 4740.
    Lockout,
}

impl What {
    pub(super) fn is_failure(self) -> bool {
        !matches!(self, What::Success | What::Lockout)
    }
}

/// An event of one server.
#[derive(Clone, Copy, Debug)]
pub(super) struct Made {
    /// True time, seconds since the start of the span.
    pub(super) at: f64,
    pub(super) server: usize,
    pub(super) what: What,
    pub(super) from: Source,
    pub(super) account: u32,
    pub(super) status: u32,
    pub(super) entity: u32,
}

/// Who tries: a name, an address, or both. Index 0 is "none".
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) workstation: u32,
    pub(super) ip: u32,
}

/// A server and how it logs.
#[derive(Clone, Debug)]
pub(super) struct Server {
    pub(super) name: String,
    /// Logs the events of Windows Vista and later.
    pub(super) modern: bool,
    /// Seconds its clock is ahead.
    pub(super) offset: f64,
    /// What happened to its log.
    pub(super) harm: Harm,
}

/// A client log to be written.
#[derive(Clone, Debug)]
pub(super) struct Client {
    pub(super) entity: u32,
    pub(super) workstation: u32,
    pub(super) metering_server: String,
    pub(super) ticks: Vec<Tick>,
    /// Successes between the failures: true time and account.
    pub(super) successes: Vec<f64>,
    pub(super) same_loop: bool,
    pub(super) clock: Clock,
    /// The part of the span that the log covers.
    pub(super) window: (f64, f64),
    /// Size at which it rotates, in bytes.
    pub(super) cap: usize,
    pub(super) stamps: Stamps,
    /// Every attempt tells of the pipe and of the share.
    pub(super) both_lines: bool,
    /// What is unusual about the log, in words.
    pub(super) harm: Option<&'static str>,
}

impl Client {
    /// One kind of damage after the other: `index` chooses.
    fn damage(&mut self, index: usize, span: f64) {
        const HOUR: f64 = 3600.0;
        let middle = (span / 2.0 / HOUR).floor() * HOUR;
        self.harm = match index % 6 {
            1 => {
                self.stamps = Stamps::None;
                Some("no stamps")
            }
            2 => {
                self.stamps = Stamps::TimeOfDay;
                Some("time of day only")
            }
            3 => {
                self.clock.step = Some((middle, HOUR));
                Some("summer time begins")
            }
            4 => {
                self.clock.step = Some((middle, -HOUR));
                Some("summer time ends")
            }
            5 => {
                self.both_lines = true;
                Some("two lines for every attempt")
            }
            _ => None,
        };
    }
}

/// One failed attempt as the client sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tick {
    pub(super) from: f64,
    pub(super) end: f64,
    pub(super) i: u32,
}

impl From<&Burst> for Tick {
    fn from(burst: &Burst) -> Self {
        Tick { from: burst.attempts[0], end: burst.end, i: burst.i }
    }
}

/// An entity as it was put into the world.
#[derive(Clone, Debug)]
pub(super) struct Entity {
    pub(super) class: &'static str,
    pub(super) expect: &'static str,
}

/// The fleet under construction.
pub(super) struct World {
    pub(super) rng: Rng,
    /// Length of the span in seconds.
    pub(super) span: f64,
    pub(super) servers: Vec<Server>,
    pub(super) events: Vec<Made>,
    pub(super) clients: Vec<Client>,
    pub(super) entities: Vec<Entity>,
    /// All texts: names, addresses, accounts. Number 0 is empty.
    pub(super) texts: Vec<String>,
    /// Spread of clock drift in parts per million.
    pub(super) drift_sd: f64,
    /// Client logs rotate at 100 KB instead of never.
    pub(super) capped: bool,
    /// Client logs without dates or times, with summer time, with two lines for an attempt.
    pub(super) damaged: bool,
    workstations: u32,
    accounts: u32,
}

impl World {
    pub(super) fn new(seed: u64, days: u32, servers: Vec<Server>) -> Self {
        Self {
            rng: Rng::new(seed),
            span: f64::from(days) * super::retry::DAY,
            servers,
            events: Vec::new(),
            clients: Vec::new(),
            entities: Vec::new(),
            texts: vec![String::new()],
            drift_sd: 50.0,
            capped: false,
            damaged: false,
            workstations: 0,
            accounts: 0,
        }
    }

    pub(super) fn text(&mut self, text: String) -> u32 {
        self.texts.push(text);
        self.texts.len() as u32 - 1
    }

    /// A new workstation with a name.
    pub(super) fn workstation(&mut self) -> Source {
        self.workstations += 1;
        let workstation = self.text(format!("WS{:03}", self.workstations));
        Source { workstation, ip: 0 }
    }

    /// A new workstation of which the events tell only the address.
    pub(super) fn address(&mut self) -> Source {
        self.workstations += 1;
        let ip = self.text(format!("10.1.{}.{}", self.workstations / 250, self.workstations % 250 + 1));
        Source { workstation: 0, ip }
    }

    /// A new account.
    pub(super) fn account(&mut self) -> u32 {
        self.accounts += 1;
        self.text(format!("user{:03}", self.accounts))
    }

    pub(super) fn entity(&mut self, class: &'static str, expect: &'static str) -> u32 {
        self.entities.push(Entity { class, expect });
        self.entities.len() as u32 - 1
    }

    /// Logs a failure on server 0, the domain controller.
    pub(super) fn fail(&mut self, entity: u32, at: f64, from: Source, account: u32, status: u32) {
        self.events.push(Made { at, server: 0, what: What::Validation, from, account, status, entity });
    }

    /// Logs every attempt of the bursts on server 0.
    pub(super) fn fail_all(&mut self, entity: u32, bursts: &[Burst], from: Source, account: u32, status: u32) {
        for at in bursts.iter().flat_map(|burst| &burst.attempts) {
            self.fail(entity, *at, from, account, status);
        }
    }

    /// A client log with drawn clock and window, which the caller may change.
    pub(super) fn client(&mut self, entity: u32, from: Source, bursts: &[Burst], same_loop: bool) -> &mut Client {
        let (span, drift_sd) = (self.span, self.drift_sd);
        let clock = Clock::draw(&mut self.rng, span, drift_sd);
        let window = (span * self.rng.between(-0.5, 0.4), span * self.rng.between(0.6, 1.5));
        let cap = if self.capped { super::CLIENT_LOG_CAP } else { usize::MAX };
        self.clients.push(Client {
            entity,
            workstation: from.workstation,
            metering_server: self.servers[self.servers.len().min(2) - 1].name.clone(),
            ticks: bursts.iter().map(Tick::from).collect(),
            successes: Vec::new(),
            same_loop,
            clock,
            window,
            cap,
            stamps: Stamps::Whole,
            both_lines: false,
            harm: None,
        });
        let last = self.clients.len() - 1;
        if self.damaged {
            self.clients[last].damage(last, span);
        }
        &mut self.clients[last]
    }
}
