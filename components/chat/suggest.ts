import { standing } from "../state/vocabulary";
import type { StatusDocument } from "../state/wire";

const blank = [
  'add a step build with command "npm run build"',
  'add a step test with command "npm test"',
  "help",
];

/** Requests that make sense as things stand, in words that also a chat without a model understands. */
export function suggestionsFor(status: StatusDocument): string[] {
  const { steps, gates } = status;
  const last = steps.at(-1);
  if (!last) return blank;
  const failed = steps.find((step) => standing(step).tone === "failed");
  const blocked = [...steps, ...gates].find((node) => standing(node).tone === "blocked");
  const wishes = [
    ...(failed ? ["what failed", `show me the log of ${failed.id}`] : []),
    ...(blocked ? [`why is ${blocked.id} blocked`] : []),
    gates.some((gate) => last.depends_on.includes(gate.id)) ? [] : `put a gate before ${last.id}`,
    freeId("lint", status) ? `add a step lint before ${last.id} with command "npm run lint"` : [],
    steps.some(({ status: at }) => at === "READY") ? "run what is ready" : [],
    "status",
  ].flat();
  return wishes.slice(0, 4);
}

const freeId = (id: string, { steps, gates }: StatusDocument) =>
  ![...steps, ...gates].some((node) => node.id === id);
