import { type Clause, stepOf } from "./clause";
import { agentName } from "./place";
import { call, propose, type Reading } from "./reading";

/** A change of one step. */
export function stepEdit(id: string, change: Record<string, unknown>, ...says: string[]): Reading {
  return propose([call("step.edit", { id, ...change })], ...says);
}

const counted = /\b(?:tr(?:y|ied|ies)|attempt(?:s|ed)?|goes|chances|run)\b/i;
const further = /\b(?:retr\w+|again|repeat\w*|re-?run|more(?! than)|further|extra|additional|another)\b/i;
const granted = /\b(?:allow(?:ed)?|give|grant|add)\b|\blet .+ have\b/i;
const bounded =
  /\b(?:up to|at most|max(?:imum|imally)?|(?:not|never|no) (?:.* )?more than|in (?:all|total|sum)|altogether|overall|including the first|only)\b/i;

/**
 * Steps are tried again so often as was said. `tried 3 times` and `up to 3 attempts` count the first attempt, `retried 3 times`,
 * `2 more tries` and attempts that are given do not; the answer says what it comes to. How long is waited in between stays.
 */
export function retryEdit({ world }: Clause, ids: readonly string[], said: number, text: string): Reading {
  const isTries = counted.test(text) && !further.test(text);
  const isAll = isTries && (bounded.test(text) || !granted.test(text));
  const limit = isAll ? Math.max(0, said - 1) : said;
  const calls = ids.map((id) =>
    isAll && limit === 0
      ? call("step.edit", { id, unset: ["retry"] })
      : call("step.edit", { id, retry: { ...stepOf(world, id)?.retry, limit } }),
  );
  if (!isTries) return propose(calls);
  if (limit === 0) return propose(calls, "That is one attempt, and no retry.");
  const retries = limit === 1 ? "one retry" : `${limit} retries`;
  const other = isAll ? "" : ` Say "up to ${said} attempts" to count the first one too.`;
  return propose(calls, `That is up to ${limit + 1} attempts: the first, and ${retries}.${other}`);
}

/** A step is run by an agent or has a command, never both. */
export function modelEdit(clause: Clause, id: string, said: string): Reading {
  const hasCommand = stepOf(clause.world, id)?.command !== undefined;
  return stepEdit(id, { model: agentName(said), ...(hasCommand ? { unset: ["command"] } : {}) });
}
