import { afterEach, describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { definitionFile } from "../../../lib/io/files/definition-file";
import { sha256 } from "../../../lib/io/files/digest";
import { scratch, sweep } from "../../rig/scratch";

afterEach(sweep);

const text = (name: string) => `version: 1\nname: ${name} # kept\n`;

function file(content = text("one")) {
  const folder = scratch();
  const path = join(folder, "sequence.yaml");
  fs.writeFileSync(path, content, { mode: 0o640 });
  fs.mkdirSync(join(folder, "state"));
  return { folder, path, store: definitionFile(folder) };
}

describe("the definition", () => {
  test("is loaded with the digest of its bytes, and anew when it changes", () => {
    const { path, store, folder } = file();
    expect(store.load()).toMatchObject({
      ok: true,
      value: { digest: sha256(text("one")), sequence: { name: "one" } },
    });
    fs.writeFileSync(path, text("two"));
    expect(store.load()).toMatchObject({ ok: true, value: { sequence: { name: "two" } } });
    expect(definitionFile(folder).load()).toMatchObject({ ok: true, value: { sequence: { name: "two" } } });
  });

  test("changes only when its successor is published, and keeps its mode", () => {
    const { path, store } = file();
    const digest = store.prepare(text("two"));
    expect(fs.readFileSync(path, "utf8")).toBe(text("one"));
    expect(store.pending()).toBe(digest);
    store.publish(digest);
    expect(fs.readFileSync(path, "utf8")).toBe(text("two"));
    expect(fs.statSync(path).mode & 0o777).toBe(0o640);
    expect(store.pending()).toBeUndefined();
    expect(store.revision(digest)).toEqual({ ok: true, value: text("two") });
  });

  test("a successor can be dropped, and prepared again", () => {
    const { store, folder } = file();
    const digest = store.prepare(text("two"));
    store.prepare(text("two"));
    store.discard(digest);
    store.discard(digest);
    expect(store.pending()).toBeUndefined();
    expect(fs.readdirSync(folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  test("a revision that was changed or lost is not handed out", () => {
    const { store, folder } = file();
    const digest = store.keep(text("two"));
    fs.writeFileSync(join(folder, "revisions", `${digest}.yaml`), "version: 1\nname: forged\n");
    for (const wanted of [digest, "0".repeat(64), "../sequence", ""])
      expect(store.revision(wanted)).toMatchObject({ ok: false, failure: { code: "revision.missing" } });
  });

  test("a revision that was spoilt is written anew when its text comes by again", () => {
    const { store, folder } = file();
    const whole = text("two");
    const digest = store.keep(whole);
    const path = join(folder, "revisions", `${digest}.yaml`);
    fs.writeFileSync(join(folder, "sub.yaml"), whole);
    const again = [() => store.keep(whole), () => store.keepSub("sub.yaml", digest)];
    for (const spoilt of ["", whole.slice(0, 9), whole.replace("two", "owt")])
      for (const keep of again) {
        fs.writeFileSync(path, spoilt);
        keep();
        expect(store.revision(digest)).toEqual({ ok: true, value: whole });
      }
    const { ino } = fs.statSync(path);
    store.keep(whole);
    expect(fs.statSync(path).ino).toBe(ino);
  });

  test("without its cache folder, or with one that can't be written, it is loaded all the same", () => {
    const { store, folder } = file();
    fs.rmSync(join(folder, "state"), { recursive: true });
    expect(store.load()).toMatchObject({ ok: true });
    fs.writeFileSync(join(folder, "state"), "a file");
    expect(definitionFile(folder).load()).toMatchObject({ ok: true });
  });

  test("a text is checked without being stored", () => {
    const { store, folder } = file();
    expect(store.check("version: 1\n")).toMatchObject({ ok: false, failure: { code: "sequence.invalid" } });
    expect(store.check(text("x"))).toMatchObject({ ok: true });
    expect(fs.readdirSync(folder).sort()).toEqual(["sequence.yaml", "state"]);
  });
});

// Reading this text takes about a second: once a fault, or anew for each who asks, would be minutes.
test("a big broken text is read once for all that is wrong with it, however often that is asked", () => {
  const steps = Array.from(
    { length: 10_000 },
    (_, i) => `  - id: s${i}\n    comand: x\n    name: Step ${i}\n`,
  );
  const { store, path } = file(`${text("big")}metadata:\n  a: >\n    folded\nsteps:\n${steps.join("")}`);
  const broken = fs.readFileSync(path, "utf8");
  for (let asked = 0; asked < 20; asked++) {
    expect(store.load()).toMatchObject({ ok: false, failure: { code: "sequence.unknown_key" } });
    const faults = store.faults(broken);
    expect(faults.map(({ place }) => place?.line)).toEqual(Array.from({ length: 50 }, (_, i) => 8 + 3 * i));
  }
  expect(store.check(text("other")).ok).toBe(true);
  expect(store.faults(broken)[49]).toMatchObject({ where: "step 's49'", nearest: "command" });
}, 60_000);
