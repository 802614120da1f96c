import { describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { dirname, join, relative } from "node:path";
import { Glob } from "bun";
import { PolicyFile } from "../lib/core/policy/policy";
import { Gate, Retry, SequenceFile, Step } from "../lib/core/sequence/schema";
import { readSource } from "../lib/core/sequence/source";
import { validateSequence } from "../lib/core/sequence/validate";
import { actionsPage, openApiFile, renderActions, renderOpenApi } from "../scripts/docs";
import { findCommand } from "../scripts/docs-cli";
import { referencePage, renderReference } from "../scripts/docs-reference";

const root = join(import.meta.dir, "..");
const read = (path: string) => fs.readFileSync(join(root, path), "utf8");
const pages = ["*.md", "docs/**/*.md"].flatMap((glob) => [...new Glob(glob).scanSync(root)]).sort();

/** What stands in code, line by line: fenced blocks and inline spans. */
function codeOf(text: string): string[] {
  const blocks = [...text.matchAll(/^```[\s\S]*?^```/gm)].flatMap(([block]) =>
    block.split("\n").slice(1, -1),
  );
  const rest = text.replace(/^```[\s\S]*?^```/gm, "");
  return [...blocks, ...[...rest.matchAll(/`([^`\n]+)`/g)].map(([, span]) => span ?? "")];
}

describe("docs/actions.md", () => {
  test("says what the registry says (else: bun scripts/docs.ts)", () => {
    expect(read(actionsPage)).toBe(renderActions());
  });

  test("names only addresses and parameters that the API's description has", () => {
    const { paths } = JSON.parse(renderOpenApi()) as {
      paths: { [path: string]: { [method: string]: { parameters?: { name: string }[] } } };
    };
    const named = [...renderActions().matchAll(/^(GET|POST) ([^?\s]+)(?:\?(\S+))?/gm)];
    expect(named.length).toBeGreaterThan(60);
    for (const [line, method = "", path = "", query = ""] of named) {
      const operation = paths[path.replace(/<(\w+)>/g, "{$1}")]?.[method.toLowerCase()];
      expect({ line, is: operation !== undefined }).toEqual({ line, is: true });
      const keys = [...query.matchAll(/(\w+)=/g)].map(([, key]) => key);
      const known = operation?.parameters?.map(({ name }) => name) ?? [];
      expect({ line, unknown: keys.filter((key) => !known.includes(key ?? "")) }).toEqual({
        line,
        unknown: [],
      });
    }
  });
});

describe("schemas/openapi.json", () => {
  test("says what the registry says (else: bun scripts/docs.ts)", () => {
    expect(read(openApiFile)).toBe(renderOpenApi());
  });
});

describe("docs/cli-reference.md", () => {
  test("says what the grammar says (else: bun scripts/docs.ts)", () => {
    expect(read(referencePage)).toBe(renderReference());
  });

  test("leaves no word and no flag without its meaning", () => {
    expect([...read(referencePage).matchAll(/^\| `[^`]+` \| +\|$/gm)].map(([row]) => row)).toEqual([]);
  });
});

