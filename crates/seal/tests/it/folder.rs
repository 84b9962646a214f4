//! The keys folder.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use jiff::civil::{Date, date};
use seal::{
    ContentKey, Cost, Custodian, DirectoryError, KeyFileError, KeyFolder, KeyFolderError, KeyPlace, Passphrase,
    Protection, SecretKey, TenantHolders,
};

use crate::{REPORT, TENANT, entropy};

const TODAY: Date = date(2026, 11, 22);
const UNTIL: Date = date(2031, 12, 31);

fn holders<'a>(program: Protection<'a>, member: Protection<'a>) -> TenantHolders<'a> {
    TenantHolders {
        custodian: "custodian-1",
        approver: "approver-1",
        from: TODAY,
        until: UNTIL,
        program,
        custodian_file: member,
        approver_file: member,
        root_file: member,
    }
}

fn demo(path: &Path) -> KeyFolder {
    let folder = KeyFolder::new(path);
    folder.init_shared(Protection::DemoPlain, &mut entropy(1)).expect("a new folder");
    let plain = Protection::DemoPlain;
    folder.init_tenant(TENANT, &holders(plain, plain), &mut entropy(2)).expect("a new tenant");
    folder
}

fn files(path: &Path) -> Vec<std::path::PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(path).expect("a folder") {
        let entry = entry.expect("readable").path();
        if entry.is_dir() { all.extend(files(&entry)) } else { all.push(entry) }
    }
    all
}

#[test]
fn what_was_made_is_loaded() {
    let dir = tempfile::tempdir().unwrap();
    let folder = demo(&dir.path().join("keys"));
    assert!(folder.has_shared() && folder.has_tenant(TENANT) && !folder.has_tenant("990200ABC"));
    let plain = Protection::DemoPlain;
    let public = folder.public(TENANT, TODAY, 1, plain).unwrap();
    let desk = folder.desk(TENANT, plain).unwrap();
    let to = public.directory.recipients(TODAY).unwrap();
    assert_eq!(to.office, desk.office.public());
    assert_eq!(to.gate, folder.gate(TENANT, plain).unwrap().public());
    let custodian: SecretKey<Custodian> = folder.member(TENANT, "custodian-1", plain).unwrap();
    assert_eq!(to.custodian, custodian.public());
    let shared = folder.shared(plain).unwrap();
    assert_eq!(shared.pepper.expose(), folder.shared(plain).unwrap().pepper.expose());
    assert_ne!(shared.pepper.expose(), shared.ticket.expose());
    assert_eq!(folder.log_seed(TENANT, plain).unwrap().expose(), folder.log_seed(TENANT, plain).unwrap().expose());
    for file in files(&dir.path().join("keys")) {
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600, "{file:?}");
    }
}

/// Attack 41: what a seized public role holds opens nothing.
#[test]
fn the_public_role_works_without_any_private_file() {
    let dir = tempfile::tempdir().unwrap();
    let folder = demo(dir.path());
    for private in ["office", "index", "log", "gate", "root", "custodian.custodian-1", "approver.approver-1"] {
        fs::remove_file(dir.path().join(TENANT).join(format!("{private}.key"))).unwrap();
    }
    let plain = Protection::DemoPlain;
    folder.shared(plain).unwrap();
    let public = folder.public(TENANT, TODAY, 1, plain).unwrap();
    let to = public.directory.recipients(TODAY).unwrap();
    let place = KeyPlace { tenant: TENANT, report: REPORT, key_no: 1 };
    ContentKey::mint(&to.office, &place, &mut entropy(5)).unwrap();
    assert!(folder.desk(TENANT, plain).is_err());
}

#[test]
fn a_passphrase_protects_every_private_file() {
    let dir = tempfile::tempdir().unwrap();
    let folder = KeyFolder::new(dir.path());
    let ours = Passphrase::new("three plain words".into());
    let theirs = Passphrase::new("another three words".into());
    let protect = |passphrase| Protection::Passphrase { passphrase, cost: Cost::Demo };
    let shared = folder.init_shared(protect(&ours), &mut entropy(1)).unwrap();
    folder.init_tenant(TENANT, &holders(protect(&ours), protect(&theirs)), &mut entropy(2)).unwrap();

    assert!(folder.desk(TENANT, protect(&ours)).is_ok());
    let wrong = folder.desk(TENANT, protect(&theirs)).unwrap_err();
    assert!(matches!(wrong, KeyFolderError::File(KeyFileError::Passphrase { .. })));
    let unasked = folder.desk(TENANT, Protection::DemoPlain).unwrap_err();
    assert!(matches!(unasked, KeyFolderError::File(KeyFileError::Sealed { .. })));
    // The custodian's file opens with his own passphrase only.
    assert!(folder.member::<Custodian>(TENANT, "custodian-1", protect(&theirs)).is_ok());
    assert!(folder.member::<Custodian>(TENANT, "custodian-1", protect(&ours)).is_err());

    let pepper = hex::encode(shared.pepper.expose());
    for file in files(dir.path()) {
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains(&pepper), "{file:?}");
        assert!(!text.contains("demo_plain"), "{file:?}");
    }
}

#[test]
fn plain_files_are_for_the_demo_only() {
    let dir = tempfile::tempdir().unwrap();
    let folder = demo(dir.path());
    let passphrase = Passphrase::new("words".into());
    let wanted = Protection::Passphrase { passphrase: &passphrase, cost: Cost::Demo };
    let refused = folder.desk(TENANT, wanted).unwrap_err();
    assert!(matches!(refused, KeyFolderError::File(KeyFileError::Plain { .. })));
}

