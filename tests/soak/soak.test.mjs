// Mixed load for as long as asked: people file with and without files and come back with their codes,
// the desk lists, searches, opens and accepts, the cockpit stays open, the worker judges, the log is
// published. A minute's worth here; half an hour by `make soak` (DENGWEN_SOAK, in minutes), where memory
// and file handles must lie flat over the last two thirds. Every answer is looked at, and the server's
// own log must hold no complaint.
import { test } from "node:test";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import { program } from "../journeys/harness.mjs";
import { House, below, folder, pause } from "../crash/house.mjs";

const minutes = Number(process.env.DENGWEN_SOAK ?? 0.5);
/** Reports a minute by the interface for programs: load enough, and a register that stays small. */
const FILED_A_MINUTE = 120;
/** Mebibytes an hour that memory may drift: a leak of one kilobyte a request would be 30 times that. */
const DRIFT = 48;

/** What the system says of a process: memory in MiB, open files, threads. */
function look(pid) {
  const status = fs.readFileSync(`/proc/${pid}/status`, "utf8");
  const of = (name) => Number(status.match(new RegExp(`^${name}:\\s+(\\d+)`, "m"))[1]);
  return { rss: of("VmRSS") / 1024, handles: fs.readdirSync(`/proc/${pid}/fd`).length, threads: of("Threads") };
}

/** By how much a figure grows an hour, over samples of the last two thirds: least squares. */
export function slope(samples, figure) {
  const kept = samples.slice(Math.floor(samples.length / 3));
  const mean = (of) => kept.reduce((sum, s) => sum + of(s), 0) / kept.length;
  const [t, y] = [mean((s) => s.hour), mean(figure)];
  const [above, under] = kept.reduce(([a, u], s) => [a + (s.hour - t) * (figure(s) - y), u + (s.hour - t) ** 2], [0, 0]);
  return under ? above / under : 0;
}

/** Does something every so many seconds until it is over; what fails is kept with its name. */
async function every(seconds, what, until, faults, deed) {
  let done = 0;
  while (Date.now() < until) {
    const begun = Date.now();
    try {
      await deed();
      done += 1;
    } catch (error) {
      faults.push(`${what}: ${String(error.message).slice(0, 300)}`);
    }
    await pause(Math.max(5, seconds * 1000 - (Date.now() - begun)));
  }
  return [what, done];
}

/** A picture of one point, different each time by what follows its end. */
const picture = () => Buffer.concat([Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4z8AAAAMBAQDJ/pLvAAAAAElFTkSuQmCC", "base64")]);

async function fileWithPicture(house) {
  const form = new FormData();
  const mark = randomBytes(6).toString("hex");
  const fields = { name1: "方某某", unit1: "镇政府", post1: "副镇长", text: `救灾物资没有发到户，请核查，照片在附件。${mark}`, signing: "anonymous", read: "yes" };
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([picture()], { type: "image/png" }), "现场.png");
  const answer = await fetch(`${house.at.public}/${house.organ}/report/submit`, {
    method: "POST", body: form, headers: { origin: new URL(house.at.public).origin }, signal: AbortSignal.timeout(60_000),
  });
  const page = await answer.text();
  assert.equal(answer.status, 200, page.slice(0, 300));
  assert.match(page, /id="code"/, "the code is shown");
}

test(`mixed load for ${minutes} minutes`, { timeout: (minutes + 10) * 60_000 }, async (t) => {
  const house = new House(folder(t));
  await house.start();
  let said = "";
  house.child.stderr.on("data", (d) => { said += d; });
  const begun = Date.now();
  const until = begun + minutes * 60_000;
  const faults = [];
  const samples = [];
  try {
    await house.signIn();
    const page = async (where) => {
      const answer = await house.desk(where);
      assert.equal(answer.status, 200, `${where}: ${answer.status}`);
      return answer.text;
    };
    const report = async () => {
      const links = [...(await page("/register?size=100")).matchAll(/\/reports\/[0-9a-f]{32}/g)].map((m) => m[0]);
      if (links.length) await page(links[below(links.length)]);
    };
    const search = async () => {
      const csrf = (await page("/search")).match(/name="csrf" value="([^"]*)"/)[1];
      const found = await house.desk("/search", { csrf, words: "公开招标" });
      assert.equal(found.status, 200);
    };
    const come = async () => {
      const all = house.acknowledged();
      if (!all.length) return;
      const one = all[below(all.length)];
      assert.equal((await house.status(one.code)).number, one.number);
    };
    const sample = async () => samples.push({ hour: (Date.now() - begun) / 3_600_000, ...look(house.child.pid) });
    const publish = async () => { execFileSync(program, ["log", "publish", ...house.places], { stdio: "pipe" }); };
    const done = await Promise.all([
      every(60 / FILED_A_MINUTE, "filed", until, faults, () => house.file()),
      every(10, "filed with a picture", until, faults, () => fileWithPicture(house)),
      every(0.5, "came back with the code", until, faults, come),
      every(2, "wrote a message", until, faults, () => house.message()),
      every(1, "inbox", until, faults, () => page("/")),
      every(1, "report page", until, faults, report),
      every(2, "search", until, faults, search),
      every(3, "accepted", until, faults, () => house.accept()),
      every(2, "cockpit", until, faults, async () => {
        const { user, password } = house.at.sign_ins.find((s) => s.role === "leader");
        house.leader ??= Object.assign(Object.create(House.prototype), { at: house.at, cookie: null });
        if (!house.leader.cookie) assert.equal((await house.leader.desk("/sign-in", { user, password })).status, 303);
        assert.equal((await house.leader.desk("/cockpit")).status, 200);
      }),
      every(20, "published", until, faults, publish),
      every(Math.min(5, minutes * 60 / 20), "sampled", until, faults, sample),
    ]);
    const drift = { rss: slope(samples, (s) => s.rss), handles: slope(samples, (s) => s.handles), threads: slope(samples, (s) => s.threads) };
    const last = samples.at(-1);
    const range = (figure) => { const kept = samples.slice(Math.floor(samples.length / 3)).map(figure); return `${Math.min(...kept).toFixed(0)} to ${Math.max(...kept).toFixed(0)}`; };
    t.diagnostic(done.map(([what, n]) => `${what} ${n}`).join(", "));
    t.diagnostic(`memory ${range((s) => s.rss)} MiB (${drift.rss.toFixed(1)} an hour), files ${range((s) => s.handles)} (${drift.handles.toFixed(1)}), threads ${range((s) => s.threads)} (${drift.threads.toFixed(1)}); at the end ${last.rss.toFixed(0)} MiB`);
    assert.deepEqual([...new Set(faults)], [], "every answer was as it should be");
    assert.doesNotMatch(said, /\b(WARN|ERROR)\b/, said.slice(-2000));
    if (minutes >= 10) {
      assert.ok(drift.rss < DRIFT, `memory grows by ${drift.rss.toFixed(1)} MiB an hour`);
      assert.ok(drift.handles < 20, `open files grow by ${drift.handles.toFixed(1)} an hour`);
      assert.ok(drift.threads < 20, `threads grow by ${drift.threads.toFixed(1)} an hour`);
    }
    await house.settle(10);
    t.diagnostic(`${await house.reckon(done.find(([what]) => what === "filed with a picture")[1])} reports by the interface, every one held`);
  } finally {
    await house.kill();
  }
});
