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
})();
