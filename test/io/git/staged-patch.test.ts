import { afterEach, expect, spyOn, test } from "bun:test";
import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { sha256 } from "../../../lib/io/files/digest";
import { publishStaged } from "../../../lib/io/git/staged-patch";
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

test("goes on where it was cut short, after any of its changes of the disk", () => {
  const files = { "a/new": [null, "new\n"], changed: ["old\n", "new\n"], "a/gone": ["old\n", null] } as const;
  const entries = Object.entries(files);
  const { renameSync, unlinkSync, rmdirSync, mkdirSync, rmSync } = fs;
  const changing = Object.entries({ renameSync, unlinkSync, rmdirSync, mkdirSync, rmSync });
  let cuts = 0;
  for (let at = 1; ; at++) {
    const [top, folder] = [scratch(), scratch()];
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
});
