// The plain-JavaScript hashes and signatures against what others computed: RFC 8032, the published
// hashes, node's own OpenSSL, and signatures no strict verifier may take.
import { test } from "node:test";
import assert from "node:assert/strict";
import crypto from "node:crypto";
import { verifier, worlds } from "./page.mjs";

const bytes = (hex) => new Uint8Array(Buffer.from(hex, "hex"));
const hex = (array) => Buffer.from(array).toString("hex");

// RFC 8032, 7.1: key, message, signature.
const RFC = [
  ["d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"],
  ["3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"],
  ["fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
    "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"],
  // SHA(abc).
  ["ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
    "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"],
];

test("hashes are those of the standard at every length around a block", () => {
  const { plainSha256, sha512 } = verifier({ crypto: null });
  assert.equal(hex(plainSha256(Buffer.from("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  for (let length = 0; length < 300; length++) {
    const message = new Uint8Array(crypto.randomBytes(length));
    assert.equal(hex(plainSha256(message)), crypto.createHash("sha256").update(message).digest("hex"), `${length}`);
    assert.equal(hex(sha512(message)), crypto.createHash("sha512").update(message).digest("hex"), `${length}`);
  }
  const long = new Uint8Array(1_000_000).fill(97);
  assert.equal(hex(plainSha256(long)), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
});

for (const [name, world] of worlds) {
  test(`signatures of RFC 8032 hold and none of their neighbours does, with ${name}`, async () => {
    const page = verifier(world);
    for (const [key, message, signature] of RFC) {
      const known = page.publicKey(bytes(key));
      assert.ok(await page.verify(known, bytes(signature), bytes(message)));
      assert.ok(!await page.verify(known, bytes(signature), bytes(`${message}00`)));
      for (const at of [0, 1, 31, 32, 40, 63]) {
        const wrong = bytes(signature);
        wrong[at] ^= 1;
        assert.ok(!await page.verify(known, wrong, bytes(message)), `byte ${at}`);
      }
      for (const length of [0, 63, 65]) {
        const wrong = new Uint8Array(length);
        wrong.set(bytes(signature).subarray(0, length));
        assert.ok(!await page.verify(known, wrong, bytes(message)), `${length} bytes`);
      }
    }
  });

  test(`S beyond the order, keys and R of small order are refused, with ${name}`, async () => {
    const page = verifier(world);
    const [key, , signature] = RFC[0];
    const order = 2n ** 252n + 27742317777372353535851937790883648493n;
    const s = BigInt(`0x${hex(bytes(signature).subarray(32).reverse())}`);
    const beyond = bytes(signature.slice(0, 64) + hex(bytes((s + order).toString(16).padStart(64, "0")).reverse()));
    assert.ok(!await page.verify(page.publicKey(bytes(key)), beyond, bytes("")));
    // The eight points of small order, and the ways to write them that reduce to the same.
    const small = [
      `01${"00".repeat(31)}`, `${"00".repeat(32)}`, `${"00".repeat(31)}80`, `ec${"ff".repeat(30)}7f`,
      "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05", "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
      "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
      `ee${"ff".repeat(30)}7f`, `ed${"ff".repeat(30)}7f`, `01${"00".repeat(30)}80`,
    ];
    for (const point of small) {
      const known = page.publicKey(bytes(point));
      assert.ok(known, point);
      assert.ok(!await page.verify(known, bytes(`01${"00".repeat(63)}`), bytes("")), point);
      const wrong = bytes(point + signature.slice(64));
      assert.ok(!await page.verify(page.publicKey(bytes(key)), wrong, bytes("")), `R ${point}`);
    }
    assert.equal(page.publicKey(bytes(`02${"00".repeat(31)}`)), null, "no point of the curve");
  });

  test(`what OpenSSL signs holds, with ${name}`, async () => {
    const page = verifier(world);
    for (let n = 0; n < 40; n++) {
      const { publicKey, privateKey } = crypto.generateKeyPairSync("ed25519");
      const known = page.publicKey(new Uint8Array(publicKey.export({ type: "spki", format: "der" }).subarray(-32)));
      const message = new Uint8Array(crypto.randomBytes(n * 7));
      const signature = new Uint8Array(crypto.sign(null, message, privateKey));
      assert.ok(await page.verify(known, signature, message));
      signature[n] ^= 1 << (n % 8);
      assert.ok(!await page.verify(known, signature, message));
    }
  });
}
