//! Files of areas on the command line: CSV, XLSX, NDJSON or Parquet.

use crate::Refused;
use crate::input::Files;
use crate::live::{ALL_AT_ONCE, Act, Alone, ImportRequest, Imported, Importer, Kind, Live};
use tables::ReadOptions;

impl Live {
    /// Imports files of areas, in one transaction.
    ///
    /// # Errors
    /// A file that cannot be read at all; those of the database.
    pub fn import_areas(&self, files: &Files, act: &Act<'_>) -> Result<Imported, Refused> {
        // One mapping serves for areas and facts together: what areas have not is of the others.
        let known = super::super::targets(&self.pack(), Kind::Areas);
        let mut columns = ImportRequest::parsed(&files.columns)?;
        columns.retain(|name, _| known.iter().any(|it| it.name == *name));
        let request =
            ImportRequest { kind: Kind::Areas, columns, ..ImportRequest::facts(&[], false)? };
        let within = act.within.clone();
        let importer = Importer { actor: act.actor.to_owned(), now: act.now, within };
        let mut hand = Alone { live: self, progress: &mut |_, _, _| {} };
        let read = ReadOptions::default();
        self.import_by(&files.paths, &request, &importer, &read, ALL_AT_ONCE, &mut hand)
    }
}
