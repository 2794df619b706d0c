//! The allocator of the executables, and how long it keeps memory that was freed.
//!
//! Batches come and go every few milliseconds. Handed back to the system in between, their pages
//! are cleared again each time, which took a fifth of the time of a run.

use libmimalloc_sys::{mi_option_set_default, mi_option_t};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` of mimalloc's C header, which the bindings do not name.
const PURGE_DELAY: mi_option_t = 15;
/// Milliseconds that freed memory is kept.
pub const KEPT_MS: u32 = 10_000;

/// Keeps freed memory for ten seconds before the system has it back. The environment variable
/// `MIMALLOC_PURGE_DELAY` goes before.
#[expect(unsafe_code, reason = "a setting of the C library, which has no other door")]
pub fn keep_freed_memory() {
    // SAFETY: sets one number of a table inside the library; any thread may, at any time.
    unsafe { mi_option_set_default(PURGE_DELAY, KEPT_MS.into()) }
}
