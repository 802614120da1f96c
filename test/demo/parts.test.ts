import { expect, test } from "bun:test";
import fc from "fast-check";
import { demoScript } from "./rig";

const { code, plain, table, words } = await import(demoScript("lib/markdown.mjs"));
const { byPeriod } = await import(demoScript("lib/history.mjs"));
const { classify, isOwn } = await import(demoScript("lib/files.mjs"));
const { family, licenceOfText } = await import(demoScript("lib/licences.mjs"));
const { manifestAt, lockAt } = await import(demoScript("lib/manifests.mjs"));
const { along } = await import(demoScript("lib/judgement.mjs"));

const anyText = fc.string({ unit: "binary", maxLength: 40 });

test("no text, whatever it holds, breaks out of its table cell", () => {
  fc.assert(
    fc.property(anyText, anyText, (path, note) => {
      const rows = table(["Path", "Note"], [[code(path), words(note)]]).split("\n");
      const cells = rows.map((row: string) => row.replaceAll(/\\[\s\S]/g, "").split("|").length);
      expect(rows.length).toBe(3);
      expect(new Set(cells)).toEqual(new Set([4]));
    }),
  );
});

test("shown text holds no control characters and no more than its length", () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 2, max: 30 }), (text, length) => {
      expect(plain(text, length)).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect([...plain(text, length)].length).toBeLessThanOrEqual(length);
    }),
  );
});

test("each commit falls into one period, of which there are at most 48", () => {
  const time = fc.integer({ min: 1_000_000_000, max: 2_000_000_000 });
  fc.assert(
    fc.property(fc.array(time, { minLength: 1, maxLength: 30 }), (times) => {
      const { buckets } = byPeriod(times.map((at) => ({ time: at, files: [["a", 1, 0]] })));
      const commits = buckets.reduce((sum: number, bucket: { commits: number }) => sum + bucket.commits, 0);
      const starts = buckets.map(({ start }: { start: string }) => start);
      expect(commits).toBe(times.length);
      expect(buckets.length).toBeLessThanOrEqual(48);
      expect(starts).toEqual([...new Set(starts)].sort());
    }),
  );
});

test("the period grows with the length of the history", () => {
  const unit = (...days: string[]) =>
    byPeriod(days.map((day) => ({ time: Date.parse(day) / 1000, files: [] }))).unit;
  expect(unit("2026-01-01")).toBe("day");
  expect(unit("2026-01-01", "2026-05-01")).toBe("week");
  expect(unit("2024-01-01", "2026-05-01")).toBe("month");
  expect(unit("2016-01-01", "2026-05-01")).toBe("quarter");
  expect(unit("1996-01-01", "2026-05-01")).toBe("year");
});

test("a file's kind follows its name and, where that says nothing, its first line", () => {
  const kind = (path: string, line?: string) => classify(path, line).kind;
  expect(kind("lib/a.ts")).toBe("code");
  expect(kind("lib/a.test.ts")).toBe("test");
  expect(kind("pkg/a_test.go")).toBe("test");
  expect(kind("test_a.py")).toBe("test");
  expect(kind("docs/a.md")).toBe("docs");
  expect(kind("bun.lock")).toBe("generated");
  expect(kind("dist/a.js")).toBe("generated");
  expect(kind("a.weird")).toBe("other");
  expect(classify("bin/tool", "#!/usr/bin/env node").language).toBe("JavaScript");
});

test("what belongs to git, ThreadOS or an installed package is not the repository's own", () => {
  const own = ["a.ts", "lib/node_modules.ts", ".github/ci.yml"];
  const foreign = [".threados/x", "a/node_modules/b.js", "sub/.threados/sequence.yaml"];
  expect(own.every(isOwn)).toBe(true);
  expect(foreign.some(isOwn)).toBe(false);
});

test("a choice of licences counts as the easiest, a sum as the hardest", () => {
  expect(family("(MIT OR GPL-3.0)")).toBe("permissive");
  expect(family("Apache-2.0 AND LGPL-3.0-or-later")).toBe("weak copyleft");
  expect(family("AGPL-3.0-only")).toBe("strong copyleft");
  expect(family("SEE LICENSE IN x")).toBe("unknown");
  expect(family(null)).toBe("unknown");
  expect(licenceOfText("Permission is hereby granted, free of charge, to any person")).toBe("MIT");
});

const manifests: [string, string, string[]][] = [
  ["package.json", '{"dependencies": {"a": "1"}, "devDependencies": {"b": "2"}}', ["a", "b"]],
  ["package.json", "not json", []],
  ["package.json", "null", []],
  ["go.mod", "module x.y/z\n\nrequire (\n\ta.io/b v1.0.0\n\tc.io/d v2.0.0 // indirect\n)\n", ["a.io/b"]],
  [
    "Cargo.toml",
    '[package]\nname = "x"\n[dependencies]\na = "1"\n[dev-dependencies]\nb = { version = "2" }\n',
    ["a", "b"],
  ],
  ["requirements.txt", "# hi\na==1.0\nb[extra]>=2 ; python_version < '4'\n-r other.txt\n", ["a", "b"]],
  ["pyproject.toml", '[project]\ndependencies = [\n  "a[x]>=1",\n  "b",\n]\n', ["a", "b"]],
  ["Gemfile", 'source "x"\ngem "a", "~> 1"\ngem \'b\'\n', ["a", "b"]],
  ["pom.xml", "<dependency><groupId>g</groupId><artifactId>a</artifactId></dependency>", ["a"]],
  ["composer.json", '{"require": {"a/b": "^1"}}', ["a/b"]],
];
for (const [path, text, names] of manifests) {
  test(`${path} declares ${names.join(" and ") || "nothing where it can't be read"}`, () => {
    expect(
      manifestAt(`sub/${path}`)
        .read(text)
        .map(({ name }: { name: string }) => name),
    ).toEqual(names);
  });
}

const locks: [string, string, number][] = [
  ["package-lock.json", '{"packages": {"": {}, "node_modules/a": {}}}', 1],
  ["bun.lock", '{"packages": {"a": ["a@1"], "b": ["b@2",],},}', 2],
  ["yarn.lock", '# v1\n\na@^1:\n  version "1"\n\n"b@^2", b@2:\n  version "2"\n', 2],
  [
    "pnpm-lock.yaml",
    "lockfileVersion: 9\npackages:\n\n  a@1:\n    x: y\n  b@2:\n    x: y\n\nsnapshots:\n  a@1: {}\n",
    2,
  ],
  ["go.sum", "a v1 h1:x=\na v1/go.mod h1:y=\n", 1],
  ["Cargo.lock", "[[package]]\nname = 1\n[[package]]\n", 2],
];
for (const [path, text, packages] of locks) {
  test(`${path} pins ${packages} here`, () => {
    expect(lockAt(path)(text)).toBe(packages);
  });
}

test("a score lies on the line between its two nearest points", () => {
  const points = [
    [0, 100],
    [10, 50],
  ];
  expect([-1, 0, 5, 10, 11].map((x) => along(x, points))).toEqual([100, 100, 75, 50, 50]);
});
