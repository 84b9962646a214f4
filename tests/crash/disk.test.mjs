// A full disk: the folder of the register lies on a small disk that is filled to the brim while people
// file. They are told so and lose nothing, and once there is room it goes on by itself.
import { test } from "node:test";
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { House, folder, pause } from "./house.mjs";

/** A disk of so many megabytes in memory, or why there is none. */
function disk(place, megabytes) {
  fs.mkdirSync(place);
  const done = spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m`, "tmpfs", place], { encoding: "utf8" });
  if (done.status !== 0) return `no small disk can be made here: ${done.stderr.trim() || done.error}`;
  return null;
}

/** Fills a disk to its last byte; gives back a function that makes room again. */
function fill(place) {
  const file = path.join(place, "filler");
  const open = fs.openSync(file, "w");
  try {
    for (let size = 1 << 20; size >= 512; size >>= 1) {
      try {
        for (;;) fs.writeSync(open, Buffer.alloc(size));
      } catch (error) {
        assert.equal(error.code, "ENOSPC");
      }
    }
  } finally {
    fs.closeSync(open);
  }
  return () => fs.rmSync(file);
}

/** What a person without scripts is told who files with a file of so many bytes. */
async function fileByPage(house, text, bytes) {
  const form = new FormData();
  const fields = { name1: "方某某", unit1: "镇政府", post1: "副镇长", text, signing: "anonymous", read: "yes" };
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  const body = `%PDF-1.4\n1 0 obj\n<</Type/Catalog>>\nendobj\n% ${randomBytes(bytes / 2).toString("hex")}\ntrailer\n<</Root 1 0 R>>\n%%EOF\n`;
  if (bytes) form.append("file", new Blob([body], { type: "application/pdf" }), "账目.pdf");
  const answer = await fetch(`${house.at.public}/${house.organ}/report/submit`, {
    method: "POST", body: form, headers: { origin: new URL(house.at.public).origin }, signal: AbortSignal.timeout(60_000),
  });
  return { status: answer.status, page: await answer.text() };
}

/** Two times full and emptied; how many reports there are in the end. */
async function filled(house, place) {
  await house.signIn();
  for (let n = 0; n < 20; n++) assert.ok(await house.file());
  for (let round = 0; round < 2; round++) {
    const makeRoom = fill(place);
    let refused = 0;
    for (let n = 0; n < 300 && refused < 20; n++) {
      // Whoever gets no 201 was not acknowledged and asks again when there is room.
      const answer = await house.tryFile();
      if (answer.status !== 201) {
        refused += 1;
        assert.ok(answer.status >= 500, `${answer.status}: ${answer.text}`);
        assert.match(answer.text, /[一-鿿]{6,}|"type":"urn:dengwen:problem/, "a sentence, not a stack");
      }
    }
    assert.ok(refused > 0, "the disk was full");
    const said = "救灾物资没有发到户，请核查，附件是名单。";
    const page = await fileByPage(house, said, 400_000);
    assert.ok(page.status >= 500, String(page.status));
    assert.ok(page.page.includes(said), "her text is on the page");
    assert.equal((await house.status(house.acknowledged()[0].code)).number, house.acknowledged()[0].number, "she is served who looks");
    // What cannot be recorded is not shown.
    const desk = await house.desk("/");
    assert.ok(desk.status === 200 || desk.status === 503, String(desk.status));
    makeRoom();
    await pause(1_500);
    assert.ok(await house.file(), "it goes on without being started again");
  }
  await house.settle();
  return house.reckon();
}

test("the disk fills up while people file, and is emptied again", { timeout: 300_000 }, async (t) => {
  const place = path.join(folder(t), "disk");
  const none = disk(place, 160);
  if (none) return t.skip(none);
  const house = new House(place);
  try {
    await house.start();
    t.diagnostic(`${await filled(house, place)} reports`);
  } finally {
    await house.kill();
    spawnSync("umount", ["-l", place]);
  }
});
