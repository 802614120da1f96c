import { parse } from "yaml";
import { gateInsert } from "../../lib/core/actions/gate";
import { stepAdd } from "../../lib/core/actions/step";
import { scrubbed } from "../../lib/core/audit/scrub";
import { saidAt } from "../../lib/core/issue";
import type { Json } from "../../lib/core/json";
import { sliceSource } from "../../lib/core/sequence/slice";
import { paste } from "../canvas/clipboard";
import { labelOf } from "../forms/label";
import { readField } from "../forms/schema";
import { settings } from "../forms/settings";
import type { Call } from "../state/call";
import type { Stood } from "../state/stranded";
import type { Typed } from "./typed";

/** What was typed for a node that is gone: into the fields of its form, and into its lines of the file. */
export interface Left {
  fields: Record<string, Typed>;
  /** `base` is the whole file's text that its lines were typed into. */
  yaml: Typed | null;
}

/** What adds a node again: the edit, the id it has then, and what could not be taken along; or why it can't be. */
export type Again = { calls: Call[]; id: string; left: string[] } | { fault: string };

/** Adds a node that is gone again, as it stood, with what was typed for it, among the nodes that are `present`. */
export function againOf(
  id: string,
  stood: Stood | undefined,
  { fields, yaml }: Left,
  present: readonly string[],
): Again {
  const from = yaml === null ? stood : stoodIn(id, yaml);
  if (from === undefined) return { fault: "What it was is not known any more." };
  if ("fault" in from) return from;
  const definition: Record<string, Json> = { ...from.definition };
  for (const { key, kind, of } of settings[from.kind].fields) {
    const typed = fields[key];
    if (typed === undefined) continue;
    const read = readField(kind, typed.text);
    if ("fault" in read) return { fault: `${labelOf(key, of)}: ${read.fault}` };
    if (read.value === undefined) delete definition[key];
    else definition[key] = read.value;
  }
  const hidden = withoutHidden(definition);
  const clip = { steps: [], gates: [], prompts: {}, [`${from.kind}s`]: [definition] };
  const { calls, made, missing } = paste(clip, present);
  const action = from.kind === "gate" ? gateInsert : stepAdd;
  const parsed = action.input.safeParse(calls[0]?.input);
  const [issue] = parsed.error?.issues ?? [];
  if (issue !== undefined) return { fault: `It can't be added again: ${saidAt(issue)}.` };
  return { calls, id: made[0] ?? id, left: [...missing, ...hidden] };
}

/** What stands in its lines as they were typed. */
function stoodIn(id: string, { text, base }: Typed): Stood | { fault: string } {
  try {
    const value = parse(text, { maxAliasCount: 0 }) as Json;
    if (value !== null && typeof value === "object" && !Array.isArray(value))
      return { kind: sliceSource(base, "gates", id) === "" ? "step" : "gate", definition: value };
  } catch {
    // What is wrong with it is said where it is typed; here it is only not to be used.
  }
  return { fault: "The YAML that you typed can't be read as one step or gate." };
}

/** Takes out variables whose values were never shown, and names them. */
function withoutHidden(definition: Record<string, Json>): string[] {
  const { env } = definition;
  if (env === null || typeof env !== "object" || Array.isArray(env)) return [];
  const hidden = Object.keys(env).filter((name) => env[name] === scrubbed);
  if (hidden.length > 0)
    definition.env = Object.fromEntries(Object.entries(env).filter(([name]) => !hidden.includes(name)));
  return hidden.map((name) => `env.${name}`);
}
