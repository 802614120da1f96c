import type { CallToolResult, Tool } from "@modelcontextprotocol/sdk/types.js";
import { z } from "zod";
import { type AnyAction, actions } from "../../core/actions";
import { type Caller, outsideAgent } from "../../core/actor";
import { thrownFailure } from "../../core/failure-thrown";
import { judge } from "../../core/policy/decide";
import { effectivePolicy } from "../../core/policy/policy";
import { err, type Result } from "../../core/result";
import { type View, views } from "../../core/views/view";
import { answer } from "./answer";
import type { Workspace } from "./workspace";

/** What stands behind a tool. */
type Behind = { kind: "action"; record: AnyAction } | { kind: "view"; record: View };

/** `step_add` for `step.add`. */
export const toolName = (name: string) => name.replaceAll(".", "_");

const preview = {
  type: "boolean",
  description: "only say what it would do; nothing is proposed or changed",
};
const destructive = new Set<unknown>(["remove", "stop", "widen"]);
const probe = effectivePolicy({}, { version: 1, name: "probe" });

/** Whether the door refuses the action to every agent, whatever the input. */
export function takesPerson({ name, risk, effect }: AnyAction): boolean {
  if (["proposal", "policy", "layout"].includes(effect.kind)) return true;
  const caller: Caller = { actor: outsideAgent, surface: "mcp" };
  return typeof risk !== "function" && !judge(probe, risk, name, caller, []).ok;
}

/** The schema of an action's or view's input, as MCP wants it: an object. */
function schemaOf(input: z.ZodType): Tool["inputSchema"] {
  const { $schema: _, ...schema } = z.toJSONSchema(input, { io: "input" });
  return schema as Tool["inputSchema"];
}

function toolOf({ kind, record }: Behind): Tool {
  const { name, title } = record;
  const inputSchema = schemaOf(record.input);
  const common = { name: toolName(name), title };
  if (kind === "view") {
    const annotations = { title, readOnlyHint: true, openWorldHint: false };
    return { ...common, description: `${title}.`, inputSchema, annotations };
  }
  const description = takesPerson(record)
    ? `${title}. Only a person can do this; for an agent it is refused.`
    : `${title}. Nothing happens at once: the call becomes a proposal that a person approves or turns down. Look first with dry_run.`;
  const destructiveHint = typeof record.risk === "function" || destructive.has(record.risk);
  return {
    ...common,
    description,
    inputSchema: { ...inputSchema, properties: { ...inputSchema.properties, dry_run: preview } },
    annotations: { title, readOnlyHint: false, destructiveHint, openWorldHint: record.risk === "run" },
  };
}

const behind: readonly Behind[] = [
  ...views.map((record): Behind => ({ kind: "view", record })),
  ...actions.map((record): Behind => ({ kind: "action", record: record as unknown as AnyAction })),
];
const byTool = new Map(behind.map((each) => [toolName(each.record.name), each]));
let listed: Tool[] | undefined;

/** A tool for each view and each action. */
export function listTools(): Tool[] {
  listed ??= behind.map(toolOf);
  return listed;
}

/** Calls a tool; undefined if there is none of that name. */
export async function callTool(
  workspace: Workspace,
  caller: Caller,
  name: string,
  input: Record<string, unknown>,
): Promise<CallToolResult | undefined> {
  const found = byTool.get(name);
  if (!found) return undefined;
  try {
    const asked =
      found.kind === "view"
        ? workspace.query(found.record.name, input, true)
        : act(workspace, caller, found.record.name, input);
    return answer(name, await asked);
  } catch (error) {
    console.error(error);
    return answer(name, err(thrownFailure(error)));
  }
}

async function act(
  workspace: Workspace,
  caller: Caller,
  action: string,
  { dry_run: dryRun = false, ...input }: Record<string, unknown>,
): Promise<Result<unknown>> {
  if (typeof dryRun !== "boolean")
    return err({ code: "input.invalid", problem: "'dry_run' must be true or false" });
  const result = await workspace.dispatch({ action, input }, caller, { dryRun });
  return result.ok && dryRun ? { ok: true, value: { ...(result.value as object), dry_run: true } } : result;
}
