// Sealed files and published tiles in a bucket: a service nobody here wrote keeps them, a client nobody
// here wrote reads them, and a checker nobody here wrote accepts the copy of the log. Needs Python 3.12
// or newer; without it the tests are skipped and say so.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as h from "../journeys/harness.mjs";
import { here, listening, port, run, skip, tool } from "./programs.mjs";

const NAME = "sealed";
const PREFIX = "org/dengwen";
let folder, data, service, endpoint, city;

// The client reads who may use the bucket from the environment, and so does the program.
process.env.AWS_ACCESS_KEY_ID = "test";
process.env.AWS_SECRET_ACCESS_KEY = "test";

const bucket = (...args) => {
  const done = spawnSync(tool("python"), [path.join(here, "bucket.py"), endpoint, NAME, ...args], { encoding: "utf8" });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout.split("\n").filter(Boolean);
};
const dengwen = (...args) => execFileSync(h.program, [...args, "--data", data], { encoding: "utf8" });
const sealed = () => bucket("names").filter((name) => name.startsWith(`${PREFIX}/blobs/`));
const local = () => fs.readdirSync(path.join(data, "blobs"), { recursive: true, withFileTypes: true }).filter((f) => f.isFile());

async function startService(at) {
  service = spawn(tool("moto_server"), ["-H", "127.0.0.1", "-p", String(at)], { stdio: "ignore" });
  await listening(at);
}

/** Files a report with one attachment as a browser without scripts does, the wait included. */
async function file(text, bytes) {
  const base = `${city.public}/${h.organ(city, "jingban")}`;
  const origin = new URL(city.public).origin;
  const form = new FormData();
  const fields = { name1: "方某某", unit1: "镇政府", post1: "副镇长", text, signing: "anonymous", read: "yes" };
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append("file", new Blob([bytes], { type: "application/pdf" }), "账目.pdf");
  const answer = await fetch(`${base}/report/submit`, { method: "POST", body: form, headers: { origin } });
  const page = await answer.text();
  return { status: answer.status, code: page.match(/查询码：([0-9A-Z ,]+)/)?.[1].replace(/[ ,]/g, ""), page };
}

/** A page whose stream is so many bytes that nobody can compress. */
function pdf(bytes) {
  const parts = ["%PDF-1.4\n", "1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n", "2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1>>\nendobj\n",
    "3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>\nendobj\n", `4 0 obj\n<</Length ${bytes}>>\nstream\n`];
  const head = parts.map((part) => Buffer.from(part));
  const file = Buffer.concat([...head, randomBytes(bytes), Buffer.from("\nendstream\nendobj\n")]);
  let at = head[0].length;
  const places = [];
  for (const part of head.slice(1)) { places.push(at); at += part.length; }
  const table = places.map((place) => `${String(place).padStart(10, "0")} 00000 n \n`).join("");
  return Buffer.concat([file, Buffer.from(`xref\n0 5\n0000000000 65535 f \n${table}trailer\n<</Size 5/Root 1 0 R>>\nstartxref\n${file.length}\n%%EOF\n`)]);
}

/** What the clerk downloads of the only report. */
async function download() {
  let cookie = "";
  const desk = async (where, form) => {
    const answer = await fetch(`${city.desk}${where}`, {
      method: form ? "POST" : "GET", redirect: "manual",
      headers: { origin: new URL(city.desk).origin, cookie, ...(form ? { "content-type": "application/x-www-form-urlencoded" } : {}) },
      body: form && new URLSearchParams(form),
    });
    cookie = answer.headers.getSetCookie()[0]?.split(";")[0] ?? cookie;
    return answer;
  };
  const { user, password } = city.signIn("jingban");
  await desk("/sign-in", { user, password });
  const [report] = (await (await desk("/")).text()).match(/\/reports\/[0-9a-f]{32}/);
  const [found] = (await (await desk(report)).text()).match(/\/reports\/[0-9a-f]{32}\/files\/[0-9a-f]{32}/);
  const answer = await desk(found);
  assert.equal(answer.status, 200);
  return Buffer.from(await answer.arrayBuffer());
}

