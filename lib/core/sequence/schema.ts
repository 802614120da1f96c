import { z } from "zod";
import { commandKeys } from "../policy/file";
import { ResourceLimits } from "../policy/resources";

/** Any JSON; one schema for all of it, as it refers to itself. */
export const AnyJson = z.json();

const id = z.string();
const ids = z.array(id);
const ms = z
  .int()
  .min(1)
  .max(7 * 24 * 3600 * 1000);
const noNul = (text: string) => !text.includes("\0");
const text = z.string().min(1).refine(noNul, "holds a NUL byte");

/** What a key is for, in words, and values it may have: forms, help and the JSON Schema show both. */
const says = (description: string, ...examples: unknown[]) => ({
  description,
  ...(examples.length > 0 ? { examples } : {}),
});

/** Waiting before a failed attempt is tried again: `backoff_ms · factor^n`, at most `max_ms`. */
export const Retry = z.strictObject({
  limit: z.int().min(0).max(100).meta(says("how many more tries after a failure", 2)),
  backoff_ms: z
    .int()
    .min(0)
    .max(3_600_000)
    .optional()
    .meta(says("wait before the first of them, in ms", 1000)),
  factor: z.number().min(1).max(10).optional().meta(says("how many times longer each further wait is", 2)),
  max_ms: z.int().min(0).max(86_400_000).optional().meta(says("longest wait, in ms", 60_000)),
});

/** What happens once an agent's usage limit is reached: wait for its reset and go on, at most `max` times. */
const Resume = z.strictObject({
  auto: z.boolean().optional().meta(says("go on by itself once the limit is reset")),
  max: z.int().min(1).max(100).optional().meta(says("how often at most", 3)),
});

/** The six kinds of thread a step can belong to. */
const StepType = z.enum(["base", "p", "c", "f", "b", "l"]);

/** A command: argv run without a shell, or a string for `sh -c` (always asked about). */
export const Command = z.union(
  [z.array(z.string().refine(noNul, "holds a NUL byte")).min(1).max(1000), text.max(32_768)],
  'must be a list of words, such as ["npm", "test"], or one line for the shell',
);

/** A text, or `secret:NAME` for what must not stand in the file. */
const EnvValue = z
  .string()
  .refine(noNul, "holds a NUL byte")
  .refine(
    (value) => !value.startsWith("secret:") || /^secret:[A-Za-z_][A-Za-z0-9_]*$/.test(value),
    "refers to no secret: a reference looks like secret:API_KEY",
  );
/** What is done around a step's command in a worktree of its own. */
export const Worktree = z.strictObject({
  setup: Command.optional().meta(says("run there before the step", ["npm", "ci"])),
  test: Command.optional().meta(says("run there once the step has ended well", ["npm", "test"])),
});

