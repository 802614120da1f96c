import type { PlanNode } from "../components/canvas/plan";

/** How many steps stand beside each other in the graphs under test. */
const columnHeight = 20;

/** A graph of that many steps: columns in which each step waits for one or two of the column before; the same every time. */
export function planOf(count: number): PlanNode[] {
  let state = 7;
  const chance = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
  return Array.from({ length: count }, (_, at) => {
    const column = Math.floor(at / columnHeight);
    const before = () => idOf((column - 1) * columnHeight + chance(columnHeight));
    const needs = column === 0 ? [] : [...new Set([before(), ...(chance(3) === 0 ? [before()] : [])])];
    return { id: idOf(at), kind: "step", name: `Step number ${at}`, group: null, needs };
  });
}

/** The graph as a sequence file. */
export function sequenceOf(name: string, plan: PlanNode[]): string {
  const steps = plan.map(
    ({ id, name, needs }) =>
      `  - id: ${id}\n    name: ${name}\n    command: ["true"]\n${needs.length > 0 ? `    depends_on: [${needs.join(", ")}]\n` : ""}`,
  );
  return `version: 1\nname: ${name}\ndefaults:\n  model: shell\nsteps:\n${steps.join("")}`;
}

const idOf = (at: number) => `s${at}`;
