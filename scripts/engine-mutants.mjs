// Proves that the property tests of the engine would notice: breaks lib/core/engine in one place at a time, in a
// scratch copy, and expects the tests of test/core/engine to fail each time.
// Run it by hand after a change of the engine or of its tests (some minutes):  node scripts/engine-mutants.mjs [word]
// With a word, only the mutants whose name holds it. Exits 1 if a mutant survives or no longer finds its place.
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const MUTANT_TIMEOUT_MS = 120_000;

/** name · file below lib/core/engine · the text that stands there · what stands there instead */
const mutants = [
  [
    "one place too many",
    "step.ts",
    "active >= plan.limits.maxConcurrent",
    "active > plan.limits.maxConcurrent",
  ],
  [
    "one place too few",
    "step.ts",
    "active >= plan.limits.maxConcurrent",
    "active + 1 > plan.limits.maxConcurrent - 1",
  ],
  [
    "a need that is open counts as met",
    "join.ts",
    'return state !== "failed" && state !== "open";',
    'return state !== "failed";',
  ],
  [
    "a need that failed counts as met",
    "join.ts",
    'return state !== "failed" && state !== "open";',
    'return state !== "open";',
  ],
  ["the usual join looks at no need", "join.ts", 'if (!needMet(run, plan, need)) return "wait";', ""],
  [
    "a failure is borne unasked",
    "join.ts",
    'return isBorne(run, plan, need) ? "borne" : "failed";',
    'return "borne";',
  ],
  [
    "what builds on skipped steps only is started",
    "join.ts",
    'count > 0 && skipped === count ? "skip"',
    'count > 0 && skipped > count ? "skip"',
  ],
  ["any: one that is done is not enough", "join.ts", 'if (steps.done.length > 0) return "start";', ""],
  [
    "none_failed does not mind a failure",
    "join.ts",
    "steps.open.length + steps.failed.length === 0",
    "steps.open.length === 0",
  ],
  [
    "any and none_failed pass a gate",
    "join.ts",
    'if (gates.pending.length + gates.blocked.length > 0) return "wait";',
    "",
  ],
  ["needs are not looked at", "step.ts", " || !needsMet(run, plan, id)) continue;", ") continue;"],
  ["a pending gate is passed", "join.ts", 'run.gates.get(need)?.status === "APPROVED";', "true;"],
  ["one retry too many", "step.ts", "state.retries >= retriesAllowed", "state.retries > retriesAllowed"],
  ["a retry does not wait", "step.ts", "(state.retryAt ?? 0) > now ||", ""],
  [
    "a retry waits a step too long",
    "step.ts",
    "definition), state.retries);",
    "definition), state.retries + 1);",
  ],
  [
    "a refused start is retried",
    "step.ts",
    "Math.max(limit, lostAgain) : 0;",
    "Math.max(limit, lostAgain) : limit;",
  ],
  ["a lost step is retried unasked", "step.ts", 'end === "lost" && definition.idempotent', 'end === "lost"'],
  [
    "nobody wakes for a retry",
    "step.ts",
    "needsMet(run, plan, id)) consider(state.retryAt)",
    "!needsMet(run, plan, id)) consider(state.retryAt)",
  ],
  ["nobody wakes for a time limit", "step.ts", "consider(timeoutAt(plan, id, state))", "consider(undefined)"],
  ["a time limit is one late", "step.ts", "deadline <= now", "deadline < now"],
  ["TERM is forgotten", "step.ts", 'if (fact.type === "attempt.stopping")', "if (false)"],
  ["KILL does not wait for the grace", "step.ts", "plan.limits.graceMs > now", "plan.limits.graceMs < 0"],
  ["KILL comes again and again", "step-run.ts", "step.killed = true;", ""],
  [
    "the engine leaves while steps run",
    "step.ts",
    "if (isActive(state) || state.stopAsked) return false;",
    "",
  ],
  ["the engine leaves while a retry is due", "join.ts", 'if (state.phase === "waiting") return true;', ""],
  [
    "a failed group goes on",
    "step.ts",
    'state.phase === "idle" || state.phase === "waiting")\n      decide',
    'state.phase === "idle")\n      decide',
  ],
  ["best_effort is taken for fail_fast", "step.ts", 'failPolicy(plan, group) !== "fail_fast"', "false"],
  [
    "the file's last step goes first",
    "step.ts",
    "for (const id of plan.order) {",
    "for (const id of plan.order.toReversed()) {",
  ],
  [
    "lower priority goes first",
    "plan.ts",
    "(priority.get(b) ?? 0) - (priority.get(a) ?? 0)",
    "(priority.get(a) ?? 0) - (priority.get(b) ?? 0)",
  ],
  ["a plan is given for another revision", "plan.ts", "known?.plan.revision === revision && ", "known && "],
  ["a plan is given for other limits", "plan.ts", " && known.limits === limited", ""],
  ["a plan is given for another digest", "plan.ts", " && known.digest === digest)", ")"],
  ["a step's digest is kept for another digest", "plan.ts", "before?.by === digest", "before"],
  ["copies share their steps", "run.ts", "{ ...stepRun(run, id) }", "stepRun(run, id)"],
  ["copies share their gates", "run.ts", "gates: new Map(run.gates)", "gates: run.gates"],
  ["reports about old attempts count", "step-run.ts", "if (fact.attempt !== step.attempt) return;", ""],
  ["reports about ended attempts count", "step-run.ts", "if (!isActive(step)) return;\n  switch", "switch"],
  [
    "an attempt is decided twice",
    "step-run.ts",
    "fact.attempt !== step.attempt + 1 || isActive(step)",
    "false",
  ],
  ["a replaced engine still decides", "run.ts", "if (fact.fence >= run.fence) intended", "intended"],
  ["a new engine does not press a kill home", "run.ts", "{ since: at, killed: false }", "{}"],
  [
    "a stop forgets to call off the restart",
    "run.ts",
    "step.restart = false;\n      if (isActive",
    "if (step.phase",
  ],
  ["a stop leaves the cause as it was", "run.ts", 'if (isActive(step)) step.cause = "stopped";', ""],
  ["a request waits for the old retry", "step-run.ts", "  delete step.retryAt;\n", ""],
  ["a request does not start the count anew", "step-run.ts", "  step.retries = 0;\n", ""],
  [
    "a restart is forgotten",
    "run.ts",
    "if (isActive(step)) step.restart = true;",
    "if (isActive(step)) return;",
  ],
  [
    "a stopped step that says 0 is done",
    "step-run.ts",
    'if (step.phase === "stopping") {\n    const cause',
    "if (fact.code !== 0) {\n    const cause",
  ],
  [
    "any exit is a good end",
    "step-run.ts",
    'fact.code === 0) end(step, "done"',
    'fact.code >= 0) end(step, "done"',
  ],
  [
    "a block does not undo an approval",
    "run.ts",
    'run.gates.set(fact.gate, { status: "BLOCKED", by: fact.by, at });\n      return;\n    case',
    'if (!run.gates.has(fact.gate)) run.gates.set(fact.gate, { status: "BLOCKED", by: fact.by, at });\n      return;\n    case',
  ],
  [
    "work far below a gate goes on after it was blocked",
    "run.ts",
    'if (run.gates.get(fact.gate)?.status === "APPROVED")\n        run.withdrawn',
    'if (fact.gate === "")\n        run.withdrawn',
  ],
  [
    "work far below a gate goes on after its approval became void",
    "run.ts",
    "run.withdrawn = new Set([...run.withdrawn, fact.gate]);\n      for",
    "for",
  ],
  ["an approval is held for work elsewhere", "exhibit.ts", "if (above.has(id)) held.push", "held.push"],
  [
    "a round to come is no work below a gate",
    "exhibit.ts",
    "return plan.loops.includes(id);",
    "return false;",
  ],
  [
    "a gate below is no work below a gate",
    "exhibit.ts",
    '.gates.get(node.id)?.status !== "APPROVED"',
    ".canceled",
  ],
  ["a run that was given up holds its approvals", "exhibit.ts", "if (run.canceled) return held;", ""],
  [
    "the sentence forgets a failed need",
    "wait-reason.ts",
    'return { code: "dep_failed", on: steps.failed };',
    'return { code: "waiting_deps", on: steps.failed };',
  ],
  [
    "the sentence takes a blocked gate for an open one",
    "wait-reason.ts",
    "if (gates.blocked.length > 0) return heldBack(run, gates.blocked);",
    "",
  ],
  ["what an edit moved is held by the old drawing", "join.ts", "found?.graph !== graph", "!found"],
  [
    "of several approvals taken back one is named",
    "join.ts",
    "inherited.size > 1 || isTakenBack",
    "isTakenBack",
  ],
  [
    "what comes first is not what a person can do",
    "wait-reason.ts",
    '["asks", "held_back", "failed", "step"]',
    '["step", "failed", "held_back", "asks"]',
  ],
  ["what comes first is not said", "wait-reason.ts", "{ ...lack, first }", "lack"],
  [
    "what comes first is looked for behind any number of gates",
    "wait-reason.ts",
    " || lack.on.length > most.gates",
    "",
  ],
  [
    "what comes first is looked for however far back",
    "wait-reason.ts",
    "if (queue.size > most.nodes) return undefined;",
    "",
  ],
  ["the sentence forgets who is waited for", "wait-reason.ts", "on: steps.open };", "on: [] };"],
  [
    "a condition that does not hold is passed",
    "judge.ts",
    "judged && !judged.holds",
    "judged && judged.holds",
  ],
  ["a condition that can't be judged is passed", "judge.ts", "if (judged && !judged.ok)", "if (false)"],
  ["more instances than are allowed", "judge.ts", "if (count > max) return", "if (count > max + 1) return"],
  ["an empty list is expanded", "judge.ts", "if (items.length === 0) return", "if (items.length < 0) return"],
  [
    "instances that failed make a good end",
    "judge.ts",
    '["failed", "canceled"].includes',
    '["canceled"].includes',
  ],
  ["a step is over before its instances", "fan.ts", "return all.every(", "return all.some("],
  ["a loop runs a round too many", "loop.ts", "rounds < loop.max", "rounds <= loop.max"],
  [
    "a loop goes on although its condition holds",
    "loop.ts",
    "if (judged.ok && judged.holds) return undefined;",
    "",
  ],
  ["the engine leaves before a round is judged", "step.ts", "hasUndecidedRound(run, plan) || ", ""],
  [
    "a handler is called twice for one end",
    "handler.ts",
    "(state.answered?.[source] ?? -1) < cause.attempt",
    "true",
  ],
  [
    "a failure handler is called by a good end",
    "handler.ts",
    'on === "on_success" ? "done" : "failed"',
    'on === "on_success" ? "failed" : "done"',
  ],
  [
    "two of a concurrency group run at once",
    "step.ts",
    "if (group !== undefined && groups.has(group)) continue;",
    "",
  ],
  ["a usage limit is waited for unasked", "step.ts", "if (!resume.auto ||", "if ("],
  [
    "silence is not noticed",
    "step.ts",
    'idle !== undefined && idle <= now ? "idle_timeout"',
    'idle !== undefined && idle > now ? "idle_timeout"',
  ],
  [
    "ready is said of what was asked for",
    "status.ts",
    "if (!isPursued(run, state)) return",
    "if (true) return",
  ],
  ["the sentence has no full stop", "why.ts", "sentBack(node)}.`", "sentBack(node)}`"],
];

