// Registering by hand as clerks do it: one of each of the four forms, a draft left and resumed, a
// table imported by page with one bad row, a report split in two.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import * as h from "./harness.mjs";

let city, running;
before(async () => { city = await h.demo(20); running = await h.browser(); });
after(async () => { await running?.close(); await city?.stop(); });

const NUMBER = /[0-9A-Z]{9}-\d{4}-\d{6,}-[0-9A-Z]/;

async function submit(page) {
  await page.click("#submit");
  await page.waitForSelector(".dw-code, .alert-danger");
  const wrong = page.locator(".alert-danger");
  if (await wrong.count()) throw new Error(await wrong.innerText());
  return (await page.locator("main").innerText()).match(NUMBER)[0];
}

test("a letter: what is missing is said, initials find a value, a second person is added, the page shows it all", async () => {
  const clerk = await h.seat(running, city, "jingban");
  const { page } = clerk;
  await page.goto(`${city.desk}/new?form=letter`);
  await h.picture(page, "hand-letter");
  assert.ok(await h.fits(page), "nothing is wider than the screen");
  await page.fill("#text", "来信反映：某镇农技站站长虚报化肥补贴。");
  await page.click("#submit");
  await page.waitForSelector(".alert-danger");
  assert.match(await page.locator(".alert-danger").innerText(), /收件方式还没有填。选这封信/);
  assert.match(await page.inputValue("#letter_number"), /^\d{8}-\d{3}$/, "the next number of the day");
  assert.equal(await page.inputValue("#text"), "来信反映：某镇农技站站长虚报化肥补贴。", "nothing typed is lost");
  await h.picture(page, "hand-missing", false);
  await h.fillHand(page, { letter_number: "2026-2201", pages: "3", kept_at: "3-12-05", enclosures: "领条 2份 复印件", ...h.shared });
  await page.focus("#receipt_way");
  await page.keyboard.type("jbx");
  assert.equal(await page.inputValue("#receipt_way"), "box", "jbx finds 举报箱");
  await h.fillHand(page, { box_number: "三号箱", alias1: "老孔" });
  await page.click('.dw-more[value="subjects"]');
  await h.fillHand(page, { name2: "沈某某", rank2: "unknown", alias2: "" });
  await page.locator("#title").press("Enter");
  assert.equal(await page.locator(".dw-code").count(), 0, "Enter never submits");
  const number = await submit(page);
  await h.picture(page, "hand-registered", false);
  await page.click(`a[href^="/reports/"]`);
  await page.waitForSelector(".dw-registration");
  const shown = await page.locator("main").innerText();
  for (const words of [number, "2026-2201", "举报箱", "三号箱", "老孔", "沈某某", "领条 2份 复印件"]) assert.ok(shown.includes(words), words);
  await h.picture(page, "hand-report");
  assert.ok(await h.fits(page));
  assert.deepEqual(clerk.wrong, []);
  await clerk.close();
});

test("a visit: a draft is kept, found in the list, resumed with everything, registered, and gone", async () => {
  const clerk = await h.seat(running, city, "jingban");
  const { page } = clerk;
  await page.goto(`${city.desk}/new?form=visit`);
  await h.fillHand(page, { window: "二号接谈室", visit_type: "single", text: "问：反映什么？答：某镇农技站站长虚报化肥补贴四万八千元。", materials: "领条 1份 原件" });
  await page.keyboard.press("Control+s");
  await page.waitForFunction(() => document.getElementById("kept").textContent.includes("草稿已保存"));
  await page.goto(`${city.desk}/drafts`);
  assert.match(await page.locator(".dw-menu").innerText(), /草稿\s*1/);
  await h.picture(page, "hand-drafts", false);
  await page.click('tbody a:text-is("接着填")');
  for (const [id, value] of [["window", "二号接谈室"], ["visit_type", "single"], ["materials", "领条 1份 原件"]]) {
    assert.equal(await page.inputValue(`[id="${id}"]`), value, `${id} was lost`);
  }
  const second = await page.locator("#receiver_two option").nth(2).getAttribute("value");
  await h.fillHand(page, { ...h.shared, receiver_two: second, recording: "told", read_back: "read", signature: "all", answer: "accepted" });
  if (await page.inputValue("#receiver_one") === second) await page.selectOption("#receiver_two", { index: 3 });
  await h.picture(page, "hand-visit");
  await page.keyboard.press("Control+Enter");
  await page.waitForSelector(".dw-code");
  await page.goto(`${city.desk}/drafts`);
  assert.match(await page.locator("tbody").innerText(), /没有草稿/);
  assert.deepEqual(clerk.wrong, []);
  await clerk.close();
});

