// The check of a proof in the browser, step by step as `dengwen verify` does it: what is read, which
// signatures hold, whether the leaf stands in the signed tree, whether a file is the one meant. Needs
// signature.js before it. It knows no page and no language, keeps nothing and asks nobody; a proof it
// calls sound the program calls sound too (tests/verify holds them together).
(function (out) {
  "use strict";

  var LONGEST = 1 << 20, MOST_SIGNATURES = 64;
  var HEADER = "c2sp.org/tlog-proof@v1";
  var FORMAT = "dengwen/proof/1", PROMISE = "dengwen/promise/1", WITHIN = "in the log within 24 hours";
  var same = out.same, sha256 = out.sha256;

  // The first thing that is not sound: where, what, and with which names or numbers.
  function Fault(place, what, args) { this.place = place; this.what = what; this.args = args || {}; }
  function refuse(place, what, args) { throw new Fault(place, what, args); }

  // --- bytes, text, numbers ---

  function utf8(text) { return new TextEncoder().encode(text); }
  // The text of bytes that are UTF-8, a mark of their order kept as a character; null if they are not.
  function read(bytes) {
    try { return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes); } catch (e) { return null; }
  }
  function joined(parts) {
    var size = 0, at = 0, i;
    for (i = 0; i < parts.length; i++) size += parts[i].length;
    var all = new Uint8Array(size);
    for (i = 0; i < parts.length; i++) { all.set(parts[i], at); at += parts[i].length; }
    return all;
  }
  var DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  // Bytes in base64 as its specification wants it: padded, no spaces, no bits left over. Else null.
  function base64(text) {
    if (text.length % 4 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
    var bytes = [], i;
    for (i = 0; i < text.length; i += 4) {
      var four = text.substr(i, 4).replace(/=+$/, "");
      if (four.length < 2) return null;
      var a = DIGITS.indexOf(four[0]), b = DIGITS.indexOf(four[1]), c = four[2] ? DIGITS.indexOf(four[2]) : 0, d = four[3] ? DIGITS.indexOf(four[3]) : 0;
      bytes.push((a << 2) | (b >> 4));
      if (four[2]) bytes.push(((b & 15) << 4) | (c >> 2)); else if (b & 15) return null;
      if (four[3]) bytes.push(((c & 3) << 6) | d); else if (four[2] && c & 3) return null;
    }
    return Uint8Array.from(bytes);
  }
  function hash(text) {
    var bytes = base64(text);
    return bytes && bytes.length === 32 ? bytes : null;
  }
  function hex(bytes) {
    return Array.prototype.map.call(bytes, function (b) { return (b < 16 ? "0" : "") + b.toString(16); }).join("");
  }
  // Digits without leading zeroes. Beyond 2^53 no log of this world comes, and such a number is refused.
  function decimal(text) {
    if (!/^(0|[1-9][0-9]*)$/.test(text)) return null;
    var n = Number(text);
    return Number.isSafeInteger(n) ? n : null;
  }
  // Eight bytes as the decimal number they are.
  function decimalOf(bytes) {
    var digits = [0], i, j, c;
    for (i = 0; i < bytes.length; i++) {
      for (j = 0, c = bytes[i]; j < digits.length; j++) { c += digits[j] * 256; digits[j] = c % 10; c = Math.floor(c / 10); }
      for (; c; c = Math.floor(c / 10)) digits.push(c % 10);
    }
    return digits.reverse().join("");
  }
  // A date as number of days since 1970-01-01; null if it is none.
  function day(text) {
    var m = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text), date = m && new Date(text + "T00:00:00Z");
    if (!m || Number(m[1]) < 1970 || isNaN(date) || date.toISOString().slice(0, 10) !== text) return null;
    return date.getTime() / 86400000;
  }
  function dayAfter(text) { return new Date((day(text) + 1) * 86400000).toISOString().slice(0, 10); }

  // --- keys and policies ---

  // Spaces and control characters of Unicode, and the plus sign that parts the fields of a key.
  var NOT_IN_NAMES = /[\u0000-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]/;
  function isKeyName(name) { return name !== "" && !NOT_IN_NAMES.test(name); }

  // A key as written down, `name+id+key`.
  async function parseKey(text) {
    var first = text.indexOf("+"), second = text.indexOf("+", first + 1);
    if (first < 0 || second < 0) refuse("key", "key");
    var name = text.slice(0, first), id = text.slice(first + 1, second), bytes = base64(text.slice(second + 1));
    if (!isKeyName(name) || !bytes || bytes.length !== 33 || (bytes[0] !== 1 && bytes[0] !== 4)) refuse("key", "key");
    var key = out.publicKey(bytes.slice(1));
    var wanted = hex((await sha256(joined([utf8(name + "\n"), bytes]))).slice(0, 4));
    if (!key || wanted !== id) refuse("key", "key");
    return { name: name, id: id, witness: bytes[0] === 4, key: key, text: text };
  }

  // Whom to believe: a policy (C2SP tlog-policy), or simply keys of logs, one a line.
  async function parseTrust(text) {
    var trust = { logs: [], witnesses: [], quorum: null }, named = {}, members = {}, lines = text.split(/\r?\n/), policy = false;
    function find(name) {
      if (!Object.prototype.hasOwnProperty.call(named, name)) refuse("key", "policy", { name: name });
      return named[name];
    }
    function free(name) { if (name === "none" || Object.prototype.hasOwnProperty.call(named, name)) refuse("key", "policy", { name: name }); }
    // One key under two names would count twice.
    function fresh(key, others) {
      if (others.some(function (other) { return same(other.key.bytes, key.key.bytes); })) refuse("key", "policy", { name: key.name });
      return key;
    }
    for (var i = 0; i < lines.length; i++) {
      var words = lines[i].split(/[ \t]+/).filter(Boolean), key;
      if (!words.length || words[0][0] === "#") continue;
      policy = policy || /^(log|witness|group|quorum)$/.test(words[0]);
      if (words.length === 1 && words[0].indexOf("+") > 0) words.unshift("log");
      if (words[0] === "log" && (words.length === 2 || words.length === 3)) {
        key = await parseKey(words[1]);
        if (key.witness) refuse("key", "witness-key", { name: key.name });
        trust.logs.push(fresh(key, trust.logs));
      } else if (words[0] === "witness" && (words.length === 3 || words.length === 4)) {
        free(words[1]);
        key = await parseKey(words[2]);
        if (!key.witness) refuse("key", "log-key", { name: key.name });
        trust.witnesses.push(fresh(key, trust.witnesses));
        named[words[1]] = { name: words[1], key: key };
      } else if (words[0] === "group" && words.length > 3) {
        free(words[1]);
        var of = words.slice(3), count = words[2] === "all" ? of.length : words[2] === "any" ? 1 : decimal(words[2]);
        if (!count || count > of.length) refuse("key", "policy", { name: words[1] });
        named[words[1]] = { name: words[1], threshold: count, members: of.map(function (member) {
          if (Object.prototype.hasOwnProperty.call(members, member)) refuse("key", "policy", { name: member });
          members[member] = true;
          return find(member);
        }) };
      } else if (words[0] === "quorum" && words.length === 2 && trust.quorum === null) {
        trust.quorum = words[1] === "none" ? { name: "none" } : find(words[1]);
      } else refuse("key", "policy", { name: words[0] });
    }
    if (!trust.logs.length) refuse("key", "no-key");
    if (policy && trust.quorum === null) refuse("key", "policy", { name: "quorum" });
    trust.quorum = trust.quorum || { name: "none" };
    return trust;
  }
  function met(quorum, cosigned) {
    if (quorum.key) return cosigned.indexOf(quorum.key) >= 0;
    if (quorum.members) return quorum.members.filter(function (m) { return met(m, cosigned); }).length >= quorum.threshold;
    return true;
  }
  // A quorum in words: `none`, a witness's name, or `2 of (a, 1 of (b, c))`.
  function told(quorum) {
    return quorum.members ? quorum.threshold + " of (" + quorum.members.map(told).join(", ") + ")" : quorum.name;
  }

  // --- signed notes, checkpoints, promises ---

  function parseNote(place, text) {
    var bad = function () { refuse(place, "note"); }, at = text.lastIndexOf("\n\n");
    if (utf8(text).length > LONGEST || /[\u0000-\u0009\u000b-\u001f]/.test(text) || at < 0) bad();
    var lines = text.slice(at + 2);
    if (lines.slice(-1) !== "\n") bad();
    lines = lines.slice(0, -1).split("\n").map(function (line) {
      var space = line.indexOf(" ", 2), name = line.slice(2, space), bytes = base64(line.slice(space + 1));
      if (line.slice(0, 2) !== "— " || space < 0 || !isKeyName(name) || !bytes || bytes.length < 5) bad();
      return { name: name, id: hex(bytes.slice(0, 4)), bytes: bytes.slice(4) };
    });
    if (lines.length > MOST_SIGNATURES) bad();
    return { text: text.slice(0, at + 1), lines: lines };
  }

  // Every signature by a known key, all of which must hold; others are ignored, as the specification
  // demands.
  async function verified(place, note, known) {
    var found = [];
    for (var i = 0; i < known.length; i++) {
      var key = known[i], lines = note.lines.filter(function (l) { return l.name === key.name && l.id === key.id; });
      for (var j = 0; j < lines.length; j++) {
        var signature = lines[j].bytes, text = note.text, time = null;
        if (key.witness) {
          if (signature.length < 8 || signature[0] > 127) refuse(place, "signature", { name: key.name });
          time = decimalOf(signature.slice(0, 8));
          text = "cosignature/v1\ntime " + time + "\n" + text;
          signature = signature.slice(8);
        }
        if (!await out.verify(key.key, signature, utf8(text))) refuse(place, "signature", { name: key.name });
        if (j === 0) found.push({ key: key, time: time });
      }
    }
    return found;
  }
  async function signedByALog(place, note, trust) {
    var found = await verified(place, note, trust.logs);
    if (!found.length) refuse(place, "unsigned", { names: note.lines.map(function (l) { return l.name; }).join(", ") });
    return found;
  }

  async function checkPromise(bundle, trust) {
    var note = parseNote("promise", bundle.promise), by = (await signedByALog("promise", note, trust))[0].key;
    var lines = note.text.slice(0, -1).split("\n"), commitment = lines.length === 5 && hash(lines[2]);
    if (lines.length !== 5 || lines[0] !== PROMISE || lines[4] !== WITHIN) refuse("promise", "format");
    if (lines[1] !== by.name) refuse("promise", "origin", { expected: by.name, found: lines[1] });
    if (!commitment || day(lines[3]) === null) refuse("promise", "format");
    if (!same(commitment, bundle.commitment)) refuse("promise", "disagrees");
    if (lines[3] !== bundle.day) refuse("promise", "disagrees");
    return { origin: lines[1], key: by };
  }

  async function checkCheckpoint(text, trust, steps) {
    var place = "proof checkpoint", note = parseNote(place, text), signed = await signedByALog(place, note, trust);
    var lines = note.text.slice(0, -1).split("\n");
    var size = lines.length === 3 && lines[0] !== "" ? decimal(lines[1]) : null, root = size === null ? null : hash(lines[2]);
    if (!root) refuse(place, "format");
    var own = signed.filter(function (s) { return s.key.name === lines[0]; })[0];
    if (!own) refuse(place, "origin", { expected: trust.logs.map(function (k) { return k.name; }).join(", "), found: lines[0] });
    steps.push({ step: "signature", origin: lines[0], size: size });
    var witnesses = await verified(place, note, trust.witnesses);
    if (!met(trust.quorum, witnesses.map(function (w) { return w.key; }))) {
      refuse(place, "quorum", { quorum: told(trust.quorum), found: witnesses.length });
    }
    steps.push({ step: "witnesses", witnesses: witnesses.map(function (w) { return { name: w.key.name, time: w.time }; }), quorum: told(trust.quorum) });
    return { origin: lines[0], size: size, root: root, key: own.key, witnesses: witnesses };
  }

  // --- the tree ---

  function node(left, right) { return sha256(joined([Uint8Array.of(1), left, right])); }
  function half(n) { return Math.floor(n / 2); }
  // RFC 9162, 2.1.3.2.
  async function checkInclusion(leaf, index, size, path, root) {
    if (index >= size) refuse("proof", "range");
    var at = index, last = size - 1, wanted = 0;
    for (; at !== last; at = half(at), last = half(last)) wanted++;
    for (; at; at = half(at)) wanted += at % 2;
    if (path.length !== wanted) refuse("proof", "length", { expected: wanted, found: path.length });
    var sum = leaf;
    at = index;
    last = size - 1;
    for (var i = 0; i < path.length; i++) {
      if (at % 2 === 1 || at === last) {
        sum = await node(path[i], sum);
        while (at % 2 === 0 && at !== 0) { at = half(at); last = half(last); }
      } else sum = await node(sum, path[i]);
      at = half(at);
      last = half(last);
    }
    if (!same(sum, root)) refuse("proof", "root");
  }
  function leafHash(commitment, dayNumber) {
    var number = Uint8Array.of(dayNumber >>> 24, dayNumber >>> 16, dayNumber >>> 8, dayNumber);
    return sha256(joined([Uint8Array.of(0), utf8("DWL1"), Uint8Array.of(1, 1), commitment, number]));
  }

  // --- bundles ---

  function parseTlogProof(bytes) {
    var bad = function () { refuse("proof", "format"); }, text = bytes.length > LONGEST ? null : read(bytes);
    var at = text === null ? -1 : text.indexOf("\n\n");
    if (at < 0) bad();
    var lines = text.slice(0, at).split("\n"), extra = null, n = 1;
    if (lines[0] !== HEADER || lines.length < 2) bad();
    if (lines[1].slice(0, 6) === "extra ") {
      extra = base64(lines[1].slice(6));
      n = 2;
      if (!extra) bad();
    }
    var index = lines.length > n && lines[n].slice(0, 6) === "index " ? decimal(lines[n].slice(6)) : null;
    var path = lines.slice(n + 1).map(hash);
    if (index === null || path.length > 64 || path.indexOf(null) >= 0) bad();
    return { extra: extra, index: index, path: path, checkpoint: text.slice(at + 2) };
  }

  // A JSON object of strings: nothing nested, nothing twice. Null where it is another thing.
  function flat(text) {
    var token = /[ \t\n\r]*("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|null|[{}:,])/y, all = Object.create(null);
    function next() { var m = token.exec(text); return m ? m[1] : ""; }
    if (next() !== "{") return null;
    for (var first = true; ; first = false) {
      var name = next();
      if (first && name === "}") break;
      if (name[0] !== '"' || next() !== ":") return null;
      var value = next();
      if (value[0] !== '"' && value !== "null") return null;
      name = JSON.parse(name);
      if (name in all) return null;
      all[name] = JSON.parse(value);
      var after = next();
      if (after === "}") break;
      if (after !== ",") return null;
    }
    var alone = /[\ud800-\udbff](?![\udc00-\udfff])|(?:[^\ud800-\udbff]|^)[\udc00-\udfff]/;
    for (var key in all) if (alone.test(key) || (all[key] !== null && alone.test(all[key]))) return null;
    return /^[ \t\n\r]*$/.test(text.slice(token.lastIndex)) ? all : null;
  }

  var FIELDS = ["format", "about", "commitment", "day", "salt", "digest", "promise", "proof"];
  function fromWire(bytes, place) {
    var text = read(bytes), wire = text === null ? null : flat(text), name;
    if (!wire) refuse(place, "format");
    for (name in wire) if (FIELDS.indexOf(name) < 0) refuse(place, "format");
    FIELDS.slice(0, 4).forEach(function (n) { if (typeof wire[n] !== "string") refuse(place, "format"); });
    if (wire.format !== FORMAT || (wire.about !== "filing" && wire.about !== "paper")) refuse(place, "format");
    function field(n) { return hash(wire[n]) || refuse(n, "format"); }
    function there(n) { return wire[n] !== undefined && wire[n] !== null; }
    var opening = there("salt") && there("digest") ? { salt: field("salt"), digest: field("digest") } : null;
    if (!opening && there("salt")) refuse("digest", "missing");
    if (!opening && (there("digest") || wire.about === "paper")) refuse("salt", "missing");
    var proof = there("proof") ? parseTlogProof(utf8(wire.proof)) : null;
    if (proof && proof.extra) refuse("proof", "format");
    var commitment = field("commitment");
    if (day(wire.day) === null) refuse("day", "format");
    return { about: wire.about, opening: opening, commitment: commitment, day: wire.day, promise: there("promise") ? wire.promise : null, proof: proof };
  }

  function parseBundle(bytes) {
    if (bytes.length > LONGEST) refuse("bundle", "long");
    if (!same(bytes.subarray(0, HEADER.length), utf8(HEADER))) return fromWire(bytes, "bundle");
    var proof = parseTlogProof(bytes);
    if (!proof.extra) refuse("extra", "missing");
    var bundle = fromWire(proof.extra, "extra");
    if (bundle.proof) refuse("extra", "format");
    bundle.proof = proof;
    return bundle;
  }

  async function commitmentOf(bundle) {
    var digest = bundle.opening.digest;
    if (bundle.about === "paper") digest = await sha256(joined([utf8("dengwen/f1"), digest]));
    return sha256(joined([utf8("dengwen/c1"), bundle.opening.salt, digest]));
  }

  async function all(bytes, paper, trust, result) {
    var steps = result.steps, bundle = result.bundle = parseBundle(bytes);
    result.commitment = hex(bundle.commitment);
    steps.push({ step: "read", about: bundle.about, day: bundle.day });
    if (bundle.opening) {
      if (!same(await commitmentOf(bundle), bundle.commitment)) refuse("commitment", "opening");
      steps.push({ step: "opening" });
    }
    var promise = null, included = null;
    if (bundle.promise !== null) {
      promise = await checkPromise(bundle, trust);
      result.key = promise.key;
      steps.push({ step: "promise", origin: promise.origin, due: dayAfter(bundle.day) });
    }
    if (bundle.proof) {
      var leaf = await leafHash(bundle.commitment, day(bundle.day));
      included = await checkCheckpoint(bundle.proof.checkpoint, trust, steps);
      result.key = included.key;
      await checkInclusion(leaf, bundle.proof.index, included.size, bundle.proof.path, included.root);
      steps.push({ step: "included", index: bundle.proof.index, size: included.size, hashes: bundle.proof.path.length });
    }
    if (!promise && !included) refuse("proof", "missing");
    if (promise && included && promise.origin !== included.origin) refuse("promise", "disagrees");
    result.origin = (included || promise).origin;
    if (paper) {
      if (bundle.about !== "paper") refuse("file", "filing");
      if (!same(await sha256(paper), bundle.opening.digest)) refuse("file", "other");
      steps.push({ step: "file" });
    }
    result.standing = included ? "included" : "promised";
    result.sound = true;
  }

  // Checks a proof, and the file it was made for if one is given: what was checked, step by step, and
  // the first fault if there is one.
  async function check(bytes, paper, trust) {
    var result = { sound: false, steps: [], fault: null };
    try {
      await all(bytes, paper, trust, result);
    } catch (fault) {
      if (!(fault instanceof Fault)) throw fault;
      result.fault = fault;
    }
    return result;
  }

  out.parseTrust = parseTrust;
  out.check = check;
  out.hex = hex;
})(Dengwen);
