import { afterEach, expect, test } from "bun:test";
import * as fs from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import {
  forgetSocket,
  isOwnSocket,
  notedTerminal,
  noteSocket,
  socketFor,
} from "../../../lib/io/terminal/place";
import { scratch, sweep } from "../../rig/scratch";

const before = process.env.XDG_RUNTIME_DIR;
afterEach(() => {
  if (before === undefined) delete process.env.XDG_RUNTIME_DIR;
  else process.env.XDG_RUNTIME_DIR = before;
  sweep();
});

test("a socket's path fits into what every system takes, however long the runtime folder's is", () => {
  const base = scratch();
  process.env.XDG_RUNTIME_DIR = base;
  const short = socketFor(scratch(), `run/${"s".repeat(64)}/1`);
  expect(short.ok && short.value.startsWith(base)).toBe(true);
  process.env.XDG_RUNTIME_DIR = join(base, "x".repeat(90));
  fs.mkdirSync(process.env.XDG_RUNTIME_DIR);
  const root = scratch();
  const long = socketFor(root, "run/a/1");
  if (!long.ok) throw new Error(JSON.stringify(long.failure));
  expect(Buffer.byteLength(long.value)).toBeLessThanOrEqual(100);
  expect(fs.statSync(join(long.value, "..")).mode & 0o777).toBe(0o700);
  fs.rmSync(join(long.value, ".."), { recursive: true });
});

test("only a socket of one's own is taken for one, and it goes with its attempt", async () => {
  const folder = scratch();
  expect(notedTerminal(folder)?.socket).toBeUndefined();
  const path = join(folder, "s");
  noteSocket(folder, path);
  expect(notedTerminal(folder)?.socket).toBe(path);
  fs.writeFileSync(path, "");
  expect(isOwnSocket(path)).toBe(false);
  forgetSocket(folder);
  expect(fs.existsSync(path)).toBe(true);
  fs.rmSync(path);
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(path, resolve));
  expect(isOwnSocket(path)).toBe(true);
  forgetSocket(folder);
  expect(fs.existsSync(path)).toBe(false);
  server.close();
  fs.writeFileSync(join(folder, "tty.json"), "{");
  expect(notedTerminal(folder)?.socket).toBeUndefined();
});
