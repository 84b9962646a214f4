// Crashes survived: the real server is killed at random moments while people file, write and work,
// on each database; then everyone is told the same as before and nothing is missing. A dozen rounds
// here, hundreds by `make crash`.
import { test } from "node:test";
import assert from "node:assert/strict";
import { House, Postgres, below, folder, pause } from "./house.mjs";

const rounds = Number(process.env.DENGWEN_CRASHES ?? 12);

/** Work in the house until it is killed, as often as asked. */
async function killed(house, times, t) {
  for (let n = 0; n < times; n++) {
    await house.start();
    await house.settle(10);
    await house.signIn();
    let going = true;
    const crowd = house.crowd(8, () => going);
    await pause(150 + below(1_500));
    const kill = house.kill();
    going = false;
    await Promise.all([kill, crowd]);
  }
  await house.start();
  t.after(() => house.kill());
  await house.settle();
  const reports = await house.reckon();
  t.diagnostic(`${times} kills, ${reports} reports, ${house.messages.size} threads, ${house.accepted.size} acceptances`);
  assert.ok(reports > times, "there was work to lose");
}

test("killed at random moments on SQLite", { timeout: 3_600_000 }, async (t) => {
  await killed(new House(folder(t)), Math.ceil(rounds / 2), t);
});

test("killed at random moments on PostgreSQL", { timeout: 3_600_000 }, async (t) => {
  const place = folder(t);
  const postgres = new Postgres(place);
  await postgres.start();
  try {
    await killed(new House(place, ["--database", postgres.url]), Math.floor(rounds / 2), t);
  } finally {
    await postgres.fall();
  }
});

test("the database goes away and comes back", { timeout: 600_000 }, async (t) => {
  const place = folder(t);
  const postgres = new Postgres(place);
  await postgres.start();
  const house = new House(place, ["--database", postgres.url]);
  try {
    await house.start();
    t.after(() => house.kill());
    let going = true;
    const crowd = house.crowd(6, () => going);
    for (let n = 0; n < 2; n++) {
      await pause(400 + below(600));
      await postgres.fall();
      await pause(300);
      const kept = await house.file().catch(() => null);
      assert.equal(kept, null, "nothing is acknowledged without a database");
      await postgres.start();
    }
    await pause(1_000);
    going = false;
    await crowd;
    await house.settle();
    await house.reckon();
  } finally {
    await postgres.fall();
  }
});
