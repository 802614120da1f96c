import { scrubJson } from "../core/audit/scrub";
import type { Recorded } from "../core/engine/fact";
import type { Json } from "../core/json";
import { type CommandVerdict, judgeCommand } from "../core/policy/judge-command";
import { builtIn, effectivePolicy, type Policy } from "../core/policy/policy";
import { err, ok, type Result } from "../core/result";
import { isAgentStep } from "../core/sequence/effective";
import { unknownStep } from "../core/sequence/ids";
import type { Sequence, Step } from "../core/sequence/schema";
import type { Ports } from "./ports";
import { loadPolicy, openRun, type PolicyFiles, parsePolicy } from "./state";

interface Loaded {
  files: PolicyFiles;
  sequence: Sequence;
  policy: Policy;
}

/** The rules in force; a definition that is broken has none of its own. */
function load(ports: Ports): Result<Loaded> {
  const files = loadPolicy(ports);
  if (!files.ok) return files;
  const definition = ports.definition.load();
  const sequence: Sequence = definition.ok ? definition.value.sequence : { version: 1, name: "" };
  const policy = effectivePolicy(files.value.file, sequence, files.value.user);
  return ok({ files: files.value, sequence, policy });
}

/** The effective values with the tier that each comes from, and what each tier says. */
export function showPolicy(ports: Ports): Result<unknown> {
  const loaded = load(ports);
  if (!loaded.ok) return loaded;
  const { files, sequence, policy } = loaded.value;
  const { limits, sources } = policy;
  const list = (key: "allowed_commands" | "allowed_cwd" | "env_allow") => {
    const lists = policy.tiers.flatMap(({ says }) => says[key] ?? []);
    return policy.tiers.some(({ says }) => says[key]) ? lists : null;
  };
  const tier = (name: string, path: string, isThere: boolean, says: unknown) => ({
    name,
    path,
    present: isThere,
    says,
  });
  return ok({
    mode: policy.mode,
    max_concurrent: limits.maxConcurrent,
    max_fanout: limits.maxFanout ?? null,
    max_orchestrated: limits.maxOrchestrated ?? null,
    timeout_default_ms: limits.timeoutDefaultMs ?? null,
    stop_grace_ms: limits.graceMs,
    max_steps: policy.maxSteps ?? null,
    max_depth: policy.maxDepth ?? null,
    max_command_bytes: policy.maxCommandBytes,
    sandbox: policy.sandbox,
    limits: policy.resources ?? null,
    allowed_commands: list("allowed_commands"),
    allowed_cwd: list("allowed_cwd"),
    env_allow: list("env_allow"),
    forbidden_patterns: policy.tiers.flatMap(({ says }) => says.forbidden_patterns ?? []),
    confirmation_required: policy.tiers.flatMap(({ says }) => says.confirmation_required ?? []),
    sources: sourcesOf(policy, sources),
    tiers: [
      tier("built-in", "", true, {
        mode: builtIn.mode,
        max_concurrent: builtIn.maxConcurrent,
        max_fanout: builtIn.maxFanout,
        max_orchestrated: builtIn.maxOrchestrated,
      }),
      tier("user", ports.policy.userPath, files.userText !== undefined, files.user),
      tier("policy.yaml", ".threados/policy.yaml", files.text !== undefined, files.file),
      tier("sequence", ".threados/sequence.yaml", sequence.policy !== undefined, sequence.policy ?? {}),
    ],
    warnings: policy.warnings,
  });
}

/** Which tiers a value comes from; what none of them says is built in. */
function sourcesOf(policy: Policy, limits: Policy["sources"]): Record<string, string> {
  const sources: Record<string, string> = { ...limits };
  for (const key of [
    "allowed_commands",
    "allowed_cwd",
    "env_allow",
    "forbidden_patterns",
    "confirmation_required",
  ] as const) {
    const from = policy.tiers.filter(({ says }) => says[key] !== undefined).map(({ tier }) => tier);
    if (from.length > 0) sources[key] = from.join(", ");
  }
  return sources;
}

/** What `policy.explain` asks about: words, a line, or a step as it stands. */
export interface Question {
  command?: string | string[];
  step?: string;
  cwd?: string;
}

/** Which rule decides over a command, and why. */
export function explainPolicy(ports: Ports, question: Question): Result<unknown> {
  const loaded = load(ports);
  if (!loaded.ok) return loaded;
  const step = stepAsked(ports, loaded.value.sequence, question);
  if (!step.ok) return step;
  const verdict = judgeCommand(loaded.value.policy, step.value, ports.world);
  const looked = ports.world.look(step.value);
  const told = {
    command: step.value.command ?? null,
    ...verdict,
    mode: loaded.value.policy.mode,
    executable: looked.executable ?? null,
    cwd: looked.cwd ?? null,
  };
  return ok(scrubJson(told as unknown as Json, ports.knownSecrets()));
}