describe("docs/ui-guide.md", () => {
  const tests = [...new Glob("{test,e2e}/**/*.{test,e2e}.ts").scanSync(root)];
  /** Test files by the name a row gives them: that of a file, its path, or what stands before `.e2e.ts`. */
  const filesOf = (name: string) =>
    tests.filter((path) => path === `e2e/${name}.e2e.ts` || path === name || path.endsWith(`/${name}`));
  /** What the tests of a file are called; what is filled in for each case may be anything. */
  const titlesOf = (path: string) =>
    [...read(path).matchAll(/(?:\btest|\bdescribe|\))\(\s*"((?:[^"\\]|\\.)*)"/g)].map(
      ([, title = ""]) => title,
    );
  const fits = (title: string, words: string) => {
    const parts = title.split(/%\w/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    return title.includes(words) || (parts.length > 1 && new RegExp(`^${parts.join(".+")}$`).test(words));
  };
  /** What is wrong with a cell that names checks: a file, then its tests; ` · ` goes on to the next. */
  function faults(cell: string): string[] {
    let files: string[] = [];
    return cell.split(" · ").flatMap((part) => {
      const [, named, rest = ""] = /^((?:`[^`]+`(?:, )?)+):?\s*(.*)$/.exec(part) ?? [
        undefined,
        undefined,
        part,
      ];
      if (named) files = [...named.matchAll(/`([^`]+)`/g)].flatMap(([, name = ""]) => filesOf(name));
      // Whatever is no test is shown to be there by its link, which is followed above.
      if (part.includes("](")) return [];
      if (files.length === 0) return [`${part}: no such test file`];
      const found = rest === "" || files.some((file) => titlesOf(file).some((title) => fits(title, rest)));
      return found ? [] : [`${part}: no such test`];
    });
  }
  test("names only checks that there are", () => {
    const found = [
      ...read("docs/ui-guide.md").matchAll(/^\| ((?:TO|KY|issue)[ -][^|]+) \| [^|]+ \| ([^|]+) \|$/gm),
    ];
    expect(found.length).toBeGreaterThan(50);
    expect(found.flatMap(([, row, cell = ""]) => faults(cell).map((fault) => `${row}: ${fault}`))).toEqual(
      [],
    );
  });

  test("has a check for each row that the workbench and the API answer for", () => {
    const page = read("docs/ui-guide.md");
    const numbers = [...page.matchAll(/^\| TO-([^|]+) \|/gm)].flatMap(([, said = ""]) => {
      const [first = 0, last] = said.split(" … ").map(Number);
      if (last !== undefined) return Array.from({ length: last - first + 1 }, (_, at) => first + at);
      return said.split(", ").map(Number);
    });
    const wanted = [...Array.from({ length: 29 }, (_, at) => 49 + at), ...[90, 91, 92, 93, 94, 95, 100, 101]];
    expect(wanted.filter((number) => !numbers.includes(number))).toEqual([]);
    for (const row of ["KY-24", "KY-59"]) expect(page).toContain(`| ${row} |`);
  });

  test("would notice a check that is not there", () => {
    expect(faults("`editing`: by mouse alone · no such thing")).toHaveLength(1);
    expect(faults("`nowhere.test.ts`: by mouse alone")).toHaveLength(1);
    expect(faults("the build")).toHaveLength(1);
    expect(faults("`using`: at 1024×700 nothing is cut off")).toEqual([]);
  });
});

describe("a link", () => {
  /** GitHub's anchors: lower case, marks dropped, blanks to dashes. */
  const anchorsOf = (path: string) =>
    [...read(path).matchAll(/^#+ (.*)$/gm)].map(([, heading = ""]) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    );
  const leadsNowhere = (page: string) =>
    [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = ""]) => {
      if (/^[a-z]+:/.test(target)) return [];
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? page : relative(root, join(root, dirname(page), path));
      if (!fs.existsSync(join(root, file))) return [`${page}: ${target}`];
      return anchor === undefined || anchorsOf(file).includes(anchor) ? [] : [`${page}: ${target}`];
    });

  test("of any page leads to a file, and its anchor to a heading", () => {
    expect(pages).toContain("README.md");
    expect(pages.flatMap(leadsNowhere)).toEqual([]);
  });
});

