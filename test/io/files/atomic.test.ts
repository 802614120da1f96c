import { afterEach, describe, expect, spyOn, test } from "bun:test";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { appendWhole, readIfThere, writeAtomic, writeNew } from "../../../lib/io/files/atomic";
import { scratch, sweep } from "../../rig/scratch";

afterEach(sweep);

const calls = {
  fdatasyncSync: fs.fdatasyncSync,
  fsyncSync: fs.fsyncSync,
  renameSync: fs.renameSync,
  writeSync: fs.writeSync,
};

/** Lets one call of the file system fail, as a full or dying disk would. */
function failing(name: keyof typeof calls, times = 1) {
  const original = calls[name] as (...args: never[]) => unknown;
  let left = times;
  return spyOn(fs, name as "fsyncSync").mockImplementation(((...args: never[]) => {
    if (left-- > 0) throw Object.assign(new Error("no space"), { code: "ENOSPC", syscall: name });
    return original(...args);
  }) as never);
}

describe("writeAtomic", () => {
  test("replaces the text, with the mode asked for and no file beside it", () => {
    const folder = scratch();
    writeAtomic(join(folder, "f"), "old");
    writeAtomic(join(folder, "f"), "new\n€", 0o600);
    expect(fs.readFileSync(join(folder, "f"), "utf8")).toBe("new\n€");
    expect(fs.statSync(join(folder, "f")).mode & 0o777).toBe(0o600);
    expect(fs.readdirSync(folder)).toEqual(["f"]);
  });

  test.each(["fsyncSync", "renameSync", "writeSync"] as const)(
    "a failing %s leaves the old text and no temporary file",
    (name) => {
      const folder = scratch();
      writeAtomic(join(folder, "f"), "old");
      const fault = failing(name);
      try {
        expect(() => writeAtomic(join(folder, "f"), "new")).toThrow("no space");
        expect(fault).toHaveBeenCalled();
      } finally {
        fault.mockRestore();
      }
      expect(fs.readFileSync(join(folder, "f"), "utf8")).toBe("old");
      expect(fs.readdirSync(folder)).toEqual(["f"]);
    },
  );

  test("a folder in its place is refused, and left as it is", () => {
    const folder = scratch();
    fs.mkdirSync(join(folder, "f"));
    expect(() => writeAtomic(join(folder, "f"), "new")).toThrow();
    expect(fs.readdirSync(folder)).toEqual(["f"]);
  });
});

describe("writeNew", () => {
  test("never overwrites and never follows a link", () => {
    const folder = scratch();
    writeNew(join(folder, "f"), "mine");
    fs.symlinkSync(join(folder, "elsewhere"), join(folder, "link"));
    for (const name of ["f", "link"]) expect(() => writeNew(join(folder, name), "x")).toThrow(/EEXIST|ELOOP/);
    expect(fs.readFileSync(join(folder, "f"), "utf8")).toBe("mine");
    expect(fs.existsSync(join(folder, "elsewhere"))).toBe(false);
  });
});

describe("appendWhole", () => {
  test.each(["fdatasyncSync", "writeSync"] as const)("a failing %s puts the file back as it was", (name) => {
    const path = join(scratch(), "log");
    fs.writeFileSync(path, "one\n");
    const fd = fs.openSync(path, "a");
    const fault = failing(name);
    try {
      expect(() => appendWhole(fd, "two\n", true)).toThrow("no space");
    } finally {
      fault.mockRestore();
    }
    expect(fs.readFileSync(path, "utf8")).toBe("one\n");
    appendWhole(fd, "three\n", true);
    fs.closeSync(fd);
    expect(fs.readFileSync(path, "utf8")).toBe("one\nthree\n");
  });

  test("a write that stops half-way is gone on with", () => {
    const path = join(scratch(), "log");
    const original = fs.writeSync as (fd: number, bytes: Uint8Array, at: number, length?: number) => number;
    const halting = spyOn(fs, "writeSync").mockImplementation(((fd: number, bytes: Uint8Array, at: number) =>
      original(fd, bytes, at, 1)) as never);
    const fd = fs.openSync(path, "a");
    try {
      appendWhole(fd, "häppchen\n", true);
    } finally {
      halting.mockRestore();
      fs.closeSync(fd);
    }
    expect(fs.readFileSync(path, "utf8")).toBe("häppchen\n");
  });
});

test("readIfThere reads regular files up to the limit, waits for nobody and says what else it found", () => {
  const folder = scratch();
  fs.writeFileSync(join(folder, "f"), "12345");
  execFileSync("mkfifo", [join(folder, "fifo")]);
  expect(readIfThere(join(folder, "missing"), 10)).toBeUndefined();
  expect(readIfThere(join(folder, "f"), 5)).toEqual({ bytes: Buffer.from("12345") });
  expect(readIfThere(join(folder, "f"), 4)).toEqual({ problem: "holds 5 bytes", size: 5 });
  for (const path of [join(folder, "fifo"), folder, "/dev/zero"])
    expect(readIfThere(path, 10)).toEqual({ problem: "is not a regular file" });
  expect(readIfThere(join(folder, "f", "below"), 10)).toMatchObject({
    problem: expect.stringContaining("ENOTDIR"),
  });
});
