//! `holdfast user`: who may sign in.

use super::database::{Database, act, refused, user};
use crate::show;
use app::access::{NewUser, Role};
use app::live::Live;
use base::exit;
use clap::{Args, Subcommand};
use std::io::{BufRead, IsTerminal};
use std::path::PathBuf;

#[derive(Args)]
pub struct Arguments {
    /// Folder of the policy pack
    #[arg(long, value_name = "FOLDER", global = true, default_value = "packs/tongchuan")]
    pack: PathBuf,
    #[command(subcommand)]
    part: Part,
}

#[derive(Subcommand)]
enum Part {
    /// Makes a user, or changes role, areas and password of one
    #[command(after_help = "Example:\n  \
        holdfast user put li.na --role officer --area 610202 --database holdfast.db\n\n\
        The first password is read from standard input where that is no terminal, else made and \
        printed once. It has to be changed at the first sign-in.")]
    Put {
        /// Name to sign in with
        name: String,
        /// officer, supervisor, statistician or administrator
        #[arg(long, value_parser = role)]
        role: String,
        /// Area code whose rows the user sees; may be repeated; * is everywhere
        #[arg(long, required = true, value_name = "CODE")]
        area: Vec<String>,
        /// The password need not be changed first
        #[arg(long)]
        keep_password: bool,
        #[command(flatten)]
        database: Database,
    },
    /// Keeps a user from signing in
    Disable {
        /// The name
        name: String,
        #[command(flatten)]
        database: Database,
    },
    /// All users
    List {
        #[command(flatten)]
        database: Database,
    },
}

fn role(text: &str) -> Result<String, String> {
    let known = Role::parse(text).map(|it| it.name().to_owned());
    let all: Vec<&str> = Role::ALL.iter().map(|it| it.name()).collect();
    known.ok_or_else(|| format!("roles are {}", all.join(", ")))
}

/// Makes, disables or lists users.
pub fn run(arguments: &Arguments) -> u8 {
    let database = match &arguments.part {
        Part::Put { database, .. } | Part::Disable { database, .. } | Part::List { database } => {
            database
        }
    };
    let live = match database.live(&arguments.pack) {
        Ok(live) => live,
        Err(code) => return code,
    };
    let name = user();
    let done = match &arguments.part {
        Part::Put { name: new, role, area, keep_password, .. } => {
            let (password, is_made) = password();
            let new = NewUser {
                name: new.clone(),
                password: password.clone(),
                role: role.clone(),
                areas: area.clone(),
                must_change: !keep_password,
            };
            live.put_user(&new, &act(&name)).map(|()| {
                show::line(&format!("{} may sign in as {role}", new.name));
                if is_made {
                    show::line(&format!("  first password: {password}"));
                }
            })
        }
        Part::Disable { name: other, .. } => live
            .disable_user(other, &act(&name))
            .map(|()| show::line(&format!("{other} may not sign in any more"))),
        Part::List { .. } => list(&live),
    };
    done.map_or_else(refused, |()| exit::DONE)
}

fn list(live: &Live) -> Result<(), base::Diagnostic> {
    let users = live.store.read(store::users::all)?;
    let row = |it: store::users::UserRow| {
        let state = if it.is_disabled { "disabled" } else { "" };
        vec![it.name, it.role, it.areas.replace(';', ", "), state.to_owned()]
    };
    let rows = users.into_iter().map(row).collect();
    show::line(&show::table(&["name", "role", "areas", ""], &[], rows));
    Ok(())
}

/// The first password, and whether it was made here.
fn password() -> (String, bool) {
    let input = std::io::stdin();
    if !input.is_terminal() {
        let mut line = String::new();
        if input.lock().read_line(&mut line).is_ok() && !line.trim().is_empty() {
            return (line.trim_end_matches(['\r', '\n']).to_owned(), false);
        }
    }
    let mut bytes = [0u8; 12];
    // Without randomness there is no password; a weak one is refused.
    let made =
        getrandom::fill(&mut bytes).map(|()| bytes.iter().map(|it| format!("{it:02x}")).collect());
    (made.unwrap_or_default(), true)
}