describe("a command", () => {
  const program = findCommand([]);
  const optionOf = (command: typeof program, flag: string) =>
    [command, program, findCommand(["run", "all"])]
      .slice(0, command?.name() === "run" ? 3 : 2)
      .flatMap((each) => each?.options ?? [])
      .find(({ short, long }) => flag === short || flag === long);

  /** What the program would not understand of a line that starts with `seqctl`; placeholders stand for any word. */
  function fault(line: string): string | undefined {
    const typed = line.replace(/'[^']*'|"[^"]*"/g, "…").replace(/\s(?:#|\|\|?|;|>|&&?)(?=\s).*$/, "");
    const words = typed
      .split(/\s+/)
      .flatMap((word) => word.replace(/^\[options\]$|^\[|[\],;.]+$/g, "") || []);
    let command = program;
    const rest: string[] = [];
    for (let at = 1; at < words.length; at++) {
      const word = words[at] ?? "";
      if (word === "--") break;
      const next = rest.length === 0 ? command?.commands.find((each) => each.name() === word) : undefined;
      if (next) command = next;
      else if (!word.startsWith("-")) rest.push(word);
      else if (word !== "--help") {
        const option = optionOf(command, word);
        if (!option) return `${line}: ${word}`;
        if (option.required) at += 1;
      }
    }
    const operands = command?.commands.length === 0 ? command.registeredArguments : [];
    const takes = operands.at(-1)?.variadic ? rest.length : operands.length;
    return rest.length > takes ? `${line}: ${rest[takes]}` : undefined;
  }
  const linesOf = (page: string) =>
    codeOf(read(page)).flatMap(
      (line) => /^(?:\$ )?(?:bin\/)?(seqctl [-a-z].*)$/.exec(line.trim())?.[1] ?? [],
    );

  test.each(pages)("that %s names exists, and takes the flags it is shown with", (page) => {
    const faults = linesOf(page).flatMap((line) => fault(line) ?? []);
    expect(faults).toEqual([]);
  });

  test("that does not exist would be noticed", () => {
    expect(linesOf("README.md").length).toBeGreaterThan(20);
    for (const line of ["seqctl fly", "seqctl step fly a", "seqctl step add a --fly", "seqctl audit tail -f"])
      expect(fault(line)).toBeDefined();
  });

  test("of npm's that a page names is a script of the package", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = pages.flatMap((page) =>
      codeOf(read(page)).flatMap((line) => /^npm (?:run )?(test|(?<=run )[a-z]+)\b/.exec(line)?.[1] ?? []),
    );
    expect([...new Set(named)].filter((name) => !(name in scripts))).toEqual([]);
  });
});

describe("README.md", () => {
  test("names the commands that set everything up, each on a line of its own", () => {
    const lines = codeOf(read("README.md")).map((line) => line.trim());
    for (const command of ["npm run demo", "npm test", "npm run demo -- --once"])
      expect(lines).toContain(command);
  });
});

describe("docs/files.md", () => {
  const text = read("docs/files.md");

  test("names every key of sequence.yaml and policy.yaml", () => {
    const schemas = [SequenceFile, Step, Gate, Retry, PolicyFile];
    const keys = schemas.flatMap((schema) => Object.keys(schema.shape));
    expect(keys.filter((key) => !new RegExp(`\`(?:defaults\\.)?${key}[\`.]`).test(text))).toEqual([]);
  });

  test("names every fact of a journal", () => {
    const facts = [...read("lib/core/engine/fact.ts").matchAll(/type: "([a-z.]+)"/g)].map(
      ([, type]) => type ?? "",
    );
    expect(facts.length).toBeGreaterThan(15);
    expect(facts.filter((type) => !text.includes(`\`${type}\``))).toEqual([]);
  });

  test("names every variable that a step is given", () => {
    const passed = /new Set\(([\s\S]*?)\.split/.exec(read("lib/io/process/environment.ts"))?.[1] ?? "";
    const facts = read("lib/io/process/prepare.ts").match(/\bTHREADOS_[A-Z_]+(?=:)/g) ?? [];
    const names = [...(passed.match(/[A-Za-z_]{2,}/g) ?? []), ...facts];
    expect(names.length).toBeGreaterThan(25);
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});

test("every sequence that a page shows is one", () => {
  const shown = pages.flatMap((page) =>
    [...read(page).matchAll(/^```yaml\n([\s\S]*?)^```/gm)].flatMap(([, text = ""]) =>
      text.startsWith("version:") ? [{ page, text }] : [],
    ),
  );
  expect(shown.length).toBeGreaterThan(0);
  for (const { page, text } of shown) {
    const value = readSource(text, page);
    expect(value.ok && validateSequence(value.value)).toMatchObject({ ok: true });
  }
});
