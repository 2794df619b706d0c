//! People as they are shown: names whole, what identifies or exposes them masked.

use super::{Field, mask, nobody};
use crate::live::{Act, Live};
use base::Diagnostic;
use base::codes::people as codes;
use pack::People;
use store::people::changes::{self, ChangeRow};
use store::people::merges::{self, MergeRow};
use store::people::persons::{self, PersonRow, Placed};
use store::people::unmaskings::{self, UnmaskingRow};
use store::people::{households, sealed};
use store::{Tx, Within};

/// A field as it is shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Shown {
    /// Which.
    pub field: Field,
    /// The scheme of an identity number.
    pub scheme: Option<String>,
    /// Its text: with stars, or whole where it was asked for with a reason.
    pub text: String,
}

/// Somebody as others see them.
#[derive(Clone, PartialEq, Eq)]
pub struct View {
    /// What stands plain.
    pub row: PersonRow,
    /// Where the household lives.
    pub area_code: Option<String>,
    /// The code of the household.
    pub household_code: String,
    /// The rest, masked.
    pub fields: Vec<Shown>,
}

/// Fewest and most characters of a reason.
const REASON: std::ops::RangeInclusive<usize> = 5..=500;

impl Live {
    /// People as they are shown, in the order given.
    pub(super) fn views(
        &self,
        tx: &mut Tx<'_>,
        people: Vec<Placed>,
    ) -> Result<Vec<View>, Diagnostic> {
        let ids: Vec<&str> = people.iter().map(|it| it.0.household_id.as_str()).collect();
        let homes = households::of(tx, &ids)?;
        let code = |it: &str| homes.get(it).map_or_else(String::new, |it| it.code.clone());
        let pack = self.pack();
        let mut view = |it: Placed| {
            let code = code(&it.0.household_id);
            self.view(tx, it, code, &pack.people)
        };
        people.into_iter().map(&mut view).collect()
    }

    fn view(
        &self,
        tx: &mut Tx<'_>,
        (row, area_code): Placed,
        household_code: String,
        people: &People,
    ) -> Result<View, Diagnostic> {
        let vault = self.vault();
        let mut fields = Vec::new();
        for it in sealed::of(tx, row.number)? {
            let Some(field) = Field::parse(&it.field) else { continue };
            let text = mask::masked(field, people.scheme(&it.scheme), &vault.opened(&it)?);
            fields.push(Shown { field, scheme: Some(it.scheme).filter(|it| !it.is_empty()), text });
        }
        Ok(View { row, area_code, household_code, fields })
    }

    /// Somebody, if they live within areas.
    ///
    /// # Errors
    /// Those of the database; I004.
    pub fn person(
        &self,
        tx: &mut Tx<'_>,
        id: &str,
        within: &Within,
    ) -> Result<Option<View>, Diagnostic> {
        let found = persons::by_id(tx, id)?.filter(|it| within.holds(it.1.as_deref()));
        Ok(self.views(tx, found.into_iter().collect())?.pop())
    }

    /// What became of somebody, and whom they are one with. Whether they may be seen was asked
    /// before.
    ///
    /// # Errors
    /// Those of the database.
    pub fn past_of_person(
        &self,
        tx: &mut Tx<'_>,
        id: &str,
    ) -> Result<(Vec<ChangeRow>, Vec<MergeRow>), Diagnostic> {
        Ok((changes::of_person(tx, id)?, merges::of_person(tx, id)?))
    }

    /// Members of a household; `None` where it is not registered within areas.
    ///
    /// # Errors
    /// Those of the database; I004.
    pub fn members(
        &self,
        tx: &mut Tx<'_>,
        household: &str,
        within: &Within,
    ) -> Result<Option<Vec<View>>, Diagnostic> {
        let home = households::of(tx, &[household])?.into_values().next();
        let Some(home) = home.filter(|it| within.holds(it.area_code.as_deref())) else {
            let area = store::scores::areas(tx, &[household])?.into_values().next();
            return Ok(area.filter(|it| within.holds(it.as_deref())).map(|_| Vec::new()));
        };
        let people = persons::in_households(tx, &[household])?;
        let people = people.into_iter().filter(|it| it.merged_into.is_none());
        let placed = people.map(|it| (it, home.area_code.clone())).collect();
        self.views(tx, placed).map(Some)
    }

    /// Shows fields of somebody whole, for a reason that is kept: part of a transaction, so that
    /// nothing is shown before it is written down who saw it.
    ///
    /// # Errors
    /// I003, I005; I002: no reason; those of the database.
    pub fn unmask(
        &self,
        tx: &mut Tx<'_>,
        id: &str,
        fields: &[Field],
        reason: &str,
        act: &Act<'_>,
    ) -> Result<Vec<Shown>, Diagnostic> {
        let reason = self::reason(reason)?;
        let (row, _) = visible(tx, id, act)?;
        let vault = self.vault();
        let mut shown = Vec::new();
        for it in sealed::of(tx, row.number)? {
            if let Some(field) = Field::parse(&it.field).filter(|it| fields.contains(it)) {
                let text = vault.opened(&it)?;
                let scheme = Some(it.scheme).filter(|it| !it.is_empty());
                shown.push(Shown { field, scheme, text });
            }
        }
        let names: Vec<&str> = fields.iter().map(|it| it.name()).collect();
        let fields = names.join(";");
        let content = format!("{fields}\n{reason}");
        self.record(tx, act, "person.unmask", Some(id), content.as_bytes())?;
        let row = UnmaskingRow {
            number: 0,
            at: act.now,
            actor: act.actor.to_owned(),
            person_id: id.to_owned(),
            fields,
            reason: reason.to_owned(),
        };
        unmaskings::add(tx, &row)?;
        Ok(shown)
    }
}

/// A person that whoever acts may see, and of whom something is kept.
pub(super) fn visible(tx: &mut Tx<'_>, id: &str, act: &Act<'_>) -> Result<Placed, Diagnostic> {
    let found = persons::by_id(tx, id)?.filter(|it| act.within.holds(it.1.as_deref()));
    let found = found.ok_or_else(nobody)?;
    if found.0.status == super::ERASED {
        return Err(Diagnostic::new(&codes::ERASED, "the person was erased")
            .hint("nothing is kept of them but that they were there"));
    }
    Ok(found)
}

/// A reason that somebody can read later.
pub(super) fn reason(text: &str) -> Result<&str, Diagnostic> {
    let is_line = !text.chars().any(char::is_control);
    let is_said = text.trim().chars().count() >= *REASON.start();
    if is_line && is_said && REASON.contains(&text.chars().count()) {
        return Ok(text.trim());
    }
    let message = "a reason has 5 to 500 characters on one line";
    Err(Diagnostic::new(&codes::BAD_PERSON, message).hint("say what it is needed for"))
}
