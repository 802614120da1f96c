import { type Caller, outsideAgent } from "../../core/actor";
import type { Result } from "../../core/result";
import type { Call } from "../../runtime/passage";

/** An open workspace, as far as this surface needs one. */
export interface Workspace {
  dispatch(call: Call, caller: Caller, options?: { dryRun?: boolean }): Promise<Result<unknown>>;
  query(view: string, input: unknown, isAgent: boolean): Promise<Result<unknown>>;
}

/** Who calls over MCP: the agent of the step that this program runs in, else an agent of no step; never a person. A step's token says which. */
export function mcpCaller(enclosingStep: string | undefined, token?: string): Caller {
  const actor = enclosingStep === undefined ? outsideAgent : (`agent:${enclosingStep}` as const);
  return { actor, surface: "mcp", ...(token ? { token } : {}) };
}