test("a call without scripts: the six questions make the text, and one more problem is a button", async () => {
  const signedIn = await h.seat(running, city, "jingban");
  const state = await signedIn.context.storageState();
  await signedIn.close();
  const context = await running.newContext({ javaScriptEnabled: false, storageState: state, viewport: { width: 1366, height: 768 } });
  const page = await context.newPage();
  await page.goto(`${city.desk}/new?form=call`);
  await h.fillHand(page, {
    ...h.shared, name1: "", summary1: "", recording: "told", who: "孔某某", when: "2025年3月", where: "某镇", what: "虚报化肥补贴四万八千元",
    proof: "有领条", wants: "查处", confirmed: "yes",
  });
  await page.click('.dw-more[value="allegations"]');
  await h.fillHand(page, { problem2: "unknown", summary2: "领条上有代签的名字" });
  await h.picture(page, "hand-call");
  const number = await submit(page);
  assert.match(await page.locator("main").innerText(), /读两遍/);
  await page.click(`a[href^="/reports/"]`);
  const shown = await page.locator("main").innerText();
  for (const words of [number, "【何事】虚报化肥补贴四万八千元", "领条上有代签的名字", "孔某某"]) assert.ok(shown.includes(words), words);
  await context.close();
});

test("a transferred item keeps its first channel, and the next one keeps form, day and source", async () => {
  const clerk = await h.seat(running, city, "jingban");
  const { page } = clerk;
  await page.goto(`${city.desk}/new?form=transfer`);
  await h.fillHand(page, {
    ...h.shared, text: "省级机关转来：某镇农技站站长虚报化肥补贴。", from_organ: "某某省纪委监委信访室", document_number: "某信转〔2026〕12号",
    document_on: h.inDays(-3), document_way: "courier", source: "superior_transfer", platform_number: "无", channel: "web", first_repeat: "first",
    pages: "12", pages_checked: "match", signing: "anonymous", secrecy: "secret",
  });
  await page.click("#submit");
  await page.waitForSelector(".alert-danger");
  assert.match(await page.locator(".alert-danger").innerText(), /涉密件请线下登记/);
  await page.selectOption("#secrecy", "none");
  await h.picture(page, "hand-transfer");
  const number = await submit(page);
  assert.ok(number);
  const next = await page.locator('a:text-is("登记下一件")').getAttribute("href");
  assert.match(next, /form=transfer/);
  assert.match(next, /source=superior_transfer/);
  await page.click(`a[href^="/reports/"]`);
  assert.match(await page.locator(".dw-facts").innerText(), /网络 \/ 上级转送/);
  assert.deepEqual(clerk.wrong, []);
  await clerk.close();
});

test("a table with one bad row is checked, imported, and its fault can be taken away", async () => {
  const clerk = await h.seat(running, city, "jingban");
  const { page } = clerk;
  await page.click('.dw-menu a:has-text("导入")');
  const file = path.join(city.folder, "清单.csv");
  fs.writeFileSync(file, "编号,主题,留言时间,反映内容\n1,路灯,2026-01-11,城南小区路灯坏了三个月没有人修。\n2,日子不对,2026-02-30,密语某日发生的事。\n3,积水,2026-01-12,门口积水没有人管。\n");
  await page.setInputFiles("#file", file);
  await page.fill("#source", "省局第3批");
  await page.click('button[value="check"]');
  assert.match(await page.locator("#outcome1").innerText(), /2 行可以导入，1 行有问题/);
  assert.ok(!(await page.locator("main").innerText()).includes("密语"));
  await page.setInputFiles("#file", file);
  await page.click('button[value="import"]');
  assert.match(await page.locator("#outcome1").innerText(), /新登记 2 件/);
  await h.picture(page, "hand-import", false);
  const [download] = await Promise.all([page.waitForEvent("download"), page.click('form[action="/import/faults"] button')]);
  assert.match(fs.readFileSync(await download.path(), "utf8"), /impossible_date/);
  assert.deepEqual(clerk.wrong, []);
  await clerk.close();
});

test("a report with two matters is split beside its text, and later evidence is added", async () => {
  const clerk = await h.seat(running, city, "jingban");
  const { page } = clerk;
  await page.goto(`${city.desk}/new?form=letter`);
  await h.fillHand(page, {
    ...h.shared, letter_number: "2026-2202", receipt_way: "post", pages: "2", kept_at: "3-12-06", text: "一是农技站虚报补贴。二是村里低保没有评议。",
  });
  await submit(page);
  await page.click(`a[href^="/reports/"]`);
  await page.waitForSelector("#act-heading");
  await h.judged(page);
  const report = page.url();
  await page.locator(".dw-buttons a", { hasText: /^补充/ }).first().click();
  const form = page.locator("#act form");
  await form.waitFor();
  await form.locator("[name=text]").fill("窗口收到领条一份");
  await Promise.all([page.waitForNavigation(), form.locator("button[type=submit]").click()]);
  assert.match(await page.locator("main").innerText(), /窗口收到领条一份/);
  await page.goto(report);
  await page.locator('.dw-buttons a[href$="/split"]').click();
  await h.fillHand(page, { text1: "农技站虚报补贴。", name1: "孔某某", text2: "村里低保没有评议。" });
  await h.picture(page, "hand-split", false);
  assert.ok(await h.fits(page));
  await Promise.all([page.waitForNavigation(), page.click("#submit")]);
  assert.match(await page.locator(".dw-course").innerText(), /拆分/);
  assert.deepEqual(clerk.wrong, []);
  await clerk.close();
});
