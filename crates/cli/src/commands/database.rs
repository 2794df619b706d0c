//! The database of a command: where it lies, the key that seals its audit chain, the pack over it.

use super::{load, refuse};
use app::live::policy::Package;
use app::live::{Act, Live};
use base::codes::policy;
use base::codes::run as codes;
use base::{Diagnostic, exit};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use store::{Address, Store, Within, audit};

/// Where the database lies and what it is opened with.
#[derive(clap::Args, Clone, Debug)]
pub struct Database {
    /// The database: a file, sqlite://FILE or postgres://USER@HOST/NAME
    #[arg(long, value_name = "URL", default_value = "holdfast.db", env = "HOLDFAST_DATABASE")]
    pub database: String,
    /// File with the master key; for a file database FILE.key, made where it is missing
    #[arg(long, value_name = "FILE", env = "HOLDFAST_KEY_FILE")]
    pub key_file: Option<PathBuf>,
}

impl Database {
    /// Opens the database to write, under the policy in force; where it has none, under a pack
    /// that is not installed. Prints why not.
    pub fn live(&self, pack: &Path) -> Result<Live, u8> {
        let (store, key) = self.to_write()?;
        let is_begun =
            store.read(app::live::policy::is_begun).map_err(|it| refuse(&[it.into()]))?;
        let loaded = if is_begun { None } else { Some(load(pack)?) };
        Live::open(store, loaded, key).map_err(|it| refuse(&[it]))
    }

    /// Opens the database to write, under the policy in force; where it has none the pack is
    /// installed and holds from the beginning. Prints why not.
    pub fn live_in_force(&self, pack: Option<&Path>) -> Result<Live, u8> {
        let given = pack.map(Package::read).transpose().map_err(|it| refuse(&it))?;
        let (store, key) = self.to_write()?;
        let is_begun =
            store.read(app::live::policy::is_begun).map_err(|it| refuse(&[it.into()]))?;
        let (given, begins) = match given {
            Some(package) if !is_begun => (Some(package.loaded), Some(package.layers)),
            given => {
                let live = Live::open(store, None, key).map_err(|it| refuse(&[it]))?;
                given.iter().for_each(|it| tell_other(&live, &it.pack().hash));
                return Ok(live);
            }
        };
        let live = Live::open(store, given, key).map_err(|it| refuse(&[it]))?;
        if let Some(layers) = begins {
            let package = Package::of(layers).map_err(|it| refuse(&it))?;
            let pack = package.pack().clone();
            live.begin(package, &act(&user())).map_err(|it| refuse(&[it]))?;
            crate::show::error_line(&format!(
                "policy {} {} is installed and in force ({})",
                pack.id,
                pack.version,
                pack.hash.get(..12).unwrap_or_default()
            ));
        }
        Ok(live)
    }

    /// As [`Database::live_in_force`], without a word where another policy is in force.
    pub fn live_in_force_or(&self, pack: &Path) -> Result<Live, u8> {
        let (store, _) = self.to_write()?;
        let is_begun =
            store.read(app::live::policy::is_begun).map_err(|it| refuse(&[it.into()]))?;
        drop(store);
        self.live_in_force(if is_begun { None } else { Some(pack) })
    }

    /// Opens a database that is there, to read, under the policy in force, else under a pack;
    /// prints why not.
    pub fn live_to_read(&self, pack: Option<&Path>) -> Result<Live, u8> {
        let loaded = pack.map(load).transpose()?;
        let hash = loaded.as_ref().map(|it| it.pack().hash.clone());
        let (store, key) = self.to_read()?;
        let live = Live::open(store, loaded, key).map_err(|it| refuse(&[it]))?;
        hash.iter().for_each(|it| tell_other(&live, it));
        Ok(live)
    }

    /// Opens a database to write, without a pack; prints why not.
    pub fn to_write(&self) -> Result<(Store, audit::Key), u8> {
        let address = Address::parse(&self.database);
        let key = self.key(&address).map_err(|it| refuse(&[it]))?;
        let store = Store::open(&address).map_err(|it| refuse(&[it.into()]))?;
        Ok((store, key))
    }

    /// Opens a database that is there, to read; prints why not.
    pub fn to_read(&self) -> Result<(Store, audit::Key), u8> {
        let address = Address::parse(&self.database);
        let key = self.key(&address).map_err(|it| refuse(&[it]))?;
        let store = Store::open_to_read(&address).map_err(|it| refuse(&[it.into()]))?;
        Ok((store, key))
    }

    fn key(&self, address: &Address) -> Result<audit::Key, Diagnostic> {
        let (path, may_make) = match (&self.key_file, address) {
            (Some(path), _) => (path.clone(), true),
            (None, Address::File(path)) => {
                let mut name = path.clone().into_os_string();
                name.push(".key");
                (PathBuf::from(name), true)
            }
            (None, Address::Server(_)) => {
                let message = "a server database needs a master key outside it";
                return Err(Diagnostic::new(&codes::BAD_OPTION, message)
                    .hint("name a file with --key-file; it is made where it is missing"));
            }
        };
        key_of(&path, may_make)
    }
}

/// Reads a key, 64 hexadecimal digits; makes one where the file is missing.
pub fn key_of(path: &Path, may_make: bool) -> Result<audit::Key, Diagnostic> {
    let fault = |why: String| {
        let message = format!("the key file {} cannot be used: {why}", path.display());
        Diagnostic::new(&codes::BAD_OPTION, message)
            .hint("it holds 64 hexadecimal digits and is readable by this user alone")
    };
    if !path.exists() && may_make {
        let mut key = audit::Key::default();
        getrandom::fill(&mut key).map_err(|error| fault(error.to_string()))?;
        let digits: String = key.iter().map(|it| format!("{it:02x}")).collect();
        write_private(path, &digits).map_err(|error| fault(error.to_string()))?;
        return Ok(key);
    }
    let text = std::fs::read_to_string(path).map_err(|error| fault(error.to_string()))?;
    let text = text.trim();
    let mut key = audit::Key::default();
    if text.len() != key.len() * 2 || !text.is_ascii() {
        return Err(fault(format!("it has {} digits", text.len())));
    }
    for (position, byte) in key.iter_mut().enumerate() {
        let digits = &text[position * 2..position * 2 + 2];
        *byte = u8::from_str_radix(digits, 16).map_err(|error| fault(error.to_string()))?;
    }
    Ok(key)
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Says so where the pack that was given is not what counts.
fn tell_other(live: &Live, hash: &str) {
    let pack = live.pack();
    if pack.hash == hash {
        return;
    }
    let message = format!(
        "the pack given is not the policy in force, which is `{}` {} ({})",
        pack.id,
        pack.version,
        pack.hash.get(..12).unwrap_or_default()
    );
    let finding = Diagnostic::new(&policy::OTHER_PACK, message).hint(
        "leave out --pack; `holdfast policy install`, `propose` and `approve` bring another into force",
    );
    crate::show::findings(&[finding]);
}

/// Somebody at this terminal, now.
pub fn act(actor: &str) -> Act<'_> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = now.as_micros().try_into().unwrap_or(i64::MAX);
    Act { actor, now, within: &Within::Everywhere }
}

/// Who is at this terminal, for the audit.
pub fn user() -> String {
    let name = std::env::var("USER").or_else(|_| std::env::var("LOGNAME"));
    name.map_or_else(|_| "terminal".to_owned(), |it| format!("terminal:{it}"))
}

/// The exit code of a use case that was refused.
pub fn refused(finding: Diagnostic) -> u8 {
    refuse(&[finding]).max(exit::REFUSED)
}
