//! Keeps workers from running too far ahead of the hand-over.

use std::sync::{Condvar, Mutex};

/// Lets workers run ahead of the hand-over only so far.
pub(super) struct Gate {
    ahead: usize,
    at: Mutex<usize>,
    moved: Condvar,
}

impl Gate {
    pub(super) fn new(ahead: usize) -> Gate {
        Gate { ahead, at: Mutex::new(0), moved: Condvar::new() }
    }

    pub(super) fn open(&self, at: usize) {
        let mut now = self.at.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        *now = at.max(*now);
        self.moved.notify_all();
    }

    /// True where [`Gate::wait_for`] would not wait.
    pub(super) fn lets(&self, task: usize) -> bool {
        let at = self.at.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        task < at.saturating_add(self.ahead)
    }

    pub(super) fn wait_for(&self, task: usize) {
        let mut at = self.at.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        while task >= at.saturating_add(self.ahead) {
            at = self.moved.wait(at).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
    }

    /// Waits until everything before a task is handed over.
    pub(super) fn wait_for_turn(&self, task: usize) {
        let mut at = self.at.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        while task > *at {
            at = self.moved.wait(at).unwrap_or_else(|poisoned| poisoned.into_inner());
        }
    }
}

/// Opens the gate for good when its thread unwinds.
pub(super) struct OpenOnDrop<'a>(pub(super) &'a Gate);

impl Drop for OpenOnDrop<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.open(usize::MAX);
        }
    }
}
