// A real server that is killed, and the people at its doors: what each was told, so that it can be
// held to it afterwards.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { program } from "../journeys/harness.mjs";

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
export const below = (n) => randomInt(n);

/** A PostgreSQL server of our own on a socket in a folder, under an account that is not root. */
export class Postgres {
  constructor(folder) {
    const versions = "/usr/lib/postgresql";
    const bins = fs.existsSync(versions) ? fs.readdirSync(versions).map((v) => path.join(versions, v, "bin")) : [];
    this.bin = bins.find((bin) => fs.existsSync(path.join(bin, "initdb")));
    assert.ok(this.bin, "PostgreSQL is missing: run make setup");
    this.folder = path.join(folder, "pg");
    this.data = path.join(this.folder, "data");
    fs.mkdirSync(this.folder);
    this.account = {};
    if (process.getuid() === 0) {
      const id = (flag) => Number(execFileSync("id", [flag, "postgres"], { encoding: "utf8" }));
      this.account = { uid: id("-u"), gid: id("-g") };
      fs.chownSync(this.folder, this.account.uid, this.account.gid);
      // The account must reach its folder through ours.
      fs.chmodSync(folder, 0o711);
    }
    const made = spawnSync(path.join(this.bin, "initdb"), ["-D", this.data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"],
      { ...this.account, encoding: "utf8", cwd: this.folder });
    assert.equal(made.status, 0, made.stderr);
    this.url = `postgres://postgres@localhost/postgres?host=${this.folder}`;
  }

  async start() {
    this.child = spawn(path.join(this.bin, "postgres"), ["-D", this.data, "-k", this.folder, "-h", ""],
      { ...this.account, stdio: "ignore", cwd: this.folder });
    for (let n = 0; n < 300; n++) {
      const up = spawnSync(path.join(this.bin, "pg_isready"), ["-h", this.folder, "-q"]);
      if (up.status === 0) return;
      await pause(100);
    }
    throw new Error("PostgreSQL did not start");
  }

  /** Ends at once, as in a power cut of that machine: no checkpoint, no goodbye. */
  async fall() {
    const ended = new Promise((done) => this.child.once("exit", done));
    this.child.kill("SIGQUIT");
    await ended;
  }
}

/** The program over one data folder, started and killed as often as one likes. */
export class House {
  constructor(folder, database = [], env = {}) {
    this.data = path.join(folder, "data");
    this.places = ["--data", this.data, ...database];
    this.env = env;
    this.told = new Map(); // idempotency key → { body, answer: null until a 201 was read }
    this.messages = new Map(); // code → what was acknowledged of it
    this.accepted = new Set(); // paths of reports whose acceptance was acknowledged
  }

  async start() {
    this.child = spawn(program, ["demo", "--listen", "127.0.0.1:0", "--reports", "0", "--json", ...this.places],
      { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...this.env } });
    let complaints = "";
    this.child.stderr.on("data", (d) => { complaints = (complaints + d).slice(-4000); });
    this.ended = new Promise((done) => this.child.once("exit", done));
    const lines = readline.createInterface({ input: this.child.stdout });
    const first = await Promise.race([
      new Promise((done) => lines.once("line", done)),
      this.ended.then((code) => { throw new Error(`it ended with ${code} instead of serving: ${complaints}`); }),
    ]);
    this.at = JSON.parse(first);
    this.organ = this.at.sign_ins.find((s) => s.user === "jingban").organ;
    this.cookie = null;
  }

  async kill() {
    if (this.child.exitCode !== null) return;
    this.child.kill("SIGKILL");
    await this.ended;
  }

  async stop() {
    this.child.kill("SIGTERM");
    await this.ended;
  }

  /** Sends a report; what was not answered stays open and is sent again by `settle`. */
  async file(key = randomBytes(16).toString("hex")) {
    const { status, text } = await this.tryFile(key);
    if (status === 503) return null;
    assert.equal(status, 201, text);
    return this.told.get(key).answer;
  }

  /** The same, whatever the answer is. */
  async tryFile(key = randomBytes(16).toString("hex")) {
    const known = this.told.get(key);
    const body = known?.body ?? JSON.stringify({
      channel: "web",
      text: `村道工程没有公开招标，账目没有公示，请核查。记号${key.slice(0, 12)}。`,
      subjects: [{ name: "方某某", unit: "镇政府", post: "副镇长" }],
    });
    if (!known) this.told.set(key, { body, answer: null });
    const answer = await fetch(`${this.at.api}/reports`, {
      method: "POST", body, signal: AbortSignal.timeout(30_000),
      headers: { authorization: `Bearer ${this.at.api_key}`, "idempotency-key": key, "content-type": "application/json" },
    });
    const text = await answer.text();
    if (answer.status !== 201) return { status: answer.status, text };
    const got = JSON.parse(text);
    const before = this.told.get(key).answer;
    if (before) assert.deepEqual(got, before, "a retry is told the same");
    this.told.get(key).answer = got;
    return { status: 201, text };
  }

  acknowledged() {
    return [...this.told.values()].filter((r) => r.answer).map((r) => r.answer);
  }

  async status(code) {
    const answer = await fetch(`${this.at.api}/status`, {
      headers: { authorization: `Bearer ${this.at.api_key}`, "query-code": code }, signal: AbortSignal.timeout(30_000),
    });
    assert.equal(answer.status, 200, await answer.clone().text());
    return answer.json();
  }

