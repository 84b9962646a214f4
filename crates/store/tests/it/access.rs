//! Sign-ins end when they should, and a one-time link works once.

use domain::ids::StaffId;
use jiff::civil::date;
use store::*;

use crate::world::*;

const MINUTE: i64 = 60_000_000;
const IDLE: i64 = 30 * MINUTE;

fn session(token: u8, staff: &str) -> SessionRow {
    SessionRow {
        token: [token; 32],
        tenant: tenant(),
        staff: StaffId(staff.into()),
        data: "{}".into(),
        created_at: 0,
        seen_at: 0,
        expires_at: 600 * MINUTE,
    }
}

on_both! {
    async fn a_session_idles_out_and_expires(world) {
        let store = &world.store;
        store.session_begin(&session(1, "lin")).await.unwrap();
        assert_eq!(store.session(&[2; 32], 0, IDLE).await.unwrap(), None);
        let seen = store.session(&[1; 32], 20 * MINUTE + 7, IDLE).await.unwrap().unwrap();
        assert_eq!(seen.seen_at, 20 * MINUTE, "to the minute");
        assert!(store.session(&[1; 32], 45 * MINUTE, IDLE).await.unwrap().is_some(), "kept alive by use");
        store.session_data(&[1; 32], "{\"role\":\"clerk\"}").await.unwrap();
        assert_eq!(store.session(&[1; 32], 46 * MINUTE, IDLE).await.unwrap().unwrap().data, "{\"role\":\"clerk\"}");
        assert_eq!(store.session(&[1; 32], 76 * MINUTE, IDLE).await.unwrap(), None, "idle");
        assert_eq!(store.session(&[1; 32], 47 * MINUTE, IDLE).await.unwrap(), None, "and gone on the server");

        store.session_begin(&session(3, "lin")).await.unwrap();
        assert_eq!(store.session(&[3; 32], 600 * MINUTE, i64::MAX).await.unwrap(), None, "expired");
        store.session_begin(&session(4, "lin")).await.unwrap();
        store.session_begin(&session(5, "lin")).await.unwrap();
        store.session_begin(&session(6, "wu")).await.unwrap();
        store.session_end(&[4; 32]).await.unwrap();
        assert_eq!(store.session(&[4; 32], 0, IDLE).await.unwrap(), None);
        let password = CredentialRow {
            lookup: [9; 32],
            kind: CredentialKind::Password,
            tenant: tenant(),
            staff: StaffId("lin".into()),
            secret: "new".into(),
            expires_at: None,
        };
        store.password_put(&password).await.unwrap();
        assert_eq!(store.session(&[5; 32], 0, IDLE).await.unwrap(), None);
        assert!(store.session(&[6; 32], 0, IDLE).await.unwrap().is_some());
        assert_eq!(store.sessions_sweep(IDLE, IDLE).await.unwrap(), 1);
    }

    async fn a_link_works_once_and_a_password_until_changed(world) {
        let store = &world.store;
        let link = CredentialRow {
            lookup: [1; 32],
            kind: CredentialKind::Invitation,
            tenant: tenant(),
            staff: StaffId("admin".into()),
            secret: String::new(),
            expires_at: Some(100),
        };
        let mut password = CredentialRow {
            lookup: [2; 32],
            kind: CredentialKind::Password,
            secret: "one".into(),
            expires_at: None,
            ..link.clone()
        };
        store.credential_put(&link).await.unwrap();
        assert!(!store.invitation_spend(&[1; 32], 100, &password).await.unwrap(), "too late");
        assert_eq!(store.credential(&[2; 32], CredentialKind::Password, 0).await.unwrap(), None, "and sets nothing");
        let tries: Vec<_> = (0..10)
            .map(|n| {
                let store = store.clone();
                let password = CredentialRow { secret: format!("by {n}"), ..password.clone() };
                tokio::spawn(async move {
                    store.invitation_spend(&[1; 32], 99, &password).await.unwrap().then_some(password)
                })
            })
            .collect();
        let mut taken = Vec::new();
        for t in tries {
            taken.extend(t.await.unwrap());
        }
        assert_eq!(taken.len(), 1);
        let stored = store.credential(&[2; 32], CredentialKind::Password, 0).await.unwrap();
        assert_eq!(stored.as_ref(), taken.first(), "the one who had it set the password");

        store.password_put(&password).await.unwrap();
        password.secret = "two".into();
        store.password_put(&password).await.unwrap();
        assert_eq!(store.credential(&[2; 32], CredentialKind::Password, 0).await.unwrap(), Some(password));
        assert_eq!(store.credential(&[1; 32], CredentialKind::Invitation, 0).await.unwrap(), None);
    }

    async fn api_keys_and_drafts_come_and_go(world) {
        let store = &world.store;
        let key = ApiKeyRow { key: [1; 32], tenant: tenant(), name: "front".into(), created_on: date(2026, 1, 2) };
        store.api_key_put(&key).await.unwrap();
        assert_eq!(store.api_key(&[1; 32]).await.unwrap(), Some(key.clone()));
        assert_eq!(store.api_keys(&tenant()).await.unwrap(), [key]);
        assert!(store.api_keys(&other_tenant()).await.unwrap().is_empty());
        store.api_key_revoke(&[1; 32]).await.unwrap();
        assert_eq!(store.api_key(&[1; 32]).await.unwrap(), None);

        let (lin, wu) = (StaffId("lin".into()), StaffId("wu".into()));
        let mut draft = DraftRow { draft: id(1), form: "letter".into(), sealed: vec![1], changed_on: TODAY };
        store.draft_put(&tenant(), &lin, &draft).await.unwrap();
        draft.sealed = vec![2];
        store.draft_put(&tenant(), &lin, &draft).await.unwrap();
        assert_eq!(store.drafts(&tenant(), &lin).await.unwrap(), [draft]);
        assert!(store.drafts(&tenant(), &wu).await.unwrap().is_empty());
        assert_eq!(store.draft_count(&tenant(), &lin).await.unwrap(), 1);
        assert_eq!(store.draft_count(&tenant(), &wu).await.unwrap(), 0);
        store.draft_delete(&tenant(), &wu, &id(1)).await.unwrap();
        assert_eq!(store.drafts(&tenant(), &lin).await.unwrap().len(), 1);
        store.draft_delete(&tenant(), &lin, &id(1)).await.unwrap();
        assert!(store.drafts(&tenant(), &lin).await.unwrap().is_empty());
        store.ping().await.unwrap();
    }
}
