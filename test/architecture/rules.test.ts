import { describe, expect, test } from "bun:test";
import { emptyNames, impurities, staleExceptions, straws, strayTests, tooLong } from "./house";
import { forbiddenImports, type ImportTable, importsOf, layerOf } from "./layers";
import { split } from "./source";

const file = (path: string, text: string) => ({ path, text });
const table: ImportTable = {
  core: ["core", "zod"],
  io: ["core", "io", "*", "node:", "bun:"],
  runtime: ["core", "runtime"],
  surfaces: ["core", "runtime", "*", "node:"],
  threados: ["core", "runtime", "io"],
  app: ["surfaces", "threados", "*"],
};
const tableFile = file("test/architecture.test.ts", 'const IMPORT_TABLE = {\n  core: ["core"],\n};\n');
const complaints = (path: string, text: string) => forbiddenImports([file(path, text)], table, tableFile);

describe("the import table", () => {
  test("a forbidden import is named together with the row that would allow it", () => {
    expect(complaints("lib/core/a.ts", 'import { readFileSync } from "node:fs"; readFileSync("x");')).toEqual(
      [
        'lib/core/a.ts imports "node:fs", but core may import core, zod only. If it was meant, change the row `core` of IMPORT_TABLE in test/architecture.test.ts:2.',
      ],
    );
  });

  test("type-only imports are free", () => {
    expect(
      complaints("lib/core/a.ts", 'import type { Stats } from "node:fs"; export type A = Stats;'),
    ).toEqual([]);
  });

  test("dynamic imports, require and built-in modules count like others", () => {
    const text = 'await import("node:net"); require("../io/x"); process.getBuiltinModule("bun:sqlite");';
    expect(importsOf(file("lib/core/a.ts", text)).sort()).toEqual(["../io/x", "bun:sqlite", "node:net"]);
    expect(complaints("lib/core/a.ts", text)).toHaveLength(3);
  });

  test("each layer sees only what is below it", () => {
    expect(complaints("lib/core/a.ts", 'import "../runtime/dispatch";')).toHaveLength(1);
    expect(complaints("lib/core/engine/a.ts", 'import "../sequence/graph"; import "zod";')).toEqual([]);
    expect(complaints("lib/runtime/a.ts", 'import "../io/files/atomic";')).toHaveLength(1);
    expect(complaints("lib/io/files/a.ts", 'import "../../runtime/engine";')).toHaveLength(1);
    expect(
      complaints("lib/io/files/a.ts", 'import "bun"; import "@scope/name/sub"; import "node:fs";'),
    ).toEqual([]);
    expect(complaints("lib/threados.ts", 'import "./io/clock"; import "./runtime/dispatch";')).toEqual([]);
    expect(complaints("lib/threados.ts", 'import "./surfaces/cli/main";')).toHaveLength(1);
    expect(
      complaints("app/page.tsx", 'import "../lib/threados"; import "../lib/surfaces/http/guard";'),
    ).toEqual([]);
    expect(complaints("app/page.tsx", 'import "../lib/core/result";')).toHaveLength(1);
  });

  test("a surface never sees io or another surface", () => {
    expect(complaints("lib/surfaces/cli/a.ts", 'import "../http/guard";')).toHaveLength(1);
    expect(complaints("lib/surfaces/cli/a.ts", 'import "../../io/clock";')).toHaveLength(1);
    expect(complaints("lib/surfaces/cli/a.ts", 'import "./table"; import "../../core/result";')).toEqual([]);
  });

  test("a file of lib outside every layer is refused", () => {
    expect(layerOf("lib/extra.ts")).toBe("lib");
    expect(complaints("lib/extra.ts", "export const a = 1;")[0]).toContain("lib/extra.ts is in no layer");
    expect(complaints("lib/misc/extra.ts", "export const a = 1;")[0]).toContain("is in no layer");
  });
});

describe("core is pure", () => {
  const core = (text: string) => impurities([file("lib/core/a.ts", text)]);

  test.each([
    "const t = Date.now();",
    "const t = new Date();",
    "const t = new Date;",
    "const t = Date();",
    "const r = Math.random();",
    "const id = crypto.randomUUID();",
    "const e = process.env.HOME;",
    'Bun.file("x");',
    "setTimeout(f, 1);",
    "performance.now();",
    "fetch(url);",
    "globalThis.x = 1;",
    "React.useState();",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the sample is a template
    "const s = `${Date.now()}`;",
  ])("%s is refused", (text) =>
    expect(core(`const before = 1;\n${text}`)).toEqual([expect.stringContaining("lib/core/a.ts:2 ")]),
  );

  test.each([
    "const t = new Date(timestamp).toISOString();",
    "const t = Date.parse(text);",
    'const s = "process.env is not for core";',
    "// Date.now() would be a lie here",
    "/* Math.random() */ const x = 1;",
    "const r = /process\\./.test(text);",
    "const a = plan.process.id;",
    "const b = reprocess.all;",
  ])("%s is fine", (text) => expect(core(text)).toEqual([]));

  test("outside core nothing is refused", () => {
    expect(impurities([file("lib/io/clock.ts", "export const now = () => Date.now();")])).toEqual([]);
  });
});

