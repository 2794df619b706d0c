//! The city in a database, people who may sign in, a server over it, and facts that arrive.

use super::{Arguments, NOTICE};
use crate::commands::database::{Database, act};
use crate::commands::{refuse, serve};
use crate::progress::Bar;
use crate::show;
use app::access::NewUser;
use app::input::Files;
use app::live::{Live, in_order_of_learning};
use base::exit;
use server::{Server, Settings};
use std::path::Path;
use std::sync::atomic::Ordering;
use tables::ReadOptions;

/// Facts learned from 20 June 2020 on arrive while somebody watches (days since 1970-01-01).
pub const ARRIVING_FROM: i32 = 18_433;
/// Good for this demonstration alone.
const PASSWORD: &str = "holdfast-demo";
/// Name, role, areas, and what they are for.
const USERS: [(&str, &str, &str, &str); 6] = [
    ("chief", "supervisor", "*", "sees the whole city, closes periods"),
    ("deputy", "supervisor", "*", "the second person who approves a policy"),
    ("wang.yi", "officer", "610202", "officer of Wangyi district"),
    ("yao.zhou", "officer", "610204", "officer of Yaozhou district"),
    ("figures", "statistician", "*", "counts and trials of policies, no household"),
    ("admin", "administrator", "*", "users, tokens, webhooks, audit"),
];

/// Fills the database and serves until it is told to stop.
pub fn serve(arguments: &Arguments) -> Result<(), u8> {
    let folder = &arguments.out;
    let live = database(folder)?.live_in_force(Some(&arguments.pack))?;
    show::line("\n5. The same facts go into a database, and a server runs over it\n");
    fill(&live, folder)?;
    let arriving = Files { paths: vec![folder.join("arriving.parquet")], columns: Vec::new() };
    let arriving = in_order_of_learning(&arriving).map_err(|findings| refuse(&findings))?;
    let count = arriving.len() as u64;
    let settings = Settings {
        notice: Some(NOTICE.to_owned()),
        spool: folder.join("spool"),
        ..Settings::default()
    };
    serve::until_stopped(live, settings, arguments.listen, |server: &Server, address| {
        server.feed(arriving, arguments.rate, "simulated-departments");
        welcome(&format!("http://{address}"), count, arguments.rate);
    })
}

/// An empty database in the folder, whatever was there before.
fn database(folder: &Path) -> Result<Database, u8> {
    let path = folder.join("holdfast.db");
    for end in ["", "-wal", "-shm"] {
        let mut name = path.clone().into_os_string();
        name.push(end);
        match std::fs::remove_file(&name) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                show::error_line(&format!("{} cannot be made anew: {error}", path.display()));
                return Err(exit::REFUSED);
            }
            _ => {}
        }
    }
    Ok(Database { database: path.display().to_string(), key_file: None })
}

fn fill(live: &Live, folder: &Path) -> Result<(), u8> {
    let who = act("demo");
    for (name, role, area, _) in USERS {
        let new = NewUser {
            name: name.to_owned(),
            password: PASSWORD.to_owned(),
            role: role.to_owned(),
            areas: vec![area.to_owned()],
            must_change: false,
        };
        live.put_user(&new, &who).map_err(|it| refuse(&[it]))?;
    }
    let facts = Files { paths: vec![folder.join("facts.parquet")], columns: Vec::new() };
    let bar = Bar::new("importing", "facts, then households", None);
    let done = live.import(&facts, &ReadOptions::default(), false, &who, &mut |_, count, _| {
        bar.counter.store(count, Ordering::Relaxed);
    });
    drop(bar);
    let imported = done.map_err(|findings| refuse(&findings))?;
    show::line(&format!(
        "{} facts stored, {} households scored",
        show::count(imported.accepted),
        show::count(imported.scored)
    ));
    Ok(())
}

fn welcome(url: &str, arriving: u64, rate: f64) {
    let rows = USERS.map(|(name, role, area, what)| {
        let area = if area == "*" { "everywhere" } else { area };
        [name, role, area, what].map(str::to_owned).to_vec()
    });
    show::line(&show::table(&["sign in as", "role", "area", ""], &[], rows.to_vec()));
    show::line(&format!(
        "The password of all is {PASSWORD}. {} facts of departments arrive, {rate} a second.\n\n  \
         {url}        the pages\n  {url}/docs   the API to try\n\nCtrl-C ends it.",
        show::count(arriving)
    ));
}
