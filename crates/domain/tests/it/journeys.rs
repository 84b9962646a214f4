//! What happens to reports in the lawful order, and the places where the law says no.

mod clocks;
mod desk;
mod dispatch;
mod main;
mod scope;

use domain::report::{Actor, Command, Confirmed};
use domain::words::*;
use jiff::civil::date;

use crate::world::*;

/// Judged, accepted, told, presented, instructed and moved to the department.
fn to_the_department(world: &mut World) {
    world
        .by(Actor::System, Command::Judge { models: "m1".to_owned(), abstained: false })
        .by(clerk(), Command::Accept { kind: Kind::Accusation })
        .by(clerk(), Command::TellAcceptance { way: TellingWay::Phone })
        .by(clerk(), Command::Present { to: Role::Leader })
        .by(leader(), Command::Instruct { due: Some(date(2026, 3, 20)), verdict: Confirmed::Yes })
        .name_looked_into()
        .by(clerk(), dispatch(DispatchWay::Move, office("inspection_one")));
}
