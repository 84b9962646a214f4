// The desk of a living city: lists, registering by hand with 查重, search, cockpit, audit, and who
// may not see what.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import * as h from "./harness.mjs";

let city, running;
before(async () => { city = await h.demo(60); running = await h.browser(); });
after(async () => { await running?.close(); await city?.stop(); });

test("a letter is registered by hand, found again by its words, and its copy is noticed", async () => {
  const clerk = await h.seat(running, city, "jingban");
  const { page } = clerk;
  await h.picture(page, "desk-inbox", false);
  // How many depends on the day of the week on which the city is made.
  assert.ok(await page.locator("tbody tr").count() > 1, "the inbox looks alive");
  const text = "来信反映：2025年3月，某镇农技站站长孔某某虚报化肥补贴，用亲属名字领取补贴款四万八千元，村民多次询问没有答复。";
  const numbers = [];
  for (const round of [1, 2]) {
    await page.goto(`${city.desk}/new?form=letter`);
    await page.fill("#text", text + (round === 2 ? "补贴发放表上有代签的名字。" : ""));
    await h.fillHand(page, { letter_number: `2026-118${round}`, receipt_way: "post", pages: "3", kept_at: "3-12-05", ...h.shared });
    if (round === 2) {
      // 查重 while typing, pasted text too; the button is there for whoever has no scripts.
      await page.waitForSelector(`#repeats a:text-is("${numbers[0]}")`, { timeout: 15_000 });
      await page.click("#check");
      await page.waitForSelector(`#repeats a:text-is("${numbers[0]}")`, { timeout: 15_000 });
      assert.match(await page.locator("#repeats").innerText(), /代签/, "what is new is shown");
      await h.picture(page, "desk-repeats", false);
    }
    await page.click('button:text-is("登记")');
    await page.waitForSelector(".dw-code");
    numbers.push((await page.locator("main").innerText()).match(/[0-9A-Z]{9}-\d{4}-\d{6,}-[0-9A-Z]/)[0]);
    // The funnel feeds the index; wait until the search finds it.
    for (let n = 0; n < 40; n++) {
      await page.goto(`${city.desk}/search`);
      await page.fill("input[name=words]", "化肥补贴");
      await page.click("main form button[type=submit]");
      assert.ok(!page.url().includes("%"), "words searched for stand in no address");
      if (await page.locator(`a:text-is("${numbers.at(-1)}")`).count()) break;
      await page.waitForTimeout(500);
    }
    assert.ok(await page.locator(`a:text-is("${numbers.at(-1)}")`).count(), "found by its words");
  }
  assert.deepEqual(clerk.wrong, []);
  await clerk.close();
});

test("the register filters, pages and exports", async () => {
  const head = await h.seat(running, city, "zhuren");
  const { page } = head;
  await page.goto(`${city.desk}/register`);
  await h.picture(page, "desk-register", false);
  await page.selectOption("select[name=channel]", "letter");
  await page.click('.dw-filter__do button');
  assert.match(page.url(), /channel=letter/, "plain filters stand in the address");
  const channels = await page.locator("tbody td.c-channel").allInnerTexts();
  assert.ok(channels.length > 0 && channels.every((c) => c.includes("来信")));
  await page.click(".dw-export:last-child summary");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click('button[formaction="/lists/export"]')]);
  assert.equal(download.suggestedFilename(), "register.xlsx");
  await head.close();
});

test("a ledger is ordered, seen her own way, searched without a trace in the address, and taken along", async () => {
  const head = await h.seat(running, city, "zhuren");
  const { page } = head;
  await page.goto(`${city.desk}/named`);
  assert.ok(await page.locator("tbody tr").count() > 1);
  await page.click('thead th.c-received a');
  assert.match(page.url(), /sort=received-asc/);
  assert.equal(await page.locator("thead th.c-received").getAttribute("aria-sort"), "ascending");
  const days = await page.locator("tbody td.c-received").allInnerTexts();
  assert.deepEqual(days, [...days].sort(), "the oldest first");
  // Her own columns: one fewer, and the order as it is.
  await page.click(".dw-tools details:first-child summary");
  await page.uncheck('input[name=col][value=problem]');
  await page.click('button[name=save]');
  assert.equal(await page.locator("thead th.c-problem").count(), 0);
  await page.goto(`${city.desk}/named`);
  assert.equal(await page.locator("thead th.c-problem").count(), 0, "kept for the next time");
  assert.equal(await page.locator("thead th.c-received").getAttribute("aria-sort"), "ascending");
  assert.ok(await h.fits(page), "nothing is wider than the screen");
  await h.picture(page, "desk-named", false);
  // What is sealed is asked in the body, and other orders and pages keep it there.
  const rows = await page.locator("tbody tr").count();
  await page.fill("#filter input[name=words]", "工程");
  // Enter filters; it presses none of the buttons of the panels above.
  await page.press("#filter input[name=words]", "Enter");
  await page.waitForSelector(".dw-filter__note");
  assert.ok(!page.url().includes("?"), "no word stands in the address");
  assert.ok(await page.locator("tbody tr").count() <= rows);
  await page.click("thead th.c-received button");
  assert.equal(await page.locator("thead th.c-received").getAttribute("aria-sort"), "descending");
  assert.equal(await page.inputValue("#filter input[name=words]"), "工程");
  // Sealed columns leave for a purpose only; plain ones leave as they are.
  await page.click(".dw-tools details:last-child summary");
  await page.check("input[name=sealed]");
  await page.click('button[formaction="/lists/export"]');
  assert.match(await page.locator("main").innerText(), /写明用途/);
  await page.goto(`${city.desk}/named`);
  await page.click(".dw-tools details:last-child summary");
  await page.check("input[name=sealed]");
  await page.fill("#purpose", "季度分析");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click('button[formaction="/lists/export"]')]);
  assert.equal(download.suggestedFilename(), "named.xlsx");
  assert.deepEqual(head.wrong, []);
  await head.close();
});

