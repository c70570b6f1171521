//! Reports of thousands of rows are made on several threads.

use rayon::prelude::*;

/// Makes something of each item, in order: on the threads of the pool that this runs in, and without one
/// on this thread alone.
pub fn of_each<T: Sync, R: Send>(items: &[T], make: impl Fn(&T) -> R + Send + Sync) -> Vec<R> {
    match rayon::current_thread_index() {
        Some(_) => items.par_iter().map(make).collect(),
        None => items.iter().map(make).collect(),
    }
}
