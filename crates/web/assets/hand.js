// Registering by hand with scripts: drafts kept by themselves, shortcuts, one more block without a
// round trip, and values found by the initials of their pinyin. Every step works without it.
(function () {
  "use strict";
  var form = document.getElementById("hand"), buffer = "", last = 0, shown = null;

  // Initials: typing zqc in a list chooses 征迁处. An input method's own keys are left alone.
  document.addEventListener("keydown", function (event) {
    var list = event.target;
    if (list.tagName !== "SELECT" || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (!/^[a-z0-9]$/i.test(event.key)) return;
    var now = Date.now();
    buffer = now - last < 1500 ? buffer + event.key.toLowerCase() : event.key.toLowerCase();
    last = now;
    var options = Array.prototype.filter.call(list.options, function (o) { return o.dataset.py; });
    if (!options.length) return;
    event.preventDefault();
    var hit = options.find(function (o) { return o.dataset.py.indexOf(buffer) === 0; }) ||
      options.find(function (o) { return o.dataset.py.indexOf(buffer) > 0; });
    if (hit) { list.value = hit.value; list.dispatchEvent(new Event("change", { bubbles: true })); }
    tell(buffer);
  });

  function tell(text) {
    if (!shown) { shown = document.createElement("div"); shown.className = "dw-typed"; document.body.appendChild(shown); }
    shown.textContent = text;
    shown.hidden = false;
    setTimeout(function () { if (Date.now() - last >= 1500) shown.hidden = true; }, 1600);
  }

  if (!form) return;
  var kept = document.getElementById("kept"), sent = words(), leaving = false;

  // Files stay out of a draft: they are chosen with the last step.
  function words() {
    var data = new URLSearchParams();
    new FormData(form).forEach(function (value, name) { if (typeof value === "string") data.append(name, value); });
    return data.toString();
  }
  function keep() {
    var now = words();
    if (leaving || now === sent) return;
    fetch("/new/draft", { method: "POST", body: new URLSearchParams(now), headers: { "HX-Request": "true" }, credentials: "same-origin" })
      .then(function (answer) { return answer.text().then(function (text) { if (answer.ok) sent = now; kept.textContent = text; }); })
      .catch(function () {});
  }
  setInterval(keep, 10000);
  window.addEventListener("pagehide", function () {
    var now = words();
    if (!leaving && now !== sent) {
      fetch("/new/draft", { method: "POST", body: new URLSearchParams(now), headers: { "HX-Request": "true" }, credentials: "same-origin", keepalive: true }).catch(function () {});
    }
  });
  form.addEventListener("submit", function () { leaving = true; });

  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.keyCode === 229 || !event.ctrlKey || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    sent = "";
    keep();
  });

  // What the six questions of a call say is carried over while the other field is empty.
  form.addEventListener("change", function (event) {
    var to = event.target.dataset && event.target.dataset.fills && document.getElementById(event.target.dataset.fills);
    var fits = to && (to.maxLength < 0 || event.target.value.length <= to.maxLength);
    if (fits && !to.value && event.target.value !== "不详") to.value = event.target.value;
  });

  // One more person or problem: the last block again, empty, under the next number.
  form.addEventListener("click", function (event) {
    var button = event.target;
    if (!button.classList.contains("dw-more")) return;
    event.preventDefault();
    var blocks = form.querySelectorAll('[data-block="' + button.value + '"]'), from = blocks[blocks.length - 1];
    var next = blocks.length + 1, fresh = from.cloneNode(true);
    fresh.querySelectorAll("[id],[name],[for]").forEach(function (part) {
      ["id", "name", "for"].forEach(function (name) {
        var value = part.getAttribute(name);
        if (value) part.setAttribute(name, value.replace(/\d+$/, String(next)));
      });
      if (part.type === "checkbox") part.checked = false;
      else if (part.tagName === "INPUT" || part.tagName === "TEXTAREA") part.value = "";
    });
    fresh.querySelectorAll(".dw-wrong").forEach(function (line) { line.remove(); });
    fresh.querySelector(".dw-nth").textContent = String(next);
    from.after(fresh);
    if (button.value === "subjects") form.querySelectorAll('select[name^="about"]').forEach(function (list) {
      list.add(new Option(String(next), String(next)));
    });
    form.elements["count." + button.value].value = String(next);
    if (next >= 9) button.remove();
    var first = fresh.querySelector("input:not([type=hidden]),select");
    if (first) first.focus();
  });
})();
