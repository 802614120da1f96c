import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A chain, each step waiting for the one before; or all side by side, eight at a time. */
export type Shape = "chain" | "wide";

/** How many run at once in the wide shape, for everybody. */
export const concurrency = 8;

/** Somebody who can run `n` times `true` in a shape; `run` is one whole process from start to end. */
export interface Contestant {
  name: string;
  /** Why it can't be measured here, if it can't. */
  missing?: string;
  prepare(shape: Shape, n: number): { run: () => void };
}

const root = join(import.meta.dir, "..");
// Node parses an extra certificate bundle at each start; that would be measured too.
const env = { ...process.env, NODE_EXTRA_CA_CERTS: "" };

/** Runs a program to its end; anything but success stops the benchmark. */
export function mustRun(command: string[], cwd: string, more: Record<string, string> = {}): void {
  const [file, ...args] = command as [string, ...string[]];
  const done = spawnSync(file, args, {
    cwd,
    env: { ...env, ...more },
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 2 ** 28,
  });
  if (done.status === 0) return;
  throw new Error(
    `${command.join(" ")} ended with ${done.status ?? done.signal}: ${done.stderr}${done.stdout}`,
  );
}

function folder(name: string): string {
  return mkdtempSync(join(tmpdir(), `bench-${name}-`));
}

const ids = (n: number) => Array.from({ length: n }, (_, i) => `s${i}`);
const before = (shape: Shape, i: number) => (shape === "chain" && i > 0 ? [`s${i - 1}`] : []);
const lasts = (shape: Shape, n: number) => (shape === "chain" ? [`s${n - 1}`] : ids(n));

const threados: Contestant = {
  name: "ThreadOS",
  prepare(shape, n) {
    const cwd = folder("threados");
    prepareWorkspace(cwd, shape, n);
    return { run: () => mustRun([join(root, "bin/seqctl"), "run", "--new", "--yes"], cwd) };
  },
};

/** Makes a workspace with `n` steps of `true`. */
export function prepareWorkspace(cwd: string, shape: Shape, n: number): void {
  const steps = ids(n).map(
    (id, i) => `  - id: ${id}\n    command: ["true"]\n    depends_on: [${before(shape, i)}]\n`,
  );
  const head = `version: 1\nname: bench\npolicy: {max_concurrent: ${concurrency}}\nsteps:\n`;
  writeFileSync(join(cwd, "authored.yaml"), head + steps.join(""));
  mustRun([join(root, "bin/seqctl"), "init", "--from", "authored.yaml", "--sandbox", "off"], cwd);
}

const bare: Contestant = {
  name: "bare spawn (Bun)",
  prepare(shape, n) {
    const lanes = shape === "chain" ? 1 : concurrency;
    return {
      run: () =>
        mustRun([process.execPath, join(import.meta.dir, "bare-spawn.ts"), String(n), String(lanes)], root),
    };
  },
};

const ninja: Contestant = {
  name: "ninja",
  ...unless("ninja"),
  prepare(shape, n) {
    const cwd = folder("ninja");
    const edges = ids(n).map((id, i) => `build ${id}: t ${before(shape, i).join(" ")}\n`);
    writeFileSync(join(cwd, "build.ninja"), `rule t\n  command = true\n${edges.join("")}`);
    return { run: () => mustRun(["ninja", "--quiet", `-j${concurrency}`], cwd) };
  },
};

const make: Contestant = {
  name: "make",
  ...unless("make"),
  prepare(shape, n) {
    const cwd = folder("make");
    const rules = ids(n).map((id, i) => `${id}: ${before(shape, i).join(" ")}\n\t@true\n`);
    writeFileSync(
      join(cwd, "Makefile"),
      `.PHONY: all ${ids(n).join(" ")}\nall: ${lasts(shape, n).join(" ")}\n${rules.join("")}`,
    );
    return { run: () => mustRun(["make", "--silent", `-j${concurrency}`], cwd) };
  },
};

const wireit: Contestant = {
  name: "wireit",
  ...(existsSync(join(root, "node_modules/wireit")) ? {} : { missing: "not installed" }),
  prepare(shape, n) {
    const cwd = folder("wireit");
    const names = ["all", ...ids(n)];
    const scripts = Object.fromEntries(names.map((name) => [name, "wireit"]));
    const tasks = ids(n).map((id, i) => [id, { command: "true", dependencies: before(shape, i) }]);
    const config = { all: { dependencies: lasts(shape, n) }, ...Object.fromEntries(tasks) };
    writeFileSync(
      join(cwd, "package.json"),
      JSON.stringify({ name: "bench", version: "1.0.0", scripts, wireit: config }),
    );
    mkdirSync(join(cwd, "node_modules"));
    const path = `${join(root, "node_modules/.bin")}:${process.env.PATH}`;
    return {
      run: () =>
        mustRun(["npm", "run", "--silent", "all"], cwd, {
          PATH: path,
          WIREIT_PARALLEL: String(concurrency),
          WIREIT_LOGGER: "quiet",
        }),
    };
  },
};

function unless(program: string): { missing?: string } {
  const found = (process.env.PATH ?? "")
    .split(":")
    .some((path) => existsSync(path) && readdirSync(path).includes(program));
  return found ? {} : { missing: "not installed" };
}

/** Everybody who is measured, ThreadOS first. */
export const contestants: readonly Contestant[] = [threados, bare, ninja, make, wireit];
