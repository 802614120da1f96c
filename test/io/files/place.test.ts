import { afterEach, describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { createWorkspace } from "../../../lib/io/files/new-workspace";
import { findWorkspace, ioFailure } from "../../../lib/io/files/place";
import { scratch, sweep } from "../../rig/scratch";

afterEach(sweep);

describe("the workspace's place", () => {
  test("is the nearest one upwards, by its real path", () => {
    const folder = scratch();
    fs.mkdirSync(join(folder, "project", ".threados"), { recursive: true });
    fs.mkdirSync(join(folder, "project", "deep", "er"), { recursive: true });
    fs.symlinkSync(join(folder, "project"), join(folder, "link"));
    const found = { ok: true, value: join(folder, "project") } as const;
    expect(findWorkspace(join(folder, "project", "deep", "er"))).toEqual(found);
    expect(findWorkspace(join(folder, "link", "deep"))).toEqual(found);
    expect(findWorkspace(folder)).toMatchObject({
      ok: false,
      failure: { code: "workspace.missing", from: folder },
    });
  });

  test("must be a folder, and no link", () => {
    const folder = scratch();
    fs.symlinkSync(folder, join(folder, ".threados"));
    expect(findWorkspace(folder)).toMatchObject({
      ok: false,
      failure: { code: "workspace.unusable", problem: expect.stringContaining("link") },
    });
    fs.rmSync(join(folder, ".threados"));
    fs.writeFileSync(join(folder, ".threados"), "");
    expect(findWorkspace(folder)).toMatchObject({ ok: false, failure: { problem: "is not a folder" } });
  });
});

describe("a refusal of the disk", () => {
  test.each([
    ["ENOSPC", "disk is full"],
    ["EROFS", "read-only"],
    ["EACCES", "permissions"],
    ["EMFILE", "ulimit"],
    ["EIO", "finished first"],
  ])("%s becomes a failure with a remedy", (code, hint) => {
    const error = Object.assign(new Error(), { code, syscall: "write", path: "/x" });
    expect(ioFailure(error)).toMatchObject({
      ok: false,
      failure: {
        code: "io.failed",
        path: "/x",
        problem: `write failed (${code})`,
        hint: expect.stringContaining(hint),
      },
    });
  });

  test("anything else is a bug and goes on up", () => {
    expect(() => ioFailure(new TypeError("x is not a function"))).toThrow(TypeError);
  });
});

describe("a new workspace", () => {
  test("is made whole or not at all", () => {
    const folder = scratch();
    expect(createWorkspace(join(folder, "missing"), {})).toMatchObject({
      ok: false,
      failure: { code: "file.missing" },
    });
    for (const [name, text, code] of [
      ["empty.yaml", "", "sequence.empty"],
      ["unknown.yaml", "version: 1\nname: n\nstps: []\n", "sequence.unknown_key"],
    ] as const) {
      fs.writeFileSync(join(folder, name), text);
      expect(createWorkspace(folder, { from: join(folder, name) })).toMatchObject({
        ok: false,
        failure: { code },
      });
    }
    fs.truncateSync(join(folder, "empty.yaml"), 9 * 1024 * 1024);
    expect(createWorkspace(folder, { from: join(folder, "empty.yaml") })).toMatchObject({
      ok: false,
      failure: { code: "sequence.too_large" },
    });
    expect(createWorkspace(folder, { from: folder })).toMatchObject({
      ok: false,
      failure: { code: "file.unreadable" },
    });
    expect(createWorkspace(folder, { from: join(folder, "nowhere") })).toMatchObject({
      ok: false,
      failure: { code: "file.missing" },
    });
    expect(fs.readdirSync(folder).sort()).toEqual(["empty.yaml", "unknown.yaml"]);
    expect(createWorkspace(folder, {})).toMatchObject({ ok: true, value: { steps: 0 } });
    expect(createWorkspace(folder, {})).toMatchObject({ ok: false, failure: { code: "workspace.exists" } });
  });

  test.if(process.getuid?.() !== 0)("is refused where one may not write", () => {
    const folder = scratch();
    fs.chmodSync(folder, 0o500);
    expect(createWorkspace(folder, {})).toMatchObject({ ok: false, failure: { code: "workspace.unusable" } });
    fs.chmodSync(folder, 0o700);
  });
});
