import { beforeAll, expect, test } from "bun:test";
import { emptyNames, impurities, staleExceptions, straws, strayTests, tooLong } from "./architecture/house";
import { forbiddenImports, type ImportTable } from "./architecture/layers";
import { readSources, type Source } from "./architecture/source";

// What each layer may import when it runs: other layers, `*` any package, a package by name, `node:` and `bun:` modules.
// Its own folder is always allowed (for surfaces: only the same surface), type-only imports are free. AGENTS.md explains.
const IMPORT_TABLE: ImportTable = {
  core: ["core", "zod", "yaml"],
  io: ["core", "io", "*", "node:", "bun:"],
  runtime: ["core", "runtime"],
  surfaces: ["core", "runtime", "*", "node:"],
  threados: ["core", "runtime", "io"],
  bin: ["surfaces", "threados", "node:", "package.json"],
  app: ["surfaces", "threados", "components", "*", "package.json"],
  components: ["core", "components", "*"],
};

// Files that may be longer than 400 lines (tests: 500), with the reason.
const LONG_FILES: Record<string, string> = {
  "lib/core/failure-table.ts": "one table with a row for each refusal: what is left out does not compile",
};

const root = `${import.meta.dir}/..`;
let files: Source[] = [];
let thisFile: Source;

beforeAll(async () => {
  files = await readSources(root);
  thisFile = { path: "test/architecture.test.ts", text: await Bun.file(import.meta.path).text() };
});

test("the sources are found", () => expect(files.length).toBeGreaterThan(10));
test("every layer imports only what the table allows", () => {
  expect(forbiddenImports(files, IMPORT_TABLE, thisFile)).toEqual([]);
});
test("core uses no clock, no chance, no process, no timers, no React", () =>
  expect(impurities(files)).toEqual([]));
test("no file is longer than the cap", () => expect(tooLong(files, LONG_FILES)).toEqual([]));
test("no exception from the cap is out of date", () =>
  expect(staleExceptions(files, LONG_FILES)).toEqual([]));
test("no name says nothing", () => expect(emptyNames(files)).toEqual([]));
test("nothing is left for later, no Server Action, no .only, no blanket re-export", () => {
  expect(straws(files)).toEqual([]);
});
test("every test is one that a command runs", () => expect(strayTests(files)).toEqual([]));
