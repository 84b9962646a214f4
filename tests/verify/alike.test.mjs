// The verifier of the page and the program's own say the same: of sound bundles, of damaged and forged
// ones, and of every single flipped byte; with the browser's ciphers and with the plain ones.
import { test } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { line, verifier, worlds } from "./page.mjs";

const file = path.join(path.dirname(fileURLToPath(import.meta.url)), "cases.json");
const { cases, flipped } = JSON.parse(fs.readFileSync(file, "utf8"));
const bytes = (text) => (typeof text === "string" ? new Uint8Array(Buffer.from(text, "base64")) : new Uint8Array(text.count).fill(text.byte));

for (const [name, world] of worlds) {
  test(`page and program say the same of ${cases.length} bundles, with ${name}`, async () => {
    const page = verifier(world);
    for (const one of cases) {
      const trust = await page.parseTrust(one.policy);
      const result = await page.check(bytes(one.file), one.paper === null ? null : bytes(one.paper), trust);
      assert.equal(line(result), one.verdict, one.name);
    }
    assert.ok(cases.filter((one) => !one.verdict.startsWith("refused")).length >= 8, "some are sound");
  });

  test(`no flipped byte of a bundle goes unseen on the page, with ${name}`, { timeout: 600_000 }, async () => {
    const page = verifier(world);
    for (const { policy, file, verdicts } of flipped) {
      const trust = await page.parseTrust(policy), sound = bytes(file);
      assert.ok((await page.check(sound, null, trust)).sound);
      let at = 0;
      for (const [verdict, count] of verdicts) {
        for (let n = 0; n < count; n++, at++) {
          const wrong = sound.slice();
          wrong[at] ^= 1 << (at % 8);
          assert.equal(line(await page.check(wrong, null, trust)), verdict, `byte ${at}`);
        }
      }
      assert.equal(at, sound.length, "every byte was flipped");
    }
  });

  test(`no flipped byte of a letter goes unseen on the page, with ${name}`, async () => {
    const page = verifier(world), letter = cases.find((one) => one.name === "a letter");
    const trust = await page.parseTrust(letter.policy), proof = bytes(letter.file), paper = bytes(letter.paper);
    assert.ok((await page.check(proof, paper, trust)).sound);
    for (let at = 0; at < paper.length; at++) {
      const wrong = paper.slice();
      wrong[at] ^= 1 << (at % 8);
      const { sound, fault } = await page.check(proof, wrong, trust);
      assert.deepEqual([sound, fault?.place], [false, "file"], `byte ${at}`);
    }
  });
}

test("a policy is followed as written, and nothing else is taken for one", async () => {
  const page = verifier();
  const { policy, file } = cases.find((one) => one.name === "a proof with a witness");
  const [log, witness] = policy.split("\n").map((l) => l.split(" ").pop());
  const other = cases.find((one) => one.name === "an unknown witness").policy.split("\n")[1].split(" ").pop();
  const judged = async (text) => (await page.check(bytes(file), null, await page.parseTrust(text))).sound;
  const three = `log ${log}\nwitness a ${witness} https://a.example\nwitness b ${other}\n# a remark\n\n`;
  assert.equal(await judged(log), true, "a key alone");
  assert.equal(await judged(`${three}quorum a`), true);
  assert.equal(await judged(`${three}quorum b`), false);
  assert.equal(await judged(`${three}group g any a b\nquorum g`), true);
  assert.equal(await judged(`${three}group g all a b\nquorum g`), false);
  assert.equal(await judged(`${three}group g 1 a\ngroup h 2 g b\nquorum h`), false);
  assert.equal(await judged(`${three}quorum none`), true);
  for (const text of [
    "", "hello", log.replace("+", " "), log.slice(0, -2), log.replace(/[0-9a-f]{8}/, "00000000"), witness,
    `log ${witness}\nquorum none`, `${three}`, `${three}quorum c`, `${three}group none any a\nquorum none`,
    `${three}group g 3 a b\nquorum g`, `${three}group g 0 a b\nquorum g`, `${three}group g any a a\nquorum g`,
    `${three}witness a ${other}\nquorum a`, `${three}witness c ${witness}\nquorum c`, `log ${log}\n${three}quorum none`, `${three}quorum a\nquorum b`, `witness a ${witness}\nquorum a`,
  ]) await assert.rejects(page.parseTrust(text), (fault) => fault.place === "key", text);
});
