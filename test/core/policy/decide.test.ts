import { describe, expect, test } from "bun:test";
import type { Actor } from "../../../lib/core/actor";
import { renderFailure } from "../../../lib/core/failure-table";
import { judge, type Risk } from "../../../lib/core/policy/decide";
import type { PolicyFile } from "../../../lib/core/policy/file";
import { effectivePolicy, type Mode, type Policy } from "../../../lib/core/policy/policy";
import type { Step } from "../../../lib/core/sequence/schema";
import { sequenceOf } from "../rig/plans";

const policyOf = (mode: Mode, allowed?: string[]): Policy =>
  effectivePolicy({ mode, ...(allowed ? { allowed_commands: allowed } : {}) }, sequenceOf([]));

/** How often is asked (0, 1, 2), or the code of the refusal. */
function verdict(
  mode: Mode,
  risk: Risk,
  actor: Actor,
  starts: Step[] = [],
  allowed?: string[],
): number | string {
  const result = judge(policyOf(mode, allowed), risk, "noun.verb", { actor, surface: "cli" }, starts);
  return result.ok ? result.value.ask : result.failure.code;
}

const argv: Step = { id: "argv", command: ["npm", "test"] };
const line: Step = { id: "line", command: "npm test" };

const refused = "agent.forbidden";
/** What a person is asked in SAFE and in POWER, and what becomes of an agent's call in either. */
const table: Record<Risk, [safe: number, power: number, agent: number | string]> = {
  edit: [0, 0, 1],
  remove: [2, 2, 1],
  run: [1, 0, 1],
  decide: [1, 1, refused],
  stop: [0, 0, 1],
  narrow: [0, 0, refused],
  widen: [2, 2, refused],
};

describe.each(Object.entries(table))("a call that would %s", (name, [safe, power, agent]) => {
  const risk = name as Risk;

  test.each<Actor>(["user", "chat", "system"])("by %s", (actor) => {
    expect([verdict("SAFE", risk, actor), verdict("POWER", risk, actor)]).toEqual([safe, power]);
  });

  test("by a step's agent", () => {
    expect([verdict("SAFE", risk, "agent:build"), verdict("POWER", risk, "agent:build")]).toEqual([
      agent,
      agent,
    ]);
  });
});

test("a refused agent is told its step and the action", () => {
  const result = judge(
    policyOf("POWER"),
    "decide",
    "gate.approve",
    { actor: "agent:build", surface: "mcp" },
    [],
  );
  expect(result).toEqual({
    ok: false,
    failure: { code: "agent.forbidden", action: "gate.approve", step: "build" },
  });
});

describe("a command", () => {
  test("that is a line for the shell is asked about even in POWER", () => {
    expect(verdict("POWER", "run", "user", [argv])).toBe(0);
    expect(verdict("POWER", "run", "user", [argv, line])).toBe(1);
  });

  test("is denied if there is an allowlist without its first word, whoever asks and however loose the mode", () => {
    for (const mode of ["SAFE", "POWER"] as const) {
      for (const actor of ["user", "agent:a"] as const) {
        expect(verdict(mode, "run", actor, [argv], ["node"])).toBe("policy.denied");
        expect(verdict(mode, "run", actor, [argv], ["npm"])).not.toBe("policy.denied");
      }
    }
  });

  test("that is a line for the shell stands on no allowlist, not even word for word", () => {
    expect(verdict("POWER", "run", "user", [line], ["npm", "npm test"])).toBe("policy.denied");
  });

  test.each<[string, Omit<PolicyFile, "mode">, Step, string]>([
    ["allowed_commands", { allowed_commands: ["node"] }, argv, "names what may run"],
    ["forbidden_patterns", { forbidden_patterns: ["npm"] }, argv, "names what may not run"],
    ["allowed_cwd", { allowed_cwd: ["src"] }, argv, "names the folders that steps may run in"],
    [
      "env_allow",
      { env_allow: ["CI"] },
      { ...argv, env: { A: "" } },
      "names the variables that a step may set",
    ],
    ["max_command_bytes", { max_command_bytes: 4 }, argv, "says how long a command may be"],
  ])("that is denied by %s is told what that rule names", (key, file, step, says) => {
    const world = { look: () => ({ cwd: "." }), matches: () => true };
    const result = judge(
      effectivePolicy(file, sequenceOf([])),
      "run",
      "run.start",
      { actor: "user", surface: "cli" },
      [step],
      { world },
    );
    expect(result.ok ? undefined : renderFailure(result.failure).hint).toBe(
      `${key} in .threados/policy.yaml ${says}; \`seqctl policy explain --step argv\` says more`,
    );
  });

  test("is not looked at by an empty list of starts, nor missed behind allowed ones", () => {
    expect(verdict("POWER", "edit", "user", [], [])).toBe(0);
    expect(verdict("POWER", "run", "user", [argv, { id: "b", command: ["rm"] }], ["npm"])).toBe(
      "policy.denied",
    );
    expect(verdict("POWER", "run", "user", [{ id: "no command" }], [])).toBe(0);
  });
});
