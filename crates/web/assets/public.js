// The public pages with scripts: solves the puzzle while she reads, counts characters, says before
// it is sent that a file is too large, takes a left page out of the history, and nothing else. Every page works without it. It keeps nothing and asks nobody.
(function () {
  "use strict";

  // SHA-256 in plain JavaScript (FIPS 180-4): crypto.subtle is absent on plain http, and one call
  // per try through its promises would be slower than this.
  var K = [];
  (function () {
    function frac(x) { return ((x - Math.floor(x)) * 4294967296) | 0; }
    for (var n = 2; K.length < 64; n++) {
      var prime = true;
      for (var f = 2; f * f <= n; f++) if (n % f === 0) { prime = false; break; }
      if (prime) K.push(frac(Math.pow(n, 1 / 3)));
    }
  })();
  var H0 = [1779033703, -1150833019, 1013904242, -1521486534, 1359893119, -1694144372, 528734635, 1541459225];
  var W = new Int32Array(64);

  function block(h, bytes, at) {
    var i, s0, s1, t1, t2;
    for (i = 0; i < 16; i++) {
      W[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
      at += 4;
    }
    for (i = 16; i < 64; i++) {
      var x = W[i - 15], y = W[i - 2];
      s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
    }
    var a = h[0], b = h[1], c = h[2], d = h[3], e = h[4], f = h[5], g = h[6], k = h[7];
    for (i = 0; i < 64; i++) {
      s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      t1 = (k + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
      s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      k = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
    }
    h[0] = (h[0] + a) | 0; h[1] = (h[1] + b) | 0; h[2] = (h[2] + c) | 0; h[3] = (h[3] + d) | 0;
    h[4] = (h[4] + e) | 0; h[5] = (h[5] + f) | 0; h[6] = (h[6] + g) | 0; h[7] = (h[7] + k) | 0;
  }

  // First 32 bits of SHA-256 over ASCII text whose first blocks are already in `state`.
  function head(state, rest, total) {
    var size = ((rest.length + 8) >> 6 << 6) + 64;
    var bytes = new Uint8Array(size);
    for (var i = 0; i < rest.length; i++) bytes[i] = rest.charCodeAt(i);
    bytes[rest.length] = 128;
    var bits = total * 8;
    bytes[size - 1] = bits & 255; bytes[size - 2] = (bits >> 8) & 255; bytes[size - 3] = (bits >> 16) & 255;
    var h = state.slice();
    for (var at = 0; at < size; at += 64) block(h, bytes, at);
    return h[0] >>> 0;
  }

  // Finds the number that, after the ticket and a colon, hashes to enough leading zero bits.
  function solve(ticket, bits, found) {
    var text = ticket + ":", whole = text.length - text.length % 64, state = H0.slice(), bytes = [];
    for (var i = 0; i < whole; i++) bytes.push(text.charCodeAt(i));
    for (var at = 0; at < whole; at += 64) block(state, bytes, at);
    var tail = text.slice(whole), n = 0, limit = Math.pow(2, 32 - bits);
    (function slice() {
      var until = Date.now() + 40;
      while (Date.now() < until) {
        for (var i = 0; i < 64; i++, n++) {
          var number = String(n);
          if (head(state, tail + number, text.length + number.length) < limit) { found(number); return; }
        }
      }
      setTimeout(slice, 4);
    })();
  }

  function work() {
    var form = document.getElementById("submit-form");
    if (!form) return;
    var field = form.elements.solution, state = document.getElementById("work-state"), waiting = false;
    solve(form.getAttribute("data-work"), Number(form.getAttribute("data-bits")), function (answer) {
      field.value = answer;
      if (waiting) form.submit();
    });
    form.addEventListener("submit", function (event) {
      // Back to the earlier step needs no work.
      if (field.value || (event.submitter && event.submitter.name === "to")) return;
      event.preventDefault();
      if (form.reportValidity && !form.reportValidity()) return;
      waiting = true;
      state.textContent = form.getAttribute("data-solving");
    });
  }

  function count() {
    var text = document.getElementById("text"), line = document.getElementById("text-count");
    if (!text || !line || !line.getAttribute("data-words")) return;
    function show() {
      line.textContent = line.getAttribute("data-words").replace("0", String(Array.from(text.value).length));
    }
    text.addEventListener("input", show);
    if (text.value) show();
  }

  // Said at once instead of after twenty megabytes over a slow line; the server decides.
  function files() {
    var fields = document.querySelectorAll("input[type=file][data-large]");
    Array.prototype.forEach.call(fields, function (field) {
      field.addEventListener("change", function () {
        var large = Array.prototype.filter.call(field.files, function (file) { return file.size > 20 * 1024 * 1024; });
        field.setCustomValidity(large.length ? field.getAttribute("data-large").replace("{}", large[0].name) : "");
        if (large.length && field.reportValidity) field.reportValidity();
      });
    });
  }

  // The wait page submits by itself when the wait is over.
  function wait() {
    var form = document.getElementById("wait-form");
    if (form) setTimeout(function () { form.submit(); }, Number(form.getAttribute("data-wait")) * 1000 + 500);
  }

  // Whoever leaves takes this page out of the way back: Back then finds the ordinary page.
  function leave() {
    var forms = document.querySelectorAll("form[action$='/leave']");
    Array.prototype.forEach.call(forms, function (form) {
      form.addEventListener("submit", function () {
        try { history.replaceState(null, "", form.action); } catch (e) { /* an old browser: as without scripts */ }
      });
    });
  }

  function errors() {
    var box = document.getElementById("errors");
    if (box) box.focus();
  }

  work(); count(); files(); wait(); leave(); errors();
})();
