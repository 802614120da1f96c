import type { FailureOf } from "./failure";
import { absent, bad, type Rendering, stale } from "./failure-rendering";

type Codes = "chat.unknown" | "chat.busy" | "chat.declined" | "chat.failed" | "chat.invalid" | "chat.moved";

/** How the chat's refusals are said. */
export const chatRows: { [C in Codes]: Rendering<FailureOf<C>> } = {
  "chat.unknown": { ...absent, message: (f) => `there is no conversation '${f.id}'` },
  "chat.busy": { ...stale, message: (f) => `conversation ${f.id} is being answered; wait, or cancel it` },
  "chat.declined": {
    ...bad,
    message: () => "nothing was proposed: the request was not understood, or can't be met",
    hint: () => "the answer says why, and what would be understood",
  },
  "chat.failed": { exit: 1, http: 502, message: (f) => f.problem, hint: (f) => f.hint },
  "chat.invalid": { ...bad, message: (f) => `${f.problem} (${f.where} in chat.yaml)`, hint: (f) => f.hint },
  "chat.moved": {
    ...stale,
    message: (f) =>
      `${f.problem === undefined ? "" : "out of date: "}the sequence has changed since proposal ${f.id} was made${f.problem === undefined ? "" : `, and it no longer fits: ${f.problem}`}`,
    hint: (f) =>
      f.rebased ? `look at proposal ${f.rebased}, the same on what stands now` : "ask for it anew",
  },
};
