import { afterAll, beforeAll, expect, test } from "bun:test";
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const show =
  "console.log(JSON.stringify({ argv: process.argv.slice(2), main: process.argv[1], dotenv: process.env.FROM_DOTENV ?? null }));";
let folder = "";

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "threados launcher "));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A package as it is installed, with a program that shows what it was given. */
function packageWith({ bun, built = true }: { bun?: string; built?: boolean }): string {
  const root = mkdtempSync(join(folder, "package "));
  mkdirSync(join(root, "bin"));
  copyFileSync(join(import.meta.dir, "../../bin/seqctl"), join(root, "bin/seqctl"));
  if (built) {
    mkdirSync(join(root, "dist"));
    writeFileSync(join(root, "dist/seqctl.js"), show);
    writeFileSync(join(root, "dist/seqctl.mjs"), `console.log("on node");`);
  }
  if (bun) {
    mkdirSync(join(root, bun, ".."), { recursive: true });
    symlinkSync(process.execPath, join(root, bun));
  }
  return root;
}

function start(program: string, args: string[], { path = "/usr/bin:/bin", cwd = folder } = {}) {
  const { stdout, stderr, exitCode } = Bun.spawnSync([program, ...args], { cwd, env: { PATH: path } });
  return { out: stdout.toString(), err: stderr.toString(), exitCode };
}

/** A folder of programs to be found on the PATH, each a shell script. */
function programs(scripts: Record<string, string>): string {
  const path = mkdtempSync(join(folder, "programs "));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(path, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(path, name), 0o755);
  }
  return path;
}

test.each(["node_modules/bun/bin/bun.exe", "node_modules/@oven/bun-linux-x64/bin/bun", "../bun/bin/bun.exe"])(
  "the Bun at %s is used, and arguments arrive unchanged",
  (bun) => {
    const root = packageWith({ bun });
    const { out } = start(join(root, "bin/seqctl"), ["status", "a b", "--json", "--config=x", ""]);
    expect(JSON.parse(out)).toMatchObject({ argv: ["status", "a b", "--json", "--config=x", ""] });
    rmSync(join(root, bun));
  },
);

test("it works through absolute and relative links from any folder", () => {
  const root = packageWith({ bun: "node_modules/bun/bin/bun.exe" });
  const links = mkdtempSync(join(folder, "links "));
  symlinkSync(join(root, "bin/seqctl"), join(links, "absolute"));
  symlinkSync("absolute", join(links, "relative"));
  const { out } = start(join(links, "relative"), ["why"]);
  expect(JSON.parse(out)).toMatchObject({ argv: ["why"], main: join(root, "dist/seqctl.js") });
  expect(JSON.parse(start("absolute", ["x"], { path: `${links}:/usr/bin:/bin` }).out).argv).toEqual(["x"]);
});

test("a bunfig.toml or .env in the folder one works in is not read", () => {
  const root = packageWith({ bun: "node_modules/bun/bin/bun.exe" });
  const cwd = mkdtempSync(join(folder, "project "));
  writeFileSync(join(cwd, "bunfig.toml"), 'preload = ["./preload.ts"]\n');
  writeFileSync(join(cwd, "preload.ts"), 'console.log("taken over");\n');
  writeFileSync(join(cwd, ".env"), "FROM_DOTENV=yes\n");
  expect(JSON.parse(start(join(root, "bin/seqctl"), [], { cwd }).out).dotenv).toBeNull();
});

test("without a Bun beside it, a new enough one on the PATH is used, else a new enough Node", () => {
  const root = packageWith({});
  const on = (scripts: Record<string, string>) =>
    start(join(root, "bin/seqctl"), ["a"], { path: programs(scripts) }).out;
  const runs = (version: string, what: string) => `[ "$1" = --version ] && echo ${version} || echo ${what}`;
  expect(on({ bun: runs("1.4.5", "bun"), node: runs("v24.1.0", "node") })).toBe("bun\n");
  expect(on({ bun: runs("1.3.9", "bun"), node: runs("v22.13.0", "node") })).toBe("node\n");
  expect(on({ node: runs("v24.1.0", "node") })).toBe("node\n");
});

test("with no runtime it says what to do, as JSON where that was asked for", () => {
  const root = packageWith({});
  const path = programs({ node: "echo v20.20.2" });
  const plain = start(join(root, "bin/seqctl"), ["status"], { path });
  expect(plain).toMatchObject({ out: "", exitCode: 2 });
  expect(plain.err).toContain("Node.js here: v20.20.2");
  const json = start(join(root, "bin/seqctl"), ["status", "--json"], { path });
  expect(json.exitCode).toBe(2);
  expect(JSON.parse(json.out)).toMatchObject({ code: "runtime.missing", error: { code: "runtime.missing" } });
});

test("an unbuilt checkout says how to build it", () => {
  const root = packageWith({ bun: "node_modules/bun/bin/bun.exe", built: false });
  expect(start(join(root, "bin/seqctl"), [])).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining("npm run setup"),
  });
});
