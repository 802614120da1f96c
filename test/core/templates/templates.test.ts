import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { Json } from "../../../lib/core/json";
import { readSource, rewriteSource } from "../../../lib/core/sequence/source";
import { templates } from "../../../lib/core/templates";
import { edit, refusal, sequenceOf, templateTexts, value } from "../../rig/sequence";

const apply = (input: object, sequence = sequenceOf([])) => edit("template.apply", sequence, input);
const word = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const count = (min: number) => fc.integer({ min, max: 50 });
const names = (min: number) =>
  fc.uniqueArray(word, { minLength: min, maxLength: 8, selector: (name) => name.toLowerCase() });
const some = <T>(key: string, values: fc.Arbitrary<T>) =>
  fc.option(values).map((v) => (v === null ? {} : { [key]: v }));
const all = (...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((given) => Object.assign({}, ...given));

const work = all(
  some("model", fc.constantFrom("shell", "claude-code")),
  some("command", fc.constant(["npm", "test"])),
  some("prompt", fc.constant("prompts/x.md")),
  some("depends_on", fc.constant(["before"])),
);
const params: Record<string, fc.Arbitrary<object>> = {
  base: work,
  parallel: all(
    work,
    some("workers", count(1)),
    some("merge", fc.boolean()),
    some("fail_policy", fc.constant("fail_fast")),
  ),
  chained: all(work, some("phases", fc.oneof(count(1), names(1)))),
  fusion: all(
    work,
    some("candidates", fc.oneof(count(2), names(2))),
    some("isolation", fc.constantFrom("worktree", "none")),
    some("test", fc.constant(["npm", "test"])),
  ),
  orchestrated: all(work, some("workers", count(0))),
  "long-autonomy": work,
};

describe("every template of ours", () => {
  test.each(templates.map(({ type }) => type))(
    "%s yields a valid piece for any parameters and prefix",
    (type) => {
      const own = params[type];
      if (!own) throw new Error(`no parameters for ${type}`);
      fc.assert(
        fc.property(word, own, (id, given) => {
          fc.pre(id !== "before");
          const made = value(apply({ type, id, ...given }, sequenceOf([{ id: "before" }])));
          // Values shared between nodes must not come out as anchors, which no sequence may hold.
          const text = rewriteSource("version: 1\nname: rig\n", made as unknown as Json);
          expect(value(readSource(text, "sequence.yaml"))).toEqual(made as never);
          for (const node of [...(made.steps ?? []).slice(1), ...(made.gates ?? [])])
            expect(node.id === id || node.id.startsWith(`${id}-`)).toBe(true);
        }),
      );
    },
  );

  test.each(templates.map(({ type }) => type))("%s can be applied again and again", (type) => {
    let sequence = sequenceOf([]);
    for (let time = 0; time < 3; time++) sequence = value(apply({ type }, sequence));
    const groups = sequence.steps?.flatMap((step) => step.group_id ?? []) ?? [];
    expect(new Set(groups).size).toBe(type === "parallel" ? 3 : 0);
  });
});

test("parallel: workers in a group, and a merge behind them", () => {
  const { steps } = value(apply({ type: "parallel", id: "w", workers: 2, merge: true, command: ["make"] }));
  const member = { type: "p", command: ["make"], group_id: "w" };
  expect(steps).toMatchObject([
    { id: "w-1", ...member },
    { id: "w-2", ...member },
    { id: "w-merge", depends_on: ["w-1", "w-2"] },
  ]);
});

test("chained: each phase waits for the gate behind the one before", () => {
  const made = value(apply({ type: "chained", id: "x", phases: "plan,do" }));
  expect(made.steps).toMatchObject([
    { id: "x-plan", type: "c" },
    { id: "x-do", type: "c", depends_on: ["x-plan-gate"] },
  ]);
  expect(made.gates).toMatchObject([{ id: "x-plan-gate", depends_on: ["x-plan"], shows: ["x-plan"] }]);
});

test("fusion: candidates, and a synthesis that waits for them", () => {
  const { steps } = value(apply({ type: "fusion", id: "fix", candidates: "2", params: { model: "codex" } }));
  expect(steps).toMatchObject([
    { id: "fix-a", type: "f", model: "codex", prompt: "prompts/fix-a.md" },
    { id: "fix-b", type: "f" },
    { id: "fix-synth", fusion_synth: true, fusion_candidates: ["fix-a", "fix-b"] },
  ]);
});

test("orchestrated and long-autonomy name the boss and the watched", () => {
  const boss = value(apply({ type: "orchestrated", id: "lead", workers: 1 }));
  expect(boss.steps).toMatchObject([
    { id: "lead", type: "b" },
    { id: "lead-worker-1", orchestrator: "lead" },
  ]);
  const long = value(apply({ type: "long-autonomy", id: "night" }));
  expect(long.steps).toMatchObject([
    { id: "night", type: "l" },
    { id: "night-watchdog", watchdog_for: "night" },
  ]);
  const alone = value(apply({ type: "long-autonomy", id: "night", params: { watchdog: false } }));
  expect(alone.steps).toHaveLength(1);
});

test.each([
  ["a name that is no template", { type: "paralel" }, "template.unknown"],
  ["a parameter of another template", { type: "chained", workers: 3 }, "input.invalid"],
  ["a count beyond fan-out", { type: "parallel", workers: 51 }, "input.invalid"],
  ["one candidate", { type: "fusion", candidates: 1 }, "input.invalid"],
  ["an id that is taken", { type: "base", id: "here" }, "id.taken"],
  ["a prefix that makes ids no longer ids", { type: "base", id: "a b" }, "id.invalid"],
  ["a wait for nobody", { type: "base", depends_on: ["nobody"] }, "dep.unknown"],
])("refuses %s", (_, input, code) => {
  expect(refusal(apply(input, sequenceOf([{ id: "here" }])))).toBe(code);
});

describe("a template of the user's own", () => {
  const lint = `title: Lint a folder
params:
  folder: {description: where}
  jobs: {type: number, default: 2}
  words: {type: list, default: [a, b]}
steps:
  - id: \${id}
    name: "lint \${folder} \${jobs} times, $\${HOME}"
    command: ["lint", "\${folder}"]
    priority: \${jobs}
    tags: \${words}
`;
  const own = (text: string, input: object) =>
    edit("template.apply", sequenceOf([]), { type: "own", ...input }, templateTexts({ own: text }));

  test("puts values where their names stand, as what they are", () => {
    const hostile = `x"\n    idempotent: true # $\{jobs}`;
    const { steps } = value(own(lint, { id: "l", params: { folder: hostile } }));
    expect(steps).toEqual([
      {
        id: "l",
        name: `lint ${hostile} 2 times, $\{HOME}`,
        command: ["lint", hostile],
        priority: 2,
        tags: ["a", "b"],
      },
    ]);
  });

  test.each([
    ["a value that is missing", lint, {}, "input.invalid"],
    ["a value of another kind", lint, { folder: "x", jobs: "two" }, "input.invalid"],
    ["a value that no step may have", lint, { folder: "x", jobs: 5000 }, "template.invalid"],
    ["a parameter it does not have", lint, { folder: "x", color: 1 }, "input.invalid"],
    ["a name that is declared nowhere", `steps: [{id: a, name: '\${what}'}]`, {}, "template.invalid"],
    [
      "a value within a shell line",
      `params: {x: {}}\nsteps: [{id: a, command: 'ls \${x}'}]`,
      { x: "; rm" },
      "template.invalid",
    ],
    ["a key that no template has", "step: []", {}, "template.invalid"],
    ["a text that is no YAML", "steps: [", {}, "sequence.syntax"],
    ["a step that no sequence takes", "steps: [{id: a, comand: [x]}]", {}, "template.invalid"],
  ])("refuses %s", (_, text, given, code) => {
    expect(refusal(own(text, { params: given }))).toBe(code);
  });
});
