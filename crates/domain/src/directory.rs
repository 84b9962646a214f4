//! 组织目录: organs, offices, units, posts and staff, and who manages whom (干部管理权限).
//!
//! One document per tenant: `init` and `demo` write it, the directory stream of the register keeps
//! its versions, and recusal, routing and permission read it. It knows no report and no password,
//! and it never holds a reporter.

mod check;
mod model;
mod names;

pub use model::{
    Accepts, Committee, CommitteeId, Directory, DirectoryError, ExtraDivision, Grant, Headship, Leave, Letterhead,
    Level, Office, OfficeKind, Organ, OrganRelation, OtherOrgan, Post, PostId, Relation, Risk, Staff, Unit, UnitId,
    may_stand_together,
};
pub use names::{PostMatch, UnitMatch, normal, same_person};

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::content::Subject;
    use crate::report::Holder;
    use crate::rules::Rules;
    use jiff::civil::date;

    /// The shipped example: a made-up county.
    pub(crate) fn example() -> Directory {
        Directory::from_toml(Rules::embedded().text("directory/example.toml").unwrap()).unwrap()
    }

    #[test]
    fn the_example_is_sound_and_survives_json() {
        let directory = example();
        let json = serde_json::to_string(&directory).unwrap();
        assert_eq!(Directory::from_json(&json).unwrap(), directory);
        assert_eq!(directory.petition_office().unwrap().name, "信访室");
        assert_eq!(directory.superior().unwrap().key, "city-jw");
        assert_eq!(directory.chief().unwrap().user, "shuji");
        assert_eq!(directory.user("jingban").unwrap().id.0, "s-clerk");
    }

    #[test]
    fn a_broken_reference_is_named() {
        let mut d = example();
        d.units[0].committee = CommitteeId("nobody".into());
        let error = d.check().unwrap_err();
        assert!(error.to_string().contains("nobody") && error.to_string().contains("住房和城乡建设局"), "{error}");
        let mut d = example();
        d.staff[1].user = d.staff[0].user.clone();
        assert_eq!(d.check(), Err(DirectoryError::Twice { what: "user", key: "shuji".into() }));
        let mut d = example();
        d.offices[0].kind = OfficeKind::Department;
        assert_eq!(d.check(), Err(DirectoryError::NoPetitionOffice));
        assert!(matches!(Directory::from_toml("organ = 1"), Err(DirectoryError::Format(_))));
        assert!(matches!(Directory::from_json("{"), Err(DirectoryError::Format(_))));
    }

    #[test]
    fn units_and_posts_are_found_in_what_people_write() {
        let d = example();
        let units = |text: &str| d.units_named(text).into_iter().map(|m| m.unit.id.0.clone()).collect::<Vec<_>>();
        assert_eq!(units("住建局"), ["housing"]);
        assert_eq!(units("青禾县住建局质监站"), ["housing"]);
        assert_eq!(units("青石镇政府"), ["qingshi"]);
        assert!(units("教育局").is_empty());
        assert!(units("").is_empty());
        let posts = |unit: &str, post: &str| {
            let s = Subject { unit: Some(unit.into()), post: Some(post.into()), ..Subject::default() };
            d.posts_named(&s).into_iter().map(|m| m.post.id.0.clone()).collect::<Vec<_>>()
        };
        assert_eq!(posts("住建局", "局长"), ["housing-head"]);
        assert!(posts("住建局", "副局长").is_empty(), "a deputy holds another post");
        assert_eq!(posts("", "县纪委书记"), ["jw-secretary"]);
        assert!(d.names_own_organ("县纪委") && !d.names_own_organ("云川市纪委"));
    }

    #[test]
    fn three_officers_stand_apart() {
        use crate::words::Role;
        assert!(may_stand_together(&[]) && may_stand_together(&[Role::Admin]));
        assert!(may_stand_together(&[Role::Clerk, Role::Handler]) && may_stand_together(&[Role::Custodian]));
        for officer in [Role::Admin, Role::Security, Role::Auditor] {
            for other in Role::ALL.iter().filter(|r| **r != officer) {
                assert!(!may_stand_together(&[officer, *other]), "{officer} and {other}");
            }
        }
        assert!(!may_stand_together(&[Role::Custodian, Role::Approver]));
    }

    #[test]
    fn holders_have_names_and_leaves_have_days() {
        let mut d = example();
        assert_eq!(d.holder_name(&Holder::Outside { key: "court".into() }), Some("青禾县人民法院"));
        assert_eq!(d.holder_name(&Holder::Organ { tenant: d.organ.tenant.clone() }), Some(d.organ.name.as_str()));
        assert_eq!(d.holder_name(&Holder::Outside { key: "unknown".into() }), None);
        d.staff[0].leaves.push(Leave { from: date(2026, 3, 2), until: date(2026, 3, 4), substitute: None });
        assert!(d.staff[0].leave_on(date(2026, 3, 4)).is_some());
        assert!(d.staff[0].leave_on(date(2026, 3, 5)).is_none());
    }
}
