// 纪检监察版: a signed report about a deputy head of a township, from the phone to the proof.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import * as h from "./harness.mjs";

let city, running;
before(async () => { city = await h.demo(0); running = await h.browser(); });
after(async () => { await running?.close(); await city?.stop(); });

const text = "2025年9月，镇里修水渠，副镇长方某某把工程交给妻弟的公司，没有公开招标，报账比市价高出一倍，套取资金36000元。";

test("a report goes in, is judged, routed, handled, answered and proven", async () => {
  const phone = await h.visit(running);
  await h.fillReport(phone.page, city, h.organ(city, "jingban"), {
    who: { name1: "方某某", unit1: "镇政府", post1: "副镇长", division: true },
    what: {
      text: `${text}我是镇里的会计，电话13800000000。`, when: "2025年9月", title: "水渠工程没有公开招标",
      problem: "收钱收礼、吃喝玩乐、公车私用、用公家的钱",
    },
    signed: { name: "钱试例", contact: "某某路一号", hours: "晚上七点以后" },
  });
  assert.ok(await h.fits(phone.page), "the review fits a 360-px screen");
  assert.match(await phone.page.locator(".dw-caution").innerText(), /我是镇里的会计[\s\S]*13800000000/);
  await h.picture(phone.page, "jw-review");
  // She takes the advice.
  await phone.page.click("button[value=what]");
  await phone.page.fill("#text", text);
  await phone.page.click("button.weui-btn_primary");
  assert.equal(await phone.page.locator(".dw-caution").count(), 0);
  await phone.page.check("#read");
  await phone.page.click("button.weui-btn_primary");
  const { code, number } = await h.readCode(phone.page);
  assert.match(code, /^[0-9A-HJKMNP-TV-Z]{20}$/);
  await h.picture(phone.page, "jw-code");
  assert.ok(!phone.page.url().includes(code), "the code stands in no address");
  assert.deepEqual(await phone.context.cookies(), [], "the public pages use no cookie");

  const clerk = await h.seat(running, city, "jingban");
  await h.openReport(clerk.page, city, number);
  await clerk.page.waitForFunction(() => document.querySelector("#suggest-heading + *, .dw-sure") !== null);
  for (let n = 0; n < 40 && !(await clerk.page.locator(".dw-sure").count()); n++) {
    await clerk.page.waitForTimeout(500);
    await clerk.page.reload();
  }
  assert.ok(await clerk.page.locator(".dw-sure").count(), "the suggestions and how sure they are");
  assert.ok(await clerk.page.locator(".dw-grounds li").count(), "and their grounds");
  const seen = await clerk.page.locator("body").innerText();
  for (const hers of ["钱试例", "某某路一号", "晚上七点以后"]) assert.ok(!seen.includes(hers), "the desk does not see who she is");
  assert.ok(seen.includes("水渠工程没有公开招标"), "her title");
  assert.ok(seen.includes("廉洁纪律"), "what she chose in plain words, by its name in the office");
  await h.picture(clerk.page, "jw-report");
  await h.act(clerk.page, "受理", { kind: "accusation" });
  const next = () => clerk.page.locator(".dw-buttons .btn-primary").first().innerText();
  assert.equal(await next(), "受理告知", "what comes next stands out, not what was just done");
  await h.act(clerk.page, "受理告知", { way: "system" });
  await h.act(clerk.page, "呈批", { to: "leader", text: "拟移送监督检查室核查，请批示。" });

  const leader = await h.seat(running, city, "fenguan");
  await h.openReport(leader.page, city, number);
  await h.act(leader.page, "批示", { verdict: "yes", text: "同意，抓紧核查。", due: h.inDays(20) });
  await leader.close();

  await clerk.page.reload();
  const unnamed = h.act(clerk.page, "分办", { way: "move", holder: "office:jj1", text: "请核查。" });
  await assert.rejects(unnamed, /请先办理“实名核实”/, "whose name nobody looked into goes no further, and it says why");
  await h.openReport(clerk.page, city, number);
  assert.equal(await next(), "实名核实");
  await h.act(clerk.page, "实名核实", h.verified());
  assert.equal(await next(), "分办");
  await h.act(clerk.page, "分办", { way: "move", holder: "office:jj1", text: "请核查。" });

  const handler = await h.seat(running, city, "chengban1");
  await h.openReport(handler.page, city, number);
  await h.act(handler.page, "联系记录", { contact_way: "thread", text: "已通过留言了解情况。" });
  await h.act(handler.page, "留言", { to_reporter: "请问水渠在镇的哪个方位？" });
  await h.act(handler.page, "处置方式", { disposal: "preliminary_check" });

  // She reads the question and answers it.
  await h.comeBack(phone.page, city, h.organ(city, "jingban"), code);
  assert.match(await phone.page.locator(".dw-thread").innerText(), /哪个方位/);
  const shown = await phone.page.locator("main").innerText();
  assert.ok(!shown.includes("套取") && !shown.includes("钱试例"), "narrative and name are never shown again");
  await phone.page.fill("#message", "在镇的东边，靠近公路。");
  await phone.page.click('form[action$="/status/message"] button');
  await phone.page.waitForSelector(".dw-done");

  await handler.page.reload();
  assert.match(await handler.page.locator("main").innerText(), /靠近公路/);
  await h.act(handler.page, "认定", { allegation: "1", finding: "partly_proved", text: "未公开招标属实，金额待查。" });
  await h.act(handler.page, "拟反馈", { text: "经核查，您反映的水渠工程问题部分属实，已依规处理。" });

  const head = await h.seat(running, city, "fenguan2");
  await h.openReport(head.page, city, number);
  await h.act(head.page, "审核反馈", { verdict: "yes" });
  await head.close();
  await handler.page.reload();
  await h.act(handler.page, "反馈", { way: "system" });
  await h.act(handler.page, "报告批示办理结果", { text: "已核查反馈。" });
  await h.picture(handler.page, "jw-report-done");
  await clerk.page.reload();
  await h.act(clerk.page, "办结");
  await clerk.page.waitForSelector(".dw-stage");
  assert.match(await clerk.page.locator("h1").innerText(), /已结/);

  // She comes back: what was found, in plain words, and the way to object to it.
  await h.comeBack(phone.page, city, h.organ(city, "jingban"), code);
  assert.match(await phone.page.locator("main").innerText(), /部分属实，已依规处理/);
  await phone.page.click("summary:has-text('有异议')");
  await phone.page.fill("#objection", "工程款的去向还没有查清，请再核实。");
  await phone.page.click('form[action$="/status/object"] button');
  await phone.page.waitForSelector(".dw-done");
  assert.ok(await h.fits(phone.page));
  await h.picture(phone.page, "jw-status");
  await handler.page.reload();
  assert.match(await handler.page.locator("main").innerText(), /工程款的去向/);

  const kept = () => [Object.keys(localStorage), Object.keys(sessionStorage), document.cookie];
  assert.deepEqual(await phone.page.evaluate(kept), [[], [], ""], "the browser keeps nothing of ours");
  assert.equal(await phone.page.evaluate(() => navigator.serviceWorker?.getRegistrations().then((all) => all.length) ?? 0), 0);
  await h.prove(phone.page, city);

  // Quick exit: an ordinary page, and nothing of ours in the browser.
  await phone.page.click("#leave");
  await phone.page.waitForSelector(".dw-phones");
  // The page she left is no longer on the way back.
  await phone.page.goBack();
  await phone.page.waitForSelector(".dw-phones");
  assert.doesNotMatch(await phone.page.locator("main").innerText(), /工程/);
  assert.deepEqual([...phone.origins], [new URL(city.public).origin], "no third party was asked for anything");
  assert.deepEqual([...phone.wrong, ...clerk.wrong, ...handler.wrong], [], "no page broke a rule of its own");
  for (const visitor of [phone, clerk, handler]) await visitor.close();
});
