import { expect, test } from "bun:test";
import { type AskedStart, sayStart } from "../../../lib/core/policy/asked";
import type { StartFacts } from "../../../lib/core/policy/asked-facts";

const bare: AskedStart = { step: "a", command: ["x"], class: null, rule: null, gates: [] };

const rows: [facts: StartFacts, said: string][] = [
  [{}, ""],
  [{ isolation: "worktree" }, "; in its own worktree"],
  [{ network: true }, "; with the network in its sandbox"],
  [{ sandbox: "required", network: false }, "; sandboxed, network off"],
  [{ sandbox: "required", network: true }, "; sandboxed, with the network"],
  [{ sandbox: "required" }, "; sandboxed, with the network as its agent has it"],
  [{ fan: 3 }, "; 3 instances side by side"],
  [{ fan: "steps.list.outputs.files" }, "; an instance for each of steps.list.outputs.files"],
  [{ candidates: ["b"] }, "; joins 1 candidate (b)"],
  [{ candidates: ["b", "c"] }, "; joins 2 candidates (b, c)"],
  [{ inside: [{ step: "r", with: { target: "'prod'", n: 2 } }] }, "; inside r: with target='prod', n=2"],
  [
    {
      inside: [
        { step: "r", fan: 2 },
        { step: "r-s", with: { on: true }, fan: "l" },
      ],
    },
    "; inside r: 2 instances side by side; inside r-s: an instance for each of l, with on=true",
  ],
];

test.each(rows)("a start with %j", (facts, said) => {
  expect(sayStart({ ...bare, ...facts })).toBe(`a: ["x"]${said}`);
});

test("stand between its folder and the class of its command", () => {
  const start = {
    ...bare,
    cwd: "sub",
    isolation: "worktree" as const,
    class: "arbitrary-code",
    gates: ["g"],
  };
  expect(sayStart(start)).toBe('a: ["x"]; in sub; in its own worktree; arbitrary code; behind g');
});
