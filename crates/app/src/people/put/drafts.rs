//! What the registry will say of people, before it is written.

use super::NewPerson;
use crate::live::{Act, Live};
use crate::people::{ACTIVE, DEAD, ERASED, Field, Identity, MERGED, Vault, check, day_of, names};
use base::Diagnostic;
use base::codes::access;
use base::codes::people as codes;
use pack::Pack;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use store::people::changes::ChangeRow;
use store::people::households::{self, HouseholdRow};
use store::people::persons::{self, PersonRow};
use store::people::sealed;
use store::{Tx, scores};

/// What a household is said to be while nothing else was said of it.
const STANDS: &str = "active";

/// A field to be sealed.
#[derive(Clone, PartialEq, Eq)]
pub struct Told {
    pub field: Field,
    pub scheme: String,
    pub text: String,
    /// The hash it is found by.
    pub lookup: Option<String>,
}

/// One person.
pub struct Draft {
    pub row: PersonRow,
    pub before: Option<PersonRow>,
    /// Area of the household before.
    pub area_before: Option<String>,
    pub told: BTreeMap<Field, Told>,
}

/// Everybody of a call, with their households.
pub struct Drafts<'a> {
    pub(in crate::people) act: &'a Act<'a>,
    pub(in crate::people) vault: Vault,
    pack: Arc<Pack>,
    pub(in crate::people) people: BTreeMap<String, Draft>,
    pub(in crate::people) households: BTreeMap<String, HouseholdRow>,
    pub(in crate::people) households_before: BTreeMap<String, HouseholdRow>,
    /// Where facts say that households live.
    areas: BTreeMap<String, Option<String>>,
    /// Whose fields have a hash.
    pub(in crate::people) holders: BTreeMap<String, Vec<i64>>,
    /// Notes that are there, by person's number.
    notes: BTreeMap<i64, String>,
    pub(in crate::people) changes: Vec<ChangeRow>,
}

/// What became of one person.
pub enum Taken {
    New,
    Changed,
    Known,
}

impl<'a> Drafts<'a> {
    /// Reads what is there of everybody who is told of.
    pub fn load(
        live: &Live,
        tx: &mut Tx<'_>,
        rows: &[NewPerson],
        act: &'a Act<'a>,
    ) -> Result<Self, Diagnostic> {
        let (vault, pack) = (live.vault(), live.pack());
        // What is no text of the database is told of when its turn comes.
        let rows: Vec<&NewPerson> =
            rows.iter().filter(|it| check::person(it, &pack.people).is_ok()).collect();
        let ids: Vec<&str> = rows.iter().map(|it| it.person_id.as_str()).collect();
        let there = persons::of(tx, &ids)?;
        let told = rows.iter().filter_map(|it| it.household_id.as_deref());
        let wanted: BTreeSet<&str> =
            told.chain(there.values().map(|it| it.household_id.as_str())).collect();
        let wanted: Vec<&str> = wanted.into_iter().collect();
        let households_before = households::of(tx, &wanted)?;
        let unknown: Vec<&str> =
            wanted.into_iter().filter(|it| !households_before.contains_key(*it)).collect();
        let areas = scores::areas(tx, &unknown)?;
        let mut drafts = Self {
            act,
            vault: (*vault).clone(),
            pack,
            people: BTreeMap::new(),
            households: households_before.clone(),
            households_before,
            areas,
            holders: BTreeMap::new(),
            notes: BTreeMap::new(),
            changes: Vec::new(),
        };
        drafts.load_sealed(tx, &rows, &there)?;
        for (id, row) in there {
            let area_before =
                drafts.households.get(&row.household_id).and_then(|it| it.area_code.clone());
            let before = Some(row.clone());
            drafts.people.insert(id, Draft { row, before, area_before, told: BTreeMap::new() });
        }
        Ok(drafts)
    }

    fn load_sealed(
        &mut self,
        tx: &mut Tx<'_>,
        rows: &[&NewPerson],
        there: &BTreeMap<String, PersonRow>,
    ) -> Result<(), Diagnostic> {
        let fields = rows.iter().filter_map(|it| self.told(it).ok()).flatten();
        let lookups: Vec<String> = fields.filter_map(|it| it.lookup).collect();
        let lookups: Vec<&str> = lookups.iter().map(String::as_str).collect();
        self.holders = sealed::holders(tx, &lookups)?;
        let with_notes = rows.iter().filter(|it| it.health_note.is_some());
        for person in with_notes.filter_map(|it| there.get(&it.person_id)) {
            let fields = sealed::of(tx, person.number)?;
            let note = fields.iter().find(|it| it.field == Field::HealthNote.name());
            if let Some(note) = note {
                self.notes.insert(person.number, self.vault.opened(note)?);
            }
        }
        Ok(())
    }

