//! Users whom another authority vouches for: what it says of somebody becomes a session.
//!
//! What was said is verified before it comes here. A user made here with a password is never
//! taken over by an authority that hands out roles: it could name anybody.

use super::users::{areas, is_name};
use super::{Role, own, password};
use crate::access::{Session, sign_in};
use crate::live::Live;
use base::Diagnostic;
use base::codes::access as codes;
use serde_json::Value;
use store::Tx;
use store::users::{self, UserRow};

/// What an authority is trusted with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trust {
    /// Its name here.
    pub authority: String,
    /// The claim that holds the user's name.
    pub user_claim: String,
    /// Which claims make somebody a user of which role, the first that holds; none: only users
    /// that are there already may sign in.
    pub grants: Vec<Grant>,
}

/// A claim that gives a role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    claim: String,
    value: String,
    role: Role,
    areas: String,
}

impl Grant {
    /// A grant of what was written down.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of(claim: &str, value: &str, role: &str, given: &[String]) -> Result<Self, String> {
        let role = Role::parse(role).ok_or_else(|| format!("`{role}` is no role"))?;
        Ok(Self { claim: claim.to_owned(), value: value.to_owned(), role, areas: areas(given)? })
    }

    fn holds(&self, claims: &Value) -> bool {
        match claim(claims, &self.claim) {
            Some(Value::Array(all)) => all.iter().any(|it| it.as_str() == Some(&self.value)),
            Some(Value::String(text)) => *text == self.value,
            Some(Value::Bool(it)) => it.to_string() == self.value,
            _ => false,
        }
    }
}

/// A claim by its name; dots lead into claims that hold others.
fn claim<'a>(claims: &'a Value, name: &str) -> Option<&'a Value> {
    claims.get(name).or_else(|| name.split('.').try_fold(claims, |it, part| it.get(part)))
}

fn refused(message: impl Into<String>, hint: &'static str) -> Diagnostic {
    Diagnostic::new(&codes::NOT_VOUCHED, message).hint(hint)
}

impl Live {
    /// Signs in whom an authority vouches for, with its claims.
    ///
    /// # Errors
    /// A010 where nobody may sign in with them; those of the database.
    pub fn sign_in_vouched(
        &self,
        trust: &Trust,
        claims: &Value,
        now: i64,
    ) -> Result<Session, Diagnostic> {
        let name = claim(claims, &trust.user_claim).and_then(Value::as_str).unwrap_or_default();
        if !is_name(name) {
            let message = format!("the claim `{}` holds no name of a user", trust.user_claim);
            return Err(refused(message, "letters, digits and - _ . @, at most 64 bytes"));
        }
        let grant = trust.grants.iter().find(|it| it.holds(claims));
        if grant.is_none() && !trust.grants.is_empty() {
            let message = format!("nothing that is said of `{name}` gives a role here");
            return Err(refused(message, "ask who manages the sign-in service"));
        }
        // Nobody signs in with it: it is there so that a wrong password costs the same time.
        let unknown = password::hash(&sign_in::secret()?)?;
        self.store.write(|tx| -> Result<(), Diagnostic> {
            let known = users::by_name(tx, name)?;
            match (grant, known) {
                (_, Some(user)) if user.is_disabled => {
                    Err(refused(format!("`{name}` may not sign in"), "ask an administrator"))
                }
                (None, Some(_)) => Ok(()),
                (None, None) => Err(refused(
                    format!("there is no user `{name}`"),
                    "ask an administrator to make the user",
                )),
                (Some(grant), known) => {
                    self.granted(tx, (trust, grant, &unknown), name, known, now)
                }
            }
        })?;
        self.start_session(name, now)
    }

    /// Makes the user that a grant says, or changes role and areas of one that it made before.
    fn granted(
        &self,
        tx: &mut Tx<'_>,
        (trust, grant, unknown): (&Trust, &Grant, &str),
        name: &str,
        known: Option<UserRow>,
        now: i64,
    ) -> Result<(), Diagnostic> {
        let authority = Some(trust.authority.clone());
        let before = known.clone();
        let user = match known {
            Some(user) if user.authority != authority => {
                let message = format!("`{name}` is a user who was not made by this service");
                return Err(refused(message, "sign in with the password"));
            }
            Some(user) => {
                UserRow { role: grant.role.name().to_owned(), areas: grant.areas.clone(), ..user }
            }
            None => UserRow {
                name: name.to_owned(),
                password: unknown.to_owned(),
                role: grant.role.name().to_owned(),
                areas: grant.areas.clone(),
                created_at: now,
                failures: 0,
                locked_until: 0,
                must_change: false,
                is_disabled: false,
                authority,
            },
        };
        if before.as_ref() == Some(&user) {
            return Ok(());
        }
        users::put(tx, &user)?;
        let content = format!("{} {} {}", trust.authority, user.role, user.areas);
        self.record(tx, &own(name, now), "user.vouch", Some(name), content.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn claims_are_found_by_name_and_inside_of_others() {
        let claims = json!({
            "groups": ["a", "b"], "org.unit": "x", "realm": { "roles": ["c"] }, "is_staff": true,
        });
        let holds = |name: &str, value: &str| {
            let grant = Grant::of(name, value, "officer", &["610202".to_owned()]);
            grant.expect("a grant").holds(&claims)
        };
        assert!(holds("groups", "b") && holds("org.unit", "x") && holds("realm.roles", "c"));
        assert!(holds("is_staff", "true"));
        assert!(!holds("groups", "c") && !holds("realm", "roles") && !holds("none", ""));
        assert!(Grant::of("a", "b", "king", &[]).is_err());
    }
}
