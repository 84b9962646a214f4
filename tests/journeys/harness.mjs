// What every journey needs: a demo of its own on a free port in a temporary folder, a browser of
// Debian, pictures kept, and the steps people take on the desk. It knows no journey.
import assert from "node:assert/strict";
import { execFileSync, spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.resolve(here, "../..");
export const program = process.env.DENGWEN ?? path.join(root, "target/debug/dengwen");
// Looked at by people; the ones worth keeping are copied to screenshots/ by hand.
const pictures = path.join(here, "screenshots-new");

const FLAGS = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
  "--disable-background-networking", "--disable-component-update", "--disable-sync",
];

/** Starts `dengwen demo` with N reports in a folder of its own; resolves to what it announced, with `stop()`. */
export async function demo(reports = 0) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "dengwen-journey-"));
  const running = await demoAt(folder, reports);
  return {
    ...running,
    async stop() {
      await running.stop();
      fs.rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The same in a folder that is there already and stays. */
export async function demoAt(folder, reports = 0) {
  const data = path.join(folder, "data");
  const child = spawn(program, ["demo", "--listen", "127.0.0.1:0", "--data", data, "--reports", String(reports), "--json"],
    { stdio: ["ignore", "pipe", "pipe"] });
  let complaints = "";
  child.stderr.on("data", (d) => { complaints = (complaints + d).slice(-4000); });
  const ended = new Promise((done) => child.once("exit", done));
  const lines = readline.createInterface({ input: child.stdout });
  const first = await Promise.race([
    new Promise((done) => lines.once("line", done)),
    ended.then((code) => { throw new Error(`dengwen demo ended with ${code}: ${complaints}`); }),
  ]);
  const announced = JSON.parse(first);
  return {
    ...announced,
    folder,
    data,
    async stop() {
      child.kill("SIGTERM");
      await ended;
    },
    /** The sign-in of a user name. */
    signIn(user) {
      const found = announced.sign_ins.find((s) => s.user === user);
      if (!found) throw new Error(`no sign-in for ${user}`);
      return found;
    },
  };
}

/** A browser with a fresh profile. */
export function browser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
}

/** A page in a context of its own that collects everything a page may not do. */
export async function visit(running, { scripts = true, phone = true, width, height } = {}) {
  const viewport = phone ? { width: width ?? 360, height: height ?? 740 } : { width: width ?? 1366, height: height ?? 768 };
  const context = await running.newContext({ viewport, javaScriptEnabled: scripts, locale: "zh-CN", acceptDownloads: true });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const wrong = [];
  page.on("console", (m) => { if (m.type() === "error" && !/status of (4|5)\d\d/.test(m.text())) wrong.push(m.text()); });
  page.on("pageerror", (e) => wrong.push(String(e)));
  const origins = new Set();
  page.on("request", (r) => { if (!r.url().startsWith("data:")) origins.add(new URL(r.url()).origin); });
  return { page, context, wrong, origins, close: () => context.close() };
}

/** Keeps a picture of the page. */
export async function picture(page, name, fullPage = true) {
  fs.mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `${name}.png`), fullPage });
}

/** Nothing on the page is wider than the screen. */
export async function fits(page) {
  return page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth);
}

/** Signs a member of staff in on a fresh desk page. */
export async function seat(running, city, user) {
  const visitor = await visit(running, { phone: false });
  const { page } = visitor;
  await page.goto(`${city.desk}/sign-in`);
  await page.fill("#user", user);
  await page.fill("#password", city.signIn(user).password);
  await page.click("button[type=submit]");
  await page.waitForSelector(".dw-menu");
  return visitor;
}

/** Finds a report by its number through the search and opens it; waits until it is judged. */
export async function openReport(page, city, number) {
  await page.goto(`${city.desk}/search`);
  await page.fill("input[name=words]", number);
  await page.click("main form button[type=submit]");
  await page.click(`a:text-is("${number}")`);
  await page.waitForSelector("#text-heading");
}

/** Waits until the open report was judged: what is done on an older page is told that it changed. */
export async function judged(page) {
  for (let n = 0; n < 60 && !(await page.locator(".dw-sure").count()); n++) {
    await page.waitForTimeout(500);
    await page.reload();
  }
}

/** Gives one command on an open report: fields by name, then the button. */
export async function act(page, label, fields = {}) {
  await page.locator(".dw-buttons a", { hasText: new RegExp(`^${label}$`) }).first().click();
  const form = page.locator("#act form");
  await form.waitFor();
  for (const [name, text] of Object.entries(fields)) {
    const field = form.locator(`[name=${name}]`);
    const tag = await field.evaluate((e) => e.tagName);
    if (tag === "SELECT") await field.selectOption(text);
    else await field.fill(text);
  }
  const before = page.url();
  await Promise.all([
    page.waitForNavigation(),
    form.locator("button[type=submit]").click(),
  ]);
  const refused = page.locator("#act .alert-danger");
  if (await refused.count()) throw new Error(`${label} on ${before}: ${await refused.innerText()}`);
}

