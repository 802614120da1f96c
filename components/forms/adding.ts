import { renderFailure } from "../../lib/core/failure-table";
import { isSubPath } from "../../lib/core/sequence/beside";
import { checkId } from "../../lib/core/sequence/ids";
import { connect, cut } from "../canvas/edits";
import type { Call } from "../state/call";
import type { Adding } from "../state/view";
import { faultOfNodes } from "./known";
import { readCommand } from "./words";

/** What runs a step whose place the steps of a file take; no agent is called so. */
export const sequenceFile = ".sequence";

/** What has been filled in for a new step or gate. */
export interface Draft {
  kind: "step" | "gate";
  name: string;
  id: string;
  model: string;
  command: string;
  prompt: string;
  /** The file of the steps that run in its place. */
  sequence: string;
  needs: string[];
}

/** What is wrong with a draft, by field. */
export type Faults = Partial<Record<"id" | "name" | "command" | "sequence" | "needs", string>>;

/** Finds what is wrong with a draft, besides the others that there are: their `ids`, and those that come `later`. */
export function faultsOf(draft: Draft, ids: readonly string[], later?: ReadonlySet<string>): Faults {
  const taken = new Set(ids.map((each) => each.toLowerCase()));
  const needs = faultOfNodes(draft.needs, ids, later);
  const isSequence = draft.kind === "step" && draft.model === sequenceFile;
  const form = checkId(draft.id);
  const { message, hint } = form.ok ? { message: undefined, hint: undefined } : renderFailure(form.failure);
  const id = taken.has(draft.id.toLowerCase()) ? `The id '${draft.id}' is taken.` : (hint ?? message);
  const isShell = draft.kind === "step" && draft.model === "shell";
  const command = readCommand(draft.command);
  return {
    ...(id === undefined ? {} : { id }),
    ...(draft.kind === "gate" && draft.name.trim() === ""
      ? { name: "A gate needs a name that says what is decided." }
      : {}),
    ...(isSequence && !isSubPath(draft.sequence.trim())
      ? { sequence: "Name a file below .threados, such as sequences/check.yaml." }
      : {}),
    ...(needs === undefined ? {} : { needs }),
    ...(isShell && draft.command.trim() === "" ? { command: "Say what it runs." } : {}),
    ...(isShell && draft.command.trim() !== "" && command === undefined
      ? { command: "A quote is left open, or the list is not whole." }
      : {}),
  };
}

/** The edits that add what a draft says, where it was asked for. */
export function addingCalls(draft: Draft, { feeds, into }: Pick<Adding, "feeds" | "into">): Call[] {
  const { id, needs } = draft;
  const name = draft.name.trim();
  const depends = needs.length > 0 ? { depends_on: needs } : {};
  const command = readCommand(draft.command);
  const made: Call =
    draft.kind === "gate"
      ? { action: "gate.insert", input: { id, name, ...depends } }
      : {
          action: "step.add",
          input: {
            id,
            ...(name === "" ? {} : { name }),
            ...(draft.model === sequenceFile
              ? { sequence: draft.sequence.trim() }
              : draft.model === "shell"
                ? { model: "shell", ...(command === undefined ? {} : { command }) }
                : { model: draft.model }),
            ...depends,
          },
        };
  return [
    made,
    ...(into ? cut(into[0], into[1]) : []),
    ...[...feeds, ...(into ? [into[1]] : [])].flatMap((target) => connect(id, target)),
  ];
}

/** The edit that writes down what an agent is told, once its step is there. */
export function promptCalls({ kind, id, model, prompt }: Draft): Call[] {
  if (kind === "gate" || model === "shell" || model === sequenceFile || prompt === "") return [];
  return [{ action: "prompt.edit", input: { id, text: prompt } }];
}
