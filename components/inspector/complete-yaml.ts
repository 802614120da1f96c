/** A JSON Schema, as far as completion reads it. */
export interface Schema {
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: Schema[];
  additionalProperties?: Schema | boolean;
  type?: string;
  enum?: unknown[];
  const?: unknown;
  description?: string;
}

/** One thing that may stand at a place. */
export interface Option {
  label: string;
  /** What is put there, where that is more than the label. */
  apply?: string;
  kind: "key" | "value";
  hint?: string;
}

/** What names can be put where a key wants one. */
export interface Names {
  nodes: readonly string[];
  agents: readonly string[];
}

const nodeKeys = new Set([
  ...["depends_on", "shows", "fusion_candidates", "on_success", "on_failure", "finally"],
  ...["watchdog_for", "orchestrator"],
]);
const keyLine = /^(\s*)((?:- +)*)([A-Za-z_][\w-]*):(?:\s|$)/;
const emptyLine = /^\s*(#.*)?$/;

/**
 * What may stand at an offset of a YAML text, by the schema of its root; undefined where nothing is known. `from` is the
 * offset at which the word under the cursor begins.
 */
export function completionsAt(
  text: string,
  at: number,
  root: Schema,
  names: Names,
): { from: number; options: Option[] } | undefined {
  const start = text.lastIndexOf("\n", at - 1) + 1;
  const line = text.slice(start, at);
  if (/(^|\s)#/.test(line)) return undefined;
  const above = text.slice(0, start).split("\n").slice(0, -1);
  const value = /^(\s*(?:- +)*)([A-Za-z_][\w-]*):\s+(?:\[(?:[^\]]*,)?\s*)?["']?([\w./-]*)$/.exec(line);
  if (value) {
    const [, indent = "", key = "", word = ""] = value;
    const schema = schemaAt(root, [...pathAbove(above, indent), key]);
    return options(at - word.length, valuesOf(key, schema, names));
  }
  const item = /^(\s*)- +([\w-]*)$/.exec(line);
  const key = /^(\s*(?:- +)*)([A-Za-z_][\w-]*)?$/.exec(line);
  if (!key) return undefined;
  const [, indent = "", word = ""] = key;
  const path = pathAbove(above, indent);
  const schema = schemaAt(root, path);
  const owner = path.at(-1);
  // An item of a list of ids, each on a line of its own.
  if (item && typeof owner === "number") {
    const list = path.at(-2);
    if (typeof list === "string" && nodeKeys.has(list)) return options(at - word.length, ids(names.nodes));
  }
  const taken = siblingKeys(text, above, indent, start);
  return options(
    at - word.length,
    Object.entries(propertiesOf(schema)).flatMap(([label, one]): Option[] =>
      taken.has(label)
        ? []
        : [
            {
              label,
              apply: holdsLines(one) ? `${label}:` : `${label}: `,
              kind: "key",
              ...(one.description === undefined ? {} : { hint: one.description }),
            },
          ],
    ),
  );
}

function options(from: number, found: Option[]): { from: number; options: Option[] } | undefined {
  return found.length > 0 ? { from, options: found } : undefined;
}

const ids = (all: readonly string[]) => all.map((label): Option => ({ label, kind: "value" }));

function valuesOf(key: string, schema: Schema | undefined, { nodes, agents }: Names): Option[] {
  if (nodeKeys.has(key)) return ids(nodes);
  if (key === "model") return ids(agents);
  const all = schema ? variants(schema) : [];
  const found = all.flatMap((one) => {
    if (one.enum) return one.enum.map(String);
    if (one.const !== undefined) return [String(one.const)];
    return one.type === "boolean" ? ["true", "false"] : [];
  });
  return ids([...new Set(found)]);
}

/** A dash begins an item, which counts as a part of the path by itself. */
type Path = (string | number)[];

/** The keys that a place with this indentation stands under, outermost first. */
function pathAbove(above: readonly string[], indent: string): Path {
  const path: Path = [];
  const dash = indent.indexOf("-");
  let limit = dash < 0 ? indent.length : dash + 1;
  if (dash >= 0) path.unshift(0);
  for (let index = above.length - 1; index >= 0; index--) {
    const line = above[index] ?? "";
    if (emptyLine.test(line)) continue;
    const [whole, space = "", dashes = "", key = ""] = keyLine.exec(line) ?? [];
    if (whole === undefined) continue;
    const column = space.length + dashes.length;
    const isParent = column < limit;
    if (isParent) {
      path.unshift(key);
      limit = column;
    }
    // Where the first key of an item stands beside the place, or above it, the place is within that item.
    if (dashes !== "" && (isParent || column === limit)) {
      path.unshift(0);
      limit = space.length + 1;
    }
    if (limit === 0) break;
  }
  return path;
}

/** Keys that stand beside the place already. */
function siblingKeys(text: string, above: readonly string[], indent: string, start: number): Set<string> {
  const found = new Set<string>();
  const column = indent.length;
  const scan = (lines: readonly string[], ends: (dashes: string) => boolean) => {
    for (const line of lines) {
      if (emptyLine.test(line)) continue;
      const [whole, space = "", dashes = "", key = ""] = keyLine.exec(line) ?? [];
      const own = whole === undefined ? (/^\s*/.exec(line)?.[0].length ?? 0) : space.length + dashes.length;
      if (own < column) return;
      if (own !== column || whole === undefined) continue;
      if (dashes !== "" && ends("before")) return;
      found.add(key);
      if (dashes !== "") return;
    }
  };
  if (!indent.includes("-")) scan([...above].reverse(), () => false);
  const end = text.indexOf("\n", start);
  if (end >= 0) scan(text.slice(end + 1).split("\n"), () => true);
  return found;
}

/** The schema at a path; undefined where the path leads out of it. */
function schemaAt(root: Schema, path: Path): Schema | undefined {
  let at: Schema | undefined = root;
  for (const part of path) {
    if (!at) return undefined;
    at =
      typeof part === "number"
        ? variants(at).find((one) => one.items)?.items
        : (propertiesOf(at)[part] ?? restOf(at));
  }
  return at;
}

const variants = (schema: Schema): Schema[] => [schema, ...(schema.anyOf ?? []).flatMap(variants)];

const propertiesOf = (schema: Schema | undefined): Record<string, Schema> =>
  Object.assign({}, ...(schema ? variants(schema) : []).map((one) => one.properties ?? {}));

function restOf(schema: Schema): Schema | undefined {
  const rest = variants(schema).find((one) => typeof one.additionalProperties === "object");
  return typeof rest?.additionalProperties === "object" ? rest.additionalProperties : undefined;
}

/** Whether what belongs to a key stands below it. */
const holdsLines = (schema: Schema) =>
  variants(schema).some((one) => one.type === "object" || one.items?.properties !== undefined);