    /// The fields to be sealed that somebody told of a person.
    fn told(&self, new: &NewPerson) -> Result<Vec<Told>, Diagnostic> {
        let mut all = Vec::new();
        let identity = new.identity_number.as_deref();
        let identity = identity
            .map(|it| Identity::parse(&self.pack.people, new.identity_scheme.as_deref(), it));
        if let Some(Identity { scheme, number, .. }) = identity.transpose()? {
            all.push((Field::IdentityNumber, scheme, number));
        }
        for (field, text, most) in
            [(Field::Phone, &new.phone, 20), (Field::BankAccount, &new.bank_account, 34)]
        {
            if let Some(text) = text {
                all.push((field, String::new(), check::digits(field.name(), text, most)?));
            }
        }
        if let Some(text) = &new.health_note {
            all.push((Field::HealthNote, String::new(), text.clone()));
        }
        let lookup = |field: Field, scheme: &str, text: &str| {
            field.is_found().then(|| self.vault.lookup(field.name(), scheme, text))
        };
        let told = all.into_iter().map(|(field, scheme, text)| Told {
            lookup: lookup(field, &scheme, &text),
            field,
            scheme,
            text,
        });
        Ok(told.collect())
    }

    /// Takes one person.
    ///
    /// # Errors
    /// A002, I001, I002, I005; the others go on.
    pub fn take(&mut self, new: &NewPerson) -> Result<Taken, Diagnostic> {
        let identity = check::person(new, &self.pack.people)?;
        let sex = new.sex.as_deref().map(check::sex).transpose()?;
        let told = self.told(new)?;
        let there = self.people.get(&new.person_id);
        self.is_permitted(there.map(|it| &it.row))?;
        if there.is_some_and(|it| it.row.status == ERASED) {
            let message = format!("`{}` was erased", new.person_id);
            return Err(Diagnostic::new(&codes::ERASED, message).hint("register under a new id"));
        }
        let household = match (&new.household_id, there) {
            (Some(it), _) => it.clone(),
            (None, Some(it)) => it.row.household_id.clone(),
            (None, None) => {
                let message = "somebody new needs a household";
                return Err(
                    Diagnostic::new(&codes::BAD_PERSON, message).hint("fill in household_id")
                );
            }
        };
        let before = there.map(|it| it.row.clone());
        let home = self.home(&household, new)?;
        let now = self.act.now;
        let mut row = before.clone().unwrap_or_else(|| PersonRow {
            person_id: new.person_id.clone(),
            status: ACTIVE.to_owned(),
            created_at: now,
            updated_at: now,
            ..PersonRow::default()
        });
        household.clone_into(&mut row.household_id);
        apply(&mut row, new, sex, identity.and_then(|it| it.says));
        self.households.insert(household, home);
        self.note_changes(before.as_ref(), &row, new);
        Ok(self.keep(row, before, told))
    }

    fn keep(&mut self, mut row: PersonRow, before: Option<PersonRow>, told: Vec<Told>) -> Taken {
        let draft = self.people.get(&row.person_id);
        let is_told = |it: &Told| draft.and_then(|draft| draft.told.get(&it.field)) == Some(it);
        let mut fresh = told;
        fresh.retain(|it| !is_told(it) && !self.is_there(row.number, it));
        let taken = match &before {
            None => Taken::New,
            Some(before) if *before == row && fresh.is_empty() => Taken::Known,
            Some(_) => {
                row.updated_at = self.act.now;
                Taken::Changed
            }
        };
        let draft = self.people.entry(row.person_id.clone()).or_insert_with(|| Draft {
            row: row.clone(),
            before: None,
            area_before: None,
            told: BTreeMap::new(),
        });
        draft.row = row;
        draft.told.extend(fresh.into_iter().map(|it| (it.field, it)));
        taken
    }

    /// Whether the registry has a field as it was told.
    fn is_there(&self, number: i64, told: &Told) -> bool {
        match &told.lookup {
            Some(lookup) => self.holders.get(lookup).is_some_and(|it| it.contains(&number)),
            None => self.notes.get(&number) == Some(&told.text),
        }
    }

    /// Whether somebody who is there may be written by whoever acts.
    fn is_permitted(&self, there: Option<&PersonRow>) -> Result<(), Diagnostic> {
        let home = there.and_then(|it| self.households.get(&it.household_id));
        match home {
            Some(home) if !self.act.within.holds(home.area_code.as_deref()) => Err(elsewhere()),
            _ => Ok(()),
        }
    }

