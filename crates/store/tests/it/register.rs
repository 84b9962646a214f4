//! The register itself: nothing in it changes or goes.

use domain::ids::StreamKind;

use crate::world::*;

on_both! {
    async fn the_register_is_append_only(world) {
        file(&world.store, [1]).await;
        let mut tries = vec![
            "UPDATE events SET header = 'another'",
            "UPDATE events SET day = day - 1 WHERE version = 1",
            "DELETE FROM events",
        ];
        match world.engine {
            // Through our own settings; REPLACE would otherwise delete behind the trigger's back.
            Engine::Sqlite => tries.push(
                "PRAGMA recursive_triggers = ON; INSERT OR REPLACE INTO events SELECT tenant, kind, stream, version, \
                 'other', day, header, sealed, key_no, number, prev, commitment FROM events",
            ),
            Engine::Postgres => tries.push("TRUNCATE events"),
        }
        for sql in tries {
            let error = world.raw(sql).await.expect_err(sql);
            assert!(error.to_string().contains("append-only"), "{sql}: {error}");
        }
        let events = world.store.stream(&tenant(), StreamKind::Report, &id(1)).await.unwrap();
        assert_eq!(events[0].row, event(&id(1), 1, [0; 32]).row);
    }

    async fn streams_are_walked_whole_and_in_order(world) {
        let numbers = file(&world.store, 1..=25).await;
        world.store.append(step(3, 1, |_| {}, numbers[&3].clone())).await.unwrap();
        world.store.append(audit(id(5003))).await.unwrap();
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = world.store.streams_after(&tenant(), StreamKind::Report, after.as_ref(), 10).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last[0].stream);
            seen.extend(page);
        }
        assert_eq!(seen.len(), 25);
        assert!(seen.windows(2).all(|w| w[0][0].stream < w[1][0].stream));
        assert_eq!(seen.iter().find(|s| s[0].stream == id(3)).unwrap().len(), 2);
        assert_eq!(world.store.streams_count(&tenant(), StreamKind::Report).await.unwrap(), 25);
        assert_eq!(world.store.streams_count(&other_tenant(), StreamKind::Report).await.unwrap(), 0);
    }

    async fn organs_are_listed(world) {
        world.store.append(found(tenant(), None)).await.unwrap();
        world.store.append(found(other_tenant(), Some(tenant()))).await.unwrap();
        let organs = world.store.tenants().await.unwrap();
        assert_eq!(organs.iter().map(|(code, _)| code.clone()).collect::<Vec<_>>(), [tenant(), other_tenant()]);
        assert_eq!(organs[1].1.superior, Some(tenant()));
    }

    async fn content_keys_move_under_a_new_office_key(world) {
        file(&world.store, 1..=5).await;
        assert_eq!(world.store.content_keys_left(&tenant(), "office-2").await.unwrap(), 5);
        loop {
            let mut some = world.store.content_keys_not_under(&tenant(), "office-2", 2).await.unwrap();
            if some.is_empty() {
                break;
            }
            for (_, key) in &mut some {
                key.key_id = "office-2".into();
                key.wrapped = vec![42; 80];
            }
            world.store.content_keys_rewrap(&tenant(), &some).await.unwrap();
        }
        assert_eq!(world.store.content_keys_left(&tenant(), "office-2").await.unwrap(), 0);
        let key = &world.store.content_keys(&tenant(), domain::ids::ReportId(id(3))).await.unwrap()[0];
        assert_eq!((key.key_no, key.key_id.as_str(), key.wrapped.as_slice()), (1, "office-2", &[42; 80][..]));
    }
}
