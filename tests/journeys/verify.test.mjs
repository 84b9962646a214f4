// 核验页: a proof fetched with the code and a letter with its proof, checked in the browser with the
// network cut, with the browser's ciphers and without; what was tampered with is refused.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import * as h from "./harness.mjs";
import { line, verifier } from "../verify/page.mjs";

let city, running, organ, vkey, proof, letterProof, letter;

/** Saves what a click downloads. */
async function download(page, click, name) {
  const [file] = await Promise.all([page.waitForEvent("download"), click()]);
  const place = path.join(city.folder, name);
  await file.saveAs(place);
  return place;
}

before(async () => {
  city = await h.demo(0);
  running = await h.browser();
  organ = h.organ(city, "jingban");
  const phone = await h.visit(running);
  await h.fillReport(phone.page, city, organ, {
    who: { name1: "方某某", unit1: "镇政府", post1: "副镇长", division: true },
    what: { text: "2025年9月，镇里修水渠，副镇长方某某把工程交给妻弟的公司，没有公开招标，套取资金36000元。", when: "2025年9月" },
    signed: { name: "钱试例", contact: "某某路一号" },
  });
  await phone.page.check("#read");
  await phone.page.click("button.weui-btn_primary");
  const { code, number } = await h.readCode(phone.page);

  const clerk = await h.seat(running, city, "jingban");
  await h.openReport(clerk.page, city, number);
  await h.judged(clerk.page);
  await h.act(clerk.page, "受理", { kind: "accusation" });
  const issued = await download(clerk.page, () => clerk.page.click('form[action$="/papers/acceptance_notice"] button'), "issued.pdf");
  execFileSync(h.program, ["log", "publish", "--data", city.data], { stdio: "pipe" });
  await clerk.page.reload();
  letter = await download(clerk.page, () => clerk.page.click('.dw-issued a[href$="/file"]'), "letter.pdf");
  letterProof = await download(clerk.page, () => clerk.page.click('.dw-issued a[href$="/proof"]'), "letter.tlog-proof");
  assert.ok(fs.readFileSync(issued).equals(fs.readFileSync(letter)), "the letter on file is the one issued");
  await h.picture(clerk.page, "verify-desk");
  await clerk.close();

  await phone.page.goto(`${city.public}/${organ}/status`);
  await phone.page.fill("#code", code);
  await phone.page.click("button.weui-btn_primary");
  await phone.page.click("summary:has-text('取存证文件')");
  proof = await download(phone.page, () => phone.page.click('form[action$="/status/proof"] button'), "proof.tlog-proof");
  await phone.close();
  const said = execFileSync(h.program, ["log", "publish", "--data", city.data], { encoding: "utf8" });
  vkey = said.match(new RegExp(`\\S+/${organ}\\+\\S+`))[0];
}, { timeout: 300_000 });
after(async () => { await running?.close(); await city?.stop(); });

/** The page, loaded, with the network cut. */
async function open(options = {}, { plain = false, at = `/${organ}/verify` } = {}) {
  const v = await h.visit(running, options);
  if (plain) await v.context.addInitScript(() => Object.defineProperty(Crypto.prototype, "subtle", { get: () => undefined }));
  await v.page.goto(`${city.public}${at}`, { waitUntil: "load" });
  await v.page.waitForSelector("#check:not([hidden])");
  assert.equal(await v.page.evaluate(() => typeof crypto.subtle), plain ? "undefined" : "object");
  await v.context.setOffline(true);
  v.asked = [];
  v.page.on("request", (request) => v.asked.push(request.url()));
  return v;
}

/** Chooses files and checks; the verdict's text. */
async function check(v, files) {
  await v.page.setInputFiles("#proof", files.proof ?? []);
  await v.page.setInputFiles("#paper", files.paper ?? []);
  await v.page.fill("#key", files.key ?? "");
  await v.page.click("#go");
  await v.page.waitForFunction((busy) => {
    const text = document.getElementById("result").innerText;
    return text && text !== busy;
  }, await v.page.evaluate(() => [...document.querySelectorAll("#words dt")].find((d) => d.textContent === "verify-busy").nextSibling.textContent));
  return v.page.locator("#result").innerText();
}

/** A copy with one byte changed. */
function tampered(file, at, name) {
  const bytes = fs.readFileSync(file);
  bytes[at < 0 ? bytes.length + at : at] ^= 1;
  const place = path.join(city.folder, name);
  fs.writeFileSync(place, bytes);
  return place;
}

for (const plain of [false, true]) {
  test(`a proof and a letter are checked with the network cut${plain ? ", without crypto.subtle" : ""}`, async () => {
    const v = await open({}, { plain });
    const filed = await check(v, { proof });
    assert.match(filed, /凭证有效：.*已载入日志[\s\S]*✓ 日志 .* 的签名有效[\s\S]*✓ 已载入日志，序号 \d+/);
    assert.match(filed, /所用公钥来自本页/);
    if (!plain) await h.picture(v.page, "verify-filing-360");
    assert.match(await check(v, { proof: letterProof }), /还没有核对文书/);
    assert.match(await check(v, { proof: letterProof, paper: letter }), /凭证有效：所选 PDF 就是/);
    assert.match(await check(v, { proof, key: vkey }), /凭证有效[\s\S]*所用公钥是您填写的/);
    for (const at of [40, 400, -5]) {
      assert.match(await check(v, { proof: tampered(proof, at, "tampered.tlog-proof") }), /不可信[\s\S]*✗/, `byte ${at}`);
    }
    for (const at of [20, 5_000, -10]) {
      assert.match(await check(v, { proof: letterProof, paper: tampered(letter, at, "tampered.pdf") }), /不可信[\s\S]*✗ 所选 PDF 不是/);
    }
    assert.ok(await h.fits(v.page));
    if (!plain) await h.picture(v.page, "verify-tampered-360");
    assert.deepEqual(v.asked, [], "nothing was asked of any network after loading");
    assert.deepEqual(v.wrong, []);
    assert.deepEqual(await v.page.evaluate(() => [localStorage.length, sessionStorage.length, document.cookie]), [0, 0, ""]);
    assert.equal(await v.page.title(), "便民服务");
    await v.close();
  });
}

