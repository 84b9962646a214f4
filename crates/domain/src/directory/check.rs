//! Whether a directory document holds together: keys named once, references that lead somewhere.
//! It does not know whether the people in it are the right ones.

use std::collections::BTreeSet;

use super::model::{Accepts, Directory, DirectoryError};

impl Directory {
    /// Checks that keys are unique and every reference holds.
    ///
    /// # Errors
    /// [`DirectoryError`] naming the first thing that is wrong.
    pub fn check(&self) -> Result<(), DirectoryError> {
        fn unique<'a>(
            what: &'static str,
            keys: impl Iterator<Item = &'a str>,
        ) -> Result<BTreeSet<&'a str>, DirectoryError> {
            let mut seen = BTreeSet::new();
            for key in keys {
                if !seen.insert(key) {
                    return Err(DirectoryError::Twice { what, key: key.to_owned() });
                }
            }
            Ok(seen)
        }
        let organs = unique("organ", self.organs.iter().map(|o| o.key.as_str()))?;
        let committees = unique("committee", self.committees.iter().map(|c| c.id.0.as_str()))?;
        let offices = unique("office", self.offices.iter().map(|o| o.id.0.as_str()))?;
        let units = unique("unit", self.units.iter().map(|u| u.id.0.as_str()))?;
        let posts = unique("post", self.posts.iter().map(|p| p.id.0.as_str()))?;
        let staff = unique("staff", self.staff.iter().map(|s| s.id.0.as_str()))?;
        unique("user", self.staff.iter().map(|s| s.user.as_str()))?;
        unique("division", self.divisions.iter().map(|d| d.code.as_str()))?;
        if self.petition_office().is_none() {
            return Err(DirectoryError::NoPetitionOffice);
        }
        let known = |set: &BTreeSet<&str>, what: &'static str, key: &str, by: &str| {
            if set.contains(key) {
                Ok(())
            } else {
                Err(DirectoryError::Missing { what, key: key.to_owned(), by: by.to_owned() })
            }
        };
        if let Some(key) = &self.organ.superior {
            known(&organs, "organ", key, &self.organ.name)?;
        }
        for c in &self.committees {
            match &c.accepts {
                Accepts::Own => {}
                Accepts::Office(id) => known(&offices, "office", &id.0, &c.name)?,
                Accepts::Organ(key) => known(&organs, "organ", key, &c.name)?,
            }
        }
        for o in &self.offices {
            if let Some(id) = &o.leader {
                known(&staff, "staff", &id.0, &o.name)?;
            }
        }
        for u in &self.units {
            known(&committees, "committee", &u.committee.0, &u.name)?;
            if let Some(id) = &u.office {
                known(&offices, "office", &id.0, &u.name)?;
            }
            if let Some(key) = &u.vertical {
                known(&organs, "organ", key, &u.name)?;
            }
        }
        for p in &self.posts {
            known(&committees, "committee", &p.committee.0, &p.id.0)?;
            if let Some(id) = &p.unit {
                known(&units, "unit", &id.0, &p.id.0)?;
            }
        }
        for s in &self.staff {
            known(&offices, "office", &s.office.0, &s.id.0)?;
            if let Some(id) = &s.post {
                known(&posts, "post", &id.0, &s.id.0)?;
            }
            for id in s.leaves.iter().filter_map(|l| l.substitute.as_ref()) {
                known(&staff, "staff", &id.0, &s.id.0)?;
            }
        }
        Ok(())
    }
}
