//! `cargo xtask soak api`: the description of the API against a server with a small city.
//!
//! Everything that the description allows, and much that it does not, is sent; what is checked of
//! the answers stands in `tests/api`.

use crate::run::{self, Result};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

/// Households of the city: enough for pages of lists, few enough for thousands of requests.
const HOUSEHOLDS: &str = "200";

/// Sends so many examples to each operation and fails where an answer is not as described. The same
/// seed sends the same examples.
pub fn run(examples: &str, seed: &str) -> Result {
    let programs = crate::python::environment("soak-venv", "tests/api/requirements.txt")?;
    let city = City::new(run::build(false)?)?;
    city.fill()?;
    let log = city.folder.join("server.log");
    let (mut server, url) = city.serve(&log)?;
    let asked = city.ask(&programs.join("st"), &url, examples, seed);
    let is_up = matches!(server.try_wait(), Ok(None));
    let _ = server.kill();
    let _ = server.wait();
    asked?;
    let told = std::fs::read_to_string(&log).unwrap_or_default();
    match is_up && !told.contains("panicked at") {
        true => Ok(()),
        false => Err(format!("the server stumbled: see {}", log.display())),
    }
}

/// A database of its own, and how it is opened.
struct City {
    holdfast: PathBuf,
    folder: PathBuf,
    /// Words that every command on the database ends with.
    database: [String; 4],
}

impl City {
    fn new(holdfast: PathBuf) -> Result<Self> {
        let folder = run::root().join("out/soak/api");
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder)
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
        let words = ["--database", &path("city.db"), "--key-file", &path("key")];
        let database = words.map(str::to_owned);
        Ok(Self { holdfast, folder, database })
    }

    /// Makes the city and puts facts, areas and people into the database.
    fn fill(&self) -> Result {
        let path = |name: &str| self.folder.join(name).to_string_lossy().into_owned();
        let words = ["simulate", "--households", HOUSEHOLDS, "--out", &path("city")];
        run::run(&self.holdfast.to_string_lossy(), &words)?;
        let (facts, people) = (path("city/facts.parquet"), path("city/people.parquet"));
        let (areas, boundaries) = (path("city/areas.csv"), path("city/boundaries.geojson"));
        self.over(&["import", &facts, "--pack", "packs/tongchuan"])?;
        self.over(&["import", "--areas", &areas, "--boundaries", &boundaries])?;
        self.over(&["import", "--people", &people])
    }

    fn over(&self, words: &[&str]) -> Result {
        let database = self.database.each_ref().map(String::as_str);
        run::run(&self.holdfast.to_string_lossy(), &[words, &database].concat())
    }

    /// A server over it, and its address.
    fn serve(&self, log: &Path) -> Result<(Child, String)> {
        let log = File::create(log).map_err(|error| format!("{}: {error}", log.display()))?;
        // All requests come from one address: as many as it likes.
        let words = ["serve", "--listen", "127.0.0.1:0", "--requests", "10000000"];
        let mut command = run::command(&self.holdfast.to_string_lossy(), &words);
        command.args(&self.database).stderr(log);
        run::serve(command)
    }

    /// Lets the tool ask.
    fn ask(&self, tool: &Path, url: &str, examples: &str, seed: &str) -> Result {
        let tests = run::root().join("tests/api");
        let mut command = Command::new(tool);
        command.arg("--config-file").arg(tests.join("schemathesis.toml"));
        command.args(["run", &format!("{url}/openapi.json"), "--seed", seed]);
        command.args(["--max-examples", examples]);
        // Whatever it leaves behind stays among what is made.
        command.current_dir(&self.folder).env("PYTHONDONTWRITEBYTECODE", "1");
        command.env("PYTHONPATH", &tests).env("SCHEMATHESIS_HOOKS", "hooks");
        command.env("HOLDFAST_URL", url).env("HOLDFAST_EXECUTABLE", &self.holdfast);
        command.env("HOLDFAST_DATABASE_WORDS", self.database.join("\n"));
        println!("$ st run {url}/openapi.json --seed {seed} --max-examples {examples}");
        match command.status() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("the API is not as described ({status}); seed {seed}")),
            Err(error) => Err(format!("{} could not be started: {error}", tool.display())),
        }
    }
}