function stepAsked(ports: Ports, sequence: Sequence, { command, step: id, cwd }: Question): Result<Step> {
  const given = cwd === undefined ? {} : { cwd };
  if (id === undefined) {
    const words = typeof command === "string" ? wordsIn(command) : command;
    if (words === undefined || words.length === 0)
      return err({
        code: "input.invalid",
        problem: "say which command or which step is to be explained",
        hint: "seqctl policy explain -- npm test, or seqctl policy explain --step <id>; `seqctl policy show` shows all rules",
      });
    return ok({ id: "command", command: words, ...given });
  }
  const step = sequence.steps?.find((each) => each.id === id);
  if (!step) return unknownStep(sequence, id);
  const asStarted = startedWith(ports, sequence, step);
  return asStarted.ok ? ok({ ...asStarted.value, ...given }) : asStarted;
}

/** Over HTTP a list of words comes as JSON; any other text is a line for the shell. */
function wordsIn(text: string): string | string[] {
  if (!text.trimStart().startsWith("[")) return text;
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value) && value.every((word) => typeof word === "string")) return value;
  } catch {
    // Then it is a line that begins with the program `[`.
  }
  return text;
}

function startedWith(ports: Ports, sequence: Sequence, step: Step): Result<Step> {
  if (!isAgentStep(sequence, step)) return ok(step);
  const argv = ports.agents.argv(sequence, step);
  return argv.ok ? ok({ ...step, command: argv.value }) : argv;
}

interface Past {
  run: string;
  step: string;
  attempt: number;
  definition: Step;
}

/** Judges every attempt of past runs anew, by the present rules or by another text of policy.yaml. */
export function testPolicy(ports: Ports, { policy: text }: { policy?: string }): Result<unknown> {
  const loaded = load(ports);
  if (!loaded.ok) return loaded;
  const { files, sequence: present } = loaded.value;
  const tried = text === undefined ? ok(files.file) : parsePolicy(ports, text, "the policy to try");
  if (!tried.ok) return tried;
  const counts = { runs: 0, unreadable: 0, attempts: 0, unknown: 0, asked: 0, allowed: 0 };
  const stopped: Json[] = [];
  for (const run of ports.runs.list()) {
    const past = attemptsOf(ports, run);
    if (!past) {
      counts.unreadable += 1;
      continue;
    }
    counts.runs += 1;
    counts.unknown += past.unknown;
    for (const { sequence, attempts } of past.revisions) {
      const policy = effectivePolicy(tried.value, sequence, files.user);
      for (const { step, attempt, definition } of attempts) {
        counts.attempts += 1;
        const verdict = judgeCommand(policy, definition, ports.world);
        if (verdict.verdict === "deny") stopped.push(describe({ run, step, attempt, definition }, verdict));
        else counts[verdict.verdict === "ask" ? "asked" : "allowed"] += 1;
      }
    }
  }
  const { mode } = effectivePolicy(tried.value, present, files.user);
  return ok({ ...counts, stopped: scrubJson(stopped, ports.knownSecrets()), mode });
}

function describe({ run, step, attempt, definition }: Past, { rule, why, class: kind }: CommandVerdict) {
  return { run, step, attempt, command: (definition.command ?? null) as Json, class: kind, rule, why };
}

interface PastRun {
  revisions: { sequence: Sequence; attempts: { step: string; attempt: number; definition: Step }[] }[];
  /** Attempts whose command can't be told any more. */
  unknown: number;
}

/** The commands of a run's attempts, from its journal and the revisions it followed; undefined where it can't be read. */
function attemptsOf(ports: Ports, run: string): PastRun | undefined {
  const past: PastRun = { revisions: [], unknown: 0 };
  const opened = openRun(ports, run);
  if (!opened.ok) return opened.failure.code === "run.unknown" ? past : undefined;
  opened.value.journal.close();
  for (const fact of opened.value.facts) follow(ports, past, fact);
  return past;
}

function follow(ports: Ports, past: PastRun, fact: Recorded): void {
  if (fact.type === "run.opened" || fact.type === "plan.amended") {
    const text = ports.definition.revision(fact.revision);
    const sequence = text.ok ? ports.definition.check(text.value) : text;
    past.revisions.push({ sequence: sequence.ok ? sequence.value : { version: 1, name: "" }, attempts: [] });
  } else if (fact.type === "attempt.intended") {
    const newest = past.revisions.at(-1);
    const found = newest && stepOf(newest.sequence, fact.step);
    const started = newest && found ? startedWith(ports, newest.sequence, found) : undefined;
    if (newest && started?.ok && started.value.command !== undefined)
      newest.attempts.push({ step: fact.step, attempt: fact.attempt, definition: started.value });
    else past.unknown += 1;
  }
}

/** An instance's step is the one it was made from. */
function stepOf(sequence: Sequence, id: string): Step | undefined {
  const steps = sequence.steps ?? [];
  return steps.find((step) => step.id === id) ?? steps.find((step) => step.id === id.replace(/-\d+$/, ""));
}