describe("the house", () => {
  test("a file over the cap is named, unless excepted with a reason", () => {
    const long = [file("lib/core/a.ts", "x\n".repeat(401)), file("test/core/a.test.ts", "x\n".repeat(500))];
    expect(tooLong(long, {})).toEqual([
      expect.stringContaining("lib/core/a.ts has 401 lines, the cap is 400"),
    ]);
    expect(tooLong(long, { "lib/core/a.ts": "a table" })).toEqual([]);
    expect(staleExceptions(long, { "lib/core/a.ts": "a table", "lib/core/b.ts": "gone" })).toEqual([
      expect.stringContaining("lib/core/b.ts"),
    ]);
  });

  test.each([
    "lib/utils/a.ts",
    "lib/core/helpers.ts",
    "lib/io/file-manager.ts",
    "components/WindowManager.tsx",
    "lib/common.test.ts",
  ])("%s has a name that says nothing", (path) => expect(emptyNames([file(path, "")])).toHaveLength(1));

  test("names that merely contain such a word are fine", () => {
    expect(
      emptyNames([file("lib/core/commonest-path.ts", ""), file("lib/io/helpers-of-none/../a.ts", "")]),
    ).toEqual([]);
  });

  test("notes for later, Server Actions, .only and blanket re-exports are found with their line", () => {
    const found = (path: string, text: string) => straws([file(path, text)]);
    expect(found("lib/a.ts", "const a = 1;\n// TODO: later")).toEqual([
      expect.stringContaining("lib/a.ts:2 leaves work"),
    ]);
    expect(found("lib/a.ts", "/**\n * FIXME soon\n */")).toEqual([
      expect.stringContaining("lib/a.ts:2 leaves work"),
    ]);
    expect(found("lib/a.ts", '// counts TODO and FIXME marks\nconst mark = "TODO: x";')).toEqual([]);
    expect(found("app/a.ts", '"use server";\n')).toEqual([
      expect.stringContaining("app/a.ts:1 is a Server Action"),
    ]);
    expect(found("test/a.test.ts", 'test.only("x", f);')).toEqual([
      expect.stringContaining("test/a.test.ts:1 runs alone"),
    ]);
    expect(found("test/a.test.ts", 'describe.skip.only("x", f);\nconst s = "test.only(";')).toHaveLength(1);
    expect(found("lib/a.ts", 'export * from "./b";')).toEqual([
      expect.stringContaining("re-exports everything"),
    ]);
  });

  test("tests that no command would run are found", () => {
    const text = 'import { test } from "bun:test";\ntest("x", () => {});';
    expect(strayTests([file("test/core/graph.ts", text)])).toEqual([
      expect.stringContaining("call it *.test.ts"),
    ]);
    expect(strayTests([file("e2e/page.ts", text)])).toEqual([expect.stringContaining("call it *.e2e.ts")]);
    expect(strayTests([file("lib/core/graph.test.ts", text)])).toEqual([
      expect.stringContaining("never run"),
    ]);
    expect(strayTests([file("test/page.e2e.ts", text)])).toEqual([expect.stringContaining("never run")]);
    expect(
      strayTests([file("test/core/graph.test.ts", text), file("test/fixture.ts", "export const a = 1;")]),
    ).toEqual([]);
  });
});

describe("splitting code from comments", () => {
  test("strings and regular expressions are emptied, nested templates are followed, lines stay", () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the sample is a template
    const text = "a('x // y');\n`t ${b({c: `${d}`})} u`; // e\nf = /[/\"]/g;\n/* g\n*/ h / 2;";
    const { code, comments } = split(text);
    expect(code.split("\n")).toEqual(['a("");', '"b({c: "d"})"; ', "f = / /g;", "", " h / 2;"]);
    expect(comments.split("\n").map((line) => line.trim())).toEqual(["", "// e", "", "/* g", "*/"]);
  });
});
