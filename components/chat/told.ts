import type { Json } from "../../lib/core/json";
import type { NodeChange } from "../../lib/core/sequence/diff";
import { writeCommand } from "../forms/words";
import { fieldName } from "../parts/said-fields";
import type { DraftCall } from "./wire";

/** What the agents of a proposal are told, by the ids of their steps. */
export function promptsIn(calls: readonly Pick<DraftCall, "action" | "input">[]): Record<string, string> {
  return Object.fromEntries(
    calls.flatMap(({ action, input }) => {
      const { id, text } = input;
      return action === "prompt.edit" && typeof id === "string" && typeof text === "string"
        ? [[id, text]]
        : [];
    }),
  );
}

/** What a new step runs, in a line: its command, the sequence in its place, or its agent and what that is told. */
export function runsWhat({ kind, id, fields }: NodeChange, prompts: Readonly<Record<string, string>>) {
  if (kind === "gate") return undefined;
  const after = (key: string): Json => fields.find(({ field }) => field === key)?.after ?? null;
  const command = after("command");
  if (typeof command === "string" || Array.isArray(command))
    return writeCommand(command as string | string[]);
  const sequence = after("sequence");
  if (typeof sequence === "string") return sequence;
  const model = after("model");
  const prompt = prompts[id]?.trim().split("\n")[0];
  if (typeof model === "string" && model !== "shell") return prompt ? `${model}: ${prompt}` : model;
  return prompt;
}

const beside = new Set(["id", "unset", "base"]);

/** A call in a sentence; of an edit the fields by what people call them, and not by their keys. */
export function sayCall({ action, input, summary }: Pick<DraftCall, "action" | "input" | "summary">): string {
  if (action !== "step.edit" && action !== "gate.edit") return summary;
  const unset = Array.isArray(input.unset) ? input.unset.map(String) : [];
  const fields = [...Object.keys(input).filter((key) => !beside.has(key)), ...unset];
  if (fields.length === 0) return summary;
  const names = fields.map((field) => {
    const name = fieldName(field);
    return name.charAt(0).toLowerCase() + name.slice(1);
  });
  return `change ${names.join(", ")} of ${action.split(".")[0]} ${input.id}`;
}