test("a wrong file or key is told in words, in both languages, on a wide screen", async () => {
  const v = await open({ phone: false }, { at: `/${organ}/en/verify` });
  assert.match(await check(v, {}), /Choose the proof file first/);
  assert.match(await check(v, { proof: letter }), /What you chose as proof is a PDF/);
  assert.match(await check(v, { proof: letter, paper: letterProof }), /wrong way round/);
  const other = path.join(city.folder, "photo.jpg");
  fs.writeFileSync(other, "not a proof at all");
  assert.match(await check(v, { proof: other }), /no proof file/);
  fs.writeFileSync(other, "");
  assert.match(await check(v, { proof: other }), /empty/);
  assert.match(await check(v, { proof, paper: letter }), /no PDF belongs to it/);
  assert.match(await check(v, { proof, key: "hello" }), /cannot be followed|not a key/);
  assert.match(await check(v, { proof, key: vkey.slice(0, -3) }), /not a key/);
  assert.match(await check(v, { proof: letterProof, paper: letter }), /this PDF is the letter/);
  assert.ok(await h.fits(v.page));
  await h.picture(v.page, "verify-letter-1366");
  assert.deepEqual(v.wrong, []);
  await v.close();
});

test("a letter's QR code leads to the page, leaves the address, and tells letters apart", async () => {
  const text = fs.readFileSync(letterProof, "utf8");
  const { salt, day } = JSON.parse(Buffer.from(text.match(/^extra (.*)$/m)[1], "base64"));
  const hex = Buffer.from(salt, "base64").toString("hex");
  const right = await open({}, { at: `/${organ}/v#${organ}.${day}.${hex}` });
  assert.ok(right.page.url().endsWith(`/${organ}/verify`), right.page.url());
  assert.match(await right.page.locator("#scanned").innerText(), new RegExp(organ));
  assert.match(await check(right, { proof: letterProof, paper: letter }), /凭证有效/);
  await right.close();
  const wrong = await open({}, { at: `/${organ}/v#${organ}.${day}.${"0".repeat(64)}` });
  assert.match(await check(wrong, { proof: letterProof, paper: letter }), /不可信[\s\S]*二维码/);
  await wrong.close();
});

test("without scripts the page says how to check, and its policy lets nothing out", async () => {
  const v = await h.visit(running, { scripts: false });
  const answer = await v.page.goto(`${city.public}/${organ}/verify`);
  assert.match(answer.headers()["content-security-policy"], /connect-src 'none'/);
  assert.ok(await v.page.locator("#check").isHidden());
  const shown = await v.page.locator("main").innerText();
  assert.match(shown, /dengwen verify proof\.tlog-proof --vkey/);
  assert.match(shown, /不能证明所记的内容属实/);
  assert.ok(shown.includes(vkey), "the key is printed");
  await v.close();
});

test("the page weighs less than 60 KB compressed", async () => {
  const v = await h.visit(running);
  const session = await v.context.newCDPSession(v.page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  session.on("Network.loadingFinished", (e) => { bytes += e.encodedDataLength; });
  await v.page.goto(`${city.public}/${organ}/verify`, { waitUntil: "networkidle" });
  assert.ok(bytes > 20_000 && bytes < 60_000, `${bytes} bytes`);
  await v.close();
});

test("the page and the program say the same of these very files, sound and tampered", async () => {
  const page = verifier(), trust = await page.parseTrust(vkey);
  const program = (file, paper) => {
    const done = spawnSync(h.program, ["verify", file, "--vkey", vkey, ...(paper ? ["--paper", paper] : [])], { encoding: "utf8" });
    return done.status === 0 ? "sound" : `refused: ${done.stdout.match(/^Not sound: ([^:]+):/m)?.[1]}`;
  };
  const browser = async (file, paper) => {
    const found = await page.check(new Uint8Array(fs.readFileSync(file)), paper ? new Uint8Array(fs.readFileSync(paper)) : null, trust);
    return found.sound ? "sound" : line(found);
  };
  const same = async (wanted, file, paper) => {
    const verdict = program(file, paper);
    assert.equal(await browser(file, paper), verdict);
    assert.equal(verdict === "sound", wanted === "sound");
  };
  await same("sound", proof);
  await same("sound", letterProof);
  await same("sound", letterProof, letter);
  await same("refused", proof, letter);
  const length = fs.statSync(letterProof).size;
  for (let at = 3; at < length; at += Math.ceil(length / 25)) await same("refused", tampered(letterProof, at, "flip.tlog-proof"), letter);
  for (const at of [0, 7_000, -1]) await same("refused", letterProof, tampered(letter, at, "flip.pdf"));
});
