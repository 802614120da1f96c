import type { ErrorClass } from "../agents/error-class";
import type { AgentFacts } from "../agents/report";
import type { EndReason, StepRun } from "./run";

/** How an attempt ended whose agent says why it failed. */
export const agentEnds: Record<ErrorClass, EndReason> = {
  quota: "quota",
  rate_limit: "rate_limit",
  auth: "auth",
  permanent: "agent_error",
};

/** Keeps an agent's report, and its session if what ended it may pass: a limit, a time-out, a plain failure. */
export function noteAgent(step: StepRun, agent: AgentFacts | undefined): void {
  delete step.session;
  if (!agent) return;
  step.agent = agent;
  const tooLong = step.cause === "timeout" || step.cause === "idle_timeout";
  const passing = step.phase === "stopping" ? tooLong : step.code !== 0;
  const hopeless = agent.errorClass === "auth" || agent.errorClass === "permanent";
  if (agent.session && passing && !hopeless) step.session = agent.session;
}
