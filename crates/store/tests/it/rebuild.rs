//! Projections can be thrown away: what stands there is read back whole and put right.

use domain::ids::ReportId;
use domain::report::Holder;
use domain::words::Stage;
use store::*;

use crate::world::*;

on_both! {
    async fn a_projection_is_read_back_as_written_and_put_right(world) {
        let store = &world.store;
        let bend: Bend = Box::new(|rows| {
            let p = rows.projection.as_mut().unwrap();
            p.report.holder = Holder::Organ { tenant: other_tenant() };
            p.clocks = vec![clock(1, TODAY, TODAY, TODAY), clock(2, TODAY, TODAY, TODAY.tomorrow().unwrap())];
            p.recused = vec!["b".into(), "a".into()];
            p.papers = vec![PaperRow { version: 1, paper: "notice".into(), number: Some("7".into()), day: TODAY }];
        });
        let number = store.append(intake_with(1, bend)).await.unwrap().number.unwrap();
        let report = ReportId(id(1));
        let good = store.projection(&tenant(), report).await.unwrap().unwrap();
        let mut expected = projection(report_row(report, number.clone(), 1));
        expected.report.holder = Holder::Organ { tenant: other_tenant() };
        expected.clocks = vec![clock(1, TODAY, TODAY, TODAY), clock(2, TODAY, TODAY, TODAY.tomorrow().unwrap())];
        expected.recused = vec!["a".into(), "b".into()];
        expected.papers = vec![PaperRow { version: 1, paper: "notice".into(), number: Some("7".into()), day: TODAY }];
        expected.report.next = NextDue::of(&expected.clocks);
        assert_eq!(good, expected);

        // Somebody meddles with every projected table.
        for sql in [
            "UPDATE reports SET stage = 'closed', due_on = NULL",
            "DELETE FROM clocks WHERE seq = 1",
            "UPDATE recusals SET who = 'nobody' WHERE who = 'a'",
            "DELETE FROM papers",
        ] {
            world.raw(sql).await.unwrap();
        }
        let bad = store.projection(&tenant(), report).await.unwrap().unwrap();
        assert_eq!(bad.report.stage, Stage::Closed);
        let rebuilt = [RebuiltReport { report, projection: good.clone() }];
        assert_eq!(store.projection_replace(&tenant(), &rebuilt).await.unwrap(), 1);
        assert_eq!(store.projection(&tenant(), report).await.unwrap().unwrap(), good);

        // The report moved on while somebody rebuilt: what was folded earlier is not written.
        store.append(step(1, 1, |r| r.stage = Stage::InHandling, number)).await.unwrap();
        assert_eq!(store.projection_replace(&tenant(), &rebuilt).await.unwrap(), 0);
        let now = store.projection(&tenant(), report).await.unwrap().unwrap();
        assert_eq!((now.report.version, now.report.stage, now.clocks.len()), (2, Stage::InHandling, 0));
    }

    async fn projections_without_a_stream_are_found_and_deleted(world) {
        let store = &world.store;
        file(store, 1..=5).await;
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = store.projected_after(&tenant(), after, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(*last);
            seen.extend(page);
        }
        assert_eq!(seen.len(), 5);
        assert!(seen.is_sorted());
        store.projection_delete(&tenant(), ReportId(id(2))).await.unwrap();
        assert_eq!(store.projection(&tenant(), ReportId(id(2))).await.unwrap(), None);
        assert_eq!(store.projected_after(&tenant(), None, 9).await.unwrap().len(), 4);
    }

    async fn a_value_nobody_wrote_is_reported_not_guessed(world) {
        file(&world.store, [1]).await;
        world.raw("UPDATE reports SET stage = 'somewhere'").await.unwrap();
        let error = world.store.report(&Scope::program(tenant()), ReportId(id(1))).await.unwrap_err();
        assert!(matches!(error, StoreError::Damaged { table: "reports", column: "stage" }), "{error}");
        assert!(error.to_string().contains("dengwen fsck"));
    }
}
