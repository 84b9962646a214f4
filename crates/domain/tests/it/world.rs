//! One report and the people around it, for tests that tell a story.

use domain::ids::{OfficeId, ReportId, StaffId};
use domain::recusal::KeptAway;
use domain::report::{
    Actor, Command, Context, Event, Holder, Receive, Recorded, Refusal, Report, decide, evolve, fold,
};
use domain::rules::Rules;
use domain::words::*;
use jiff::civil::{Date, date};

/// A report's whole world: today, the edition, and what was recorded so far.
pub struct World {
    pub edition: Edition,
    pub today: Date,
    pub report: Option<Report>,
    pub events: Vec<Recorded>,
}

pub fn staff(name: &str, role: Role) -> Actor {
    let office = if role == Role::Handler { "inspection_one" } else { "petition" };
    Actor::Staff { staff: StaffId(name.to_owned()), role, office: OfficeId(office.to_owned()) }
}
pub fn clerk() -> Actor {
    staff("clerk_a", Role::Clerk)
}
pub fn head() -> Actor {
    staff("head_a", Role::Head)
}
pub fn leader() -> Actor {
    staff("leader_a", Role::Leader)
}
pub fn chief() -> Actor {
    staff("chief_a", Role::Chief)
}
pub fn handler() -> Actor {
    staff("handler_a", Role::Handler)
}
pub fn office(name: &str) -> Holder {
    Holder::Office { office: OfficeId(name.to_owned()) }
}
pub fn organ(code: &str) -> Holder {
    Holder::Organ { tenant: code.parse().unwrap() }
}
pub fn other_report(n: u8) -> ReportId {
    ReportId([n; 16])
}

/// A signed web report of one allegation, received on the day.
pub fn a_report(received_on: Date) -> Receive {
    Receive {
        received_on,
        channel: Channel::Web,
        source: Source::Own,
        signing: Signing::NamedPending,
        urgency: Urgency::Normal,
        office: OfficeId("petition".to_owned()),
        superior_due: None,
        allegations: 1,
        files: 0,
        recused: KeptAway::nobody(),
    }
}

pub fn dispatch(way: DispatchWay, to: Holder) -> Command {
    Command::Dispatch {
        way,
        to,
        watcher: (way == DispatchWay::TwoWay).then(|| OfficeId("inspection_two".to_owned())),
        ground: (way == DispatchWay::Assign).then_some(AssignGround::TypicalOrStrong),
        due: None,
    }
}

impl World {
    /// A world on 11 February 2026 with nothing registered.
    pub fn new(edition: Edition) -> Self {
        Self { edition, today: date(2026, 2, 11), report: None, events: Vec::new() }
    }

    /// A world with `a_report` just received, changed as wanted.
    pub fn with(edition: Edition, change: impl FnOnce(&mut Receive)) -> Self {
        let mut world = Self::new(edition);
        let mut receive = a_report(world.today);
        change(&mut receive);
        world.by(clerk(), Command::Receive(receive));
        world
    }

    pub fn context(&self, actor: Actor) -> Context<'static> {
        Context { today: self.today, at: 1_770_000_000_000_000, actor, rules: Rules::embedded(), edition: self.edition }
    }

    /// Gives a command; the events are kept only if it was lawful.
    pub fn try_by(&mut self, actor: Actor, command: Command) -> Result<(), Refusal> {
        let recorded = decide(self.report.as_ref(), &command, &self.context(actor))?;
        assert!(!recorded.is_empty(), "{command:?} did nothing");
        for one in recorded {
            self.report = Some(evolve(self.report.take(), &one).unwrap());
            self.events.push(one);
        }
        Ok(())
    }

    /// Gives a command that must be lawful.
    #[track_caller]
    pub fn by(&mut self, actor: Actor, command: Command) -> &mut Self {
        if let Err(refusal) = self.try_by(actor, command.clone()) {
            panic!("{command:?} was refused: {refusal} ({})", refusal.id);
        }
        self
    }

    /// Gives a command that must be refused for this reason, and change nothing.
    #[track_caller]
    pub fn refused(&mut self, actor: Actor, command: Command, id: &str) -> &mut Self {
        let before = self.report.clone();
        match self.try_by(actor, command.clone()) {
            Ok(()) => panic!("{command:?} was lawful; expected {id}"),
            Err(refusal) => assert_eq!(refusal.id, id, "{command:?}: {refusal}"),
        }
        assert_eq!(self.report, before);
        self
    }

    /// Has the name of a signed report looked into, where nobody did yet; she could not be reached.
    #[track_caller]
    pub fn name_looked_into(&mut self) -> &mut Self {
        let report = self.report();
        if report.signing == Signing::NamedPending && !report.name_checked {
            self.by(clerk(), Command::VerifyName { signing: Signing::NamedPending });
        }
        self
    }

    /// Lets days pass.
    pub fn on(&mut self, day: Date) -> &mut Self {
        assert!(day >= self.today);
        self.today = day;
        self
    }

    pub fn report(&self) -> &Report {
        self.report.as_ref().unwrap()
    }

    pub fn last_event(&self) -> &Event {
        &self.events.last().unwrap().event
    }

    /// The last day of a running clock.
    #[track_caller]
    pub fn due(&self, clock: &str) -> Date {
        match self.report().clock(clock) {
            Some(found) => found.last_day(),
            None => panic!("{clock} does not run: {:?}", self.report().clocks),
        }
    }

    pub fn runs(&self, clock: &str) -> bool {
        self.report().clock(clock).is_some()
    }

    /// The fold of all events must be the state.
    pub fn check(&self) {
        assert_eq!(fold(&self.events).unwrap(), self.report);
    }
}
