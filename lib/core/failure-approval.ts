import { countOf } from "./count";
import type { FailureOf } from "./failure";
import { absent, bad, type Rendering, stale } from "./failure-rendering";

type Codes =
  | "proposal.unknown"
  | "proposal.decided"
  | "proposal.stale"
  | "proposal.moved"
  | "policy.denied"
  | "policy.invalid"
  | "agent.forbidden"
  | "orchestrator.limit"
  | "watchdog.limit"
  | "token.stale"
  | "confirm.required"
  | "confirm.stale"
  | "approval.pending";

/** How refusals by rules, and those that wait for a person, are said. */
export const approvalRows: { [C in Codes]: Rendering<FailureOf<C>> } = {
  "proposal.unknown": {
    ...absent,
    message: (f) => `there is no proposal '${f.id}'`,
    // Ids of proposals have 26 characters.
    hint: (f) =>
      /^[A-Za-z0-9][\w-]{0,24}$/.test(f.id)
        ? `\`seqctl inbox\` lists them; if it is a gate: \`seqctl gate approve ${f.id}\``
        : "`seqctl inbox` lists them",
  },
  "proposal.decided": {
    ...stale,
    message: (f) => `proposal ${f.id} was already ${f.decision}`,
    hint: () => "nothing was changed",
  },
  "proposal.stale": {
    ...stale,
    message: (f) => `proposal ${f.id} has nothing to change any more: ${f.problem}`,
    hint: (f) => `turn it down with \`seqctl reject ${f.id}\``,
  },
  "proposal.moved": {
    ...stale,
    message: (f) =>
      `proposal ${f.id} would now do something else than its proposer saw: ${f.changed.join("; ")}`,
    hint: (f) =>
      `look at it anew, and say yes to exactly this: \`seqctl approve ${f.id} --digest ${f.confirm}\``,
  },
  "policy.denied": {
    exit: 4,
    http: 403,
    message: (f) => `${f.problem} (rule ${f.rule})`,
    hint: (f) => f.hint,
  },
  "policy.invalid": {
    ...bad,
    message: (f) => `the policy can't be read: ${f.problem}`,
    hint: () => "nothing runs until policy.yaml is mended; without the file the safe defaults hold",
  },
  "agent.forbidden": {
    exit: 4,
    http: 403,
    message: (f) =>
      `${f.step.startsWith("@") ? "an agent" : `step '${f.step}'`} ${f.yes ? `may not say yes to '${f.action}'` : `may not do '${f.action}'`}: that takes a person`,
    hint: (f) =>
      f.yes
        ? "leave out --yes: then it is kept as a proposal that a person decides on"
        : "a person does it from a terminal of their own or in the workbench",
  },
  "orchestrator.limit": {
    exit: 4,
    http: 403,
    message: (f) => `boss '${f.boss}' may add at most ${countOf(f.max, "step")} in one run`,
    hint: () => "max_orchestrated in .threados/policy.yaml says how many; a person may add more",
  },
  "watchdog.limit": {
    exit: 4,
    http: 403,
    message: (f) => `watchdog '${f.watchdog}' may restart '${f.step}' at most ${countOf(f.max, "time")}`,
    hint: () => "max_restarts of the watchdog says how often; it counts anew once a person runs the step",
  },
  "token.stale": {
    ...stale,
    message: () => "the step token is not that of an attempt which is under way here",
    hint: () => "a token ends with its attempt; a person calls without THREADOS_TOKEN",
  },
  "confirm.required": {
    exit: 3,
    http: 428,
    message: (f) => `${f.summary}: a person must confirm this (${f.why})`,
    hint: () =>
      "answer at a terminal, say yes beforehand with --yes, or over HTTP repeat the call with this `confirm`",
  },
  "confirm.stale": {
    ...stale,
    message: (f) => `what was confirmed is not what '${f.action}' would do now`,
    hint: () => "look at it again and confirm anew",
  },
  "approval.pending": {
    exit: 3,
    http: 428,
    message: (f) =>
      f.proposal
        ? `${f.summary}: waits for a person's approval as proposal ${f.proposal}`
        : `${f.summary}: waits for a person's approval`,
    hint: (f) =>
      f.proposal
        ? `a person applies it with \`seqctl approve ${f.proposal}\`${f.agent ? "" : "; a person's own call is asked at a terminal, or takes --yes"}`
        : "run it at a terminal and answer the question, or say yes beforehand with --yes",
  },
};
