// Hashes and signatures in plain JavaScript, for the page that verifies proofs: SHA-256 and SHA-512
// (FIPS 180-4) and the check of an Ed25519 signature (RFC 8032), as strict as the program's own.
// `crypto.subtle` does the work where the browser has it; it is absent on plain http, and not every
// browser inside an app knows Ed25519. It knows no file format, keeps nothing and asks nobody.
// Only public values are handled here, so nothing runs in constant time.
var Dengwen = {};
(function (out) {
  "use strict";
  var floor = Math.floor;

  // A table of 64-bit constants as pairs of 32-bit words.
  function words(hex) {
    var all = new Int32Array(hex.length / 8);
    for (var i = 0; i < all.length; i++) all[i] = parseInt(hex.substr(i * 8, 8), 16) | 0;
    return all;
  }

  // First 64 bits of the fractional parts of the cube roots of the first 80 primes, and of the square
  // roots of the first eight. SHA-256 uses the upper halves of the first 64 and of the eight.
  var K = words(
    "428a2f98d728ae227137449123ef65cdb5c0fbcfec4d3b2fe9b5dba58189dbbc3956c25bf348b53859f111f1b605d019" +
    "923f82a4af194f9bab1c5ed5da6d8118d807aa98a303024212835b0145706fbe243185be4ee4b28c550c7dc3d5ffb4e2" +
    "72be5d74f27b896f80deb1fe3b1696b19bdc06a725c71235c19bf174cf692694e49b69c19ef14ad2efbe4786384f25e3" +
    "0fc19dc68b8cd5b5240ca1cc77ac9c652de92c6f592b02754a7484aa6ea6e4835cb0a9dcbd41fbd476f988da831153b5" +
    "983e5152ee66dfaba831c66d2db43210b00327c898fb213fbf597fc7beef0ee4c6e00bf33da88fc2d5a79147930aa725" +
    "06ca6351e003826f142929670a0e6e7027b70a8546d22ffc2e1b21385c26c9264d2c6dfc5ac42aed53380d139d95b3df" +
    "650a73548baf63de766a0abb3c77b2a881c2c92e47edaee692722c851482353ba2bfe8a14cf10364a81a664bbc423001" +
    "c24b8b70d0f89791c76c51a30654be30d192e819d6ef5218d69906245565a910f40e35855771202a106aa07032bbd1b8" +
    "19a4c116b8d2d0c81e376c085141ab532748774cdf8eeb9934b0bcb5e19b48a8391c0cb3c5c95a634ed8aa4ae3418acb" +
    "5b9cca4f7763e373682e6ff3d6b2b8a3748f82ee5defb2fc78a5636f43172f6084c87814a1f0ab728cc702081a6439ec" +
    "90befffa23631e28a4506cebde82bde9bef9a3f7b2c67915c67178f2e372532bca273eceea26619cd186b8c721c0c207" +
    "eada7dd6cde0eb1ef57d4f7fee6ed17806f067aa72176fba0a637dc5a2c898a6113f9804bef90dae1b710b35131c471b" +
    "28db77f523047d8432caab7b40c724933c9ebe0a15c9bebc431d67c49c100d4c4cc5d4becb3e42b6597f299cfc657e2a" +
    "5fcb6fab3ad6faec6c44198c4a475817");
  var H = words(
    "6a09e667f3bcc908bb67ae8584caa73b3c6ef372fe94f82ba54ff53a5f1d36f1510e527fade682d19b05688c2b3e6c1f" +
    "1f83d9abfb41bd6b5be0cd19137e2179");

  // The message, one bit, and its length, in whole blocks.
  function padded(bytes, block, lengthBytes) {
    var size = Math.ceil((bytes.length + 1 + lengthBytes) / block) * block;
    var all = new Uint8Array(size);
    all.set(bytes);
    all[bytes.length] = 128;
    for (var i = 0, n = bytes.length * 8; i < 7; i++, n = floor(n / 256)) all[size - 1 - i] = n % 256;
    return all;
  }

  // Words of 32 bits, big end first.
  function big(h) {
    var bytes = new Uint8Array(h.length * 4);
    for (var i = 0; i < bytes.length; i++) bytes[i] = h[i >> 2] >>> (24 - 8 * (i & 3));
    return bytes;
  }

  function plainSha256(bytes) {
    var all = padded(bytes, 64, 8), h = new Int32Array(8), w = new Int32Array(64), v = new Int32Array(8), i, s0, s1, t1, t2;
    for (i = 0; i < 8; i++) h[i] = H[2 * i];
    for (var at = 0; at < all.length; at += 64) {
      for (i = 0; i < 16; i++) w[i] = (all[at + 4 * i] << 24) | (all[at + 4 * i + 1] << 16) | (all[at + 4 * i + 2] << 8) | all[at + 4 * i + 3];
      for (i = 16; i < 64; i++) {
        var x = w[i - 15], y = w[i - 2];
        s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
        s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
        w[i] = w[i - 16] + s0 + w[i - 7] + s1;
      }
      v.set(h);
      for (i = 0; i < 64; i++) {
        var e = v[4], a = v[0];
        s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
        t1 = (v[7] + s1 + ((e & v[5]) ^ (~e & v[6])) + K[2 * i] + w[i]) | 0;
        s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
        t2 = (s0 + ((a & v[1]) ^ (a & v[2]) ^ (v[1] & v[2]))) | 0;
        v.copyWithin(1, 0, 7);
        v[4] = v[4] + t1;
        v[0] = t1 + t2;
      }
      for (i = 0; i < 8; i++) h[i] = h[i] + v[i];
    }
    return big(h);
  }

  // The upper and lower halves of a 64-bit sum; every term is a pair [upper, lower].
  function sum(terms) {
    var low = 0, high = 0;
    for (var i = 0; i < terms.length; i++) { high += terms[i][0] >>> 0; low += terms[i][1] >>> 0; }
    high += floor(low / 4294967296);
    return [high | 0, low | 0];
  }
  function turn(x, n) {
    var a = n < 32 ? x : [x[1], x[0]], m = n & 31;
    return [(a[0] >>> m) | (a[1] << (32 - m)), (a[1] >>> m) | (a[0] << (32 - m))];
  }
  function shift(x, n) { return [x[0] >>> n, (x[1] >>> n) | (x[0] << (32 - n))]; }
  function xor(a, b, c) { return [a[0] ^ b[0] ^ c[0], a[1] ^ b[1] ^ c[1]]; }

  function sha512(bytes) {
    var all = padded(bytes, 128, 16), h = [], w = [], i;
    for (i = 0; i < 8; i++) h.push([H[2 * i], H[2 * i + 1]]);
    for (var at = 0; at < all.length; at += 128) {
      for (i = 0; i < 16; i++) {
        var p = at + 8 * i;
        w[i] = [(all[p] << 24) | (all[p + 1] << 16) | (all[p + 2] << 8) | all[p + 3],
          (all[p + 4] << 24) | (all[p + 5] << 16) | (all[p + 6] << 8) | all[p + 7]];
      }
      for (i = 16; i < 80; i++) {
        var x = w[i - 15], y = w[i - 2];
        w[i] = sum([w[i - 16], xor(turn(x, 1), turn(x, 8), shift(x, 7)), w[i - 7], xor(turn(y, 19), turn(y, 61), shift(y, 6))]);
      }
      var v = h.slice();
      for (i = 0; i < 80; i++) {
        var a = v[0], e = v[4];
        var choice = [(e[0] & v[5][0]) ^ (~e[0] & v[6][0]), (e[1] & v[5][1]) ^ (~e[1] & v[6][1])];
        var most = [(a[0] & v[1][0]) ^ (a[0] & v[2][0]) ^ (v[1][0] & v[2][0]), (a[1] & v[1][1]) ^ (a[1] & v[2][1]) ^ (v[1][1] & v[2][1])];
        var t1 = sum([v[7], xor(turn(e, 14), turn(e, 18), turn(e, 41)), choice, [K[2 * i], K[2 * i + 1]], w[i]]);
        var t2 = sum([xor(turn(a, 28), turn(a, 34), turn(a, 39)), most]);
        v = [sum([t1, t2]), v[0], v[1], v[2], sum([v[3], t1]), v[4], v[5], v[6]];
      }
      for (i = 0; i < 8; i++) h[i] = sum([h[i], v[i]]);
    }
    var flat = new Int32Array(16);
    for (i = 0; i < 16; i++) flat[i] = h[i >> 1][i & 1];
    return big(flat);
  }

  // The field of 2^255 - 19: sixteen limbs of 16 bits, least first, possibly a little more or less.
  function number(hex) {
    var n = new Float64Array(16);
    for (var i = 0; i < 16; i++) n[i] = parseInt(hex.substr(60 - 4 * i, 4), 16);
    return n;
  }
  var ZERO = new Float64Array(16), ONE = new Float64Array(16);
  ONE[0] = 1;
  var D = number("52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3");
  var ROOT = number("2b8324804fc1df0b2b4d00993dfbd7a72f431806ad2fe478c4ee1b274a0ea0b0"); // of -1

  function carry(n) {
    for (var i = 0, c = 0; i < 16; i++) {
      n[i] += c;
      c = floor(n[i] / 65536);
      n[i] -= c * 65536;
    }
    n[0] += 38 * c;
  }
  function add(a, b) { var n = new Float64Array(16); for (var i = 0; i < 16; i++) n[i] = a[i] + b[i]; return n; }
  function sub(a, b) { var n = new Float64Array(16); for (var i = 0; i < 16; i++) n[i] = a[i] - b[i]; return n; }
  var wide = new Float64Array(32);
  function mul(a, b) {
    wide.fill(0);
    var i, j, n = new Float64Array(16);
    for (i = 0; i < 16; i++) for (j = 0; j < 16; j++) wide[i + j] += a[i] * b[j];
    for (i = 0; i < 16; i++) n[i] = wide[i] + 38 * wide[i + 16];
    carry(n); carry(n);
    return n;
  }
  // The one representation below the prime, as 32 bytes, least first.
  function pack(a) {
    var n = Float64Array.from(a), bytes = new Uint8Array(32), i, k;
    carry(n); carry(n); carry(n);
    for (k = 0; k < 2; k++) {
      var less = new Float64Array(16);
      for (i = 0; i < 16; i++) less[i] = n[i] - (i === 0 ? 65517 : i === 15 ? 32767 : 65535);
      for (i = 0; i < 15; i++) if (less[i] < 0) { less[i] += 65536; less[i + 1] -= 1; }
      if (less[15] >= 0) n = less;
    }
    for (i = 0; i < 16; i++) { bytes[2 * i] = n[i] & 255; bytes[2 * i + 1] = n[i] >> 8; }
    return bytes;
  }
  function unpack(bytes) {
    var n = new Float64Array(16);
    for (var i = 0; i < 16; i++) n[i] = bytes[2 * i] + bytes[2 * i + 1] * 256;
    n[15] %= 32768;
    return n;
  }
  function same(a, b) {
    if (a.length !== b.length) return false;
    for (var i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
    return true;
  }
  function equal(a, b) { return same(pack(a), pack(b)); }
  // a to the power of 2^252 - 3, and of 2^255 - 21 (its inverse).
  function power(a) { for (var n = a, i = 250; i >= 0; i--) { n = mul(n, n); if (i !== 1) n = mul(n, a); } return n; }
  function inverse(a) { for (var n = a, i = 253; i >= 0; i--) { n = mul(n, n); if (i !== 2 && i !== 4) n = mul(n, a); } return n; }

  // Points of the curve as (X, Y, Z, T) with x = X/Z, y = Y/Z, T = XY/Z. The sum holds for all of them.
  var D2 = add(D, D), NOUGHT = [ZERO, ONE, ONE, ZERO];
  function plus(p, q) {
    var a = mul(sub(p[1], p[0]), sub(q[1], q[0])), b = mul(add(p[0], p[1]), add(q[0], q[1]));
    var c = mul(mul(p[3], q[3]), D2), d = mul(p[2], q[2]);
    d = add(d, d);
    var e = sub(b, a), f = sub(d, c), g = add(d, c), h = add(b, a);
    return [mul(e, f), mul(h, g), mul(g, f), mul(e, h)];
  }
  function minus(p) { return [sub(ZERO, p[0]), p[1], p[2], sub(ZERO, p[3])]; }
  // The point that 32 bytes stand for; null if none.
  function point(bytes) {
    var y = unpack(bytes), yy = mul(y, y), u = sub(yy, ONE), v = add(mul(D, yy), ONE);
    var v3 = mul(mul(v, v), v), x = mul(mul(u, v3), power(mul(mul(mul(v3, v3), v), u)));
    var back = mul(v, mul(x, x));
    if (!equal(back, u)) {
      if (!equal(back, sub(ZERO, u))) return null;
      x = mul(x, ROOT);
    }
    if ((pack(x)[0] & 1) !== bytes[31] >> 7) x = sub(ZERO, x);
    return [x, y, ONE, mul(x, y)];
  }
  function written(p) {
    var z = inverse(p[2]), bytes = pack(mul(p[1], z));
    bytes[31] |= (pack(mul(p[0], z))[0] & 1) << 7;
    return bytes;
  }
  function small(p) {
    for (var i = 0; i < 3; i++) p = plus(p, p);
    return equal(p[0], ZERO) && equal(p[1], p[2]);
  }

  // The order of the base point, least byte first.
  var ORDER = [237, 211, 245, 92, 26, 99, 18, 88, 214, 156, 247, 162, 222, 249, 222, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 16];
  function below(n) {
    for (var i = 31; i >= 0; i--) if (n[i] !== ORDER[i]) return n[i] < ORDER[i];
    return false;
  }
  // A number of 64 bytes modulo the order, bit by bit from the top.
  function reduce(bytes) {
    var n = new Uint8Array(32), i, j, c;
    for (i = 511; i >= 0; i--) {
      for (j = 0, c = (bytes[i >> 3] >> (i & 7)) & 1; j < 32; j++) { c += n[j] * 2; n[j] = c & 255; c >>= 8; }
      if (!below(n)) for (j = 0, c = 0; j < 32; j++) { c += n[j] - ORDER[j]; n[j] = c & 255; c >>= 8; }
    }
    return n;
  }

  var base = null;
  function equation(key, r, s, message) {
    if (!base) base = point(Uint8Array.from([88].concat(new Array(31).fill(102))));
    var all = new Uint8Array(64 + message.length);
    all.set(r); all.set(key.bytes, 32); all.set(message, 64);
    var k = reduce(sha512(all)), other = minus(key.point), sums = [null, base, other, plus(base, other)], p = NOUGHT;
    for (var i = 252; i >= 0; i--) {
      p = plus(p, p);
      var which = ((s[i >> 3] >> (i & 7)) & 1) + 2 * ((k[i >> 3] >> (i & 7)) & 1);
      if (which) p = plus(p, sums[which]);
    }
    return same(written(p), r);
  }

  function subtle() {
    return typeof crypto === "object" && crypto ? crypto.subtle : undefined;
  }

  // An Ed25519 public key of 32 bytes; null if it is no point of the curve.
  function publicKey(bytes) {
    var p = point(bytes);
    return p && { bytes: bytes, point: p, weak: small(p) };
  }

  // Whether a signature holds, as strictly as ed25519-dalek's verify_strict: S below the order, neither
  // the key nor R of small order, no batch equation. Where browsers may differ, this file decides.
  async function verify(key, signature, message) {
    if (signature.length !== 64 || key.weak) return false;
    var r = signature.subarray(0, 32), s = signature.subarray(32), point_r = below(s) && point(r);
    if (!point_r || small(point_r)) return false;
    if (subtle()) {
      try {
        var known = await subtle().importKey("raw", key.bytes, { name: "Ed25519" }, false, ["verify"]);
        if (await subtle().verify({ name: "Ed25519" }, known, signature, message)) return true;
      } catch (e) { /* this browser has no Ed25519 */ }
    }
    return equation(key, r, s, message);
  }

  // SHA-256 of bytes.
  async function sha256(bytes) {
    return subtle() ? new Uint8Array(await subtle().digest("SHA-256", bytes)) : plainSha256(bytes);
  }

  out.sha256 = sha256;
  out.plainSha256 = plainSha256;
  out.sha512 = sha512;
  out.publicKey = publicKey;
  out.verify = verify;
  out.same = same;
})(Dengwen);
