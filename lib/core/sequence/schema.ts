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

/** Waiting before a failed attempt is tried again: `backoff_ms · factor^n`, at most `max_ms`. */
export const Retry = z.strictObject({
  limit: z.int().min(0).max(100),
  backoff_ms: z.int().min(0).max(3_600_000).optional(),
  factor: z.number().min(1).max(10).optional(),
  max_ms: z.int().min(0).max(86_400_000).optional(),
});

/** What happens once an agent's usage limit is reached: wait for its reset and go on, at most `max` times. */
const Resume = z.strictObject({
  auto: z.boolean().optional(),
  max: z.int().min(1).max(100).optional(),
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
  setup: Command.optional(),
  test: Command.optional(),
});

/** A node that runs something. Every key but `id` may be left out. */
export const Step = z.strictObject({
  id,
  name: text.max(200).optional(),
  description: z.string().optional(),
  type: StepType.optional(),
  model: text.max(64).optional(),
  prompt: text.max(1024).optional(),
  command: Command.optional(),
  tty: z.boolean().optional(),
  depends_on: ids.optional(),
  cwd: text.max(1024).optional(),
  env: z
    .record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "is no name of an environment variable"), EnvValue)
    .optional(),
  isolation: z
    .enum(["none", "worktree"])
    .optional()
    .describe("whether it works in a git worktree of its own"),
  worktree: Worktree.optional().describe('what is done around it there, as \'{"setup":["npm","ci"]}\''),
  when: text.optional().describe("expression; where it does not hold the step is skipped"),
  join: z.enum(["all", "any", "none_failed"]).optional().describe("how the steps it waits for are joined"),
  continue_on_error: z.boolean().optional().describe("what waits for it may start although it failed"),
  retry: Retry.optional(),
  resume: Resume.optional().describe('waiting for a usage limit to reset, as \'{"auto":true,"max":3}\''),
  timeout_ms: ms.optional(),
  outputs: z
    .strictObject({ schema: z.record(z.string(), AnyJson).optional() })
    .optional()
    .describe("JSON Schema that its output.json must fit, as '{\"schema\":{…}}'"),
  group_id: id.optional(),
  fail_policy: z.enum(["fail_fast", "best_effort"]).optional(),
  fanout: z.int().min(1).max(50).optional().describe("how many instances of it run side by side"),
  for_each: text
    .optional()
    .describe("expression for a list that a step before left; an instance for each item"),
  sequence: text
    .max(1024)
    .optional()
    .describe("file with a sequence to run in its place, relative to .threados"),
  with: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .optional()
    .describe("values of that sequence's parameters; a text is an expression"),
  fusion_synth: z.boolean().optional().describe("it joins the results of its candidates"),
  fusion_candidates: ids.optional().describe("candidates whose results it joins"),
  watchdog_for: id.optional().describe("step that it watches"),
  max_restarts: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe("how often a watchdog may restart what it watches"),
  restart_after_ms: ms.optional().describe("silence after which the built-in watchdog restarts, in ms"),
  orchestrator: id.optional().describe("step that owns it"),
  tags: z.array(text.max(64)).optional(),
  idle_timeout_ms: ms.optional().describe("longest time without anything printed, in ms"),
  concurrency_group: text
    .max(64)
    .optional()
    .describe("of the steps that name the same group one runs at a time"),
  on_success: ids.optional().describe("steps to run only when this one has ended well"),
  on_failure: ids.optional().describe("steps to run only when this one has failed"),
  finally: ids.optional().describe("steps to run when this one has ended at all"),
  loop: z
    .strictObject({ until: text, max: z.int().min(1).max(100) })
    .optional()
    .describe('run again until an expression holds, as \'{"until":"exit_code == 0","max":5}\''),
  priority: z.int().min(-1000).max(1000).optional(),
  idempotent: z
    .boolean()
    .optional()
    .describe("an attempt whose fate is unknown may be repeated without asking"),
  sandbox: z.literal("required").optional().describe("it runs in a sandbox, whatever the policy says"),
  network: z.boolean().optional().describe("it gets the network in its sandbox"),
  limits: ResourceLimits.optional().describe('what it may use, as \'{"memory_mb":2048,"cpu_s":600}\''),
});

/** A question a gate asks; its answer becomes an output of the gate. */
export const Question = z.strictObject({
  id,
  type: z.enum(["choice", "text", "number", "boolean", "yes_no"]),
  ask: text.optional(),
  options: z.array(text).min(1).optional(),
  required: z.boolean().optional(),
});

/** A node where a human decides. */
export const Gate = z.strictObject({
  id,
  name: text.max(200),
  description: z.string().optional(),
  depends_on: ids.optional(),
  shows: ids.optional(),
  expires_ms: ms.optional().describe("how long an approval that nothing was started on holds, in ms"),
  questions: z.array(Question).optional(),
});

/** Rules a sequence sets for itself; they may only narrow policy.yaml. */
export const SequencePolicy = z.strictObject({
  mode: z.enum(["SAFE", "POWER"]).optional(),
  max_concurrent: z.int().min(1).max(1000).optional(),
  timeout_default_ms: ms.optional(),
  sandbox: z.literal("required").optional(),
  ...commandKeys,
});

/** A parameter of a run: given by `run --param name=value`, else its default; a choice is one of its options. */
export const Param = z.strictObject({
  type: z.enum(["string", "number", "boolean", "choice"]),
  description: z.string().optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
  required: z.boolean().optional(),
  options: z.array(text).min(1).optional(),
});

/** The whole definition, as authored: nothing is filled in. Source: design §3. */
export const SequenceFile = z.strictObject({
  version: z.literal(1),
  name: text.max(200),
  metadata: z.record(z.string(), AnyJson).optional(),
  policy: SequencePolicy.optional(),
  defaults: z
    .strictObject({
      model: text.max(64).optional(),
      timeout_ms: ms.optional(),
      retry: Retry.optional(),
      resume: Resume.optional(),
      worktree: Worktree.optional(),
    })
    .optional(),
  params: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, "is no name of a parameter"), Param)
    .optional(),
  steps: z.array(Step).max(10_000).nullish(),
  gates: z.array(Gate).max(10_000).nullish(),
});

export type Command = z.infer<typeof Command>;
export type Worktree = z.infer<typeof Worktree>;
export type Step = z.infer<typeof Step>;
export type Question = z.infer<typeof Question>;
export type Gate = z.infer<typeof Gate>;
export type Param = z.infer<typeof Param>;
export type Retry = z.infer<typeof Retry>;
export type Sequence = z.infer<typeof SequenceFile>;
