import type { Fact, Recorded } from "../core/engine/fact";
import { expandPlan } from "../core/engine/fan";
import { makePlan, type Plan } from "../core/engine/plan";
import { applyFact, emptyRun, type Run } from "../core/engine/run";
import type { Json } from "../core/json";
import { effectivePolicy, type Policy, type PolicyFile, readPolicy } from "../core/policy/policy";
import { err, ok, type Result } from "../core/result";
import { locate, readSource } from "../core/sequence/source";
import { lastValid } from "./last-valid";
import type { Definition, Journal, Ports } from "./ports";
import { loadSubs } from "./subs";

/** Everything a call is judged by: the definition, the rules in force, and the newest run. */
export interface State {
  definition: Definition;
  /** The text can't be read, and none that could be is recorded: nobody knows what is in it. */
  isUnknown?: true;
  policyText: string | undefined;
  /** The text of the user's own policy. */
  userText: string | undefined;
  policyFile: PolicyFile;
  userFile: PolicyFile;
  policy: Policy;
  plan: Plan;
  run: Run;
  /** The newest run's journal; undefined before the first run. */
  journal: Journal | undefined;
}

/** The two policies as they stand in files. */
export interface PolicyFiles {
  text: string | undefined;
  file: PolicyFile;
  userText: string | undefined;
  user: PolicyFile;
}

/** Reads policy.yaml and the user's own; a missing file is the safe defaults, a broken one a refusal. */
export function loadPolicy(ports: Ports): Result<PolicyFiles> {
  const text = ports.policy.load();
  if (!text.ok) return text;
  const file = parsePolicy(ports, text.value, ".threados/policy.yaml");
  if (!file.ok) return file;
  const userText = ports.policy.loadUser();
  if (!userText.ok) return userText;
  const user = parsePolicy(ports, userText.value, ports.policy.userPath);
  return user.ok
    ? ok({ text: text.value, file: file.value, userText: userText.value, user: user.value })
    : user;
}

/** Reads the text of a policy; its patterns are tried out, since one that can't be read would not hold. */
export function parsePolicy(ports: Ports, text: string | undefined, path: string): Result<PolicyFile> {
  const blank = text === undefined || /^(?:\s*(?:#.*)?\n?)*$/.test(text);
  const value = blank ? ok<Json | undefined>(undefined) : readSource(text, path);
  if (!value.ok) return value;
  const name = path.endsWith(".threados/policy.yaml") ? "policy.yaml" : path;
  const file = readPolicy(value.value, name, (at, what) => locate(text ?? "", path, at, what));
  if (!file.ok) return file;
  for (const [at, pattern] of (file.value.forbidden_patterns ?? []).entries()) {
    const fault = ports.policy.patternFault(pattern);
    if (fault !== undefined)
      return err({
        code: "policy.invalid",
        problem: `${name}: forbidden_patterns[${at}] ${fault}`,
        place: locate(text ?? "", path, ["forbidden_patterns", at]),
      });
  }
  return file;
}

/** Folds facts read from a journal into a run; a gap in their numbers means that the journal was tampered with. */
export function foldInto(run: Run, facts: readonly Recorded[], file: string): Result<null> {
  for (const fact of facts) {
    if (fact.seq !== run.seq + 1) {
      return err({
        code: "journal.corrupt",
        file,
        line: run.seq + 1,
        problem: `expected fact ${run.seq + 1}, found ${fact.seq}`,
      });
    }
    applyFact(run, fact, Date.parse(fact.ts));
    run.seq = fact.seq;
  }
  return ok(null);
}

/** Opens a run's journal and folds it. */
export function openRun(ports: Ports, id: string): Result<{ run: Run; journal: Journal; facts: Recorded[] }> {
  const journal = ports.runs.open(id);
  if (!journal.ok) return journal;
  const run = emptyRun(id);
  const facts = journal.value.news();
  const folded = facts.ok ? foldInto(run, facts.value, `runs/${id}/events.jsonl`) : facts;
  if (!folded.ok || !facts.ok) {
    journal.value.close();
    return folded.ok ? err({ code: "internal", problem: "unreadable journal" }) : folded;
  }
  return ok({ run, journal: journal.value, facts: facts.value });
}

/** Numbers facts behind the run's last and appends them to its journal. Needs the workspace lock and a journal read to its end. */
export function writeFacts(
  ports: Ports,
  journal: Journal,
  run: Run,
  facts: readonly Fact[],
  sync: boolean,
): Recorded[] {
  const torn = journal.repair();
  const all: Fact[] = torn > 0 ? [{ type: "journal.repaired", bytes: torn }, ...facts] : [...facts];
  if (all.length === 0) return [];
  const ts = new Date(ports.now()).toISOString();
  const recorded = all.map((fact, index): Recorded => ({ seq: run.seq + index + 1, ts, ...fact }));
  journal.append(recorded, sync);
  run.seq += recorded.length;
  return recorded;
}

/** Writes facts and folds them into the run. */
export function appendFacts(
  ports: Ports,
  journal: Journal,
  run: Run,
  facts: readonly Fact[],
  sync: boolean,
): void {
  for (const fact of writeFacts(ports, journal, run, facts, sync)) applyFact(run, fact, Date.parse(fact.ts));
}

const takesBack = "`seqctl undo --any` takes the last edit back";

/** Reads definition, policy and newest run. Without the lock the answer is one consistent moment of each. `forNewRun` does without a run whose journal is corrupt. */
export function loadState(ports: Ports, forNewRun = false): Result<State> {
  const definition = ports.definition.load();
  if (!definition.ok)
    return lastValid(ports) ? err({ ...definition.failure, wayOut: takesBack }) : definition;
  const policy = loadPolicy(ports);
  return policy.ok ? stateOf(ports, definition.value, policy.value, forNewRun) : policy;
}

/** Reads the newest run, and lays it over a definition and policies. */
export function stateOf(
  ports: Ports,
  definition: Definition,
  policy: PolicyFiles,
  forNewRun = false,
): Result<State> {
  const { file, user } = policy;
  const { sequence, digest } = definition;
  const effective = effectivePolicy(file, sequence, user);
  const newest = ports.runs.newest();
  const found = newest === undefined ? undefined : openRun(ports, newest);
  const opened =
    forNewRun && found?.ok === false && found.failure.code === "journal.corrupt" ? undefined : found;
  if (opened && !opened.ok) return opened;
  const run = opened?.value.run ?? emptyRun("");
  const subs = loadSubs(ports, sequence, run);
  const made = makePlan(sequence, digest, effective.limits, ports.sha256);
  const plan = subs ? { ...made, subs } : made;
  return ok({
    definition,
    policyText: policy.text,
    userText: policy.userText,
    policyFile: file,
    userFile: user,
    policy: effective,
    plan: expandPlan(plan, run),
    run,
    journal: opened?.value.journal,
  });
}
