// Proof that others can check: programs nobody here wrote read our log folder, recompute its proofs,
// cosign its checkpoints and refuse what was tampered with. Needs Python 3.12 or newer; without it
// the tests are skipped and say so.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import * as h from "../journeys/harness.mjs";
import { here, listening, port, run, skip, tool } from "./programs.mjs";

let city, organ, folder, log;

/** Files some reports through the interface for programs. */
async function file(api, key, count) {
  const codes = [];
  for (let n = 0; n < count; n++) {
    const answer = await fetch(`${api}/reports`, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "idempotency-key": randomBytes(16).toString("hex"), "content-type": "application/json" },
      body: JSON.stringify({ channel: "web", text: `第${n + 1}件：村道工程没有公开招标，账目也没有公示，请核查。${randomBytes(4).toString("hex")}` }),
    });
    assert.equal(answer.status, 201, await answer.clone().text());
    codes.push(await answer.json());
  }
  return codes;
}

/** Publishes, and gives origin, size and key of the organ's log. */
function publish(data) {
  const lines = execFileSync(h.program, ["log", "publish", "--data", data], { encoding: "utf8" }).trim().split("\n");
  const [origin, size, vkey] = lines.map((line) => line.split(" ")).find(([origin]) => origin.endsWith(`/${organ}`));
  return { origin, size: Number(size), vkey };
}

const trusted = () => ["--log-key", log.vkey, "--origin", log.origin];

before(async () => {
  if (skip) return;
  city = await h.demo(0);
  organ = h.organ(city, "jingban");
  folder = path.join(city.data, "log", organ);
  await file(city.api, city.api_key, 20);
  log = publish(city.data);
});
after(async () => { await city?.stop(); });

test("aics-tlog accepts checkpoint, inclusion and growth, and refuses a flipped byte", { skip }, async () => {
  const saved = path.join(city.folder, "saved");
  const checked = run("aics-tlog", ["verify-checkpoint", "--tiles", folder, ...trusted(), "--save-checkpoint", saved]);
  assert.ok(checked.ok, checked.said);
  for (const index of [0, 1, Math.floor(log.size / 2), log.size - 1]) {
    const included = run("aics-tlog", ["verify-inclusion", "--tiles", folder, "--index", String(index), ...trusted()]);
    assert.ok(included.ok, included.said);
  }
  await file(city.api, city.api_key, 280);
  const grown = publish(city.data);
  assert.ok(grown.size > 256, `past the first whole tile: ${grown.size}`);
  const consistent = run("aics-tlog", ["verify-consistency", "--tiles", folder, "--old-checkpoint", saved, ...trusted()]);
  assert.ok(consistent.ok, consistent.said);
  log = grown;

  const tampered = path.join(city.folder, "tampered");
  fs.cpSync(folder, tampered, { recursive: true });
  const tile = path.join(tampered, "tile/0/000");
  const bytes = fs.readFileSync(tile);
  bytes[40] ^= 1;
  fs.chmodSync(tile, 0o644);
  fs.writeFileSync(tile, bytes);
  const refused = run("aics-tlog", ["verify-inclusion", "--tiles", tampered, "--index", "2", ...trusted()]);
  assert.ok(!refused.ok, "a flipped byte was accepted");
  const other = run("aics-tlog", ["verify-checkpoint", "--tiles", folder, "--log-key", log.vkey, "--origin", `${log.origin}x`]);
  assert.ok(!other.ok, "another log's name was accepted");
});

test("tlog-scales makes the proof we hand out", { skip }, async () => {
  const [{ code }] = await file(city.api, city.api_key, 1);
  log = publish(city.data);
  const answer = await fetch(`${city.public}/${organ}/status/proof`, {
    method: "POST",
    headers: { "content-type": "application/x-www-form-urlencoded", origin: new URL(city.public).origin },
    body: new URLSearchParams({ code }),
  });
  assert.equal(answer.status, 200);
  const ours = await answer.text();
  const index = ours.match(/^index (\d+)$/m)?.[1];
  assert.ok(index, ours);
  const theirs = run("tlog-tiles", ["gen-proof", folder, index]);
  assert.ok(theirs.ok, theirs.said);
  const from = (text) => text.slice(text.indexOf(`index ${index}\n`)).trim();
  assert.equal(from(ours), from(theirs.said), "the same hashes and the same checkpoint");
});

test("a witness cosigns what grows and refuses a fork", { skip, timeout: 120_000 }, async () => {
  const home = path.join(city.folder, "witness");
  fs.mkdirSync(home);
  const config = path.join(home, "witness.json");
  const free = await port();
  const listen = `127.0.0.1:${free}`;
  const made = run("aics-witness", ["init", "-c", config, "--name", "witness.example.org/w1", "--listen", listen]);
  assert.ok(made.ok, made.said);
  const vkey = made.said.match(/witness\.example\.org\/w1\+\S+/)[0];
  const added = run("aics-witness", ["add-log", "-c", config, "--origin", log.origin, "--vkey", log.vkey]);
  assert.ok(added.ok, added.said);
  const witness = spawn(tool("aics-witness"), ["serve", "-c", config, "--listen", listen], { stdio: "ignore" });
  try {
    await listening(free);
    const feed = (from, state = path.join(home, "state.json")) =>
      spawnSync(tool("python"), [path.join(here, "feed.py"), from, `http://${listen}`, vkey, state], { encoding: "utf8" });

    // A copy of the whole house taken now goes on by itself later: the same key, another history.
    const fork = path.join(city.folder, "fork");
    fs.cpSync(city.data, fork, { recursive: true, filter: (from) => !from.endsWith(".sock") && !from.endsWith("serve.lock") });
    fs.cpSync(`${city.data}.keys`, `${fork}.keys`, { recursive: true });

    assert.equal(feed(folder).stdout.trim(), `cosigned ${log.size}`);
    await file(city.api, city.api_key, 40);
    const grown = publish(city.data);
    assert.ok(grown.size > log.size);
    assert.equal(feed(folder).stdout.trim(), `cosigned ${grown.size}`);
    // Sent again after a lost answer it is the same, and no harm.
    assert.equal(feed(folder).stdout.trim(), `cosigned ${grown.size}`);

    const second = spawn(h.program, ["demo", "--listen", "127.0.0.1:0", "--data", fork, "--reports", "0", "--json"], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const first = await new Promise((done) => {
        let text = "";
        second.stdout.on("data", (d) => { text += d; if (text.includes("\n")) done(JSON.parse(text.split("\n")[0])); });
      });
      await file(first.api, first.api_key, 90);
      const forked = publish(fork);
      assert.ok(forked.size > grown.size && forked.origin === grown.origin && forked.vkey === grown.vkey);
      const refused = feed(path.join(fork, "log", organ), path.join(home, "other-state.json"));
      assert.equal(refused.status, 3, refused.stdout + refused.stderr);
      assert.match(refused.stdout, /WitnessRejected|WitnessConflict/);
    } finally {
      second.kill("SIGTERM");
      await new Promise((done) => second.once("exit", done));
    }
    const evidence = run("aics-witness", ["evidence", "-c", config]);
    assert.ok(evidence.ok && evidence.said.includes(log.origin), "the witness keeps what it refused");
  } finally {
    witness.kill("SIGTERM");
  }
});
