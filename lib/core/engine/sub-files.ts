import type { Step } from "../sequence/schema";
import type { Fact } from "./fact";
import type { Plan } from "./plan";
import type { Run } from "./run";
import { stepIn } from "./step";

/** SHA-256 (hex) of files that steps run in their place, by the path that steps name them with. */
export type SubDigests = Record<string, string>;

/** The files that these steps run in their place, and those that these do, as they stand. */
export function subsReached(plan: Plan, ids: readonly string[]): SubDigests {
  const found: SubDigests = {};
  const visit = (steps: readonly (Step | undefined)[]) => {
    for (const path of steps.flatMap((step) => step?.sequence ?? [])) {
      const read = plan.subs?.get(path);
      if (!read?.ok || Object.hasOwn(found, path)) continue;
      found[path] = read.value.digest;
      visit(read.value.sequence.steps ?? []);
    }
  };
  visit(ids.map((id) => stepIn(plan, id)));
  return found;
}

/** The files of the sequence that the run knows nothing of yet, as they stand. */
export function subsUnknown({ subs }: Plan, run: Run): SubDigests {
  const all = [...(subs ?? [])].flatMap(([path, read]) => (read.ok ? [[path, read.value.digest]] : []));
  return Object.fromEntries(all.filter(([path]) => !Object.hasOwn(run.subs, path as string)));
}

/** That the sequence is another one now, with the files that came with it. */
export function amendedTo(plan: Plan, run: Run): Extract<Fact, { type: "plan.amended" }> {
  const subs = subsUnknown(plan, run);
  const { revision } = plan;
  return { type: "plan.amended", revision, ...(Object.keys(subs).length > 0 ? { subs } : {}) };
}

const carriers = new Set<Fact["type"]>([
  "run.requested",
  "steps.requested",
  "restart.requested",
  "gate.rejected",
]);

/** The same facts, the first that asks for steps carrying the files that were agreed to. */
export function withSubs(facts: readonly Fact[], subs: SubDigests): Fact[] {
  const at = Object.keys(subs).length === 0 ? -1 : facts.findIndex(({ type }) => carriers.has(type));
  return facts.map((fact, index) => (index === at ? ({ ...fact, subs } as Fact) : fact));
}
