import { standing, type Tone } from "../state/vocabulary";
import type { StatusDocument, StepState } from "../state/wire";
import type { PlanNode } from "./plan";

const prefix = "folded ";

/** The box that a collapsed group is drawn as; no id of a step holds a space. */
export const foldedId = (group: string) => `${prefix}${group}`;

/** The group that a box stands for; undefined for the box of anything else. */
export const foldedGroup = (id: string) => (id.startsWith(prefix) ? id.slice(prefix.length) : undefined);

/** The graph with each collapsed group as one box, which takes over the arrows of its members. */
export function foldGroups(plan: PlanNode[], collapsed: readonly string[] = []): PlanNode[] {
  const wanted = new Set(collapsed);
  const boxes = new Map<string, string>();
  for (const { id, group } of plan) if (group !== null && wanted.has(group)) boxes.set(id, foldedId(group));
  if (boxes.size === 0) return plan;
  const made = new Map<string, PlanNode>();
  const shown = (needs: string[]) => [...new Set(needs.map((need) => boxes.get(need) ?? need))];
  return plan.flatMap((node) => {
    const id = boxes.get(node.id);
    if (id === undefined)
      return [node.needs.some((need) => boxes.has(need)) ? { ...node, needs: shown(node.needs) } : node];
    const there = made.get(id);
    const needs = shown([...(there?.needs ?? []), ...node.needs]).filter((need) => need !== id);
    if (there) {
      there.needs = needs;
      return [];
    }
    const box: PlanNode = { id, kind: "step", name: node.group ?? id, group: null, needs, look: "folded" };
    made.set(id, box);
    return [box];
  });
}

/** How the members of a group stand together. */
export interface GroupStanding {
  /** The tone of the member that most needs to be seen. */
  tone: Tone;
  word: string;
  done: number;
  failed: number;
  total: number;
}

/** What is worth being told of many at once, the most urgent first. */
const urgency: readonly Tone[] = [
  "failed",
  "human",
  "running",
  "stopping",
  "retrying",
  "unknown",
  "queued",
  "ready",
  "blocked",
  "canceled",
  "done",
];

/** How a group stands; undefined if nothing is in it. */
export function standingOfGroup(status: StatusDocument, group: string): GroupStanding | undefined {
  const members = stepsIn(status, group);
  const rank = (tone: Tone) => (urgency.includes(tone) ? urgency.indexOf(tone) : urgency.length);
  const [first] = members.map(standing).sort((a, b) => rank(a.tone) - rank(b.tone));
  if (!first) return undefined;
  return {
    ...first,
    done: members.filter(({ status }) => status === "DONE").length,
    failed: members.filter((step) => standing(step).tone === "failed").length,
    total: members.length,
  };
}

const groupings = new WeakMap<StatusDocument, Map<string, StepState[]>>();

/** The steps of a group, in the order of the file. */
export function stepsIn(status: StatusDocument, group: string): StepState[] {
  let groups = groupings.get(status);
  if (!groups) {
    groups = new Map();
    for (const step of status.steps) {
      if (step.group_id === null || step.of !== undefined) continue;
      groups.set(step.group_id, [...(groups.get(step.group_id) ?? []), step]);
    }
    groupings.set(status, groups);
  }
  return groups.get(group) ?? [];
}
