import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { PolicyFile } from "../../../lib/core/policy/file";
import { matchesFolder } from "../../../lib/core/policy/folders";
import { judgeCommand, type World } from "../../../lib/core/policy/judge-command";
import { effectivePolicy } from "../../../lib/core/policy/policy";
import { holds } from "../rig/holds";
import { sequenceOf } from "../rig/plans";

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const word = fc.constantFrom("git", "ls", "rm", "make", "status", "diff", "--short", "-c", "../x", "src", "");
const rule = fc.oneof(
  word.filter((each) => each !== ""),
  fc
    .record({
      command: fc.constantFrom("git", "ls", "rm", "make"),
      subcommands: maybe(fc.constantFrom(["status"], ["status", "diff"])),
      flags: maybe(fc.constantFrom(["--short"], ["-c *"], ["--*"])),
      args: maybe(fc.constantFrom<"any" | "none" | "paths" | string[]>("any", "none", "paths", ["src"])),
    })
    .map(present),
);
function present<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as never;
}
const policy: fc.Arbitrary<PolicyFile> = fc
  .record({
    mode: maybe(fc.constantFrom<"SAFE" | "POWER">("SAFE", "POWER")),
    allowed_commands: maybe(fc.array(rule, { maxLength: 3 })),
    allowed_cwd: maybe(fc.subarray([".", "src", "packages/*", "**"])),
    forbidden_patterns: maybe(fc.subarray(["status", "rm"])),
    env_allow: maybe(fc.subarray(["CI", "A*"])),
    confirmation_required: maybe(fc.subarray(["read-only", "destructive"])),
    max_command_bytes: maybe(fc.constantFrom(3, 10, 100)),
  })
  .map(present) as fc.Arbitrary<PolicyFile>;
const step = fc.record({
  command: fc.oneof(fc.array(word, { minLength: 1, maxLength: 4 }), fc.constant("ls | sh")),
  env: fc.constantFrom<Record<string, string>>({}, { CI: "1" }, { PATH: "x" }),
  cwd: fc.constantFrom(".", "src", "packages/a"),
});
const world: World = {
  look: ({ command, cwd }) => ({ executable: `/usr/bin/${String(command?.[0])}`, cwd: cwd ?? "." }),
  matches: (pattern, text) => text.includes(pattern),
};
const order = { deny: 0, ask: 1, allow: 2 };

test("a repository and a sequence never let pass what the user's own policy stops or asks about", () => {
  holds(
    fc.property(policy, policy, policy, step, (user, file, own, { command, env, cwd }) => {
      const started = { id: "s", command, env, cwd };
      const { mode = "SAFE", ...rest } = user;
      const bounded = { mode, ...rest };
      const alone = judgeCommand(effectivePolicy({}, sequenceOf([]), bounded), started, world);
      const met = effectivePolicy(file, sequenceOf([], [], { policy: own as never }), bounded);
      expect(order[judgeCommand(met, started, world).verdict]).toBeLessThanOrEqual(order[alone.verdict]);
    }),
    2000,
  );
});

test("whatever goes wrong while judging denies", () => {
  const broken: World = {
    look: () => {
      throw new Error("the disk is on fire");
    },
    matches: () => true,
  };
  const verdict = judgeCommand(
    effectivePolicy({ mode: "POWER" }, sequenceOf([])),
    { id: "s", command: ["ls"] },
    broken,
  );
  expect(verdict).toMatchObject({
    verdict: "deny",
    rule: "builtin.error",
    why: "judging it failed: the disk is on fire",
  });
});

describe("a glob of folders", () => {
  test.each<[string, string, boolean]>([
    [".", ".", true],
    [".", "src", false],
    ["src", "src", true],
    ["src/*", "src/a", true],
    ["src/*", "src/a/b", false],
    ["src/*", "src", false],
    ["src/**", "src", true],
    ["src/**", "src/a/b", true],
    ["**/test", "a/b/test", true],
    ["**/test", "a/b/tests", false],
    ["pack*-x", "packages-x", true],
    ["a*b*c", "aXbXc", true],
    ["a*b*c", "acb", false],
    [`${"**/".repeat(50)}x`, `${"a/".repeat(500)}y`, false],
  ])("%s and %s: %p", (glob, folder, fits) => {
    expect(matchesFolder(glob, folder)).toBe(fits);
  });
});
