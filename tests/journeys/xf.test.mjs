// 信访局版: a petition from the phone to the reply in writing.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import * as h from "./harness.mjs";

let city, running;
before(async () => { city = await h.demo(0); running = await h.browser(); });
after(async () => { await running?.close(); await city?.stop(); });

test("a petition is accepted, handled, replied to and rated", async () => {
  const phone = await h.visit(running);
  await h.fillReport(phone.page, city, h.organ(city, "xf-jingban"), {
    who: { unit1: "县住房和城乡建设局" },
    what: { text: "小区供暖管道从去年冬天起一直漏水，多次报修没有结果，请求协调解决。" },
    signed: { name: "孙试例", contact: "某某小区三号楼" },
  });
  await phone.page.check("#read");
  await phone.page.click("button.weui-btn_primary");
  const { code, number } = await h.readCode(phone.page);
  await h.picture(phone.page, "xf-code");

  const clerk = await h.seat(running, city, "xf-jingban");
  await h.openReport(clerk.page, city, number);
  await h.judged(clerk.page);
  assert.ok(await clerk.page.locator(".dw-sure").count(), "the suggestions and how sure they are");
  assert.ok(await clerk.page.locator(".dw-grounds li").count(), "and their grounds");
  await h.act(clerk.page, "受理", { kind: "petition" });
  await h.act(clerk.page, "受理告知", { way: "written" });
  await h.act(clerk.page, "呈批", { to: "head", text: "拟移送城建事项办理科。" });
  const head = await h.seat(running, city, "xf-zhuren");
  await h.openReport(head.page, city, number);
  await h.act(head.page, "批示", { verdict: "yes", text: "同意。" });
  await clerk.page.reload();
  await h.act(clerk.page, "实名核实", h.verified());
  await h.act(clerk.page, "分办", { way: "move", holder: "office:cj" });
  await h.picture(clerk.page, "xf-report");

  const handler = await h.seat(running, city, "xf-chengban1");
  await h.openReport(handler.page, city, number);
  await h.act(handler.page, "认定", { allegation: "1", finding: "proved", text: "管道老化，确需更换。" });
  await h.act(handler.page, "拟答复", {
    text: "经核查，供暖管道老化漏水属实，已安排更换。",
    disposition: "supported", basis: "《信访工作条例》第三十二条",
  });
  const leader = await h.seat(running, city, "xf-fenguan");
  await h.openReport(leader.page, city, number);
  await h.act(leader.page, "审核答复", { verdict: "yes" });
  await handler.page.reload();
  // What is handed over has to be there first.
  await assert.rejects(h.act(handler.page, "答复", { way: "written" }), /处理意见书还没有制发/);
  const made = handler.page.waitForEvent("download");
  await handler.page.click('form[action$="/papers/handling_opinion"] button');
  assert.match((await made).suggestedFilename(), /\.pdf$/);
  await handler.page.reload();
  await h.act(handler.page, "答复", { way: "written" });
  await clerk.page.reload();
  await h.act(clerk.page, "办结");

  await h.comeBack(phone.page, city, h.organ(city, "xf-jingban"), code);
  assert.match(await phone.page.locator("main").innerText(), /更换/);
  await phone.page.click("summary:has-text('评价办理工作')");
  await phone.page.check("input[value=satisfied]");
  await phone.page.click('form[action$="/status/rate"] button');
  await phone.page.waitForSelector(".dw-done");
  await h.picture(phone.page, "xf-status");
  assert.equal(await phone.page.locator('form[action$="/status/rate"]').count(), 0, "once only");
  // 复查 is not the handler's: it waits for somebody in charge who had no part in the answer.
  await phone.page.click("summary:has-text('请求复查')");
  await phone.page.fill("#objection", "退费没有算上一季的。");
  await phone.page.click('form[action$="/status/object"] button');
  await phone.page.waitForSelector(".dw-done");
  await head.page.goto(`${city.desk}/?stage=closed`);
  assert.match(await head.page.locator("tbody").innerText(), new RegExp(number));
  await h.openReport(head.page, city, number);
  await h.act(head.page, "复查、复核答复", { review: "here", to_reporter: "经复查，上一季供暖温度达标，维持原处理意见。" });
  await h.comeBack(phone.page, city, h.organ(city, "xf-jingban"), code);
  assert.match(await phone.page.locator("main").innerText(), /维持原处理意见/);
  await h.prove(phone.page, city);
  assert.deepEqual([...phone.wrong, ...clerk.wrong, ...handler.wrong], []);
  for (const visitor of [phone, clerk, head, leader, handler]) await visitor.close();
});
