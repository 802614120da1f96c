import { agentStep, type Caller } from "../actor";
import { err, ok, type Result } from "../result";
import type { Step } from "../sequence/schema";
import type { Policy } from "./policy";

/** What a call does to the world; decides who may and how often is asked. */
export type Risk = "edit" | "remove" | "run" | "decide" | "stop" | "narrow" | "widen";

/** Whether a call goes ahead, or how often a person is asked first, and why. */
export type Verdict = { ask: 0 } | { ask: 1 | 2; why: string };

/** Judges a call. Pure and total; `starts` are the steps it would start. */
export function judge(
  policy: Policy,
  risk: Risk,
  action: string,
  caller: Caller,
  starts: readonly Step[],
): Result<Verdict> {
  const step = agentStep(caller.actor);
  if (step !== undefined && (risk === "decide" || risk === "widen" || risk === "narrow")) {
    return err({ code: "agent.forbidden", action, step });
  }
  for (const started of starts) {
    const denied = denyCommand(policy, started);
    if (denied) return denied;
  }
  if (step !== undefined) return ok({ ask: 1, why: "an agent asked" });
  return ok(question(policy, risk, starts));
}

function question(policy: Policy, risk: Risk, starts: readonly Step[]): Verdict {
  switch (risk) {
    case "edit":
    case "stop":
    case "narrow":
      return { ask: 0 };
    case "remove":
      return { ask: 2, why: "it removes something" };
    case "widen":
      return { ask: 2, why: "it loosens the rules" };
    case "decide":
      return { ask: 1, why: "a gate is a person's decision" };
    case "run": {
      if (policy.mode === "SAFE") return { ask: 1, why: "mode SAFE" };
      const line = starts.find((s) => typeof s.command === "string");
      if (line) return { ask: 1, why: `'${line.id}' runs a line through the shell` };
      const boss = starts.find((s) => s.type === "b" && s.orchestrator === undefined);
      return boss ? { ask: 1, why: `'${boss.id}' may add steps by itself` } : { ask: 0 };
    }
  }
}

/** An allowlist names first words of commands; a shell line never matches it. */
export function denyCommand(policy: Policy, step: Step): ReturnType<typeof err> | undefined {
  if (!policy.allowedCommands || step.command === undefined) return undefined;
  const word = Array.isArray(step.command) ? step.command[0] : undefined;
  if (word !== undefined && policy.allowedCommands.includes(word)) return undefined;
  const what = word === undefined ? "a line for the shell" : `'${word}'`;
  const hint = "allowed_commands in .threados/policy.yaml names what may run";
  return err({
    code: "policy.denied",
    rule: "allowed_commands",
    problem: `step '${step.id}' runs ${what}, which is not allowed`,
    hint,
  });
}
