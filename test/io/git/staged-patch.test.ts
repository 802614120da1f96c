import { afterEach, expect, spyOn, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { sha256 } from "../../../lib/io/files/digest";
import { publishStaged } from "../../../lib/io/git/staged-files";
import { scratch, sweep } from "../../rig/scratch";

afterEach(sweep);

test("neither takes away nor writes through a folder that has become a link since the files were staged", () => {
  const [top, elsewhere, folder] = [scratch(), scratch(), scratch()];
  const digest = sha256("patch");
  const staged = join(folder, `pick-${digest}.tmp`);
  fs.mkdirSync(join(staged, "files", "d"), { recursive: true });
  fs.writeFileSync(join(staged, "files", "d", "changed"), "new\n");
  const before = sha256("old\n");
  const manifest = {
    top,
    digest,
    writes: [{ path: "d/changed", before }],
    removes: [{ path: "d/gone", before }],
  };
  fs.writeFileSync(join(staged, "manifest.json"), JSON.stringify(manifest));
  for (const name of ["changed", "gone"]) fs.writeFileSync(join(elsewhere, name), "old\n");
  fs.symlinkSync(elsewhere, join(top, "d"));
  publishStaged(folder, digest);
  expect(fs.readdirSync(elsewhere)).toEqual(["changed", "gone"]);
  expect(fs.readFileSync(join(elsewhere, "changed"), "utf8")).toBe("old\n");
  expect(fs.readdirSync(folder)).toEqual([]);
});

/** A folder for what is staged that no file can be renamed out of, if the machine has one. */
const elsewhere = "/dev/shm";
const isElsewhere = fs.existsSync(elsewhere) && fs.statSync(elsewhere).dev !== fs.statSync(tmpdir()).dev;
const places = isElsewhere ? [tmpdir(), elsewhere] : [tmpdir()];

test.each(places)(
  "goes on where it was cut short, after any of its changes of the disk; staged in %s",
  (under) => {
    const files = {
      "a/new": [null, "new\n"],
      changed: ["old\n", "new\n"],
      "a/gone": ["old\n", null],
    } as const;
    const entries = Object.entries(files);
    const { renameSync, unlinkSync, rmdirSync, mkdirSync, rmSync, copyFileSync, chmodSync } = fs;
    const changing = Object.entries({
      ...{ renameSync, unlinkSync, rmdirSync, mkdirSync, rmSync },
      ...{ copyFileSync, chmodSync },
    });
    let cuts = 0;
    for (let at = 1; ; at++) {
      const [top, folder] = [scratch(), scratch(under)];
      const digest = sha256("patch");
      const staged = join(folder, `pick-${digest}.tmp`);
      const put = (path: string, text: string) => {
        fs.mkdirSync(dirname(path), { recursive: true });
        fs.writeFileSync(path, text);
      };
      for (const [path, [before, after]] of entries) {
        if (before !== null) put(join(top, path), before);
        if (after !== null) put(join(staged, "files", path), after);
      }
      const noted = (isWanted: (after: string | null) => boolean) =>
        entries.flatMap(([path, [before, after]]) =>
          isWanted(after) ? [{ path, before: before === null ? null : sha256(before) }] : [],
        );
      const writes = noted((after) => after !== null);
      const removes = noted((after) => after === null);
      put(join(staged, "manifest.json"), JSON.stringify({ top, digest, writes, removes }));
      let left = at;
      const spies = changing.map(([name, real]) =>
        spyOn(fs, name as "rmSync").mockImplementation(((...args: unknown[]) => {
          if (--left === 0) throw new Error("cut");
          return left < 0 ? undefined : (real as (...args: unknown[]) => unknown)(...args);
        }) as never),
      );
      try {
        publishStaged(folder, digest);
      } catch {
        cuts += 1;
      }
      for (const spy of spies) spy.mockRestore();
      if (left <= 0) publishStaged(folder, digest);
      const found = [...new Bun.Glob("**/*").scanSync(top)].sort();
      expect([at, found, fs.readdirSync(folder)]).toEqual([at, ["a/new", "changed"], []]);
      for (const path of found) expect(fs.readFileSync(join(top, path), "utf8")).toBe("new\n");
      if (left > 0) break;
    }
    expect(cuts).toBeGreaterThan(4);
  },
);

test.if(isElsewhere)("links and what may be run stay so on the way to another file system", () => {
  const [top, folder] = [scratch(), scratch(elsewhere)];
  const digest = sha256("patch");
  const files = join(folder, `pick-${digest}.tmp`, "files");
  fs.mkdirSync(files, { recursive: true });
  fs.writeFileSync(join(files, "run"), "#!/bin/sh\n", { mode: 0o755 });
  fs.symlinkSync("run", join(files, "link"));
  const writes = ["run", "link"].map((path) => ({ path, before: null }));
  fs.writeFileSync(join(files, "../manifest.json"), JSON.stringify({ top, digest, writes, removes: [] }));
  expect(publishStaged(folder, digest)).toEqual([]);
  expect(fs.readlinkSync(join(top, "link"))).toBe("run");
  expect(fs.statSync(join(top, "run")).mode & 0o777).toBe(0o755);
  expect([fs.readdirSync(top).sort(), fs.readdirSync(folder)]).toEqual([["link", "run"], []]);
});

test("a list of the staged files that is not whole is told, not taken for an empty one", () => {
  const folder = scratch();
  const digest = sha256("patch");
  fs.mkdirSync(join(folder, `pick-${digest}.tmp`));
  for (const text of [undefined, '{"top":']) {
    if (text !== undefined) fs.writeFileSync(join(folder, `pick-${digest}.tmp/manifest.json`), text);
    expect(publishStaged(folder, digest)).toMatchObject([{ problem: "is gone or not whole" }]);
  }
});
