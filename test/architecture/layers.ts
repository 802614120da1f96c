import { posix } from "node:path";
import type { Source } from "./source";
import { lineAt } from "./source";

/** Which layers, packages (by name, or `*`) and schemes (`node:`, `bun:`) a layer may import. */
export type ImportTable = Readonly<Record<string, readonly string[]>>;

const transpiler = new Bun.Transpiler({ loader: "tsx" });
const source = /\.(ts|tsx|mts|js|mjs)$/;

/** The layer of a path, or undefined where the table does not reach (tests, scripts). */
export function layerOf(path: string): string | undefined {
  const [first, second, third, fourth] = path.split("/");
  if (first === "app" || first === "bin" || first === "components") return first;
  if (first !== "lib" || second === undefined) return undefined;
  if (second === "surfaces") return fourth === undefined ? "surfaces" : `surfaces/${third}`;
  if (third === undefined) return second.replace(source, "") === "threados" ? "threados" : "lib";
  return second;
}

/** Everything a file imports when it runs: type-only imports are free. */
export function importsOf(file: Source): string[] {
  const builtins = [...file.text.matchAll(/\bgetBuiltinModule\??\.?\(\s*["']([^"']+)["']/g)].map(
    (match) => match[1] ?? "",
  );
  return [...transpiler.scanImports(file.text).map((each) => each.path), ...builtins];
}

/** Imports that the table does not allow, each as a message that says which row to change if it was meant. */
export function forbiddenImports(files: readonly Source[], table: ImportTable, tableFile: Source): string[] {
  return files.flatMap((file) => {
    const layer = layerOf(file.path);
    if (!layer || !source.test(file.path)) return [];
    const row = table[layer.replace(/\/.*/, "")];
    if (!row)
      return [
        `${file.path} is in no layer: move it into one, or give lib/${layer} a row in IMPORT_TABLE (${tableFile.path})`,
      ];
    return importsOf(file)
      .filter((specifier) => !allows(row, layer, target(file.path, specifier)))
      .map(
        (specifier) =>
          `${file.path} imports "${specifier}", but ${layer} may import ${row.join(", ")} only. ${remedy(layer, tableFile)}`,
      );
  });
}

function remedy(layer: string, tableFile: Source): string {
  const key = layer.replace(/\/.*/, "");
  const offset = tableFile.text.search(new RegExp(`^ +"?${key}"?: \\[`, "m"));
  const line = offset < 0 ? "" : `:${lineAt(tableFile.text, offset)}`;
  return `If it was meant, change the row \`${key}\` of IMPORT_TABLE in ${tableFile.path}${line}.`;
}

// Where an import leads: a layer, a package's name, or a scheme with its colon.
function target(from: string, specifier: string): string {
  if (specifier.startsWith(".")) {
    const path = posix.join(posix.dirname(from), specifier);
    return layerOf(path) ?? path;
  }
  const scheme = specifier.match(/^\w+:/)?.[0];
  if (scheme) return scheme;
  if (specifier === "bun") return "bun:";
  const [scope, name] = specifier.split("/");
  return `package ${specifier.startsWith("@") ? `${scope}/${name}` : scope}`;
}

function allows(row: readonly string[], layer: string, to: string): boolean {
  if (to === layer) return true;
  if (to.startsWith("package ")) return row.includes("*") || row.includes(to.slice("package ".length));
  // A surface sees no other surface; from above, all of them are one layer.
  if (to.startsWith("surfaces/")) return !layer.startsWith("surfaces") && row.includes("surfaces");
  return row.includes(to);
}
