// The test inventory: how many files and cases, where, what is switched off, and which code no test names.
import { readText } from "./lib/files.mjs";
import { count, many, percent, plain } from "./lib/markdown.mjs";
import { runStep, say } from "./lib/step.mjs";

const JS = {
  cases:
    /^\s*(?:it|test|Deno\.test)(?:\.(?!describe|step|use|before|after|setTimeout)[a-zA-Z]+(?:\([^()\n]*\))?)*\s*[(`]/gm,
  skipped: /^\s*(?:(?:it|test|describe|suite)\.(?:skip|todo|fixme)|x(?:it|test|describe))\b/gm,
  focused: /^\s*(?:(?:it|test|describe|suite)\.only|f(?:it|describe))\b/gm,
};
const DIALECTS = {
  TypeScript: JS,
  JavaScript: JS,
  Python: {
    cases: /^\s*(?:async )?def test_?\w*/gm,
    skipped: /^\s*@(?:pytest\.mark\.(?:skip|xfail)|unittest\.skip)/gm,
  },
  Go: { cases: /^func (?:Test|Fuzz|Example)\w*\(/gm, skipped: /\bt\.Skip(?:f|Now)?\(/g },
  Rust: { cases: /^\s*#\[(?:\w+::)?test\b/gm, skipped: /^\s*#\[ignore/gm },
  Java: { cases: /^\s*@(?:Parameterized)?Test\b/gm, skipped: /^\s*@(?:Disabled|Ignore)\b/gm },
  Kotlin: { cases: /^\s*@(?:Parameterized)?Test\b/gm, skipped: /^\s*@(?:Disabled|Ignore)\b/gm },
  "C#": { cases: /^\s*\[(?:Fact|Theory|Test|TestMethod)\b/gm, skipped: /Skip\s*=/g },
  Ruby: { cases: /^\s*(?:it|test|specify)\s+["']|^\s*def test_/gm, skipped: /^\s*(?:xit|skip|pending)\b/gm },
  PHP: { cases: /function test\w+\(|#\[Test\]/g, skipped: /markTestSkipped/g },
  Elixir: { cases: /^\s*test\s+"/gm, skipped: /@tag :skip/g },
};
const CI =
  /^(\.github\/workflows\/[^/]+\.ya?ml|\.gitlab-ci\.yml|\.ci\/.+|\.circleci\/config\.yml|azure-pipelines\.yml|Jenkinsfile|\.travis\.yml)$/;
const NO_NAME = new Set(["index", "main", "mod", "lib", "__init__"]);

await runStep((inputs) => {
  const files = inputs.need("survey", "files.json").filter(({ skipped }) => !skipped);
  const code = files.filter(({ kind }) => kind === "code");
  // Rust keeps tests beside the code they are about.
  const read = files
    .filter(({ kind, language }) => kind === "test" || (kind === "code" && language === "Rust"))
    .map(inspect);
  const tests = read.filter(({ kind, cases }) => kind === "test" || cases > 0);
  const sum = (list, key) => list.reduce((total, item) => total + item[key], 0);
  const outside = tests.filter(({ kind }) => kind === "test");

  const output = {
    files: tests.length,
    cases: sum(tests, "cases"),
    skipped: sum(tests, "skipped"),
    focused: sum(tests, "focused"),
    testLines: sum(outside, "lines"),
    codeLines: sum(code, "lines"),
    byFolder: byFolder(tests).slice(0, 10),
    unnamed: unnamed(code, tests)
      .slice(0, 10)
      .map(({ path, lines }) => ({ path, lines })),
    unnamedShare: code.length === 0 ? 0 : unnamed(code, tests).length / code.length,
    ci: files.map(({ path }) => path).filter((path) => CI.test(path)),
  };
  report(output);
  return { output };
});

function inspect({ path, kind, language, lines }) {
  const { text = "" } = readText(path);
  const find = (pattern) => (pattern ? (text.match(pattern) ?? []).length : 0);
  const { cases, skipped, focused } = DIALECTS[language] ?? {};
  const quoted = [...text.matchAll(/["'`]([^"'`\n]{1,200})["'`]/g)].map(([, words]) => stem(words));
  return {
    path,
    kind,
    lines,
    cases: find(cases),
    skipped: find(skipped),
    focused: find(focused),
    names: new Set([stem(path), ...quoted]),
  };
}

// lib/core/graph.ts, graph.test.ts, test_graph.py, graph_test.go and GraphTest.java are all about "graph"; an
// index file is about the folder it stands in.
function stem(path) {
  const parts = path.split("/").filter(Boolean);
  const base = (part = "") => part.replace(/(?<=.)\.[\s\S]*$/, "");
  const name = NO_NAME.has(base(parts.at(-1))) ? parts.at(-2) : base(parts.at(-1));
  return (name ?? "").replace(/^test_|_(test|spec)$|(?<=[a-z0-9])Tests?$/g, "").toLowerCase();
}

function unnamed(code, tests) {
  const named = new Set(tests.flatMap(({ names }) => [...names]));
  const inline = new Set(tests.map(({ path }) => path));
  return code
    .filter(({ path, lines }) => lines >= 20 && !inline.has(path) && !named.has(stem(path)))
    .sort((a, b) => b.lines - a.lines || (a.path < b.path ? -1 : 1));
}

function byFolder(tests) {
  const folders = new Map();
  for (const { path, cases, lines } of tests) {
    const folder = path.split("/").slice(0, -1).slice(0, 2).join("/") || ".";
    const group = folders.get(folder) ?? { folder, files: 0, cases: 0, lines: 0 };
    folders.set(folder, {
      folder,
      files: group.files + 1,
      cases: group.cases + cases,
      lines: group.lines + lines,
    });
  }
  return [...folders.values()].sort(
    (a, b) => b.cases - a.cases || b.lines - a.lines || (a.folder < b.folder ? -1 : 1),
  );
}

function report({ files, cases, skipped, focused, testLines, codeLines, unnamed: missing, ci }) {
  say([
    ["tests", many(files, "file"), many(cases, "case"), `${skipped} skipped, ${focused} focused`],
    [
      "volume",
      `${count(testLines)} lines of tests`,
      codeLines ? `${percent(testLines / codeLines)} of the code` : "no code",
    ],
    [
      "unnamed",
      missing[0]
        ? `largest code no test names: ${plain(missing[0].path, 60)}`
        : "every larger file is named in a test",
    ],
    ["ci", ci.length ? ci.map((path) => plain(path, 40)).join(", ") : "no configuration found"],
  ]);
}
