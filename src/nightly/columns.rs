//! How a state's events and client logs are laid out: column by column, with differences, so that a
//! steady storm costs about a byte an event once packed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::state::{FileMark, Night, RowMemory, State};
use crate::model::client::{AttributedBy, ClientLog, ClientSuccess, ConnectAttempt, Stamp, TickClass};
use crate::model::event::{Event, EventKind, FileId, Who, WhoId};
use crate::model::gathered::{Audits, Coverage, FileInfo, Gathered, Severity, Skipped};
use crate::model::names::{NameId, Names};
use crate::model::status::Status;
