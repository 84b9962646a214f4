//! 组织目录: organs, offices, units, posts and staff, and who manages whom (干部管理权限).
//!
//! One document per tenant: `init` and `demo` write it, the directory stream of the register keeps
//! its versions, and recusal, routing and permission read it. It knows no report and no password,
//! and it never holds a reporter.

mod model;
mod names;

pub use model::{
    Accepts, Committee, CommitteeId, Directory, DirectoryError, ExtraDivision, Headship, Leave,
    Letterhead, Level, Office, OfficeKind, Organ, OrganRelation, OtherOrgan, Post, PostId,
    Relation, Risk, Staff, Unit, UnitId,
};
pub use names::{PostMatch, UnitMatch, normal, same_person};
