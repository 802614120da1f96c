import type { World } from "../core/chat/reading";
import { isOver } from "../core/engine/status";
import { ok, type Result } from "../core/result";
import { templateNames } from "../core/templates";
import { gateDoc, stepDoc } from "../core/views/status";
import type { ChatPorts } from "./chat-ports";
import { withVoids } from "./exhibit";
import type { Ports } from "./ports";
import { loadState } from "./state";

/** The workspace as it stands, for whoever answers in the chat. */
export function loadWorld(ports: Ports, { readLine }: Pick<ChatPorts, "readLine">): Result<World> {
  const state = loadState(ports);
  if (!state.ok) return state;
  const { plan, policy, journal } = state.value;
  journal?.close();
  const { run } = withVoids(ports, state.value.run, plan);
  const alive = ports.engine.isAlive();
  return ok({
    sequence: plan.sequence,
    steps: (plan.sequence.steps ?? []).map(({ id }) => stepDoc(plan, run, id, alive)),
    gates: (plan.sequence.gates ?? []).map(({ id }) => gateDoc(plan, run, id)),
    open: journal !== undefined && !isOver(run, plan),
    mode: policy.mode,
    templates: templateNames(ports.templates).map(({ type }) => type),
    readLine,
  });
}
