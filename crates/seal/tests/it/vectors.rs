//! Formats as they were when the first report was sealed. A change here means that stored
//! envelopes no longer open: it needs a new suite or form byte, never a new figure.

use seal::{
    ContentKey, FilePlace, IdentityPlace, KeyPlace, OfficeRing, OfficeSecret, Pepper, Place, QueryCode, Recipients,
    RecusalKey, ThreadPlace, WrappedKey, open_part, recusal_token, seal_file, seal_identity, seal_part, seal_to_thread,
    sha256, thread_keys,
};

use crate::{REPORT, TENANT, entropy, key_place};

fn short(bytes: &[u8]) -> String {
    hex::encode(&sha256(bytes)[..12])
}

#[test]
fn every_format_is_as_it_was() {
    let rng = &mut entropy(2026);
    let office = OfficeSecret::generate(rng);
    let (key, wrapped) = ContentKey::mint(&office.public(), &key_place(1), rng).unwrap();
    let part = seal_part(&key, &Place::whole(TENANT, REPORT, 1, "received"), b"text", rng).unwrap();
    let mut file = Vec::new();
    let place = FilePlace { tenant: TENANT, report: REPORT, blob: [3; 16] };
    seal_file(&key, &place, rng, &mut &b"file"[..], &mut file).unwrap();
    let to = Recipients {
        office: office.public(),
        custodian: seal::CustodianSecret::generate(rng).public(),
        approver: seal::ApproverSecret::generate(rng).public(),
        gate: seal::GateSecret::generate(rng).public(),
    };
    let place = IdentityPlace { tenant: TENANT, report: REPORT, part: 0 };
    let identity = seal_identity(&to, &place, Some(b"name"), rng).unwrap();
    let pepper = Pepper::from_bytes([1; 32]);
    let code = QueryCode::from_token(&pepper, TENANT, b"token");
    let keys = thread_keys(&pepper, &code);
    let place = ThreadPlace { tenant: TENANT, report: REPORT, seq: 1 };
    let entry = seal_to_thread(&keys.public(), &place, b"message", rng).unwrap();
    let index = seal::IndexKey::from_bytes([2; 32]);
    let chunks = seal::ChunkCipher::create(&index, "meta.json", rng);
    let found = [
        ("office key id", office.id().to_string()),
        ("wrapped key", short(wrapped.as_bytes())),
        ("part", short(&part.envelope)),
        ("file", short(&file)),
        ("identity", short(&identity)),
        ("code", code.grouped()),
        ("look-up", short(&code.lookup(&pepper))),
        ("thread key", short(keys.public().as_bytes())),
        ("thread entry", short(&entry)),
        ("chunk", short(&chunks.seal(0, seal::Last::Yes, b"chunk"))),
        ("recusal token", recusal_token(&RecusalKey::from_bytes([3; 32]), TENANT, "s-001")),
    ];
    assert_eq!(found.map(|(name, value)| format!("{name}: {value}")), EXPECTED);
}

/// A wrapped key and a part as bytes, opened with a stored secret key alone.
#[test]
fn stored_bytes_open() {
    let office = OfficeSecret::from_bytes(SECRET).unwrap();
    let ring = OfficeRing::new(office, Vec::new());
    let wrapped = WrappedKey::from_bytes(hex::decode(WRAPPED).unwrap()).unwrap();
    let place = KeyPlace { tenant: TENANT, report: REPORT, key_no: 1 };
    let key = ring.unwrap(&wrapped, &place).unwrap();
    let place = Place::whole(TENANT, REPORT, 1, "received");
    let part = seal_part(&key, &place, b"x", &mut entropy(1)).unwrap();
    assert_eq!(hex::encode(part.digest.key_commitment), COMMITMENT);
    assert!(open_part(&key, &place, &part.envelope).is_ok());
}

const SECRET: [u8; 32] = [0x42; 32];
const WRAPPED: &str = "\
    0101f406887a72395c73cbd42c93565efff41d07c334ac9d4e52dc54faf7e145a6a1a0577f7a6b90287b154ba2e9cc88\
    a98195b56e7d3cca78426ebf6a137e2f413c18139365bb6e55d66f614ca1a657df2ee7209d2a6535c5a4d5f959f8d18b\
    ae491f7db5b22bb43c787af29794246594dc15c01cbf02a6a90f";
const COMMITMENT: &str = "10a61949944560d16ab776db9f9de6e4e3f644f0415c07841fff4faaed823d55";
const EXPECTED: [&str; 11] = [
    "office key id: eaaf0b79a5ce919b",
    "wrapped key: 5e76f805870d11d610446a99",
    "part: 3c9702bba2c10e805069e307",
    "file: d70c378fa9d78988fc851871",
    "identity: cdc388b9206c3d5267303764",
    "code: SZESB-S5PDV-SBQGA-R7CF7",
    "look-up: da9227ca77718984fbcbb4a4",
    "thread key: 250c77cf79a6f9649b416ad3",
    "thread entry: 1e2e1d2b9fb4c80bcbbbfd14",
    "chunk: 31426fe43666c50fc484571a",
    "recusal token: 8e1b5f96ecf187d96bd6a50a6b92508b",
];