/** What the clerk writes down when she reached whoever signed. */
export function verified() {
  return {
    contact_way: "phone", verified_at: new Date(Date.now() + 8 * 3_600_000 - 60_000).toISOString().slice(0, 16), signing: "named_verified",
    asked_identity: "yes", asked_herself: "yes", asked_matter: "yes",
  };
}

/** Fills fields of a registration form by their id: text, list, or tick. */
export async function fillHand(page, fields) {
  for (const [id, given] of Object.entries(fields)) {
    const field = page.locator(`[id="${id}"]`);
    const tag = await field.evaluate((e) => e.tagName + (e.type === "checkbox" ? "/tick" : ""));
    if (tag === "SELECT") await field.selectOption(given);
    else if (tag === "FIELDSET") await field.locator(`input[value="${given}"]`).check();
    else if (tag === "INPUT/tick") await field.setChecked(given);
    else await field.fill(given);
  }
}

/** What every registration form asks for. */
export const shared = {
  division: "unknown", sector: "farm_subsidy", title: "关于反映某镇农技站补贴的问题", name1: "孔某某", unit1: "某镇农技站", post1: "站长", rank1: "unknown",
  problem1: "unknown", summary1: "虚报化肥补贴，用亲属名字领取", opinion: "keep",
};

/** Code of the demo's organ of an edition: the one whose clerk this is. */
export function organ(city, clerk) {
  return city.signIn(clerk).organ;
}

/** A day some days from now, as a date field takes it. */
export function inDays(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

/** Fills the public form up to the review. */
export async function fillReport(page, city, organ, { who, what, signed }) {
  await page.goto(city.public);
  await page.click(`main a[href="/${organ}"]`);
  await page.click("a.weui-btn_primary");
  for (const [name, text] of Object.entries(who)) {
    if (name === "division") await page.selectOption("#division", { index: 1 });
    else await page.fill(`#${name}`, text);
  }
  await page.click("button.weui-btn_primary");
  await page.fill("#text", what.text);
  if (what.problem) await page.selectOption("#problem", { label: what.problem });
  if (what.title) await page.fill("#title", what.title);
  if (what.when) await page.fill("#when", what.when);
  if (signed) {
    await page.click("label[for=named]");
    await page.fill("#reporter_name", signed.name);
    await page.fill("#reporter_contact", signed.contact);
    if (signed.hours) await page.fill("#hours", signed.hours);
  }
  await page.click("button.weui-btn_primary");
  await page.waitForSelector("#read");
}

/** Comes back with the code, as it was copied by hand. */
export async function comeBack(page, city, organ, code) {
  await page.goto(city.public);
  await page.click(`main a[href="/${organ}"]`);
  await page.click("a.weui-btn_default");
  await page.fill("#code", code.toLowerCase().replace(/(.{5})/g, "$1 "));
  await page.click("button.weui-btn_primary");
  await page.waitForSelector(".dw-timeline");
}

/** Publishes the log, fetches the proof on the status page by choice, and checks it offline: whole, and with one byte changed. */
export async function prove(page, city) {
  execFileSync(program, ["log", "publish", "--data", city.data], { stdio: "pipe" });
  await page.click("summary:has-text('取存证文件')");
  assert.match(await page.locator("main").innerText(), /这个文件能证明您/);
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.click('form[action$="/status/proof"] button'),
  ]);
  const file = path.join(city.folder, download.suggestedFilename());
  await download.saveAs(file);
  const verdict = execFileSync(program, ["verify", file, "--data", city.data], { encoding: "utf8" });
  assert.ok(verdict.trim().length > 0);
  const bytes = fs.readFileSync(file);
  // A digit of the salted commitment's file, somewhere in the middle.
  const at = bytes.findIndex((b, n) => n > bytes.length / 2 && b >= 48 && b <= 56);
  bytes[at] += 1;
  const forged = `${file}.forged`;
  fs.writeFileSync(forged, bytes);
  const refused = spawnSync(program, ["verify", forged, "--data", city.data], { encoding: "utf8" });
  assert.equal(refused.status, 1, `${refused.stdout}${refused.stderr}`);
}

/** The code and the number on the code page. */
export async function readCode(page) {
  await page.waitForSelector("#code");
  const code = (await page.locator("#code").innerText()).replace(/\s/g, "");
  const number = (await page.locator("main").innerText()).match(/[0-9A-Z]{9}-\d{4}-\d{6,}-[0-9A-Z]/)[0];
  return { code, number };
}
