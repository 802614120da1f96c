import { afterEach, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
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