#[test]
fn files_that_others_may_read_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let folder = demo(dir.path());
    let office = dir.path().join(TENANT).join("office.key");
    fs::set_permissions(&office, fs::Permissions::from_mode(0o640)).unwrap();
    let refused = folder.desk(TENANT, Protection::DemoPlain).unwrap_err();
    assert!(matches!(refused, KeyFolderError::File(KeyFileError::Open { .. })));
}

#[test]
fn one_key_file_cannot_stand_for_another() {
    let dir = tempfile::tempdir().unwrap();
    let folder = demo(dir.path());
    let at = |name: &str| dir.path().join(TENANT).join(name);
    fs::copy(at("gate.key"), at("office.key")).unwrap();
    assert!(folder.desk(TENANT, Protection::DemoPlain).is_err());
    let other = "990200ABC";
    let plain = Protection::DemoPlain;
    folder.init_tenant(other, &holders(plain, plain), &mut entropy(9)).unwrap();
    fs::copy(dir.path().join(other).join("office.key"), at("office.key")).unwrap();
    assert!(folder.desk(TENANT, plain).is_err());
    // Nor another tenant's directory, though its own root signed it.
    fs::copy(dir.path().join(other).join("directory.json"), at("directory.json")).unwrap();
    let refused = folder.public(TENANT, TODAY, 1, plain).unwrap_err();
    assert!(matches!(refused, KeyFolderError::Directory(DirectoryError::Unsigned)));
}

#[test]
fn keys_are_never_overwritten_and_names_stay_in_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    let folder = demo(dir.path());
    let plain = Protection::DemoPlain;
    assert!(matches!(folder.init_shared(plain, &mut entropy(3)), Err(KeyFolderError::Exists { .. })));
    let again = folder.init_tenant(TENANT, &holders(plain, plain), &mut entropy(3));
    assert!(matches!(again, Err(KeyFolderError::Exists { .. })));
    for name in ["", "..", "a/b", "../990200ABC", "a.b"] {
        assert!(matches!(folder.desk(name, plain), Err(KeyFolderError::Name { .. })), "{name}");
    }
}

#[test]
fn a_crash_while_making_a_tenants_keys_leaves_no_half() {
    let dir = tempfile::tempdir().unwrap();
    let folder = KeyFolder::new(dir.path());
    let staged = dir.path().join(format!("{TENANT}.new"));
    fs::create_dir(&staged).unwrap();
    fs::write(staged.join("office.key"), "half").unwrap();
    assert!(!folder.has_tenant(TENANT));
    let plain = Protection::DemoPlain;
    folder.init_tenant(TENANT, &holders(plain, plain), &mut entropy(2)).unwrap();
    assert!(!staged.exists());
    assert!(folder.desk(TENANT, plain).is_ok());
}

#[test]
fn rotation_keeps_old_content_openable_until_it_is_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let folder = demo(dir.path());
    let plain = Protection::DemoPlain;
    let before = folder.public(TENANT, TODAY, 1, plain).unwrap().directory;
    let old = before.recipients(TODAY).unwrap().office;
    let place = KeyPlace { tenant: TENANT, report: REPORT, key_no: 1 };
    let (_, wrapped) = ContentKey::mint(&old, &place, &mut entropy(4)).unwrap();

    let (ring, directory) = folder.rotate_office(TENANT, (TODAY, UNTIL), plain, plain, &mut entropy(5)).unwrap();
    assert_eq!(directory.version(), 2);
    let loaded = folder.public(TENANT, TODAY, 2, plain).unwrap().directory;
    assert_eq!(loaded, directory);
    let new = directory.recipients(TODAY).unwrap().office;
    assert_ne!(new, old);
    assert_eq!(folder.desk(TENANT, plain).unwrap().office.ids(), [new.id(), old.id()]);
    let rewrapped = ring.rewrap(&wrapped, &place, &new, &mut entropy(6)).unwrap();

    let in_use = folder.forget_office_key(TENANT, new.id(), plain, plain, &mut entropy(7));
    assert!(matches!(in_use, Err(KeyFolderError::InUse { .. })));
    let (ring, directory) = folder.forget_office_key(TENANT, old.id(), plain, plain, &mut entropy(7)).unwrap();
    assert_eq!(directory.version(), 3);
    assert!(directory.entries().iter().all(|entry| entry.key_id != old.id()));
    assert!(ring.unwrap(&wrapped, &place).is_err());
    assert!(ring.unwrap(&rewrapped, &place).is_ok());
    // The directory of version 1 put back is refused by who has seen version 3.
    let refused = folder.public(TENANT, TODAY, 4, plain).unwrap_err();
    assert!(matches!(refused, KeyFolderError::Directory(DirectoryError::Order { found: 3, wanted: 4 })));
}

#[test]
fn an_expired_directory_is_refused_until_renewed_by_the_root() {
    let dir = tempfile::tempdir().unwrap();
    let folder = demo(dir.path());
    let plain = Protection::DemoPlain;
    let late = date(2032, 1, 1);
    let refused = folder.public(TENANT, late, 1, plain).unwrap_err();
    assert!(matches!(refused, KeyFolderError::Directory(DirectoryError::Expired { .. })));
    folder.renew(TENANT, date(2033, 12, 31), plain).unwrap();
    let directory = folder.public(TENANT, late, 2, plain).unwrap().directory;
    directory.recipients(late).unwrap();
}
