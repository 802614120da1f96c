import { parse, stringify } from "yaml";
import { type SchemaIssue, saidAt } from "../../lib/core/issue";
import type { Json } from "../../lib/core/json";
import {
  type Gate,
  Gate as GateShape,
  type Sequence,
  type Step,
  Step as StepShape,
} from "../../lib/core/sequence/schema";
import type { Call } from "../state/call";
import { freeId } from "./edits";

/** Steps and gates on the clipboard, and what the agents among them are told. */
interface Clip {
  steps: Step[];
  gates: Gate[];
  /** Prompts by the id of the step. */
  prompts: Record<string, string>;
}

const head = " Steps of a ThreadOS sequence: paste them into a workbench, or into a sequence.yaml.\n";

/** Steps and gates as YAML, as it may stand in a sequence.yaml. */
export function clipOf(
  { steps, gates }: Sequence,
  ids: readonly string[],
  prompts: Record<string, string> = {},
): string {
  const chosen = { steps: (steps ?? []).filter(has(ids)), gates: (gates ?? []).filter(has(ids)) };
  const clip = {
    ...(chosen.steps.length > 0 ? { steps: chosen.steps } : {}),
    ...(chosen.gates.length > 0 ? { gates: chosen.gates } : {}),
    ...(Object.keys(prompts).length > 0 ? { prompts } : {}),
  };
  return `#${head}${stringify(clip, { aliasDuplicateObjects: false })}`;
}

const has = (ids: readonly string[]) => (node: { id: string }) => ids.includes(node.id);

/** Reads what was pasted; undefined where it holds no steps, a fault where one of them makes no sense. */
export function readClip(text: string): Clip | { fault: string } | undefined {
  if (text.length > mostChars || !/^\s*(#|steps:|gates:|version:|-\s)/.test(text)) return undefined;
  let value: Json;
  try {
    value = parse(text, { maxAliasCount: 0 }) as Json;
  } catch {
    return undefined;
  }
  // A bare list of steps is what stands below `steps:` in the file.
  const clip = Array.isArray(value) ? { steps: value } : value;
  if (clip === null || typeof clip !== "object") return undefined;
  const { steps, gates, prompts } = clip as { [key: string]: Json };
  if (!Array.isArray(steps) && !Array.isArray(gates)) return undefined;
  const read: Clip = { steps: [], gates: [], prompts: {} };
  for (const step of Array.isArray(steps) ? steps : []) {
    const parsed = StepShape.safeParse(step);
    if (!parsed.success) return { fault: faultOf("step", step, parsed.error.issues[0]) };
    read.steps.push(parsed.data);
  }
  for (const gate of Array.isArray(gates) ? gates : []) {
    const parsed = GateShape.safeParse(gate);
    if (!parsed.success) return { fault: faultOf("gate", gate, parsed.error.issues[0]) };
    read.gates.push(parsed.data);
  }
  if (prompts !== null && typeof prompts === "object" && !Array.isArray(prompts))
    for (const [id, said] of Object.entries(prompts)) if (typeof said === "string") read.prompts[id] = said;
  return read.steps.length + read.gates.length > 0 ? read : undefined;
}

const mostChars = 1024 * 1024;

function faultOf(kind: string, node: Json, issue: SchemaIssue | undefined): string {
  const id = node !== null && typeof node === "object" && !Array.isArray(node) ? node.id : undefined;
  const said = issue === undefined ? "is not valid" : saidAt(issue);
  return `${kind} ${typeof id === "string" ? `'${id}'` : "without an id"} can't be pasted: ${said}`;
}

/** What pasting comes to: the edits, under which ids, and what they named that is not here. */
interface Pasting {
  calls: Call[];
  made: string[];
  /** The prompts to be written, by their new ids. */
  prompts: Record<string, string>;
  missing: string[];
}

const listKeys = ["depends_on", "fusion_candidates", "on_success", "on_failure", "finally", "shows"] as const;
const oneKeys = ["watchdog_for", "orchestrator"] as const;

/** Puts a clip among nodes that are there already: ids that are taken change, and names of what is neither here nor pasted go. */
export function paste(clip: Clip, present: readonly string[]): Pasting {
  const taken = new Set(present.map((id) => id.toLowerCase()));
  const fresh = new Map<string, string>();
  for (const { id } of [...clip.steps, ...clip.gates]) {
    const free = taken.has(id.toLowerCase()) ? freeId(`${id}-copy`, taken) : id;
    taken.add(free.toLowerCase());
    fresh.set(id, free);
  }
  const missing = new Set<string>();
  const known = new Set(present);
  const find = (id: string) => {
    const found = fresh.get(id) ?? (known.has(id) ? id : undefined);
    if (found === undefined) missing.add(id);
    return found === undefined ? [] : [found];
  };
  const moved = <T extends Step | Gate>(node: T): Record<string, Json> => {
    const next: Record<string, Json | undefined> = { ...(node as unknown as Record<string, Json>) };
    next.id = fresh.get(node.id) ?? node.id;
    for (const key of listKeys) {
      const list = next[key];
      if (!Array.isArray(list)) continue;
      const found = (list as string[]).flatMap(find);
      if (found.length > 0) next[key] = found;
      else delete next[key];
    }
    for (const key of oneKeys) {
      const one = next[key];
      if (typeof one !== "string") continue;
      const [found] = find(one);
      if (found === undefined) delete next[key];
      else next[key] = found;
    }
    return next as Record<string, Json>;
  };
  const steps = inOrder([...clip.steps.map(moved), ...clip.gates.map(moved)]);
  const gates = new Set(clip.gates.map(({ id }) => fresh.get(id)));
  return {
    calls: steps.map((node) => ({
      action: gates.has(String(node.id)) ? "gate.insert" : "step.add",
      input: node,
    })),
    made: [...fresh.values()],
    prompts: Object.fromEntries(
      Object.entries(clip.prompts).flatMap(([id, text]) => {
        const free = fresh.get(id);
        return free === undefined ? [] : [[free, text]];
      }),
    ),
    missing: [...missing],
  };
}

/** Each behind what it waits for, so that every edit makes sense by itself. */
function inOrder(nodes: Record<string, Json>[]): Record<string, Json>[] {
  const byId = new Map(nodes.map((node) => [String(node.id), node]));
  const done = new Set<Record<string, Json>>();
  const visit = (node: Record<string, Json>, way: ReadonlySet<Record<string, Json>>) => {
    if (done.has(node) || way.has(node)) return;
    for (const key of listKeys)
      for (const need of (node[key] as string[] | undefined) ?? []) {
        const other = byId.get(need);
        if (other) visit(other, new Set([...way, node]));
      }
    done.add(node);
  };
  for (const node of nodes) visit(node, new Set());
  return [...done];
}