  /** The reporter writes a message with her code, as the page does. */
  async message() {
    const all = this.acknowledged();
    if (!all.length) return;
    const { code } = all[below(all.length)];
    const text = `补充：${randomBytes(6).toString("hex")}`;
    const answer = await fetch(`${this.at.public}/${this.organ}/status/message`, {
      method: "POST", redirect: "manual", signal: AbortSignal.timeout(30_000),
      headers: { "content-type": "application/x-www-form-urlencoded", origin: new URL(this.at.public).origin },
      body: new URLSearchParams({ code, message: text }),
    });
    await answer.text();
    if (answer.status === 200) this.messages.set(code, [...(this.messages.get(code) ?? []), text]);
  }

  async desk(where, form) {
    const answer = await fetch(`${this.at.desk}${where}`, {
      method: form ? "POST" : "GET", redirect: "manual", signal: AbortSignal.timeout(30_000),
      headers: { origin: new URL(this.at.desk).origin, ...(this.cookie ? { cookie: this.cookie } : {}),
        ...(form ? { "content-type": "application/x-www-form-urlencoded" } : {}) },
      body: form ? new URLSearchParams(form) : undefined,
    });
    const set = answer.headers.getSetCookie?.()[0];
    if (set) this.cookie = set.split(";")[0];
    return { status: answer.status, text: await answer.text(), location: answer.headers.get("location") };
  }

  async signIn() {
    const { user, password } = this.at.sign_ins.find((s) => s.user === "jingban");
    const done = await this.desk("/sign-in", { user, password });
    assert.equal(done.status, 303, "the clerk signs in");
  }

  /** The clerk accepts the next report of her inbox. */
  async accept() {
    if (!this.cookie) await this.signIn();
    const inbox = await this.desk("/");
    const reports = [...inbox.text.matchAll(/\/reports\/[0-9a-f]{32}/g)].map((m) => m[0]).filter((r) => !this.accepted.has(r));
    if (!reports.length) return;
    const report = reports[below(reports.length)];
    const form = await this.desk(`${report}/do/accept`);
    const hidden = (name) => form.text.match(new RegExp(`name="${name}" value="([^"]*)"`))?.[1];
    if (!hidden("csrf")) return;
    const done = await this.desk(`${report}/do/accept`, { csrf: hidden("csrf"), seen: hidden("seen"), kind: "accusation", text: "" });
    if (done.status === 303) this.accepted.add(report);
  }

  /** Some people at once until somebody pulls the plug; what fails then fails. */
  async crowd(clients, going) {
    const one = async (n) => {
      while (going()) {
        try {
          const what = below(10);
          if (n === 0 && what < 7) await this.accept();
          else if (what < 7) await this.file();
          else await this.message();
        } catch (error) {
          if (error instanceof assert.AssertionError) throw error;
          await pause(5);
        }
      }
    };
    await Promise.all(Array.from({ length: clients }, (_, n) => one(n)));
  }

  /** Everyone who got no answer asks again; everyone who got one is told the same. */
  async settle(sample = 60) {
    for (const [key, { answer }] of this.told) {
      if (!answer) assert.ok(await this.file(key), "what was not answered is taken now");
    }
    const keys = [...this.told.keys()];
    for (let n = 0; n < Math.min(sample, keys.length); n++) await this.file(keys[below(keys.length)]);
  }

  /** Holds the house to everything it acknowledged, stopped at the end. `others` were filed at another door. */
  async reckon(others = 0) {
    const all = this.acknowledged();
    for (const year of new Set(all.map(({ number }) => number.split("-")[1]))) {
      const serials = all.filter(({ number }) => number.split("-")[1] === year).map(({ number }) => Number(number.split("-")[2]));
      serials.sort((a, b) => a - b);
      assert.equal(new Set(serials).size, serials.length, `numbers of ${year}: none twice`);
      assert.ok(serials.at(-1) <= serials.length + others, `numbers of ${year} without a gap`);
    }
    assert.equal(new Set(all.map((a) => a.code)).size, all.length, "codes are different");
    for (const [code, texts] of this.messages) {
      const { messages } = await this.status(code);
      for (const text of texts) {
        assert.equal(messages.filter((m) => m.text === text).length, 1, "a message stands there once");
      }
    }
    await this.signIn();
    for (const report of this.accepted) {
      const page = await this.desk(report);
      assert.equal(page.status, 200);
      const course = page.text.slice(page.text.indexOf('class="dw-course"'));
      assert.match(course, /<strong>[^<]*受理/, "an acceptance that was acknowledged holds");
    }
    // The jobs are alive: the last report is judged and can be found by its words.
    const last = [...this.told.values()].at(-1);
    const mark = JSON.parse(last.body).text.match(/记号([0-9a-f]+)/)[1];
    const csrf = (await this.desk("/search")).text.match(/name="csrf" value="([^"]*)"/)?.[1] ?? "";
    let found = false;
    for (let n = 0; n < 120 && !found; n++) {
      found = (await this.desk("/search", { csrf, words: mark })).text.includes(last.answer.number);
      if (!found) await pause(500);
    }
    assert.ok(found, "the index has caught up");
    await this.stop();
    const checked = spawnSync(program, ["fsck", ...this.places], { encoding: "utf8", env: { ...process.env, ...this.env } });
    assert.equal(checked.status, 0, checked.stdout + checked.stderr);
    return all.length;
  }
}

/** A folder that goes away with the test. */
export function folder(t) {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), "dengwen-crash-"));
  t.after(() => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}