const wanted = mutants.filter(([name]) => name.includes(process.argv[2] ?? ""));
const scratch = mkdtempSync(join(tmpdir(), "engine-mutants-"));
const engine = join(scratch, "lib", "core", "engine");
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));
for (const part of ["lib", "test/core", "test/rig", "tsconfig.json", "package.json"])
  cpSync(join(root, part), join(scratch, part), { recursive: true });
symlinkSync(join(root, "node_modules"), join(scratch, "node_modules"));

const passes = () =>
  spawnSync(join(root, "node_modules", ".bin", "bun"), ["test", "--bail", "./test/core/engine"], {
    cwd: scratch,
    stdio: "ignore",
    timeout: MUTANT_TIMEOUT_MS,
  }).status === 0;

if (!passes()) {
  console.error("the tests fail without any mutation: mend that first");
  process.exit(1);
}
let bad = 0;
for (const [name, file, from, to] of wanted) {
  const path = join(engine, file);
  const text = readFileSync(path, "utf8");
  const parts = text.split(from);
  if (parts.length !== 2) {
    console.log(`?  ${name}: its place is found ${parts.length - 1} times in ${file}`);
    bad += 1;
    continue;
  }
  writeFileSync(path, parts.join(to));
  const survived = passes();
  writeFileSync(path, text);
  console.log(`${survived ? "✗  SURVIVED" : "✓  killed"}  ${name}`);
  if (survived) bad += 1;
}
console.log(`${wanted.length - bad} of ${wanted.length} killed`);
process.exitCode = bad === 0 ? 0 : 1;