/** A node that runs something. Every key but `id` may be left out. */
export const Step = z.strictObject({
  id,
  name: text.max(200).optional().meta(says("what people call it", "Run the tests")),
  description: z.string().optional().meta(says("what it is for")),
  type: StepType.optional().meta(
    says("the kind of thread: base, parallel, chained, fusion, orchestrated or long"),
  ),
  model: text.max(64).optional().meta(says("`shell`, or the agent that runs it", "claude-code")),
  prompt: text
    .max(1024)
    .optional()
    .meta(says("file with the agent's prompt, relative to .threados", "prompts/review.md")),
  command: Command.optional().meta(says("what it runs", ["npm", "test"])),
  tty: z.boolean().optional().meta(says("run the command on a terminal of its own")),
  depends_on: ids.optional().meta(says("steps and gates it waits for", ["build"])),
  cwd: text.max(1024).optional().meta(says("folder to run in, inside the workspace", "packages/api")),
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is no name of an environment variable"), EnvValue)
    .optional()
    .meta(
      says("environment variables; a value secret:NAME is read from your own secrets", { NODE_ENV: "test" }),
    ),
  isolation: z
    .enum(["none", "worktree"])
    .optional()
    .describe("whether it works in a git worktree of its own"),
  worktree: Worktree.optional().meta(says("what is done around it there", { setup: ["npm", "ci"] })),
  when: text
    .optional()
    .meta(
      says("expression; where it does not hold the step is skipped", "gates.release.answers.env == 'prod'"),
    ),
  join: z.enum(["all", "any", "none_failed"]).optional().describe("how the steps it waits for are joined"),
  continue_on_error: z.boolean().optional().describe("what waits for it may start although it failed"),
  retry: Retry.optional().meta(says("tries after a failure", { limit: 2 })),
  resume: Resume.optional().meta(says("waiting for an agent's usage limit to reset", { auto: true, max: 3 })),
  timeout_ms: ms.optional().meta(says("longest time an attempt may take, in ms", 600_000)),
  outputs: z
    .strictObject({
      schema: z
        .record(z.string(), AnyJson)
        .optional()
        .meta(says("keywords of a JSON Schema", { type: "object", required: ["passed"] })),
    })
    .optional()
    .meta(
      says("JSON Schema that its output.json must fit", { schema: { type: "object", required: ["passed"] } }),
    ),
  group_id: id.optional().meta(says("group it belongs to", "checks")),
  fail_policy: z
    .enum(["fail_fast", "best_effort"])
    .optional()
    .meta(says("what a failure means for the group: the others are stopped, or go on")),
  fanout: z.int().min(1).max(50).optional().meta(says("how many instances of it run side by side", 3)),
  for_each: text
    .optional()
    .meta(
      says(
        "expression for a list that a step before left; an instance for each item",
        "steps.list.outputs.files",
      ),
    ),
  sequence: text
    .max(1024)
    .optional()
    .meta(says("file with a sequence to run in its place, relative to .threados", "release.yaml")),
  with: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .meta(says("values of that sequence's parameters; a text is an expression", { version: "'1.2'" })),
  fusion_synth: z.boolean().optional().describe("it joins the results of its candidates"),
  fusion_candidates: ids.optional().describe("candidates whose results it joins"),
  watchdog_for: id.optional().describe("step that it watches"),
  max_restarts: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .meta(says("how often a watchdog may restart what it watches", 3)),
  restart_after_ms: ms
    .optional()
    .meta(says("silence after which the built-in watchdog restarts, in ms", 300_000)),
  orchestrator: id.optional().describe("step that owns it"),
  tags: z
    .array(text.max(64))
    .optional()
    .meta(says("words to select it by", ["slow", "ui"])),
  idle_timeout_ms: ms.optional().meta(says("longest time without anything printed, in ms", 120_000)),
  concurrency_group: text
    .max(64)
    .optional()
    .meta(says("of the steps that name the same group one runs at a time", "database")),
  on_success: ids.optional().describe("steps to run only when this one has ended well"),
  on_failure: ids.optional().describe("steps to run only when this one has failed"),
  finally: ids.optional().describe("steps to run when this one has ended at all"),
  loop: z
    .strictObject({
      until: text.meta(says("expression that ends it", "exit_code == 0")),
      max: z.int().min(1).max(100).meta(says("how often at most", 5)),
    })
    .optional()
    .meta(says("run again until an expression holds", { until: "exit_code == 0", max: 5 })),
  priority: z.int().min(-1000).max(1000).optional().meta(says("higher starts first among equals", 10)),
  idempotent: z
    .boolean()
    .optional()
    .describe("an attempt whose fate is unknown may be repeated without asking"),
  sandbox: z.literal("required").optional().describe("it runs in a sandbox, whatever the policy says"),
  network: z.boolean().optional().describe("it gets the network in its sandbox"),
  limits: ResourceLimits.optional().meta(says("what it may use", { memory_mb: 2048, cpu_s: 600 })),
});

/** A question a gate asks; its answer becomes an output of the gate. */
export const Question = z.strictObject({
  id: id.meta({ examples: ["target"] }),
  type: z.enum(["choice", "text", "number", "boolean", "yes_no"]),
  ask: text.optional().meta({ examples: ["Where should it go?"] }),
  options: z
    .array(text)
    .min(1)
    .optional()
    .meta(says("what a choice is one of", ["staging", "production"])),
  required: z
    .boolean()
    .optional()
    .meta({ ...says("whether it must be answered"), default: true }),
});