    /// The household as it will be.
    fn home(&mut self, id: &str, new: &NewPerson) -> Result<HouseholdRow, Diagnostic> {
        let now = self.act.now;
        let day = new.day.unwrap_or_else(|| day_of(now));
        let mut home = self.households.get(id).cloned().unwrap_or_else(|| HouseholdRow {
            household_id: id.to_owned(),
            code: id.to_owned(),
            // A household that scores are kept of lives where its facts say.
            area_code: self.areas.get(id).cloned().flatten(),
            // Whatever facts say later is later.
            area_from: i64::MIN,
            head: None,
            state: STANDS.to_owned(),
            created_at: now,
            updated_at: now,
        });
        // A household without an area is not for the taking of whoever names one.
        let is_known = self.households.contains_key(id) || self.areas.contains_key(id);
        if is_known && !self.act.within.holds(home.area_code.as_deref()) {
            return Err(elsewhere());
        }
        if home.area_code.is_none() && !self.areas.contains_key(id) {
            home.area_code.clone_from(&new.area_code);
        }
        if !self.act.within.holds(home.area_code.as_deref()) {
            return Err(elsewhere());
        }
        if let Some(code) = new.household_code.as_ref().filter(|it| **it != home.code) {
            let is_new = !self.households.contains_key(id);
            if !is_new {
                self.changes.push(ChangeRow {
                    household_id: id.to_owned(),
                    kind: "code".to_owned(),
                    day,
                    from_what: Some(home.code.clone()),
                    to_what: Some(code.clone()),
                    source: new.source.clone(),
                    ..self.change()
                });
            }
            home.code.clone_from(code);
        }
        let is_head = new.relation.as_deref().is_some_and(|it| ["head", "户主"].contains(&it));
        if is_head {
            home.head = Some(new.person_id.clone());
        }
        Ok(home)
    }

    fn change(&self) -> ChangeRow {
        let actor = self.act.actor.to_owned();
        ChangeRow { at: self.act.now, actor, ..ChangeRow::default() }
    }

    fn note_changes(&mut self, before: Option<&PersonRow>, row: &PersonRow, new: &NewPerson) {
        let day = new.day.unwrap_or_else(|| day_of(self.act.now));
        let change =
            |kind: &str, household: &str, from: Option<&str>, to: Option<&str>| ChangeRow {
                household_id: household.to_owned(),
                person_id: Some(row.person_id.clone()),
                kind: kind.to_owned(),
                day,
                from_what: from.map(str::to_owned),
                to_what: to.map(str::to_owned),
                source: new.source.clone(),
                ..self.change()
            };
        let mut found = Vec::new();
        let (from, to) = (before.map(|it| it.household_id.as_str()), row.household_id.as_str());
        if from != Some(to) {
            found.extend(from.map(|from| change("left", from, None, Some(to))));
            found.push(change("joined", to, from, None));
        }
        let status = before.map_or(ACTIVE, |it| it.status.as_str());
        if status != row.status {
            let kind = if row.status == DEAD { "died" } else { "status" };
            found.push(change(kind, to, Some(status), Some(&row.status)));
        }
        self.changes.extend(found);
    }
}

/// Puts what was told into a row.
fn apply(
    row: &mut PersonRow,
    new: &NewPerson,
    sex: Option<&str>,
    says: Option<crate::people::numbers::Says>,
) {
    let set = |target: &mut Option<String>, told: &Option<String>| {
        if told.is_some() {
            target.clone_from(told);
        }
    };
    if new.name.is_some() && new.name != row.name {
        let forms = names::Forms::of(new.name.as_deref().unwrap_or_default());
        (row.pinyin, row.initials) = (forms.pinyin, forms.initials);
        set(&mut row.name, &new.name);
    }
    set(&mut row.birth_place, &new.birth_place);
    set(&mut row.relation, &new.relation);
    set(&mut row.source, &new.source);
    let said = says.map(|it| it.sex).filter(|_| row.sex.is_none());
    if let Some(sex) = sex.or(said) {
        row.sex = Some(sex.to_owned());
    }
    let said = says.map(|it| it.birth_date).filter(|_| row.birth_date.is_none());
    row.birth_date = new.birth_date.or(said).or(row.birth_date);
    // A merged entry stays one until the merge is undone.
    if let Some(status) = new.status.as_ref().filter(|it| **it != row.status)
        && row.status != MERGED
    {
        row.status.clone_from(status);
        row.status_from = new.day;
    }
}

fn elsewhere() -> Diagnostic {
    // Not told: whether there is such a person or household, and where.
    let message = "the person or household is in none of your areas";
    Diagnostic::new(&access::FORBIDDEN, message).hint("ask who is responsible for it")
}
