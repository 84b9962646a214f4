//! Small pieces shared by the unit tests of this crate.

use jiff::civil::date;

use super::{Actor, Event, Recorded, Report, fold};
use crate::ids::OfficeId;
use crate::words::*;

/// A signed web report of edition jw just received.
pub(crate) fn received() -> (Report, Recorded) {
    let day = date(2026, 2, 11);
    let recorded = Recorded {
        day,
        at: None,
        actor: Actor::Reporter,
        event: Event::Received {
            edition: Edition::Jw,
            rules: "test".to_owned(),
            received_on: day,
            channel: Channel::Web,
            source: Source::Own,
            signing: Signing::NamedPending,
            urgency: Urgency::Normal,
            office: OfficeId("petition".to_owned()),
            superior_due: None,
            allegations: 1,
            files: 0,
            recused: Vec::new(),
        },
        clocks: Vec::new(),
    };
    let report = fold([&recorded]).unwrap().unwrap();
    (report, recorded)
}
