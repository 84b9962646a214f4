//! The cipher of the index's files.

use seal::{CHUNK_TAG_LEN, ChunkCipher, IndexKey, Last, SealError};

use crate::{entropy, flipped};

#[test]
fn a_chunk_opens_only_as_what_it_is() {
    let key = IndexKey::generate(&mut entropy(1));
    let cipher = ChunkCipher::create(&key, "a.term", &mut entropy(2));
    let sealed = cipher.seal(3, Last::No, b"words");
    assert_eq!(sealed.len(), 5 + CHUNK_TAG_LEN);
    let reopened = ChunkCipher::open(&key, "a.term", cipher.header()).unwrap();
    assert_eq!(&reopened.unseal(3, Last::No, &sealed).unwrap()[..], b"words");
    assert!(reopened.unseal(4, Last::No, &sealed).is_err());
    assert!(reopened.unseal(3, Last::Yes, &sealed).is_err());
    let commitment = SealError::Commitment("index file");
    assert_eq!(ChunkCipher::open(&key, "b.term", cipher.header()).unwrap_err(), commitment);
    let other = IndexKey::generate(&mut entropy(9));
    assert_eq!(ChunkCipher::open(&other, "a.term", cipher.header()).unwrap_err(), commitment);
    for (at, bad) in flipped(cipher.header(), 0..cipher.header().len()) {
        assert!(ChunkCipher::open(&key, "a.term", &bad).is_err(), "byte {at}");
    }
    let second = ChunkCipher::create(&key, "a.term", &mut entropy(3));
    assert!(second.unseal(3, Last::No, &sealed).is_err(), "another version of the file");
}
