//! Mappings of columns, kept by a name: an office's export looks the same every month.

use super::{Act, Kind, Live, targets};
use crate::Refused;
use base::Diagnostic;
use base::codes::jobs as codes;
use base::codes::run::BAD_OPTION;
use std::collections::BTreeMap;
use store::Tx;
use store::mappings::{self, MappingRow};

/// Longest name of a mapping, in characters.
const NAME_CHARACTERS_MAX: usize = 64;
/// Longest name of a column, in characters.
const COLUMN_CHARACTERS_MAX: usize = 512;

/// Columns of a mapping: target → column.
pub fn columns_of(row: &MappingRow) -> BTreeMap<String, String> {
    serde_json::from_str(&row.columns).unwrap_or_default()
}

impl Live {
    /// The columns kept under a name for a kind of file.
    ///
    /// # Errors
    /// There is no such mapping; those of the database.
    pub fn mapping(&self, name: &str, kind: Kind) -> Result<BTreeMap<String, String>, Diagnostic> {
        let found = self.store.read(|tx| mappings::list(tx, Some(name)))?.pop();
        match found.filter(|_| !name.is_empty()) {
            Some(row) if row.kind == kind.name() => Ok(columns_of(&row)),
            Some(row) => {
                let message = format!("`{name}` is for {}, not for {}", row.kind, kind.name());
                Err(Diagnostic::new(&codes::NO_SUCH_MAPPING, message)
                    .hint("name the kind that the file has, or another mapping"))
            }
            None => {
                let finding = Diagnostic::new(
                    &codes::NO_SUCH_MAPPING,
                    format!("no mapping is kept as `{name}`"),
                );
                Err(finding.hint("GET /api/v1/mappings lists them; --save-mapping keeps one"))
            }
        }
    }

    /// Keeps a mapping, as part of a transaction.
    ///
    /// # Errors
    /// A name or a target that cannot be used; those of the database.
    pub fn put_mapping_in(
        &self,
        tx: &mut Tx<'_>,
        name: &str,
        kind: Kind,
        columns: &BTreeMap<String, String>,
        act: &Act<'_>,
    ) -> Result<MappingRow, Diagnostic> {
        check(name, columns)?;
        self.assert_targets(kind, columns)?;
        let row = MappingRow {
            name: name.to_owned(),
            kind: kind.name().to_owned(),
            columns: serde_json::to_string(columns).unwrap_or_default(),
            changed_at: act.now,
            changed_by: act.actor.to_owned(),
        };
        let before = mappings::list(tx, Some(name))?.pop();
        if let Some(before) =
            before.filter(|it| (&it.kind, &it.columns) == (&row.kind, &row.columns))
        {
            return Ok(before);
        }
        mappings::put(tx, &row)?;
        self.record(tx, act, "mapping.put", Some(name), row.columns.as_bytes())?;
        Ok(row)
    }

    /// Refuses columns of which one is to hold what no file of a kind can hold.
    ///
    /// # Errors
    /// R006: the first of them.
    pub fn assert_targets(
        &self,
        kind: Kind,
        columns: &BTreeMap<String, String>,
    ) -> Result<(), Diagnostic> {
        let all = targets(&self.pack(), kind);
        let plain = |it: &String| it.strip_suffix("__date").unwrap_or(it).to_owned();
        let Some(unknown) = columns.keys().find(|it| !all.iter().any(|t| t.name == plain(it)))
        else {
            return Ok(());
        };
        let known = tables::closest(unknown, all.iter().map(|it| it.name.as_str()));
        let message = format!("nothing that can be imported is called `{unknown}`");
        Err(Diagnostic::new(&BAD_OPTION, message).hint(known.map_or_else(
            || "see the targets of POST /api/v1/imports/columns".to_owned(),
            |it| format!("did you mean `{it}`?"),
        )))
    }

    /// Forgets a mapping, as part of a transaction; says whether there was one.
    ///
    /// # Errors
    /// Those of the database.
    pub fn forget_mapping_in(
        &self,
        tx: &mut Tx<'_>,
        name: &str,
        act: &Act<'_>,
    ) -> Result<bool, Diagnostic> {
        let was_there = mappings::forget(tx, name)?;
        if was_there {
            self.record(tx, act, "mapping.forget", Some(name), name.as_bytes())?;
        }
        Ok(was_there)
    }

    /// Keeps a mapping in a transaction of its own.
    ///
    /// # Errors
    /// As [`Live::put_mapping_in`].
    pub fn put_mapping(
        &self,
        name: &str,
        kind: Kind,
        columns: &BTreeMap<String, String>,
        act: &Act<'_>,
    ) -> Result<(), Refused> {
        let put = |tx: &mut Tx<'_>| self.put_mapping_in(tx, name, kind, columns, act);
        self.store.write(put).map(drop).map_err(|it| vec![it])
    }
}

fn check(name: &str, columns: &BTreeMap<String, String>) -> Result<(), Diagnostic> {
    let fault = |message: &str, hint: &str| Err(Diagnostic::new(&BAD_OPTION, message).hint(hint));
    let is_name = |it: &str| {
        (1..=NAME_CHARACTERS_MAX).contains(&it.chars().count())
            && !it.chars().any(|it| it.is_control() || it == '/')
    };
    if !is_name(name) {
        let hint = "1 to 64 characters, no control characters and no slash";
        return fault("the name of the mapping cannot be used", hint);
    }
    let is_column = |it: &String| {
        (1..=COLUMN_CHARACTERS_MAX).contains(&it.chars().count()) && !it.contains('\0')
    };
    if !columns.values().all(is_column) {
        let hint = "1 to 512 characters, none of them a zero byte";
        return fault("a column has a name that cannot be used", hint);
    }
    Ok(())
}
