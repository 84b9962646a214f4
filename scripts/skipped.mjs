// The last words of `make test`: what was not checked on this machine, and what to do about it. A green
// run that left something out must not look like one that did not.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { skip } from "../tests/others/programs.mjs";

const there = (program) => !spawnSync(program, ["-v"]).error;
const left = [
  skip && `the log read by programs nobody here wrote, a real witness, the bucket (tests/others): ${skip}`,
  !fs.existsSync("../shared/data") && "the public messages (import, judgement, calendars): ../shared/data is not here",
  !["pdftotext", "pdftoppm"].every(there) && "papers read back from their PDF: install poppler-utils",
].filter(Boolean);
for (const what of left) console.log(`NOT CHECKED: ${what}`);
console.log(left.length ? "All other tests passed." : "All tests passed.");
