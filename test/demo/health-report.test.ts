import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { spawnSync } from "node:child_process";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { readSource } from "../../lib/core/sequence/source";
import { validateSequence } from "../../lib/core/sequence/validate";
import { type Left, outputOf, Rig, root } from "./rig";

const TIMEOUT_MS = 60_000;
const ODD = "odd names/pi|pe `tick`\nnew line.js";
const mark = (word: string, note: string) => `// ${word}: ${note}\n`;

function fillWithOddFiles(rig: Rig): void {
  rig.git("init", "-q", "-b", "main");
  const manifest = { name: "odd-house", license: "MIT", dependencies: { left: "^1.0.0", loose: "*" } };
  rig.write("package.json", JSON.stringify(manifest));
  rig.write("old.js", "export const a = 1;\n".repeat(30));
  rig.commit("Initial import");
  rig.write(ODD, mark("FIXME(ada)", "mind | the `gap`"));
  rig.write("src/ünï cödé.ts", `const text = "no ${mark("TODO", "inside a string").trim()}";\n`);
  rig.write("test/ünï cödé.test.ts", 'test("one", () => {});\ntest.skip("two", () => {});\n');
  rig.write("blob.bin", new Uint8Array([1, 0, 2, 0]));
  rig.write("huge.js", mark("TODO", "never read").repeat(100_000));
  rig.write(".threados/sequence.yaml", "version: 1\n");
  rig.write("node_modules/left/index.js", mark("TODO", "not ours"));
  rig.write("node_modules/left/package.json", '{"name": "left", "version": "1.2.3", "license": "GPL-3.0"}');
  symlinkSync("/nowhere/at/all", join(rig.repository, "link.js"));
  rig.commit("Add <odd> names | and more");
  rig.git("mv", "old.js", "src/new.js");
  rig.commit("Move");
  for (const number of [1, 2, 3]) {
    rig.write("src/new.js", "export const a = 1;\n".repeat(30 + number));
    rig.write(ODD, mark("FIXME(ada)", "mind | the `gap`") + "x();\n".repeat(number));
    rig.commit(`fix crash ${number}`);
  }
}

test("the authored sequence.yaml is valid by the program's own schema", () => {
  const source = readSource(readFileSync(join(root, "sequence.yaml"), "utf8"), "sequence.yaml");
  const sequence = source.ok ? validateSequence(source.value) : source;
  expect(sequence.ok).toBe(true);
});