test("the administrator adds a colleague, the security officer confirms, and she signs in by her link", async () => {
  const admin = await h.seat(running, city, "guanli");
  await admin.page.goto(`${city.desk}/directory`);
  await h.picture(admin.page, "desk-directory", false);
  await admin.page.click(".dw-add:has(#add-staff) summary");
  await admin.page.fill("#add-staff input[name=name]", "苏予安");
  await admin.page.fill("#add-staff input[name=user]", "Su Yuan");
  await admin.page.selectOption("#add-staff select[name=office]", { index: 1 });
  await admin.page.check("#add-staff input[value=clerk]");
  await admin.page.click("#add-staff button[type=submit]");
  assert.match(await admin.page.locator(".alert-danger").innerText(), /登录名请用/);
  assert.equal(await admin.page.inputValue("#add-staff input[name=name]"), "苏予安", "nothing typed is lost");
  await admin.page.fill("#add-staff input[name=user]", "suyuan");
  await admin.page.click("#add-staff button[type=submit]");
  await admin.page.waitForSelector('form[action$="/link"]');
  const person = new URL(admin.page.url()).pathname;
  await admin.page.click('form[action$="/link"] button');
  const link = await admin.page.locator("#link").innerText();
  await h.picture(admin.page, "desk-person", false);
  assert.equal(await admin.page.locator('form[action$="/confirm"], form[action$="/code"]').count(), 0);

  const security = await h.seat(running, city, "anquan");
  await security.page.goto(`${city.desk}${person}`);
  await security.page.click('form[action$="/confirm"] button');
  await security.page.click('form[action$="/code"] button');
  const code = await security.page.locator("#code").innerText();

  const newcomer = await h.visit(running, { phone: false });
  await newcomer.page.goto(link);
  await newcomer.page.fill("#code", "00000000");
  await newcomer.page.fill("#password", "qing-shan-lv-shui-9");
  await newcomer.page.click("button[type=submit]");
  assert.match(await newcomer.page.locator(".alert-danger").innerText(), /启用码不对/);
  await newcomer.page.fill("#code", code);
  await newcomer.page.fill("#password", "qing-shan-lv-shui-9");
  await newcomer.page.click("button[type=submit]");
  await newcomer.page.waitForSelector(".dw-menu");
  assert.match(await newcomer.page.locator(".dw-bar__me").innerText(), /苏予安/);
  await newcomer.page.goto(`${city.desk}/register`);
  assert.ok(await newcomer.page.locator("#filter").count(), "her role is in force");

  await admin.page.goto(`${city.desk}/operations`);
  assert.match(await admin.page.locator("main").innerText(), /没有停下的事项/);
  for (const v of [admin, security, newcomer]) { assert.deepEqual(v.wrong, []); await v.close(); }
});

test("the cockpit shows twenty figures and its charts on one screen", async () => {
  const leader = await h.seat(running, city, "shuji");
  const { page } = leader;
  await page.goto(`${city.desk}/cockpit`);
  assert.equal(await page.locator(".dw-figures li").count(), 20);
  await page.waitForSelector(".dw-chart canvas");
  await h.picture(page, "desk-cockpit", false);
  const height = await page.evaluate(() => document.documentElement.scrollHeight);
  assert.ok(height <= 800, `one screen: ${height} pixels`);
  assert.deepEqual(leader.wrong, []);
  await leader.close();
});

test("three officers are apart: the administrator reads no report, the auditor sees who did", async () => {
  const clerk = await h.seat(running, city, "jingban2");
  await clerk.page.goto(`${city.desk}/register`);
  const report = await clerk.page.locator('tbody a[href^="/reports/"]').first().getAttribute("href");
  await clerk.page.goto(`${city.desk}${report}`);
  await clerk.page.waitForSelector("#text-heading");

  const admin = await h.seat(running, city, "guanli");
  for (const page of ["/register", "/search", report, "/audit"]) {
    const answer = await admin.page.goto(`${city.desk}${page}`);
    assert.ok([403, 404].includes(answer.status()), `${page}: ${answer.status()}`);
    assert.equal(await admin.page.locator("#narrative").count(), 0);
  }
  const auditor = await h.seat(running, city, "shenji");
  await auditor.page.goto(`${city.desk}/audit`);
  assert.match(await auditor.page.locator("tbody").innerText(), /余安禾[\s\S]*查看件/);
  await h.picture(auditor.page, "desk-audit", false);
  for (const v of [clerk, admin, auditor]) await v.close();
});

test("signing out ends the session on the server, and a foreign page can change nothing", async () => {
  const clerk = await h.seat(running, city, "jingban");
  const cookies = await clerk.context.cookies();
  const session = cookies.find((c) => c.name === "dengwen_desk");
  assert.ok(session.httpOnly && session.sameSite === "Strict");
  const foreign = await fetch(`${city.desk}/sign-out`, {
    method: "POST",
    headers: { cookie: `dengwen_desk=${session.value}`, origin: "http://evil.example", "content-type": "application/x-www-form-urlencoded" },
    body: "csrf=x",
    redirect: "manual",
  });
  assert.equal(foreign.status, 403);
  await clerk.page.click('form[action="/sign-out"] button');
  await clerk.page.waitForSelector("#password");
  const after = await fetch(`${city.desk}/register`, { headers: { cookie: `dengwen_desk=${session.value}` }, redirect: "manual" });
  assert.equal(after.status, 303);
  await clerk.close();
});
