// Beyond one process: two public doors, two desks and two workers over one register on PostgreSQL, and
// two whole servers over one. Nobody takes another's number, nothing is done twice, and when one of
// each is killed the others go on.
import { test } from "node:test";
import assert from "node:assert/strict";
import { Postgres, folder, pause } from "./house.mjs";
import { Role, at, founded, rows, together } from "./roles.mjs";

/** What must never be there twice, asked of the database itself. */
function once(postgres) {
  assert.deepEqual(rows(postgres, "SELECT stream FROM events WHERE event = 'judged' GROUP BY stream HAVING count(*) > 1"), [], "judged twice");
  assert.deepEqual(rows(postgres, "SELECT tenant FROM log_rows WHERE idx IS NOT NULL GROUP BY tenant, epoch \
    HAVING count(*) <> max(idx) + 1 OR count(*) <> count(DISTINCT idx)"), [], "leaves are sequenced once and without a gap");
}

/** Both desks accept the same report in the same moment. */
async function race(one, other) {
  for (const house of [one, other]) if (!house.cookie) await house.signIn();
  const report = (await one.desk("/")).text.match(/\/reports\/[0-9a-f]{32}/)?.[0];
  if (!report) return;
  const forms = await Promise.all([one, other].map((house) => house.desk(`${report}/do/accept`)));
  const given = forms.map((form) => {
    const hidden = (name) => form.text.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1] ?? "";
    return { csrf: hidden("csrf"), seen: hidden("seen"), kind: "accusation", text: "" };
  });
  const done = await Promise.all([one, other].map((house, n) => house.desk(`${report}/do/accept`, given[n])));
  const won = done.filter((answer) => answer.status === 303).length;
  assert.ok(won <= 1, `of two who accept at once one wins: ${done.map((answer) => answer.status)}`);
  if (won) one.accepted.add(report);
}

test("two of each role over one register, one of each killed", { timeout: 300_000 }, async (t) => {
  const place = folder(t);
  const postgres = new Postgres(place);
  await postgres.start();
  const running = [];
  const begin = async (house, role) => { const made = await new Role(house, role).start(); running.push(made); return made; };
  try {
    const house = await founded(place, ["--database", postgres.url]);
    const [publicA, publicB] = [await begin(house, "public"), await begin(house, "public")];
    const [deskA, deskB] = [await begin(house, "desk"), await begin(house, "desk")];
    const [workerA] = [await begin(house, "worker"), await begin(house, "worker")];
    const a = at(house, { public: publicA.public, desk: deskA.desk });
    const b = at(house, { public: publicB.public, desk: deskB.desk });
    let going = true;
    const crowds = Promise.all([a.crowd(4, () => going), b.crowd(4, () => going)]);
    await pause(3_000);
    for (let n = 0; n < 5; n++) { await race(a, b); await pause(200); }
    // A request sent to one door and again to the other is one report.
    const [key, told] = [...a.told].find(([, { answer }]) => answer);
    const again = await fetch(`${b.at.api}/reports`, {
      method: "POST", body: told.body,
      headers: { authorization: `Bearer ${b.at.api_key}`, "idempotency-key": key, "content-type": "application/json" },
    });
    assert.deepEqual([again.status, await again.json()], [201, told.answer], "the same at the other door");
    // One of each falls; those at the other doors go on.
    await Promise.all([publicB.kill(), deskB.kill(), workerA.kill()]);
    const before = a.acknowledged().length;
    await pause(3_000);
    assert.ok(a.acknowledged().length > before, "the other door goes on");
    going = false;
    await crowds;
    b.at = a.at;
    b.cookie = null;
    await b.settle(10);
    await a.settle(10);
    // The worker that is left takes over what the other had in hand: its leases end within five minutes.
    const waiting = () => Number(rows(postgres, "SELECT count(*) FROM jobs WHERE dead = 0")[0]);
    for (let n = 0; n < 60 && waiting() > 40; n++) await pause(500);
    const all = together([a, b], async () => { for (const process of running) await process.kill("SIGTERM"); });
    // What the killed worker held is claimed anew once its lease is over; nobody waits for that here.
    rows(postgres, "UPDATE jobs SET lease_until = NULL");
    for (let n = 0; n < 240 && waiting() > 0; n++) await pause(500);
    assert.equal(waiting(), 0, "the worker that is left judges what came in");
    once(postgres);
    t.diagnostic(`${await all.reckon()} reports, ${all.accepted.size} acceptances`);
    for (const process of running) assert.doesNotMatch(process.said, /ERROR/, process.role);
  } finally {
    for (const process of running) await process.kill();
    await postgres.fall();
  }
});

test("two whole servers over one register", { timeout: 300_000 }, async (t) => {
  const place = folder(t);
  const postgres = new Postgres(place);
  await postgres.start();
  const running = [];
  try {
    const house = await founded(place, ["--database", postgres.url]);
    for (let n = 0; n < 2; n++) running.push(await new Role(house, "all").start());
    const doors = running.map((server) => at(house, { public: server.public, desk: server.desk }));
    let going = true;
    const crowds = Promise.all(doors.map((door) => door.crowd(4, () => going)));
    for (let n = 0; n < 5; n++) { await pause(700); await race(...doors); }
    going = false;
    await crowds;
    for (const door of doors) await door.settle(10);
    const all = together(doors, async () => { for (const process of running) await process.kill("SIGTERM"); });
    const waiting = () => Number(rows(postgres, "SELECT count(*) FROM jobs WHERE dead = 0")[0]);
    for (let n = 0; n < 240 && waiting() > 0; n++) await pause(500);
    assert.equal(waiting(), 0, "neither keeps jobs from the other");
    once(postgres);
    t.diagnostic(`${await all.reckon()} reports, ${all.accepted.size} acceptances`);
    for (const process of running) assert.doesNotMatch(process.said, /ERROR/);
  } finally {
    for (const process of running) await process.kill();
    await postgres.fall();
  }
});
