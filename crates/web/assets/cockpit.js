// Draws the cockpit's charts from the data block of the page. Without it the tables below each
// chart say the same.
(function () {
  "use strict";
  var block = document.getElementById("cockpit-data");
  if (!block || !window.echarts) return;
  var charts = [];
  JSON.parse(block.getAttribute("data-charts")).forEach(function (c) {
    var box = document.getElementById(c.id);
    if (!box) return;
    var chart = echarts.init(box, null, { renderer: "canvas" });
    var names = c.rows.map(function (r) { return r[0]; }), values = c.rows.map(function (r) { return r[1]; });
    var common = { animation: false, textStyle: { fontFamily: "inherit" }, tooltip: { renderMode: "richText" }, color: ["#17588f", "#3f8f6b", "#c98a00", "#b3261e", "#6b5b95", "#5b7083", "#a0765b", "#2f9aa0"] };
    if (c.kind === "pie") {
      common.series = [{ type: "pie", radius: ["45%", "72%"], data: c.rows.map(function (r) { return { name: r[0], value: r[1] }; }), label: { formatter: "{b} {c}" } }];
    } else {
      common.grid = { left: 8, right: 16, top: 16, bottom: 8, containLabel: true };
      var category = { type: "category", data: names, axisLabel: { interval: c.kind === "bar" ? 0 : "auto" } }, number = c.unit === "%" ? { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value}%" } } : { type: "value", minInterval: 1 };
      common.xAxis = c.kind === "bar" ? number : category;
      common.yAxis = c.kind === "bar" ? category : number;
      if (c.kind === "bar") category.inverse = true;
      common.series = [{ type: c.kind === "bar" ? "bar" : "line", data: values, label: { show: c.unit === "%", position: "insideRight", formatter: "{c}%" }, barMaxWidth: 18, smooth: false, areaStyle: c.kind === "bar" ? undefined : { opacity: 0.15 } }];
    }
    chart.setOption(common);
    charts.push(chart);
  });
  window.addEventListener("resize", function () { charts.forEach(function (c) { c.resize(); }); });
})();
