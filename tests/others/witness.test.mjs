// Witnesses, ours and others', with logs, ours and others' tools: a program nobody here wrote accepts
// our head log and our cosignatures, and a witness nobody here wrote cosigns through our own courier.
// Needs Python 3.12 or newer; without it the tests are skipped and say so.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { program } from "../journeys/harness.mjs";
import { listening, port, run, skip, tool } from "./programs.mjs";

const children = [];
let home, data, policy, logs;

/** Runs our own program to its end. */
function dengwen(...args) {
  return execFileSync(program, args, { encoding: "utf8", env: { ...process.env, DENGWEN_ALLOW_SWAP: "1" } });
}

/** Starts something and waits for its first line. */
async function begin(command, args) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "inherit"], env: { ...process.env, DENGWEN_ALLOW_SWAP: "1" } });
  children.push(child);
  let text = "";
  for await (const piece of child.stdout) {
    text += piece;
    if (text.includes("\n")) break;
  }
  return { child, line: text.split("\n")[0] };
}

/** Publishes; origin, size and key of every log, the head log last. */
function publish() {
  return dengwen("log", "publish", "--data", data).trim().split("\n").map((line) => {
    const [origin, size, vkey] = line.split(" ");
    return { origin, size: Number(size), vkey };
  });
}

before(async () => {
  if (skip) return;
  home = fs.mkdtempSync(path.join(os.tmpdir(), "dengwen-others-"));
  data = path.join(home, "data");
  policy = path.join(home, "policy");
  fs.writeFileSync(policy, "quorum none\n");
  fs.writeFileSync(`${data}.toml`, `policy = ${JSON.stringify(policy)}\n`);
  const demo = await begin(program, ["demo", "--listen", "127.0.0.1:0", "--data", data, "--reports", "0", "--json"]);
  assert.ok(JSON.parse(demo.line).public);
  logs = publish();
});
after(async () => {
  for (const child of children) {
    child.kill("SIGTERM");
    if (child.exitCode === null) await new Promise((done) => child.once("exit", done));
  }
  if (home) fs.rmSync(home, { recursive: true, force: true });
});

test("others read the head log, accept our cosignatures, and theirs come by our own courier", { skip, timeout: 180_000 }, async () => {
  // A witness of ours.
  const ours = path.join(home, "ours");
  fs.mkdirSync(`${ours}.keys`);
  fs.writeFileSync(path.join(`${ours}.keys`, "demo.json"), "{}");
  const ourKey = dengwen("witness", "key", "--name", "city.example/witness", "--data", ours).trim();
  fs.writeFileSync(path.join(ours, "logs"), logs.map((log) => log.vkey).join("\n"));
  const served = await begin(program, ["witness", "--listen", "127.0.0.1:0", "--data", ours]);
  const ourUrl = served.line.split(" ")[0];
  // And one nobody here wrote.
  const theirs = path.join(home, "theirs");
  fs.mkdirSync(theirs);
  const config = path.join(theirs, "witness.json");
  const free = await port();
  const listen = `127.0.0.1:${free}`;
  const made = run("aics-witness", ["init", "-c", config, "--name", "province.example/witness", "--listen", listen]);
  assert.ok(made.ok, made.said);
  const theirKey = made.said.match(/province\.example\/witness\+\S+/)[0];
  for (const log of logs) {
    const added = run("aics-witness", ["add-log", "-c", config, "--origin", log.origin, "--vkey", log.vkey]);
    assert.ok(added.ok, added.said);
  }
  children.push(spawn(tool("aics-witness"), ["serve", "-c", config, "--listen", listen], { stdio: "ignore" }));
  await listening(free);

  fs.writeFileSync(policy, [
    `witness city ${ourKey} ${ourUrl}`,
    `witness province ${theirKey} http://${listen}`,
    "group upper all city province",
    "quorum upper",
    "",
  ].join("\n"));
  children[0].kill("SIGHUP");
  // Twice: the second time both witnesses are asked from where they stand.
  for (let round = 0; round < 2; round++) {
    let status = "";
    for (let n = 0; n < 20 && (status.match(/cosigned it at/g) ?? []).length < 2 * logs.length; n++) {
      await new Promise((done) => setTimeout(done, 300));
      logs = publish();
      try { status = dengwen("log", "status", "--data", data); } catch (error) { status = error.stdout; }
    }
    assert.equal(status.match(/cosigned it at/g)?.length, 2 * logs.length, status);
  }

  for (const log of logs) {
    const name = log.origin.split("/").at(-1);
    const checked = run("aics-tlog", [
      "verify-checkpoint", "--tiles", path.join(data, "log", name), "--log-key", log.vkey, "--origin", log.origin,
      "--witness-key", ourKey, "--witness-key", theirKey, "--quorum", "2", "--max-age", "600",
    ]);
    assert.ok(checked.ok, `${name}: ${checked.said}`);
  }
  const head = logs.at(-1);
  assert.ok(head.origin.endsWith("/log/head"), "the head log is the last line");
  const folder = path.join(data, "log", "head");
  for (const index of [0, head.size - 1]) {
    const args = ["verify-inclusion", "--tiles", folder, "--index", String(index), "--log-key", head.vkey, "--origin", head.origin];
    const included = run("aics-tlog", args);
    assert.ok(included.ok, included.said);
  }
  // A stranger's key does not count towards the quorum.
  const wanting = run("aics-tlog", [
    "verify-checkpoint", "--tiles", folder, "--log-key", head.vkey, "--origin", head.origin, "--witness-key", ourKey, "--quorum", "2",
  ]);
  assert.ok(!wanting.ok, "one witness was taken for two");
});
