#!/usr/bin/env node
// A drill on one machine: three PostgreSQL nodes under Patroni with etcd, a server filing reports,
// and the primary killed in the middle of it, some times over. Counts what was acknowledged and what
// is there afterwards. Needs Debian's packages patroni, etcd-server, haproxy and postgresql; listens on
// 127.0.0.1 only and takes everything down again.
//
//   node deploy/patroni/drill.mjs [KILLS]
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { House, pause } from "../../tests/crash/house.mjs";

const here = path.dirname(fileURLToPath(import.meta.url));
const kills = Number(process.argv[2] ?? 3);
const base = 20_000 + (process.pid % 20_000);
const place = fs.mkdtempSync(path.join(os.tmpdir(), "dengwen-drill-"));
fs.chmodSync(place, 0o711);
const versions = "/usr/lib/postgresql";
const bin = fs.readdirSync(versions).map((v) => path.join(versions, v, "bin")).find((b) => fs.existsSync(path.join(b, "initdb")));
const account = process.getuid() === 0
  ? { uid: Number(execFileSync("id", ["-u", "postgres"])), gid: Number(execFileSync("id", ["-g", "postgres"])) } : {};
const own = (what) => { if (account.uid) fs.chownSync(what, account.uid, account.gid); };
const password = randomBytes(12).toString("hex");
const children = [];

function start(name, program, args) {
  const log = fs.openSync(path.join(place, `${name}.log`), "a");
  const child = spawn(program, args, { ...account, cwd: place, stdio: ["ignore", log, log], detached: true });
  child.ended = new Promise((done) => child.once("exit", done));
  children.push(child);
  return child;
}

const etcd = base;
const nodes = ["one", "two", "three"].map((name, n) => ({ name, port: base + 10 + n, rest: base + 20 + n }));

function node(n) {
  const data = path.join(place, n.name);
  fs.mkdirSync(`${data}.socket`, { recursive: true });
  own(`${data}.socket`);
  const words = { NAME: n.name, ADDRESS: "127.0.0.1", REST: n.rest, PORT: n.port, ETCD: `127.0.0.1:${etcd}`, DATA: data, BIN: bin, AUTH: "scram-sha-256", PASSWORD: password };
  const text = fs.readFileSync(path.join(here, "node.yml.in"), "utf8").replace(/@([A-Z]+)@/g, (_, word) => words[word]);
  const file = path.join(place, `${n.name}.yml`);
  fs.writeFileSync(file, text, { mode: 0o600 });
  own(file);
  n.child = start(n.name, "patroni", [file]);
}

/** The address the program is given: it leads to whichever node is the primary. */
function follow(port) {
  const servers = nodes.map((n) => `  server ${n.name} 127.0.0.1:${n.port} check port ${n.rest}`).join("\n");
  const words = { ADDRESS: "127.0.0.1", PORT: port, SERVERS: servers };
  const text = fs.readFileSync(path.join(here, "haproxy.cfg.in"), "utf8").replace(/@([A-Z]+)@/g, (_, word) => words[word]);
  const file = path.join(place, "haproxy.cfg");
  fs.writeFileSync(file, text);
  start("haproxy", "haproxy", ["-db", "-f", file]);
}

async function primary() {
  for (let t = 0; t < 240; t++) {
    for (const n of nodes) {
      const answer = await fetch(`http://127.0.0.1:${n.rest}/primary`).catch(() => null);
      if (answer?.status === 200) return n;
    }
    await pause(500);
  }
  throw new Error(`no primary was elected; see the logs in ${place}`);
}

/** Waits until a standby holds every commit: before that nothing is acknowledged. */
async function synchronous() {
  for (let t = 0; t < 240; t++) {
    for (const n of nodes) {
      const answer = await fetch(`http://127.0.0.1:${n.rest}/synchronous`).catch(() => null);
      if (answer?.status === 200) return;
    }
    await pause(500);
  }
  throw new Error(`no synchronous standby came up; see the logs in ${place}`);
}

let house;
try {
  fs.mkdirSync(path.join(place, "etcd"));
  own(path.join(place, "etcd"));
  own(place);
  start("etcd", "etcd", ["--name", "drill", "--data-dir", path.join(place, "etcd"),
    "--listen-client-urls", `http://127.0.0.1:${etcd}`, "--advertise-client-urls", `http://127.0.0.1:${etcd}`,
    "--listen-peer-urls", `http://127.0.0.1:${base + 1}`, "--initial-advertise-peer-urls", `http://127.0.0.1:${base + 1}`,
    "--initial-cluster", `drill=http://127.0.0.1:${base + 1}`]);
  nodes.forEach(node);
  let leader = await primary();
  await synchronous();
  console.log(`primary: ${leader.name}; three nodes up`);

  follow(base + 30);
  // Before its first checks it takes every node for the primary.
  await pause(4_000);
  const url = `postgres://postgres:${password}@127.0.0.1:${base + 30}/postgres`;
  const mine = path.join(place, "house");
  fs.mkdirSync(mine);
  house = new House(mine, ["--database", url]);
  await house.start();
  for (let n = 0; n < kills; n++) {
    let going = true;
    const crowd = house.crowd(8, () => going);
    await pause(3_000);
    const before = house.acknowledged().length;
    // The machine of the primary is gone: Patroni and its server with it.
    const pid = Number(fs.readFileSync(path.join(place, leader.name, "postmaster.pid"), "utf8").split("\n")[0]);
    const fell = Date.now();
    process.kill(leader.child.pid, "SIGKILL");
    process.kill(pid, "SIGKILL");
    const lost = leader;
    leader = await primary();
    while (leader === lost) { await pause(500); leader = await primary(); }
    console.log(`kill ${n + 1}: ${before} acknowledged; ${leader.name} took over after ${((Date.now() - fell) / 1000).toFixed(1)} s`);
    // The machine comes back as a standby; people have gone on asking all the while.
    node(lost);
    await synchronous();
    await pause(3_000);
    going = false;
    await crowd;
    await house.settle(100);
    console.log(`        ${house.acknowledged().length} acknowledged since, by the same server without a restart`);
  }
  const reports = await house.reckon();
  console.log(`${reports} reports acknowledged over ${kills} failovers: none lost, none twice, numbers gapless, fsck sound.`);
} catch (error) {
  console.error(error);
  console.error(`The logs are in ${place}.`);
  process.exitCode = 1;
} finally {
  if (house) await house.kill().catch(() => {});
  for (const child of children) {
    try { process.kill(-child.pid, "SIGTERM"); } catch { /* it is gone */ }
  }
  await Promise.race([Promise.all(children.map((c) => c.ended)), pause(15_000)]);
  for (const child of children) {
    try { process.kill(-child.pid, "SIGKILL"); } catch { /* it is gone */ }
  }
  if (!process.exitCode) fs.rmSync(place, { recursive: true, force: true });
}
