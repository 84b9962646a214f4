// A clock that jumps under a running server: days ahead, back again, over the end of a year, with the
// server killed in between. Numbers stay gapless in each year, nothing waits for a time that was never
// meant, and the log goes on.
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { program } from "../journeys/harness.mjs";
import { House, Postgres, folder, pause } from "./house.mjs";

const library = fs.readdirSync("/usr/lib", { withFileTypes: true }).filter((f) => f.isDirectory())
  .map((f) => path.join("/usr/lib", f.name, "faketime/libfaketimeMT.so.1")).find((file) => fs.existsSync(file));
const skip = library ? false : "libfaketime is missing: run make setup";
const DAY = 86_400;

/** A time for one process alone, that can be changed while it runs; timers keep their pace. */
class Time {
  constructor(place) {
    this.file = path.join(place, "time");
    this.env = { LD_PRELOAD: library, FAKETIME_TIMESTAMP_FILE: this.file, FAKETIME_NO_CACHE: "1", FAKETIME_DONT_FAKE_MONOTONIC: "1" };
    this.ahead(0);
  }

  /** So many seconds before or after the true time. */
  ahead(seconds) {
    fs.writeFileSync(this.file, `${seconds >= 0 ? "+" : ""}${seconds}\n`);
  }

  /** As if it were now this moment of this zone, and goes on from there. */
  at(moment) {
    this.ahead(Math.round((new Date(moment).getTime() - Date.now()) / 1000));
  }
}

const publish = (house, time) =>
  execFileSync(program, ["log", "publish", ...house.places], { encoding: "utf8", env: { ...process.env, ...time.env } })
    .trim().split("\n").map((line) => Number(line.split(" ")[1])).reduce((sum, size) => sum + size, 0);

async function jumps(house, time, t) {
  // Set up a day ago: a clock that goes back an hour just after midnight would otherwise stand on the
  // day before the keys came into term, where the server rightly refuses to start.
  time.ahead(-DAY);
  await house.start();
  t.after(() => house.kill());
  time.ahead(0);
  for (let n = 0; n < 10; n++) assert.ok(await house.file());
  let size = publish(house, time);
  const grows = () => { const now = publish(house, time); assert.ok(now > size, "the log goes on"); size = now; };

  // Two days ahead, at work; killed there, so that whatever it held is held until then.
  time.ahead(2 * DAY);
  for (let n = 0; n < 10; n++) assert.ok(await house.file());
  await house.signIn();
  await house.accept();
  grows();
  await house.kill();

  // An hour back, in a new process: it takes up what the other held.
  time.ahead(-3600);
  await house.start();
  for (let n = 0; n < 10; n++) assert.ok(await house.file());
  await house.signIn();
  await house.accept();
  grows();

  // Over the end of the year while people file, and back before it.
  const year = new Date().getFullYear();
  time.at(`${year}-12-31T23:59:57+08:00`);
  const told = [];
  for (let n = 0; n < 30; n++) { told.push(await house.file()); await pause(250); }
  const years = new Set(told.map(({ number }) => number.split("-")[1]));
  assert.deepEqual([...years].sort(), [String(year), String(year + 1)], "a series for each year");
  time.ahead(0);
  for (let n = 0; n < 10; n++) assert.ok(await house.file());
  grows();
  await house.signIn();
  await house.accept();

  await house.settle();
  t.diagnostic(`${await house.reckon()} reports`);
}

test("a clock that jumps, on SQLite", { skip, timeout: 300_000 }, async (t) => {
  const place = folder(t);
  const time = new Time(place);
  await jumps(new House(place, [], time.env), time, t);
});

test("a clock that jumps, on PostgreSQL", { skip, timeout: 300_000 }, async (t) => {
  const place = folder(t);
  const time = new Time(place);
  const postgres = new Postgres(place);
  await postgres.start();
  try {
    await jumps(new House(place, ["--database", postgres.url], time.env), time, t);
  } finally {
    await postgres.fall();
  }
});
