// The programs nobody here wrote, installed once into a Python environment of their own.
import { execFileSync, spawnSync } from "node:child_process";
import fs from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export const here = path.dirname(fileURLToPath(import.meta.url));
const wanted = path.join(here, "requirements.txt");
const venv = path.resolve(here, "../../target/others");
export const tool = (name) => path.join(venv, "bin", name);

/** A Python of version 3.12 or newer: on the path, or among those of pyenv. */
function python() {
  const versions = path.join(process.env.PYENV_ROOT ?? path.join(os.homedir(), ".pyenv"), "versions");
  const kept = fs.existsSync(versions) ? fs.readdirSync(versions).map((v) => path.join(versions, v, "bin/python")) : [];
  return ["python3.13", "python3.12", "python3", ...kept].find((candidate) =>
    spawnSync(candidate, ["-c", "import sys; sys.exit(sys.version_info < (3, 12))"]).status === 0);
}

/** The others' programs, installed once for each state of requirements.txt; or why there are none. */
function install() {
  const mark = path.join(venv, "installed");
  const text = fs.readFileSync(wanted, "utf8");
  if (fs.existsSync(mark) && fs.readFileSync(mark, "utf8") === text) return null;
  const found = python();
  if (!found) return "no Python 3.12 or newer was found; install one, or set PYENV_ROOT";
  fs.rmSync(venv, { recursive: true, force: true });
  execFileSync(found, ["-m", "venv", venv]);
  const done = spawnSync(tool("pip"), ["install", "--quiet", "--disable-pip-version-check", "-r", wanted], { encoding: "utf8" });
  if (done.status !== 0) return `the other programs could not be installed: ${done.stderr.slice(-300)}`;
  fs.writeFileSync(mark, text);
  return null;
}

/** Why the tests are skipped, or false. */
export const skip = install() ?? false;

/** Runs one of the programs to its end. */
export function run(program, args) {
  const done = spawnSync(tool(program), args, { encoding: "utf8" });
  return { ok: done.status === 0, said: done.stdout + done.stderr };
}

/** A port that is free now. */
export function port() {
  return new Promise((done) => {
    const probe = net.createServer().listen(0, "127.0.0.1", () => { const { port } = probe.address(); probe.close(() => done(port)); });
  });
}

/** Waits until somebody listens. */
export async function listening(port) {
  for (let n = 0; n < 100; n++) {
    const up = await new Promise((done) => {
      const socket = net.connect(port, "127.0.0.1", () => { socket.destroy(); done(true); });
      socket.once("error", () => done(false));
    });
    if (up) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`nobody listens on ${port}`);
}
