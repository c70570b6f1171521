//! Event records to logon events: one small table per event id, shared by every reader of event
//! logs, binary or text.
