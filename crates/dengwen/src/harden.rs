//! What a process that may hold keys asks of the system: no core file, and no other process of the
//! same user may read its memory. What the machine swaps to is looked at in `swap`.

use nix::sys::prctl::set_dumpable;
use nix::sys::resource::{Resource, setrlimit};

/// Hardens this process; what the system refuses is said and does not stop it.
pub fn process() {
    if let Err(error) = setrlimit(Resource::RLIMIT_CORE, 0, 0) {
        eprintln!("dengwen: the system did not switch core files off ({error}); keys could be written to one");
    }
    if let Err(error) = set_dumpable(false) {
        eprintln!("dengwen: the system did not protect this process's memory ({error})");
    }
}
