import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import type { Failure } from "../../core/failure";
import { renderFailure } from "../../core/failure-table";
import type { Result } from "../../core/result";

/** The largest answer to one call, in characters of JSON: more would only fill the agent's context. */
export const maxAnswerChars = 1_048_576;

/** A view's answer or an action's outcome as a tool's result; a refusal carries the body that every surface gives. */
export function answer(tool: string, result: Result<unknown>): CallToolResult {
  if (!result.ok) return refusal(result.failure);
  const text = JSON.stringify(result.value);
  return text.length <= maxAnswerChars
    ? { content: [{ type: "text", text }], structuredContent: result.value as Record<string, unknown> }
    : refusal({
        code: "input.invalid",
        problem: `the answer of '${tool}' has ${text.length} characters, the most is ${maxAnswerChars}`,
        hint: "ask for less: with limit, after or attempt, or for one step at a time",
      });
}

function refusal(failure: Failure): CallToolResult {
  const { message, hint, body } = renderFailure(failure);
  const isPending = failure.code === "approval.pending";
  const text = isPending
    ? pendingText(failure.summary, failure.proposal)
    : `${failure.code}: ${message}${hint === undefined ? "" : `\nhint: ${hint}`}`;
  // A proposal is what the agent could achieve: told as an error, it would only be called again.
  return {
    content: [{ type: "text", text }],
    structuredContent: body as Record<string, unknown>,
    ...(isPending ? {} : { isError: true }),
  };
}

function pendingText(summary: string, proposal: string | undefined): string {
  if (proposal === undefined) return `Nothing has changed: '${summary}' waits for a person.`;
  return [
    `Nothing has changed yet: '${summary}' waits as proposal ${proposal}. Do not call it again.`,
    `Tell your human: "I proposed to ${summary}. To apply it: seqctl approve ${proposal}. To turn it down: seqctl reject ${proposal}. The workbench's inbox shows it too."`,
    "The tool `inbox` lists what still waits; once it is gone from there, `status` and `audit_tail` tell what became of it.",
  ].join("\n");
}
