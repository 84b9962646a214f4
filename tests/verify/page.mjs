// Loads the page's own scripts into a world of their own, as a browser does: with `crypto.subtle` or
// without it. It knows no page.
import { webcrypto } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

const here = path.dirname(fileURLToPath(import.meta.url));
const assets = path.resolve(here, "../../crates/web/assets");

/** The page's verifier; `crypto: null` hides the browser's own. */
export function verifier({ crypto = webcrypto } = {}) {
  const world = vm.createContext({ TextEncoder, TextDecoder, Uint8Array, ...(crypto && { crypto }) });
  for (const name of ["signature.js", "proof.js"]) vm.runInContext(fs.readFileSync(path.join(assets, name), "utf8"), world, name);
  return world.Dengwen;
}

/** Both worlds, with their names. */
export const worlds = [["crypto.subtle", {}], ["plain JavaScript", { crypto: null }]];

/** The verdict in one line, as the program's own test writes it. */
export function line(result) {
  if (!result.sound) return `refused: ${result.fault.place}`;
  if (result.standing === "promised") return `promised: ${result.origin} ${result.steps.find((s) => s.step === "promise").due}`;
  const { index, size } = result.steps.find((s) => s.step === "included");
  const seen = result.steps.find((s) => s.step === "witnesses").witnesses.map((w) => ` ${w.name} ${w.time}`);
  return `included: ${result.origin} ${index} ${size}${seen.join("")}`;
}
