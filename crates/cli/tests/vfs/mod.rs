//! A file system for SQLite that forgets what was not synced, and that may run full.
//!
//! It stands before SQLite's own: reading, locking and shared memory are not touched. Beside each
//! file it keeps what a disk would hold after a power cut: what was synced, and in what order what
//! was written since. An image of that moment can be taken while writing goes on; of what was not
//! synced some reached the disk, some did not, and some did by half.

#![expect(unsafe_code, reason = "SQLite asks for its file system in C")]

use rand::{Rng, RngExt};
use rusqlite::ffi;
use std::collections::HashMap;
use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, MutexGuard, Once, OnceLock};

/// What a disk writes at once or not at all.
const SECTOR: usize = 512;

/// Something that was written and not synced.
enum Change {
    Write(usize, Vec<u8>),
    Cut(usize),
}

#[derive(Default)]
struct File {
    durable: Vec<u8>,
    is_synced: bool,
    pending: Vec<Change>,
    size: usize,
}

#[derive(Clone)]
struct Open {
    path: PathBuf,
    below: ffi::sqlite3_io_methods,
}

#[derive(Default)]
struct Disk {
    files: HashMap<PathBuf, File>,
    /// Open files, by where SQLite keeps them.
    open: HashMap<usize, Open>,
    /// What is called instead of the methods below, by where those are: some files are locked and
    /// some are not.
    instead: HashMap<usize, usize>,
    /// Folders that are watched, and how many bytes may lie in each.
    folders: HashMap<PathBuf, Option<usize>>,
}

static DISK: LazyLock<Mutex<Disk>> = LazyLock::new(Mutex::default);
/// The file system that this one stands before.
static BELOW: OnceLock<Below> = OnceLock::new();

struct Below(ffi::sqlite3_vfs);

// What it points to is SQLite's own and stays as it is.
unsafe impl Send for Below {}
unsafe impl Sync for Below {}

fn disk() -> MutexGuard<'static, Disk> {
    DISK.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

impl Disk {
    fn folder(&self, path: &Path) -> Option<&PathBuf> {
        self.folders.keys().find(|it| path.starts_with(it))
    }

    /// Whether a file may grow to a size.
    fn has_room(&self, path: &Path, size: usize) -> bool {
        let Some(folder) = self.folder(path) else { return true };
        let Some(Some(most)) = self.folders.get(folder) else { return true };
        let others = self.files.iter().filter(|it| it.0.starts_with(folder) && it.0 != path);
        others.map(|it| it.1.size).sum::<usize>() + size <= *most
    }
}

impl File {
    fn of(bytes: Vec<u8>) -> Self {
        let size = bytes.len();
        Self { durable: bytes, is_synced: size > 0, pending: Vec::new(), size }
    }

    /// The first so many changes are on the disk.
    fn sync(&mut self, count: usize) {
        for change in self.pending.drain(..count.min(self.pending.len())) {
            apply(&mut self.durable, &change);
        }
        self.is_synced = true;
    }

    /// What is left of it after a power cut.
    fn left(&self, share: f64, generator: &mut impl Rng) -> Option<Vec<u8>> {
        let mut bytes = self.durable.clone();
        let mut is_there = self.is_synced;
        for change in &self.pending {
            if !generator.random_bool(share) {
                continue;
            }
            is_there = true;
            match change {
                Change::Write(at, written) if generator.random_bool(0.3) => {
                    let sectors = generator.random_range(0..=written.len() / SECTOR);
                    let half = written[..sectors * SECTOR].to_vec();
                    apply(&mut bytes, &Change::Write(*at, half));
                }
                change => apply(&mut bytes, change),
            }
        }
        is_there.then_some(bytes)
    }
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write(at, written) => {
            let end = at + written.len();
            bytes.resize(bytes.len().max(end), 0);
            bytes[*at..end].copy_from_slice(written);
        }
        Change::Cut(size) => bytes.truncate(*size),
    }
}

/// Puts the file system before SQLite's own, for this process, and watches a folder.
pub fn watch(folder: &Path, bytes_max: Option<usize>) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // SAFETY: the structure that is registered is never freed, and what it was copied from is
        // SQLite's own and is not changed while the process lives.
        unsafe {
            assert_eq!(ffi::sqlite3_initialize(), ffi::SQLITE_OK);
            let below = ffi::sqlite3_vfs_find(std::ptr::null());
            assert!(!below.is_null());
            assert!(BELOW.set(Below(*below)).is_ok());
            let mut own = *below;
            own.zName = c"forgetful".as_ptr();
            own.pNext = std::ptr::null_mut();
            own.xOpen = Some(open);
            own.xDelete = Some(delete);
            let own = Box::leak(Box::new(own));
            assert_eq!(ffi::sqlite3_vfs_register(own, 1), ffi::SQLITE_OK);
        }
    });
    disk().folders.insert(folder.to_owned(), bytes_max);
}

