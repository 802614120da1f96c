import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openRuntimeFolder, type RuntimeEnv } from "../../../lib/io/files/runtime-folder";

let scratch: string;
let workspace: string;
let env: RuntimeEnv;

beforeEach(() => {
  scratch = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "threados-folder-")));
  workspace = join(scratch, "workspace");
  fs.mkdirSync(workspace);
  fs.mkdirSync(join(scratch, "run"), { mode: 0o700 });
  env = { XDG_RUNTIME_DIR: join(scratch, "run") };
});
afterEach(() => fs.rmSync(scratch, { recursive: true, force: true }));

function open() {
  const opened = openRuntimeFolder(workspace, env);
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure));
  return opened.value;
}

const mode = (path: string) => fs.statSync(path).mode & 0o777;

describe("the runtime folder", () => {
  test("is named by the digest of the workspace's real path", () => {
    const hash = createHash("sha256").update(workspace).digest("hex").slice(0, 16);
    fs.symlinkSync(workspace, join(scratch, "alias"));
    expect(open().path).toBe(join(scratch, "run", "threados", hash));
    const throughLink = openRuntimeFolder(join(scratch, "alias"), env);
    expect(throughLink.ok && throughLink.value.path).toBe(open().path);
  });

  test("is this user's alone, and so are its files, whatever the umask", () => {
    const before = process.umask(0);
    try {
      const folder = open();
      folder.write("server.json", "secret");
      expect(mode(folder.path)).toBe(0o700);
      expect(mode(join(scratch, "run", "threados"))).toBe(0o700);
      expect(mode(join(folder.path, "server.json"))).toBe(0o600);
      expect(folder.read("server.json")).toBe("secret");
    } finally {
      process.umask(before);
    }
  });

  test("falls back to a private folder below the temp folder", () => {
    for (const useless of [undefined, "", "relative/run", join(scratch, "missing")]) {
      const opened = openRuntimeFolder(workspace, { XDG_RUNTIME_DIR: useless });
      expect(opened.ok && opened.value.path).toStartWith(join(tmpdir(), `threados-${process.getuid?.()}`));
      if (opened.ok) fs.rmdirSync(opened.value.path);
    }
  });

  test.each<[string, (own: string) => void]>([
    ["a link", (own) => fs.symlinkSync(scratch, own)],
    ["a file", (own) => fs.writeFileSync(own, "")],
    ["a folder that others may enter", (own) => fs.mkdirSync(own, { mode: 0o755 })],
  ])("is refused where %s stands in its place", (_, plant) => {
    plant(join(scratch, "run", "threados"));
    const opened = openRuntimeFolder(workspace, env);
    expect(opened).toMatchObject({ ok: false, failure: { code: "workspace.unusable" } });
  });

  test.if(process.getuid?.() === 0)(
    "is refused where someone else owns it, and not made in someone else's runtime folder",
    () => {
      fs.mkdirSync(join(scratch, "theirs"), { mode: 0o777 });
      fs.chownSync(join(scratch, "theirs"), 65534, 65534);
      const elsewhere = openRuntimeFolder(workspace, { XDG_RUNTIME_DIR: join(scratch, "theirs") });
      expect(elsewhere.ok && elsewhere.value.path).toStartWith(tmpdir());
      if (elsewhere.ok) fs.rmdirSync(elsewhere.value.path);
      fs.mkdirSync(join(scratch, "run", "threados"), { mode: 0o700 });
      fs.chownSync(join(scratch, "run", "threados"), 65534, 65534);
      expect(openRuntimeFolder(workspace, env)).toMatchObject({
        ok: false,
        failure: { code: "workspace.unusable" },
      });
    },
  );

  test("never follows a planted link, for writing or for reading", () => {
    const folder = open();
    fs.writeFileSync(join(scratch, "victim"), "untouched", { mode: 0o600 });
    fs.symlinkSync(join(scratch, "victim"), join(folder.path, "server.json"));
    expect(folder.read("server.json")).toBeUndefined();
    folder.write("server.json", "token");
    expect(fs.readFileSync(join(scratch, "victim"), "utf8")).toBe("untouched");
    expect(folder.read("server.json")).toBe("token");
  });

  test("does not believe a file that others can read, and forgets one on request", () => {
    const folder = open();
    folder.write("server.json", "token");
    fs.chmodSync(join(folder.path, "server.json"), 0o644);
    expect(folder.read("server.json")).toBeUndefined();
    folder.remove("server.json");
    folder.remove("server.json");
    expect(fs.readdirSync(folder.path)).toEqual([]);
  });
});