describe("a repository with odd file names and a short history", () => {
  const rig = new Rig();
  let done = new Map<string, Left>();
  const output = (id: string) => outputOf(done, id);

  beforeAll(() => {
    fillWithOddFiles(rig);
    done = rig.runSequence();
  }, TIMEOUT_MS);
  afterAll(() => rig.end());

  test("every step succeeds and says in its log what it found", () => {
    for (const [id, { exitCode, stdout, stderr }] of done) {
      expect({ id, exitCode, stderr }).toEqual({ id, exitCode: 0, stderr: "" });
      expect(stdout.trim()).not.toBe("");
    }
  });

  test("the survey counts what is the repository's own and leaves out what is not", () => {
    const { repository, files, history } = output("survey");
    expect(repository.name).toBe("odd-house");
    expect(files).toMatchObject({ total: 8, binary: 1, large: 1, unread: 1 });
    expect(history).toMatchObject({ commits: 6, first: "2026-01-05", last: "2026-01-10" });
    expect(history.perPeriod.unit).toBe("day");
    expect(history.authors).toEqual([{ name: "Ada | Lovelace", commits: 6 }]);
  });

  test("notes of unfinished work are found in comments only, with their age", () => {
    const { total, items } = output("todos");
    expect(total).toBe(1);
    expect(items).toMatchObject([
      {
        path: ODD,
        line: 1,
        marker: "FIXME",
        owner: "ada",
        note: "mind | the `gap`",
        since: "2026-01-06",
        days: 4,
      },
    ]);
  });

  test("a moved file keeps its history, and a move alone is no change", () => {
    const { hotspots, coupling } = output("hotspots");
    expect(hotspots[0]).toMatchObject({ path: "src/new.js", commits: 4, lines: 33, score: 100 });
    expect(coupling).toMatchObject([{ a: ODD, b: "src/new.js", together: 3 }]);
  });

  test("dependencies come with their installed version and licence", () => {
    const found = output("dependencies");
    expect(found.ownLicence).toEqual({ file: null, name: "MIT" });
    expect(found.locks).toEqual([]);
    expect(found.direct).toMatchObject([
      { name: "left", version: "1.2.3", licence: "GPL-3.0", loose: false },
      { name: "loose", version: null, licence: null, loose: true },
    ]);
    expect(found.concerns).toMatchObject([{ name: "left", family: "strong copyleft" }]);
  });

  test("the test inventory counts cases, and code that no test names", () => {
    const found = output("tests");
    expect(found).toMatchObject({ files: 1, cases: 2, skipped: 1, focused: 0 });
    expect(found.unnamed).toEqual([{ path: "src/new.js", lines: 33 }]);
  });

  test("the verdict compares both summaries area by area", () => {
    const { areas, confidence, first } = output("verdict");
    const ids = areas.map(({ id }: { id: string }) => id);
    expect(ids).toEqual(["tests", "size", "debt", "dependencies", "change"]);
    expect(confidence).toBe("low");
    expect(areas[2]).toMatchObject({ id: "debt", story: { reading: "poor" } });
    expect(first.length).toBeGreaterThan(0);
  });

  test("the report lands in the root, and nothing else does", () => {
    expect(rig.git("status", "--short").trim().split("\n")).toEqual(["?? report-chart.svg", "?? report.md"]);
    const kept = done.get("report")?.files["report.md"] ?? "";
    expect(readFileSync(kept, "utf8")).toBe(rig.read("report.md"));
  });

  test("the report names odd files exactly, and none of them breaks a table", () => {
    const report = rig.read("report.md");
    expect(report).toContain("# Health of odd-house");
    expect(report).toContain("![Commits over time, languages and scores of odd-house](report-chart.svg)");
    expect(report).toContain("`` odd names/pi\\|pe `tick`\\nnew line.js ``");
    expect(report).toContain("Add \\<odd\\> names \\| and more");
    for (const block of report.split("\n\n").filter((part) => part.startsWith("| "))) {
      const pipes = block.split("\n").map((row) => row.replaceAll("\\|", "").split("|").length);
      expect(new Set(pipes).size).toBe(1);
    }
  });

  test("the chart stands alone and knows light and dark", () => {
    const chart = rig.read("report-chart.svg");
    expect(chart).toStartWith('<svg xmlns="http://www.w3.org/2000/svg"');
    expect(chart).toContain("prefers-color-scheme: dark");
    expect(chart).not.toMatch(/href|url\(|<script|NaN|undefined/);
  });

  test(
    "the same commit gives the same report again",
    () => {
      const before = rig.read("report.md");
      rig.runSequence();
      expect(rig.read("report.md")).toBe(before);
    },
    TIMEOUT_MS,
  );

  test(
    "a member that failed is missing from the report, which is still written",
    () => {
      const partly = rig.runSequence({ broken: ["todos", "hotspots", "dependencies", "tests"] });
      expect(partly.get("report")?.exitCode).toBe(0);
      expect(rig.read("report.md")).toContain("Step `todos` left no result in this run.");
    },
    TIMEOUT_MS,
  );
});

describe("repositories with little in them", () => {
  const rigs: Rig[] = [];
  const rig = () => {
    const fresh = new Rig();
    rigs.push(fresh);
    return fresh;
  };
  const survey = { id: "survey", command: ["node", "demo/survey.mjs"] };
  afterAll(() => {
    for (const one of rigs) one.end();
  });

  test(
    "one commit and no manifest: a report that does not pretend to know",
    () => {
      const one = rig();
      one.git("init", "-q");
      one.write("only.txt", "hello\n");
      one.commit("only one");
      const done = one.runSequence();
      expect(outputOf(done, "verdict").confidence).toBe("none");
      expect(one.read("report.md")).toContain("No manifest declares any dependency.");
    },
    TIMEOUT_MS,
  );

  test(
    "a shallow clone: it says so, and takes no file for new",
    () => {
      const origin = rig();
      fillWithOddFiles(origin);
      const clone = rig();
      const from = `file://${origin.repository}`;
      spawnSync("git", ["clone", "-q", "--depth", "2", from, clone.repository]);
      const done = clone.runSequence();
      expect(outputOf(done, "survey").repository.shallow).toBe(true);
      expect(outputOf(done, "todos").items[0].since).toBe(null);
      expect(outputOf(done, "hotspots").concentration.changes).toBe(2);
      expect(clone.read("report.md")).toContain("the story begins in the middle");
    },
    TIMEOUT_MS,
  );

  test("no repository, or one without commits: one clear line and exit code 1", () => {
    const none = rig();
    const outside = none.runStep(survey, {});
    expect(outside).toMatchObject({ exitCode: 1, stdout: "", files: {} });
    expect(outside.stderr).toMatch(/^survey: git rev-parse: not a git repository[^\n]*\n$/);
    none.git("init", "-q");
    expect(none.runStep(survey, {}).stderr).toBe("survey: this git repository has no commits yet\n");
  });
});
