// The pictures of the README, made anew from a living city: `make pictures`. Look at them before they
// are committed.
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as h from "./harness.mjs";

const images = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../docs/images");
const keep = (page, name) => page.screenshot({ path: path.join(images, `${name}.png`) });

const city = await h.demo(300);
const running = await h.browser();
try {
  const office = h.organ(city, "jingban");

  // A phone: what is asked about the matter, and what she reads when she comes back.
  const phone = await h.visit(running);
  const about = {
    who: { name1: "方某某", unit1: "镇政府", post1: "副镇长", division: true },
    what: {
      text: "2026年9月，镇里修水渠，副镇长方某某把工程交给妻弟的公司，没有公开招标，报账比市价高出一倍，套取资金36000元。",
      when: "2026年9月", title: "水渠工程没有公开招标",
      problem: "收钱收礼、吃喝玩乐、公车私用、用公家的钱",
    },
  };
  await h.fillReport(phone.page, city, office, about);
  await phone.page.click("button[value=what]");
  await phone.page.waitForSelector("#text");
  await keep(phone.page, "report-360");
  await phone.page.click("button.weui-btn_primary");
  await phone.page.check("#read");
  await phone.page.click("button.weui-btn_primary");
  const { code, number } = await h.readCode(phone.page);

  // The desk: the report with its suggestions, the inbox, the cockpit.
  const clerk = await h.seat(running, city, "jingban");
  await keep(clerk.page, "inbox-1366");
  await h.openReport(clerk.page, city, number);
  await h.judged(clerk.page);
  await keep(clerk.page, "desk-report-1366");
  await h.act(clerk.page, "受理", { kind: "accusation" });
  await clerk.close();
  const chief = await h.visit(running, { phone: false, width: 1440, height: 900 });
  await chief.page.goto(`${city.desk}/sign-in`);
  await chief.page.fill("#user", "shuji");
  await chief.page.fill("#password", city.signIn("shuji").password);
  await chief.page.click("button[type=submit]");
  await chief.page.waitForSelector(".dw-menu");
  await chief.page.goto(`${city.desk}/cockpit`);
  await chief.page.waitForSelector(".dw-chart canvas");
  // The charts grow into place.
  await chief.page.waitForTimeout(2000);
  await keep(chief.page, "cockpit-1440");
  await chief.close();

  await h.comeBack(phone.page, city, office, code);
  await keep(phone.page, "status-360");
  await phone.close();
} finally {
  await running.close();
  await city.stop();
}
