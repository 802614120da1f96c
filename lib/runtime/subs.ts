import type { Run } from "../core/engine/run";
import { err, type Result } from "../core/result";
import type { Sequence } from "../core/sequence/schema";
import { deepest, misuse, type SubSequence } from "../core/sequence/subs";
import type { Ports } from "./ports";

type Found = Map<string, Result<SubSequence>>;

/**
 * Reads the files that a sequence's steps run in their place, and those that these do, and what has joined a run from
 * files that may be others by now; undefined where there are none.
 */
export function loadSubs(ports: Ports, { steps }: Sequence, run?: Run): Found | undefined {
  const joined = [...(run?.expansions.values() ?? [])].flatMap(({ sub }) => sub?.steps ?? []);
  if (![...(steps ?? []), ...joined].some((step) => step.sequence !== undefined)) return undefined;
  const found: Found = new Map();
  visit(ports, { steps }, [], found);
  for (const step of joined)
    if (step.sequence !== undefined && !found.has(step.sequence)) visit(ports, { steps: [step] }, [], found);
  return found;
}

function visit(ports: Ports, sequence: Pick<Sequence, "steps">, above: string[], found: Found): Result<null> {
  for (const step of sequence.steps ?? []) {
    const path = step.sequence;
    if (path === undefined) continue;
    const file = `.threados/${path}`;
    const way = [...above, path];
    const refuse = (problem: string) =>
      err({ code: "sequence.invalid", where: `step '${step.id}', sequence`, problem });
    let read: Result<SubSequence>;
    if (above.includes(path)) read = refuse(`the files run each other in a circle: ${way.join(" → ")}`);
    else if (way.length > deepest)
      read = refuse(`sequences stand in one another more than ${deepest} deep: ${way.join(" → ")}`);
    else {
      read = ports.definition.sub(path);
      const wrong = read.ok ? misuse(step, read.value) : undefined;
      if (wrong !== undefined) read = refuse(`${file}: ${wrong}`);
      const inner = read.ok ? visit(ports, read.value.sequence, way, found) : read;
      // What stands in a broken one is broken with it.
      if (!inner.ok) read = inner;
    }
    const known = found.get(path);
    if (!known || !read.ok) found.set(path, read);
    if (!read.ok) return read;
  }
  return { ok: true, value: null };
}
