import type { Json } from "../../lib/core/json";
import type { NodeChange } from "../../lib/core/sequence/diff";
import { writeCommand } from "../forms/words";
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
