import type { Source } from "./source";
import { lineAt, split } from "./source";

const banned = new Set(["util", "utils", "helper", "helpers", "manager", "managers", "common"]);

// The clock, chance, the process and the world: what core is given, never takes.
const impure: readonly (readonly [string, RegExp])[] = [
  ["the clock", /\bDate\.now\b|\bnew Date(?!\s*\(\s*[^\s)])|\bperformance\.|(?<!\.|\bnew\s+)\bDate\(/g],
  ["chance", /\bMath\.random\b|(?<![.\w])crypto\b(?!\s*[:?])/g],
  ["the process", /(?<![.\w])process\.|\bBun\.|\bglobalThis\b/g],
  ["timers", /(?<![.\w])(?:setTimeout|setInterval|setImmediate|queueMicrotask)\b/g],
  ["the network", /(?<![.\w])fetch\(/g],
  ["React", /\bReact\b/g],
];

/** Uses of the outside world in core's code. */
export function impurities(files: readonly Source[]): string[] {
  return files
    .filter((file) => file.path.startsWith("lib/core/"))
    .flatMap((file) => {
      const { code } = split(file.text);
      return impure.flatMap(([what, pattern]) =>
        [...code.matchAll(pattern)].map(
          (match) =>
            `${file.path}:${lineAt(code, match.index)} uses ${what} (${match[0]}): core is given such facts, it never takes them`,
        ),
      );
    });
}

/** Files longer than the cap; `allowed` names the exceptions with their reasons. */
export function tooLong(files: readonly Source[], allowed: Readonly<Record<string, string>>): string[] {
  return files.flatMap(({ path, text }) => {
    const lines = text.split("\n").length - 1;
    const cap = isTest(path) ? 500 : 400;
    if (lines <= cap || path in allowed) return [];
    return [`${path} has ${lines} lines, the cap is ${cap}: ask what it is that wants out`];
  });
}

/** Exceptions from the cap that are not needed any more. */
export function staleExceptions(
  files: readonly Source[],
  allowed: Readonly<Record<string, string>>,
): string[] {
  return Object.keys(allowed)
    .filter(
      (path) =>
        tooLong(files, { ...allowed, [path]: "" }).length === tooLong(files, without(allowed, path)).length,
    )
    .map((path) => `${path} needs no exception from the cap any more`);
}

/** Folders and files whose name says nothing. */
export function emptyNames(files: readonly Source[]): string[] {
  const bad = files.flatMap(({ path }) =>
    path
      .split("/")
      .filter((part) => banned.has(lastWord(part)))
      .map((part) => `${path}: "${part}" says nothing, name it after what it holds`),
  );
  return [...new Set(bad)];
}

/** Notes to come back later, directives and marks that have no place here. */
export function straws(files: readonly Source[]): string[] {
  return files.flatMap((file) => {
    const { code, comments } = split(file.text);
    const found: string[] = [];
    const report = (text: string, pattern: RegExp, say: string) => {
      for (const match of text.matchAll(pattern))
        found.push(`${file.path}:${lineAt(text, match.index)} ${say}`);
    };
    report(
      comments,
      /\b(?:TODO|FIXME|XXX)\b\s*[:(]|(?<=^[\s/*#]*)\b(?:TODO|FIXME)\b/gm,
      "leaves work for later: do it, or file it",
    );
    report(
      file.text,
      /^\s*["']use server["'];?\s*$/gm,
      "is a Server Action: everything goes through the one door",
    );
    if (isTest(file.path))
      report(
        code,
        /\b(?:test|it|describe)(?:\.\w+)*\.only\b/g,
        "runs alone (.only): the others would be skipped",
      );
    report(code, /^\s*export \* from\b/gm, "re-exports everything: name what is exported");
    return found;
  });
}

/** Tests that no command would run, because of where they are or how they are called. */
export function strayTests(files: readonly Source[]): string[] {
  return files.flatMap(({ path, text }) => {
    const { code } = split(text);
    const holdsTests =
      /from ["']bun:test["']/.test(text) && /^\s*(?:test|it|describe)(?:\.\w+)*\(/m.test(code);
    const place = path.startsWith("test/") ? "test" : path.startsWith("e2e/") ? "e2e" : undefined;
    const named = path.match(/\.(test|e2e)\.tsx?$/)?.[1];
    if (named && named !== place) return [`${path} is never run: *.test.ts live in test/, *.e2e.ts in e2e/`];
    if (holdsTests && named === undefined)
      return [`${path} holds tests but is never run: call it *.${place ?? "test"}.ts`];
    return [];
  });
}

function isTest(path: string): boolean {
  return path.startsWith("test/") || path.startsWith("e2e/");
}

function lastWord(part: string): string {
  const name = part.replace(/\..*$/, "");
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, "$1-$2")
    .toLowerCase()
    .split(/[-_]/);
  return words.at(-1) ?? "";
}

function without(allowed: Readonly<Record<string, string>>, path: string): Readonly<Record<string, string>> {
  const { [path]: _, ...rest } = allowed;
  return rest;
}
