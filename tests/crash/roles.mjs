// The parts of the program as processes of their own over one register on PostgreSQL.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import net from "node:net";
import path from "node:path";
import { program } from "../journeys/harness.mjs";
import { House, pause } from "./house.mjs";

/** A port that is free now. */
function port() {
  return new Promise((done) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => { const { port } = probe.address(); probe.close(() => done(port)); });
  });
}

/** One process of a role over the places of a house that was founded. */
export class Role {
  constructor(house, role, env = {}) {
    Object.assign(this, { house, role, env });
  }

  async start() {
    const [listen, desk, metrics] = await Promise.all([port(), port(), port()]);
    this.said = "";
    this.child = spawn(program, ["serve", "--role", this.role, "--listen", `127.0.0.1:${listen}`, "--desk", `127.0.0.1:${desk}`,
      "--metrics", `127.0.0.1:${metrics}`, ...this.house.places], { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...this.env } });
    this.child.stderr.on("data", (d) => { this.said = (this.said + d).slice(-8000); });
    this.ended = new Promise((done) => this.child.once("exit", done));
    this.public = `http://127.0.0.1:${listen}`;
    this.desk = `http://127.0.0.1:${desk}`;
    this.metrics = `http://127.0.0.1:${metrics}/metrics`;
    for (let n = 0; n < 200; n++) {
      if (this.child.exitCode !== null) throw new Error(`${this.role} ended with ${this.child.exitCode}: ${this.said}`);
      if (await fetch(this.metrics).then((a) => a.ok, () => false)) return this;
      await pause(100);
    }
    throw new Error(`${this.role} does not serve: ${this.said}`);
  }

  async kill(signal = "SIGKILL") {
    if (this.child.exitCode === null && this.child.signalCode === null) {
      this.child.kill(signal);
      await this.ended;
    }
  }
}

/** Founds the city by a demo that ends again; keys, sign-ins and directory stay. */
export async function founded(place, database) {
  const house = new House(place, database);
  await house.start();
  await house.stop();
  return house;
}

/** The same city as somebody meets it at another door: told things of its own, the same register. */
export function at(house, doors) {
  const seen = Object.assign(Object.create(House.prototype), house, {
    told: new Map(), messages: new Map(), accepted: new Set(), cookie: null,
    at: { ...house.at, public: doors.public, api: `${doors.public}/api/v1`, desk: doors.desk },
  });
  return seen;
}

/** Everything several people were told, to be reckoned at one door; `end` stops what serves. */
export function together(all, end) {
  const [first, ...others] = all;
  for (const other of others) {
    for (const [key, told] of other.told) first.told.set(key, told);
    for (const [code, texts] of other.messages) first.messages.set(code, [...(first.messages.get(code) ?? []), ...texts]);
    for (const report of other.accepted) first.accepted.add(report);
  }
  first.cookie = null;
  first.stop = end;
  return first;
}

/** One line a row of a statement, asked past the program. */
export function rows(postgres, sql) {
  const done = spawnSync(path.join(postgres.bin, "psql"), ["-h", postgres.folder, "-U", "postgres", "-At", "-c", sql, "postgres"], { encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout.split("\n").filter(Boolean);
}
