// The public pages without scripts, on a narrow screen, in both languages; and what is kept when
// something goes wrong.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import fs from "node:fs";
import * as h from "./harness.mjs";

let city, running;
before(async () => { city = await h.demo(0); running = await h.browser(); });
after(async () => { await running?.close(); await city?.stop(); });

const report = {
  who: { name1: "李某某", unit1: "某某县某某局" },
  what: { text: "2025年6月，李某某收受施工方礼金两万元，事后在验收单上签字。" },
};

test("a report is filed without scripts, after a short wait that keeps every word", async () => {
  const v = await h.visit(running, { scripts: false });
  await h.fillReport(v.page, city, h.organ(city, "jingban"), report);
  await v.page.check("#read");
  await v.page.click("button.weui-btn_primary");
  assert.match(await v.page.locator("h1").innerText(), /请稍等/);
  await h.picture(v.page, "public-wait");
  // Too early: still here, still everything kept.
  await v.page.click("button.weui-btn_primary");
  assert.match(await v.page.locator("h1").innerText(), /请稍等/);
  await v.page.waitForTimeout(6_500);
  await v.page.click("button.weui-btn_primary");
  const { code } = await h.readCode(v.page);
  assert.equal(code.length, 20);
  // The same submission again is the same report with the same code.
  await v.page.reload();
  assert.equal((await h.readCode(v.page)).code, code);
  await v.page.click("main form button");
  await v.page.waitForSelector(".dw-phones");
  await v.close();
});

test("attachments go in sealed, and a wrong one is refused in words with the text kept", async () => {
  const v = await h.visit(running);
  await h.fillReport(v.page, city, h.organ(city, "jingban"), report);
  const wrong = `${city.folder}/note.exe`;
  fs.writeFileSync(wrong, "MZ this is no picture");
  await v.page.setInputFiles("#file", wrong);
  await v.page.check("#read");
  await v.page.click("button.weui-btn_primary");
  await v.page.waitForSelector("#errors");
  assert.match(await v.page.locator(".dw-review").innerText(), /收受施工方礼金/);
  await h.picture(v.page, "public-wrong-file");
  const pixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC";
  const right = `${city.folder}/photo.png`;
  fs.writeFileSync(right, Buffer.from(pixel, "base64"));
  await v.page.setInputFiles("#file", right);
  await v.page.check("#read");
  await v.page.click("button.weui-btn_primary");
  await h.readCode(v.page);
  await v.close();
});

test("every page fits 360 pixels in both languages and says its language", async () => {
  for (const scripts of [true, false]) {
    const v = await h.visit(running, { scripts });
    await v.page.goto(city.public);
    const organs = await v.page.locator("main a").evaluateAll((all) => all.map((a) => a.getAttribute("href")));
    for (const base of organs.slice(0, 2)) {
      for (const [prefix, lang] of [["", "zh-CN"], ["/en", "en"]]) {
        for (const page of ["", "/guide", "/report", "/status", "/verify", "/leave"]) {
          const answer = await v.page.goto(`${city.public}${base}${prefix}${page}`);
          assert.equal(answer.status(), 200, page);
          const headers = answer.headers();
          assert.equal(headers["cache-control"], "no-store");
          assert.equal(headers["referrer-policy"], "no-referrer");
          assert.ok(!("set-cookie" in headers));
          assert.equal(await v.page.locator("html").getAttribute("lang"), lang);
          if (scripts) assert.ok(await h.fits(v.page), `${page} in ${lang}`);
          for (const field of await v.page.locator("input:not([type=hidden]), textarea, select").all()) {
            const id = await field.getAttribute("id");
            assert.ok(await v.page.locator(`label[for="${id}"]`).count(), `${page}: #${id} has a label`);
          }
        }
      }
    }
    assert.deepEqual(v.wrong, []);
    await v.close();
  }
});

test("a page weighs less than 60 KB compressed, with everything it loads", async () => {
  const v = await h.visit(running);
  await v.page.goto(city.public);
  const first = await v.page.locator("main a").first().getAttribute("href");
  const session = await v.context.newCDPSession(v.page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  let bytes = 0;
  session.on("Network.loadingFinished", (e) => { bytes += e.encodedDataLength; });
  await v.page.goto(`${city.public}${first}/guide`, { waitUntil: "networkidle" });
  assert.ok(bytes > 5_000 && bytes < 60_000, `${bytes} bytes`);
  await v.close();
});

test("quick exit clears what the browser keeps of the site", async () => {
  const v = await h.visit(running, { scripts: false });
  await v.page.goto(city.public);
  await v.page.locator("main a").first().click();
  const answer = await fetch(`${v.page.url()}/leave`, { method: "POST", redirect: "manual" });
  assert.match(answer.headers.get("clear-site-data"), /"storage"/);
  await v.page.click("#leave");
  await v.page.waitForSelector(".dw-phones");
  assert.equal(await v.page.title(), "便民服务");
  await v.close();
});

test("a wrong code is told in words and shows nothing", async () => {
  const v = await h.visit(running);
  await v.page.goto(city.public);
  await v.page.locator("main a").first().click();
  await v.page.click("a.weui-btn_default");
  for (const wrong of ["", "12345", "7KQ2M9XW4T8RB1CDH5NZ"]) {
    await v.page.fill("#code", wrong);
    await v.page.click("button.weui-btn_primary");
    await v.page.waitForSelector("#errors");
    assert.equal(await v.page.locator(".dw-timeline").count(), 0);
  }
  await v.close();
});
