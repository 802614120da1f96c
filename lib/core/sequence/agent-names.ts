import type { Failure } from "../failure";
import type { Json } from "../json";
import { nearest } from "../nearest";
import { agentOf } from "./effective";
import { shown } from "./ids";
import { readLocated } from "./source";

/**
 * Agents that a text names and that are not among `known`, each at its place: of the steps, then of `defaults`. It is read
 * loosely, so that they can be told beside whatever else is wrong with it; nothing where it is no YAML at all.
 */
export function unknownAgents(text: string, file: string, known: readonly string[]): Failure[] {
  const read = readLocated(text, file);
  if (!read.ok) return [];
  const { value, locate } = read.value;
  const faults: Failure[] = [];
  const nears = new Map<string, string | undefined>();
  const judge = (model: Json | undefined, step: string, path: (string | number)[]) => {
    if (typeof model !== "string") return;
    const name = agentOf(model).adapter;
    if (known.includes(name)) return;
    if (!nears.has(name)) nears.set(name, nearest(name, known));
    const near = nears.get(name);
    const failure = { code: "agent.unknown", name: shown(name), step: shown(step), known } as const;
    const place = locate(path, "value");
    faults.push({ ...failure, ...(near ? { nearest: near } : {}), ...(place ? { place } : {}) });
  };
  const steps = mapOf(value)?.steps;
  for (const [index, item] of (Array.isArray(steps) ? steps : []).entries()) {
    const step = mapOf(item);
    const id = typeof step?.id === "string" ? step.id : `number ${index + 1}`;
    judge(step?.model, id, ["steps", index, "model"]);
  }
  const defaults = mapOf(mapOf(value)?.defaults)?.model;
  judge(defaults, "", ["defaults", "model"]);
  return faults;
}

function mapOf(value: Json | undefined): { [key: string]: Json } | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
}
