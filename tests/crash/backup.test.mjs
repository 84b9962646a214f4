// An old backup is restored after the machine was lost: what the backup holds is there, the log says
// what it follows, who asks again is told the same code, and the old register is never served in place
// of the newer one.
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { program } from "../journeys/harness.mjs";
import { House, folder, pause } from "./house.mjs";

test("an old backup is restored, and the old register does not come back by itself", { timeout: 300_000 }, async (t) => {
  const place = folder(t);
  const house = new House(place);
  const run = (...args) => execFileSync(program, args, { encoding: "utf8" });
  const publish = (places) => Object.fromEntries(run("log", "publish", ...places).trim().split("\n").map((line) => line.split(" ")));
  await house.start();
  try {
    for (let n = 0; n < 12; n++) assert.ok(await house.file());
    publish(house.places);
    const backup = path.join(place, "backup");
    run("backup", backup, ...house.places);
    // The register's own files as they were then, as somebody might copy them back.
    await house.stop();
    const old = path.join(place, "old");
    fs.cpSync(house.data, old, { recursive: true });
    await house.start();
    const held = new Set(house.acknowledged().map(({ number }) => number));
    for (let n = 0; n < 40; n++) assert.ok(await house.file());
    await pause(500);
    const published = publish(house.places);
    await house.kill();
    const anchor = path.join(place, "anchor");
    fs.copyFileSync(path.join(house.data, "log/head/checkpoint"), anchor);

    // Copied over the newer one it does not serve: the published log has seen more.
    const copied = path.join(place, "copied");
    fs.cpSync(house.data, copied, { recursive: true, filter: (from) => !/lock$|\.sock$|control$/.test(from) });
    fs.cpSync(`${house.data}.keys`, `${copied}.keys`, { recursive: true });
    for (const end of ["", "-wal", "-shm"]) {
      fs.rmSync(path.join(copied, `register.db${end}`), { force: true });
      const kept = path.join(old, `register.db${end}`);
      if (fs.existsSync(kept)) fs.copyFileSync(kept, path.join(copied, `register.db${end}`));
    }
    const served = spawnSync(program, ["serve", "--listen", "127.0.0.1:0", "--desk", "127.0.0.1:0", "--data", copied], { encoding: "utf8", timeout: 20_000 });
    assert.equal(served.status, 1, `an older register is not served: ${served.stderr}`);
    const anchored = spawnSync(program, ["fsck", "--anchor", anchor, "--data", copied], { encoding: "utf8" });
    assert.equal(anchored.status, 1, anchored.stdout + anchored.stderr);

    // Restored as the manual says: the old log's folder beside it, then served.
    const back = new House(path.join(place, "back"));
    fs.mkdirSync(path.join(place, "back"));
    run("restore", backup, "--data", back.data, "--keys", `${house.data}.keys`);
    fs.cpSync(`${house.data}.keys`, `${back.data}.keys`, { recursive: true });
    fs.cpSync(path.join(house.data, "log"), path.join(back.data, "log"), { recursive: true });
    run("reindex", ...back.places);
    run("fsck", ...back.places);
    await back.start();
    t.after(() => back.kill());
    // Those whom the backup holds are told the same; those it lost ask again and get the same code.
    for (const [key, { body, answer }] of house.told) {
      back.told.set(key, { body, answer: held.has(answer.number) ? answer : null });
      const again = await back.file(key);
      assert.equal(again.code, answer.code, "a retry shows the same code");
    }
    assert.ok(await back.file());
    const now = publish(back.places);
    const organ = Object.keys(published).find((origin) => origin.endsWith(`/${back.organ}`));
    assert.ok(Number(now[`${organ}/2`]) > 0, `the next log is opened: ${Object.keys(now)}`);
    t.diagnostic(`${await back.reckon()} reports`);
  } finally {
    await house.kill();
  }
});