before(async () => {
  if (skip) return;
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "dengwen-bucket-"));
  data = path.join(folder, "data");
  const at = await port();
  endpoint = `http://127.0.0.1:${at}`;
  await startService(at);
  bucket("make");
  fs.writeFileSync(`${data}.toml`, `[bucket]\nname = "${NAME}"\nendpoint = "${endpoint}"\nprefix = "${PREFIX}"\n`);
  city = await h.demoAt(folder, 0);
});
after(async () => {
  await city?.stop();
  service?.kill();
  if (folder) fs.rmSync(folder, { recursive: true, force: true });
});

test("an attachment lies in the bucket alone, is read back on the desk, and goes with the backup", { skip, timeout: 120_000 }, async () => {
  const said = "村道工程没有公开招标，账目在附件里，请核查。";
  // More than one part of an upload.
  const sent = pdf(9 << 20);
  const filed = await file(said, sent);
  assert.equal(filed.status, 200, filed.page.slice(0, 2000));
  assert.ok(filed.code, filed.page.slice(0, 2000));
  assert.equal(sealed().length, 1);
  assert.deepEqual(local(), [], "nothing is left on this machine");
  for (const name of bucket("names")) assert.doesNotMatch(name, /账目|pdf/, "names say nothing");
  assert.ok((await download()).equals(sent), "it comes back as it was");
  assert.match(dengwen("fsck"), /\S/);

  const backup = path.join(folder, "backup");
  dengwen("backup", backup);
  assert.equal(fs.readdirSync(path.join(backup, "blobs")).length, 1);
  assert.deepEqual(local(), [], "the copy for the backup is gone");
});

test("the published log in the bucket is accepted by a program nobody here wrote, and grows", { skip, timeout: 120_000 }, async () => {
  const organ = h.organ(city, "jingban");
  const publish = () => {
    const lines = dengwen("log", "publish").trim().split("\n").map((line) => line.split(" "));
    const [origin, size, vkey] = lines.find(([origin]) => origin.endsWith(`/${organ}`));
    return { origin, size: Number(size), vkey };
  };
  const take = (name) => {
    const to = path.join(folder, name);
    bucket("take", to, `${PREFIX}/log/`);
    return path.join(to, PREFIX, "log", organ);
  };
  const first = publish();
  const trusted = ["--log-key", first.vkey, "--origin", first.origin];
  const before = take("before");
  const saved = path.join(folder, "saved");
  const checked = run("aics-tlog", ["verify-checkpoint", "--tiles", before, ...trusted, "--save-checkpoint", saved]);
  assert.ok(checked.ok, checked.said);
  for (let n = 0; n < 40; n++) {
    const answer = await fetch(`${city.api}/reports`, {
      method: "POST",
      headers: { authorization: `Bearer ${city.api_key}`, "idempotency-key": randomBytes(16).toString("hex"), "content-type": "application/json" },
      body: JSON.stringify({ channel: "web", text: `第${n}件：低保名单没有公示，请核查。` }),
    });
    assert.equal(answer.status, 201);
  }
  const grown = publish();
  assert.ok(grown.size > first.size);
  const after = take("after");
  const consistent = run("aics-tlog", ["verify-consistency", "--tiles", after, "--old-checkpoint", saved, ...trusted]);
  assert.ok(consistent.ok, consistent.said);
  assert.ok(fs.existsSync(`${after}.vkey`), "with the key beside it");
});

test("while the bucket is away nothing is said to be stored, and the text is on the page", { skip, timeout: 120_000 }, async () => {
  const at = Number(new URL(endpoint).port);
  const ended = new Promise((done) => service.once("exit", done));
  service.kill();
  await ended;
  const said = "镇里的救灾物资没有发到户，请核查。";
  const refused = await file(said, pdf(2000));
  assert.ok(refused.status >= 500, String(refused.status));
  assert.ok(refused.page.includes(said), "nothing she wrote is lost");
  assert.ok(!refused.code);
  // The service keeps its objects in memory: it comes back empty, and files go in again.
  await startService(at);
  bucket("make");
  const filed = await file(said, pdf(2000));
  assert.equal(filed.status, 200, filed.page.slice(0, 2000));
  assert.equal(sealed().length, 1);
});
