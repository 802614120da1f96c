import { countOf } from "../../lib/core/count";
import type { Question } from "./call";
import { standing } from "./vocabulary";
import type { StatusDocument, StepState } from "./wire";

const atWork = new Set(["RUNNING", "STOPPING"]);
const mostNames = 5;

/** Steps that giving the run up would end now. */
export const endedByGivingUp = (status: StatusDocument): StepState[] =>
  status.steps.filter((step) => atWork.has(step.status));

/** What is lost when the run is given up as it stands, in plain words. */
export function givingUp(status: StatusDocument): Question {
  const ended = endedByGivingUp(status);
  const later = status.steps.filter(({ status: at }) =>
    ["BLOCKED", "QUEUED", "RETRYING", "READY"].includes(at),
  );
  const asking = status.gates.filter((gate) => standing(gate).tone === "human");
  const lines = [
    ended.length === 0
      ? "nothing runs at the moment"
      : `${countOf(ended.length, "step")} at work ${ended.length === 1 ? "is" : "are"} ended: ${listed(ended)}`,
    ...(later.length > 0
      ? [
          `${later.length === 1 ? "another step is" : `${later.length} steps are`} not started any more: ${listed(later)}`,
        ]
      : []),
    ...(asking.length > 0 ? [`nobody is asked any more at ${listed(asking)}`] : []),
  ];
  return {
    summary: "give the run up",
    times: 1,
    why: "it can't go on afterwards: the next run begins anew. What is done stays, and so do its files and logs",
    act: "Give the run up",
    shows: lines.map((line) => `${line.charAt(0).toUpperCase()}${line.slice(1)}.`),
    shownAs: "What is ended",
    confirm: "",
    isGrave: true,
  };
}

/** What was done by it, of the steps that were at work. */
export const gaveUp = (ended: readonly StepState[]): string =>
  ended.length === 0
    ? "The run was given up"
    : `The run was given up; ${listed(ended)} ${ended.length === 1 ? "is" : "are"} being ended`;

function listed(nodes: readonly { name: string }[]): string {
  const names = nodes.slice(0, mostNames).map(({ name }) => name);
  const more = nodes.length - names.length;
  if (more > 0) names.push(`${more} more`);
  return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