/** A node where a human decides. */
export const Gate = z.strictObject({
  id,
  name: text.max(200).meta(says("what is decided", "Review the release")),
  description: z.string().optional().meta(says("what it is for")),
  depends_on: ids.optional().meta(says("steps and gates it waits for", ["build"])),
  shows: ids.optional().meta(says("steps whose results the person must see", ["test"])),
  expires_ms: ms
    .optional()
    .meta(says("how long an approval that nothing was started on holds, in ms", 3_600_000)),
  questions: z
    .array(Question)
    .optional()
    .meta(
      says("questions to the person", [{ id: "target", type: "choice", options: ["staging", "production"] }]),
    ),
});

/** Rules a sequence sets for itself; they may only narrow policy.yaml. */
export const SequencePolicy = z.strictObject({
  mode: z.enum(["SAFE", "POWER"]).optional().meta(says("SAFE asks before anything starts")),
  max_concurrent: z.int().min(1).max(1000).optional().meta(says("steps that run at a time", 4)),
  timeout_default_ms: ms.optional().meta(says("time limit of attempts that set none, in ms", 3_600_000)),
  sandbox: z.literal("required").optional().meta(says("every step runs in a sandbox")),
  ...commandKeys,
});

/** A parameter of a run: given by `run --param name=value`, else its default; a choice is one of its options. */
export const Param = z.strictObject({
  type: z.enum(["string", "number", "boolean", "choice"]),
  description: z
    .string()
    .optional()
    .meta({ examples: ["the version to release"] }),
  default: z
    .union([z.string(), z.number(), z.boolean()])
    .optional()
    .meta(says("its value where none is given", "1.0.0")),
  required: z.boolean().optional().meta(says("a run asks for it where none is given")),
  options: z
    .array(text)
    .min(1)
    .optional()
    .meta(says("what a choice is one of", ["staging", "production"])),
});

/** Most steps, and most gates, that a file may hold. */
export const mostNodes = 10_000;

/** The whole definition, as authored: nothing is filled in. Source: design §3. */
export const SequenceFile = z.strictObject({
  version: z.literal(1),
  name: text.max(200).meta(says("what people call it", "Release the shop")),
  metadata: z
    .record(z.string(), AnyJson)
    .optional()
    .meta(
      says("yours, such as a description; nothing interprets it", {
        description: "Builds and ships the shop",
      }),
    ),
  policy: SequencePolicy.optional().meta(
    says("rules of its own, which may only narrow those of policy.yaml", { max_concurrent: 4 }),
  ),
  defaults: z
    .strictObject({
      model: text
        .max(64)
        .optional()
        .meta(says("the agent of steps that name none and have no command", "claude-code")),
      timeout_ms: ms.optional().meta(says("time limit of an attempt, in ms", 600_000)),
      retry: Retry.optional().meta(says("tries of agents' steps after a failure", { limit: 2 })),
      resume: Resume.optional().meta(
        says("waiting for an agent's usage limit to reset", { auto: true, max: 3 }),
      ),
      worktree: Worktree.optional().meta(
        says("what is done around isolated steps", { setup: ["npm", "ci"] }),
      ),
    })
    .optional()
    .meta(says("what holds for steps that say nothing else", { model: "claude-code", timeout_ms: 600_000 })),
  params: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, "is no name of a parameter"), Param)
    .optional()
    .meta(
      says("parameters of a run, given by --param name=value", {
        version: { type: "string", required: true },
      }),
    ),
  steps: z.array(Step).max(mostNodes).nullish(),
  gates: z.array(Gate).max(mostNodes).nullish(),
});

export type Command = z.infer<typeof Command>;
export type Worktree = z.infer<typeof Worktree>;
export type Step = z.infer<typeof Step>;
export type Question = z.infer<typeof Question>;
export type Gate = z.infer<typeof Gate>;
export type Param = z.infer<typeof Param>;
export type Retry = z.infer<typeof Retry>;
export type Sequence = z.infer<typeof SequenceFile>;
