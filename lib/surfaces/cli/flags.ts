import type { z } from "zod";
import { err, ok, type Result } from "../../core/result";

/** One input key as a flag of the command line. */
export interface Flag {
  key: string;
  /** `--depends-on` for `depends_on`. */
  name: string;
  kind: "text" | "number" | "boolean" | "list" | "json" | "choice" | "pairs";
  /** No plain text will do. */
  onlyJson?: boolean;
  choices?: string[];
  required: boolean;
  description: string;
}

interface Def {
  type: string;
  innerType?: z.ZodType;
  element?: z.ZodType;
  valueType?: z.ZodType;
  entries?: Record<string, string>;
}

const defOf = (schema: z.ZodType) => (schema as unknown as { def: Def }).def;

/** The flags an input schema calls for. */
export function flagsOf(schema: z.ZodType): Flag[] {
  const shape = (schema as unknown as { shape?: Record<string, z.ZodType> }).shape ?? {};
  return Object.entries(shape).map(([key, given]) => {
    let inner = given;
    let required = true;
    for (
      let def = defOf(inner);
      def.innerType && ["optional", "nullable", "default"].includes(def.type);
      def = defOf(inner)
    ) {
      required = false;
      inner = def.innerType;
    }
    const description = told(given, inner, hints[key]);
    if (isPairs(inner))
      return { key, name: `--${key.replace(/s$/, "")}`, kind: "pairs", required, description };
    return { key, name: `--${key.replaceAll("_", "-")}`, required, description, ...kindOf(inner) };
  });
}

/** A map of plain values is given pair by pair. */
function isPairs(schema: z.ZodType): boolean {
  const { valueType } = defOf(schema);
  return valueType !== undefined && defOf(valueType).type === "union";
}

function kindOf(schema: z.ZodType): Pick<Flag, "kind" | "choices" | "onlyJson"> {
  const def = defOf(schema);
  switch (def.type) {
    case "number":
    case "int":
      return { kind: "number" };
    case "boolean":
      return { kind: "boolean" };
    case "enum":
      return { kind: "choice", choices: Object.values(def.entries ?? {}) };
    case "array":
      return def.element && ["string", "enum"].includes(defOf(def.element).type)
        ? { kind: "list" }
        : { kind: "json", onlyJson: true };
    case "object":
    case "record":
      return { kind: "json", onlyJson: true };
    case "string":
      return { kind: "text" };
    default:
      return { kind: "json" };
  }
}

/** Turns what was typed into what the schema takes. A text that is no JSON where JSON may stand is kept as text. */
export function coerce(flag: Flag, typed: string): Result<unknown> {
  const problem = (what: string, hint?: string) =>
    err({
      code: "input.invalid",
      problem: `${flag.name}: '${typed}' is not ${what}`,
      ...(hint ? { hint } : {}),
    });
  switch (flag.kind) {
    case "number":
      return /^-?\d+(\.\d+)?$/.test(typed) ? ok(Number(typed)) : problem("a number");
    case "boolean":
      return typed === "true" ? ok(true) : typed === "false" ? ok(false) : problem("true or false");
    case "list":
      if (!typed.startsWith("[")) return ok(typed === "" ? [] : typed.split(",").map((part) => part.trim()));
      return parseJson(typed) ?? problem("a list in JSON");
    case "json":
      if (/^\s*[[{"]/.test(typed)) return parseJson(typed) ?? problem("valid JSON", flag.description);
      if (flag.onlyJson) return problem("JSON", flag.description);
      return ok(typed);
    case "choice":
      return ok(flag.choices?.find((choice) => choice.toLowerCase() === typed.toLowerCase()) ?? typed);
    default:
      return ok(typed);
  }
}

function parseJson(typed: string): Result<unknown> | undefined {
  try {
    return ok(JSON.parse(typed));
  } catch {
    return undefined;
  }
}

/** `name=value`, as often as it is given, as one map. */
export function pairsFrom(flag: Flag, typed: readonly string[]): Result<Record<string, string>> {
  const pairs = new Map<string, string>();
  for (const pair of typed) {
    const at = pair.indexOf("=");
    if (at < 1)
      return err({ code: "input.invalid", problem: `${flag.name}: '${pair}' is not of the form name=value` });
    const name = pair.slice(0, at);
    if (pairs.has(name))
      return err({ code: "input.invalid", problem: `${flag.name}: '${name}' is given twice` });
    pairs.set(name, pair.slice(at + 1));
  }
  return ok(Object.fromEntries(pairs));
}

/** How a flag's value is named in help. */
export function placeholder(flag: Flag): string {
  const names: Record<Flag["kind"], string> = {
    text: "text",
    number: "n",
    boolean: "",
    list: "a,b",
    json: "json",
    pairs: "name=value",
    choice: (flag.choices ?? []).join("|"),
  };
  return names[flag.kind];
}

/** What is said of a key; a value that has to be written in JSON is shown with it. */
function told(given: z.ZodType, inner: z.ZodType, hint = ""): string {
  const said = given.description ?? inner.description ?? hint;
  const [example] = (given.meta()?.examples ?? inner.meta()?.examples ?? []) as unknown[];
  const isJson = typeof example === "object" && kindOf(inner).kind === "json" && !isPairs(inner);
  const more = isJson ? `, as '${JSON.stringify(example)}'` : "";
  return `${said}${more}${defOf(inner).type === "union" && isJson ? "; a plain text is run by sh -c" : ""}`;
}

/** Said of keys whose own schema says nothing. */
const hints: Record<string, string> = {
  name: "what people call it",
  description: "what it is for",
  type: "the kind of thread",
  model: "`shell`, or the agent that runs it",
  command: `words to run, as '["npm","test"]'; a plain text is run by sh -c`,
  depends_on: "steps and gates it waits for",
  group_id: "group it belongs to",
  fail_policy: "what a failure means for the group",
  tags: "words to select it by",
};
