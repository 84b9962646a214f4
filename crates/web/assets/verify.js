// The verification page: takes the chosen files, has proof.js check them and says what it found. No
// file leaves the page: there is no form around them, and the page's policy allows no connection.
// It keeps nothing; what it says stands in the page, in the page's language.
(function () {
  "use strict";
  var section = document.getElementById("check"), result = document.getElementById("result"), said = {}, scanned = null;
  if (!section || !window.Promise || !window.TextDecoder) return;
  Array.prototype.forEach.call(document.querySelectorAll("#words dt"), function (dt) { said[dt.textContent] = dt.nextElementSibling.textContent; });

  function say(key, args) {
    return said["verify-" + key].replace(/\{(\w+)\}/g, function (all, name) { return args && name in args ? String(args[name]) : all; });
  }
  function put(tag, text, name) {
    var element = document.createElement(tag);
    element.textContent = text;
    if (name) element.className = name;
    result.appendChild(element);
    return element;
  }
  function clear() { result.textContent = ""; }
  // A sentence about what was chosen, before anything is checked.
  function ask(key, field) {
    clear();
    put("p", say(key), "dw-note");
    result.focus();
    if (field) document.getElementById(field).setAttribute("aria-invalid", "true");
  }
  function bytesOf(file) {
    return new Promise(function (done, failed) {
      var reader = new FileReader();
      reader.onload = function () { done(new Uint8Array(reader.result)); };
      reader.onerror = failed;
      reader.readAsArrayBuffer(file);
    });
  }
  function starts(bytes, text) {
    for (var i = 0; i < text.length; i++) if (bytes[i] !== text.charCodeAt(i)) return false;
    return true;
  }
  function isProof(bytes) { return starts(bytes, "c2sp.org/tlog-proof@v1") || starts(bytes, "{"); }
  function when(seconds) { return new Date(Number(seconds) * 1000).toLocaleString(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" }); }

  function step(found) {
    switch (found.step) {
      case "read": return say("step-read-" + found.about, found);
      case "witnesses":
        if (!found.witnesses.length) return say("step-no-witness");
        return say("step-witnesses", { count: found.witnesses.length, names: found.witnesses.map(function (w) { return w.name + " (" + when(w.time) + ")"; }).join("; ") });
      default: return say("step-" + found.step, found);
    }
  }
  function sound(found, paper) {
    var read = found.bundle, promise = found.steps.filter(function (s) { return s.step === "promise"; })[0];
    if (found.standing === "promised") return say("sound-promise", promise);
    if (read.about === "paper") return say(paper ? "sound-paper" : "sound-paper-alone", read);
    return say("sound-filing", read);
  }

  function show(found, paper, given) {
    clear();
    // A letter whose file was not compared is not called verified.
    var whole = found.sound && (found.bundle.about === "filing" || paper);
    put("p", found.sound ? sound(found, paper) : say("not-sound"), found.sound ? (whole ? "dw-done" : "dw-note") : "dw-note dw-note_bad").id = "verdict";
    var list = put("ol", "", "dw-checks");
    found.steps.forEach(function (one) { 
      var open = one.step === "witnesses" && !one.witnesses.length;
      list.appendChild(put("li", (open ? "— " : "✓ ") + step(one)));
    });
    if (found.fault) {
      var args = { place: found.fault.place };
      for (var name in found.fault.args) args[name] = found.fault.args[name];
      list.appendChild(put("li", "✗ " + say("fault-" + found.fault.what, args), "dw-checks__bad"));
    }
    if (found.sound) {
      put("p", say("commitment", { commitment: found.commitment.match(/.{8}/g).join(" ") }), "dw-hint dw-digits");
      put("p", say(given ? "key-given" : "key-here", { name: found.key.name }), "dw-hint");
    }
    result.focus();
  }

  async function chosen(id) {
    var field = document.getElementById(id), file = field.files[0];
    field.removeAttribute("aria-invalid");
    return file ? bytesOf(file) : null;
  }
  async function check() {
    var proof, paper, given = document.getElementById("key").value.trim(), trust;
    clear();
    put("p", say("busy"), "dw-hint");
    try {
      proof = await chosen("proof");
      paper = await chosen("paper");
    } catch (e) { return ask("choose-unreadable", "proof"); }
    if (!proof) return ask("choose", "proof");
    if (!proof.length) return ask("choose-empty", "proof");
    if (starts(proof, "%PDF")) return ask(paper && isProof(paper) ? "choose-swapped" : "choose-pdf", "proof");
    if (!isProof(proof)) return ask("choose-other", "proof");
    if (paper && isProof(paper)) return ask("choose-swapped", "paper");
    try {
      trust = await Dengwen.parseTrust(given || document.getElementById("policy").textContent);
    } catch (fault) {
      if (!fault.what) throw fault;
      clear();
      put("p", say("fault-" + fault.what, fault.args), "dw-note dw-note_bad");
      return result.focus();
    }
    var found = await Dengwen.check(proof, paper, trust);
    var salt = found.bundle && found.bundle.opening && Dengwen.hex(found.bundle.opening.salt);
    if (scanned && found.sound && (found.bundle.day !== scanned.day || salt !== scanned.salt)) {
      found.sound = false;
      found.fault = { place: "scanned", what: "scanned", args: {} };
    }
    show(found, paper, given !== "");
  }

  // A letter's QR code names organ, day and salt behind the #, which no server gets to see. Taken off
  // the address at once, so that no history keeps it.
  function read() {
    var m = /^#([0-9A-Z]{9})\.(\d{4}-\d\d-\d\d)\.([0-9a-f]{64})$/.exec(location.hash);
    if (!m) return;
    scanned = { tenant: m[1], day: m[2], salt: m[3] };
    document.getElementById("scanned").textContent = say("scanned", scanned);
    history.replaceState(null, "", location.pathname);
  }

  read();
  document.getElementById("go").addEventListener("click", check);
  section.hidden = false;
})();
