//! Which periods are under watch: scores are kept for the first of them up to the open one.

use super::periods::each_household;
use super::{Act, FIRST, Live, OPEN};
use base::codes::live as codes;
use base::{Diagnostic, Period};
use monitor::panel::period_of;
use store::facts::FactRow;
use store::{Tx, settings, stale};

/// Most periods under watch: a year mistyped would otherwise keep the machine busy for days.
const PERIODS_MAX: i32 = 600;

impl Live {
    /// Lets the watch begin in a period, so that scores reach back to it. Before the first facts it
    /// is only noted; later it may move back, and every household waits to be scored from there.
    ///
    /// # Errors
    /// L022: the watch began earlier already, which is never shortened; L026: facts of that time
    /// were forgotten; those of the database.
    pub fn watch_from(
        &self,
        tx: &mut Tx<'_>,
        from: Period,
        act: &Act<'_>,
    ) -> Result<(), Diagnostic> {
        let (first, open) = (self.period(tx, FIRST)?, self.period(tx, OPEN)?);
        if first == Some(from) {
            return Ok(());
        }
        if let Some(open) = open {
            if let Some(first) = first.filter(|it| it.index() < from.index()) {
                let message = format!("the watch began in {first} and cannot begin in {from} now");
                return Err(Diagnostic::new(&codes::WATCHED_ALREADY, message)
                    .hint("what is kept is never shortened; leave the option out"));
            }
            assert_near(from, open)?;
            self.assert_not_frozen(tx, Some(from), None)?;
            each_household(tx, &mut |tx, households| {
                let noted = households.iter().map(|it| (it.clone(), from.index().into()));
                Ok(stale::add(tx, &noted.collect())?)
            })?;
        }
        let text = from.to_string();
        settings::set(tx, FIRST, &text);
        self.record(tx, act, "watch.from", Some(&text), text.as_bytes())
    }

    /// Watches the period of a day, where nothing is under watch yet.
    ///
    /// # Errors
    /// Those of the database; a watch that would be too long.
    pub(super) fn watch_day(&self, tx: &mut Tx<'_>, day: i32) -> Result<(), Diagnostic> {
        let kind = self.pack().period_kind;
        let Some(period) = period_of(kind, day) else { return Ok(()) };
        if self.period(tx, OPEN)?.is_some() {
            return Ok(());
        }
        let latest = Period::from_index(kind, period);
        self.begin_watch(tx, latest).map(drop)
    }

    /// First and last period under watch; the first facts say what the last one is, and the first
    /// one too where nobody said it before.
    pub(super) fn watch(
        &self,
        tx: &mut Tx<'_>,
        fresh: &[&FactRow],
    ) -> Result<(Period, Period), Diagnostic> {
        let kind = self.pack().period_kind;
        let first = self.period(tx, FIRST)?;
        if let (Some(first), Some(open)) = (first, self.period(tx, OPEN)?) {
            return Ok((first, open));
        }
        let days = fresh.iter().filter_map(|it| i32::try_from(it.valid_from).ok());
        let latest = days.max().and_then(|it| period_of(kind, it));
        let Some(latest) = latest.map(|it| Period::from_index(kind, it)) else {
            let finding = Diagnostic::new(&codes::NO_PERIOD, "no fact has a day that can be used");
            return Err(finding.hint("check `valid_from`"));
        };
        self.begin_watch(tx, latest)
    }

    fn begin_watch(&self, tx: &mut Tx<'_>, latest: Period) -> Result<(Period, Period), Diagnostic> {
        let first = self.period(tx, FIRST)?.unwrap_or(latest);
        let latest = if first.index() > latest.index() { first } else { latest };
        assert_near(first, latest)?;
        for (name, period) in [(FIRST, first), (OPEN, latest)] {
            settings::set(tx, name, &period.to_string());
        }
        Ok((first, latest))
    }
}

fn assert_near(first: Period, open: Period) -> Result<(), Diagnostic> {
    if open.index() - first.index() < PERIODS_MAX {
        return Ok(());
    }
    let message = format!("{first} to {open} are more than {PERIODS_MAX} periods");
    Err(Diagnostic::new(&base::codes::run::BAD_OPTION, message).hint("let the watch begin later"))
}
