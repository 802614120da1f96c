import { describe, expect, test } from "bun:test";
import type { Looked } from "../../../lib/core/policy/classify";
import { judgeCommand, type World } from "../../../lib/core/policy/judge-command";
import { effectivePolicy, type PolicyFile } from "../../../lib/core/policy/policy";
import type { Step } from "../../../lib/core/sequence/schema";
import { sequenceOf } from "../rig/plans";
import { vectors } from "./bypass-vectors";

/** A machine whose programs stand where a system keeps them, but for those that a vector places elsewhere. */
const world = (looked: Looked): World => ({
  look: ({ command }) => ({
    executable: `/usr/bin/${String(command?.[0]).split("/").at(-1)}`,
    cwd: ".",
    ...looked,
  }),
  matches: () => false,
});

const judged = (file: PolicyFile, vector: (typeof vectors)[number]) => {
  const step: Step = { id: "s", command: vector.argv, ...(vector.env ? { env: vector.env } : {}) };
  return judgeCommand(effectivePolicy(file, sequenceOf([])), step, world(vector.looked ?? {}));
};

/** What somebody would write who wants agents to look around and nothing more. */
const careful: PolicyFile = {
  env_allow: ["CI"],
  allowed_commands: [
    { command: "git", subcommands: ["status", "diff", "log"], flags: ["--short", "--stat"], args: "paths" },
    { command: "ls", flags: ["-l", "-a"], args: "paths" },
    { command: "cat", args: "paths" },
    { command: "find", flags: ["-name *", "-type *"], args: "paths" },
    { command: "tar", flags: ["-tf"], args: "paths" },
    { command: "sort", flags: ["-u"], args: "paths" },
    { command: "rg", flags: ["-n"], args: "any" },
    { command: "npm", subcommands: ["test"], args: "none" },
  ],
};

test("the corpus holds at least sixty vectors, no two alike", () => {
  const alike = new Set(vectors.map(({ argv, env, looked }) => JSON.stringify([argv, env, looked])));
  expect(alike.size).toBe(vectors.length);
  expect(vectors.length).toBeGreaterThanOrEqual(60);
});

describe.each(vectors.map((vector) => [vector.argv.join(" "), vector] as const))("%s", (_, vector) => {
  test("is asked about in SAFE, with its class and the rule that gave it", () => {
    const verdict = judged({}, vector);
    expect({ verdict: verdict.verdict, class: verdict.class, rule: verdict.rule }).toEqual({
      verdict: "ask",
      class: vector.class ?? "arbitrary-code",
      rule: vector.rule,
    });
  });

  test("is denied by a careful list, whatever the mode", () => {
    for (const mode of ["SAFE", "POWER"] as const) {
      const verdict = judged({ ...careful, mode }, vector);
      expect(verdict.verdict).toBe("deny");
      expect(verdict.rule).toMatch(/^policy\.yaml:(?:allowed_commands(?:\[\d\]\.\w+)?|env_allow)$/);
    }
  });
});

describe("what such a list means to allow", () => {
  test.each<[string[], string]>([
    [["git", "status", "--short"], "policy.yaml:allowed_commands[0]"],
    [["git", "diff", "--stat", "--", "src"], "policy.yaml:allowed_commands[0]"],
    [["ls", "-l", "src"], "policy.yaml:allowed_commands[1]"],
    [["find", ".", "-name", "*.ts"], "policy.yaml:allowed_commands[3]"],
    [["tar", "-tf", "a.tar"], "policy.yaml:allowed_commands[4]"],
    [["/usr/bin/sort", "-u", "names"], "policy.yaml:allowed_commands[5]"],
    [["npm", "test"], "policy.yaml:allowed_commands[7]"],
  ])("%j passes in POWER, by its entry", (argv, rule) => {
    expect(judged({ ...careful, mode: "POWER" }, { argv, rule })).toMatchObject({ verdict: "allow", rule });
  });
});
