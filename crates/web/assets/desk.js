// The desk with scripts: shortcuts that never fire while an input method composes, and focus on
// the form that was just fetched. Every page works without it.
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229 || !event.ctrlKey) return;
    var active = document.activeElement, form = active && active.form;
    if (event.key === "Enter" && form) {
      event.preventDefault();
      var own = document.getElementById("submit");
      if (form.requestSubmit) form.requestSubmit(own && own.form === form ? own : undefined);
    } else if (event.key === "k") {
      var check = document.getElementById("check");
      if (check) { event.preventDefault(); check.click(); }
    }
  });
  // Enter in a one-line field never submits a form for registering: Ctrl+Enter or the button does.
  document.addEventListener("keypress", function (event) {
    var target = event.target;
    if (event.key === "Enter" && !event.ctrlKey && target.form && /^(hand|split)$/.test(target.form.id) && target.tagName === "INPUT") {
      event.preventDefault();
    }
  });
  document.addEventListener("htmx:after:swap", function () {
    var first = document.querySelector("#act select, #act textarea, #act input:not([type=hidden])");
    if (first) first.focus();
  });
  // Columns are widened by the edge of their heading, with the pointer or the arrow keys; what the
  // panel of columns says of it is kept, as its own button would keep it.
  var filter = document.getElementById("filter"), later;
  function field(key) { return document.querySelector('input[form="filter"][name="width.' + key + '"]'); }
  function widen(th, to) {
    to = Math.max(4, Math.min(60, Math.round(to / 2) * 2));
    var table = th.closest("table"), at = th.cellIndex;
    table.classList.add("dw-list_set");
    [th].concat([].map.call(table.tBodies[0].rows, function (row) { return row.cells[at]; })).forEach(function (cell) {
      if (!cell || cell.colSpan > 1) return;
      cell.className = cell.className.replace(/ w-\d+/, "") + " w-" + to;
    });
    field(th.dataset.column).value = to;
    th.lastChild.setAttribute("aria-valuenow", to);
  }
  // A character of the cells, as the style sheet has it.
  var em = parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.775;
  function width(th) { return th.offsetWidth / em; }
  function keep() {
    clearTimeout(later);
    later = setTimeout(function () {
      var body = new URLSearchParams();
      document.querySelectorAll('input[name="csrf"], input[name^="width."]').forEach(function (input) {
        if (input.form === filter) body.append(input.name, input.value);
      });
      body.append("save", "widths");
      fetch(filter.action, { method: "POST", body: body, credentials: "same-origin" });
    }, 400);
  }
  if (filter) document.querySelectorAll(".dw-list th[data-column]").forEach(function (th) {
    if (!field(th.dataset.column)) return;
    var grip = document.createElement("span"), from = null;
    grip.className = "dw-grip";
    grip.tabIndex = 0;
    grip.title = th.dataset.grip;
    [["role", "separator"], ["aria-orientation", "vertical"], ["aria-label", th.dataset.grip], ["aria-valuemin", 4],
      ["aria-valuemax", 60], ["aria-valuenow", Math.round(width(th))]].forEach(function (pair) {
      grip.setAttribute(pair[0], pair[1]);
    });
    grip.addEventListener("pointerdown", function (event) {
      event.preventDefault();
      from = { x: event.clientX, em: width(th) };
      grip.setPointerCapture(event.pointerId);
    });
    grip.addEventListener("pointermove", function (event) {
      if (from) widen(th, from.em + (event.clientX - from.x) / em);
    });
    ["pointerup", "pointercancel"].forEach(function (end) {
      grip.addEventListener(end, function () { if (from) { from = null; keep(); } });
    });
    grip.addEventListener("keydown", function (event) {
      var step = { ArrowLeft: -2, ArrowRight: 2 }[event.key];
      if (!step) return;
      event.preventDefault();
      widen(th, width(th) + step);
      keep();
    });
    th.appendChild(grip);
  });
})();