/// Writes to another folder what a power cut at this moment would leave of a watched one. `share`
/// of what was not synced reached the disk.
pub fn cut(folder: &Path, image: &Path, share: f64, generator: &mut impl Rng) {
    let disk = disk();
    for (path, file) in disk.files.iter().filter(|it| it.0.starts_with(folder)) {
        if let Some(bytes) = file.left(share, generator) {
            let name = path.file_name().expect("a name");
            std::fs::write(image.join(name), bytes).expect("written");
        }
    }
}

fn below() -> &'static ffi::sqlite3_vfs {
    &BELOW.get().expect("registered").0
}

/// An open file that is watched.
fn opened(file: *mut ffi::sqlite3_file) -> Open {
    disk().open.get(&(file as usize)).cloned().expect("open")
}

unsafe extern "C" fn open(
    vfs: *mut ffi::sqlite3_vfs,
    name: ffi::sqlite3_filename,
    file: *mut ffi::sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: called by SQLite with what its own file system is called with.
    unsafe {
        let result = below().xOpen.expect("there")(vfs, name, file, flags, out);
        if result != ffi::SQLITE_OK || name.is_null() {
            return result;
        }
        let path = PathBuf::from(CStr::from_ptr(name).to_string_lossy().into_owned());
        let mut disk = disk();
        if disk.folder(&path).is_none() {
            return result;
        }
        let methods = (*file).pMethods;
        let own = *disk.instead.entry(methods as usize).or_insert_with(|| {
            let mut own = *methods;
            own.xWrite = Some(write);
            own.xTruncate = Some(truncate);
            own.xSync = Some(sync);
            own.xClose = Some(close);
            std::ptr::from_ref(Box::leak(Box::new(own))) as usize
        });
        (*file).pMethods = own as *const ffi::sqlite3_io_methods;
        disk.open.insert(file as usize, Open { path: path.clone(), below: *methods });
        let bytes = || File::of(std::fs::read(&path).unwrap_or_default());
        disk.files.entry(path.clone()).or_insert_with(bytes);
        result
    }
}

unsafe extern "C" fn delete(vfs: *mut ffi::sqlite3_vfs, name: *const c_char, dir: c_int) -> c_int {
    // SAFETY: as above.
    unsafe {
        let path = PathBuf::from(CStr::from_ptr(name).to_string_lossy().into_owned());
        disk().files.remove(&path);
        below().xDelete.expect("there")(vfs, name, dir)
    }
}

unsafe extern "C" fn write(
    file: *mut ffi::sqlite3_file,
    from: *const c_void,
    count: c_int,
    at: ffi::sqlite3_int64,
) -> c_int {
    let Open { path, below } = opened(file);
    let mut disk = disk();
    let (count, start) = (count as usize, at as usize);
    let size = disk.files.get(&path).map_or(0, |it| it.size).max(start + count);
    if !disk.has_room(&path, size) {
        return ffi::SQLITE_FULL;
    }
    // SAFETY: SQLite gives as many bytes as it says.
    let (result, bytes) = unsafe {
        let result = below.xWrite.expect("there")(file, from, count as c_int, at);
        (result, std::slice::from_raw_parts(from.cast::<u8>(), count).to_vec())
    };
    if result == ffi::SQLITE_OK {
        let known = disk.files.entry(path).or_default();
        known.size = size;
        known.pending.push(Change::Write(start, bytes));
    }
    result
}

unsafe extern "C" fn truncate(file: *mut ffi::sqlite3_file, size: ffi::sqlite3_int64) -> c_int {
    let Open { path, below } = opened(file);
    let mut disk = disk();
    // SAFETY: as above.
    let result = unsafe { below.xTruncate.expect("there")(file, size) };
    if result == ffi::SQLITE_OK {
        let known = disk.files.entry(path).or_default();
        known.size = size as usize;
        known.pending.push(Change::Cut(size as usize));
    }
    result
}

unsafe extern "C" fn sync(file: *mut ffi::sqlite3_file, flags: c_int) -> c_int {
    let Open { path, below } = opened(file);
    // What is written while it is synced may not be.
    let count = disk().files.get(&path).map_or(0, |it| it.pending.len());
    // SAFETY: as above.
    let result = unsafe { below.xSync.expect("there")(file, flags) };
    if result == ffi::SQLITE_OK {
        disk().files.entry(path).or_default().sync(count);
    }
    result
}

unsafe extern "C" fn close(file: *mut ffi::sqlite3_file) -> c_int {
    let below = opened(file).below;
    disk().open.remove(&(file as usize));
    // SAFETY: as above.
    unsafe { below.xClose.expect("there")(file) }
}
