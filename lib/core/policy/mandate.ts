import type { Fact } from "../engine/fact";
import type { Plan } from "../engine/plan";
import { isActive, type Run, stepRun } from "../engine/run";
import { stepIn } from "../engine/step";
import { err, ok, type Result } from "../result";
import { agentOf, commandsBeside, isAgentStep, modelOf, promptPathOf } from "../sequence/effective";
import type { Sequence, Step } from "../sequence/schema";
import { headOf, isBuiltInWatchdog, maxRestartsDefault, workersOf } from "../sequence/threads";
import type { AttemptId } from "../step-token";
import { judgeCommand, type World } from "./judge-command";
import type { Policy } from "./policy";
import { narrower } from "./resources";

/** What a step's agent is judged by: the attempt that its token proves, and everything that may have been granted to it. */
export interface Claim {
  attempt: AttemptId;
  plan: Plan;
  run: Run;
  policy: Policy;
  world: World;
  /** Rules ask a person about this action whatever was granted. */
  confirmed: boolean;
}

/** An edit as it may go ahead: with the steps it adds owned by their boss, and whether a person need not be asked. */
export interface Judged {
  sequence: Sequence;
  free: boolean;
  added: string[];
  /** The boss above all others, who was granted a number of steps. */
  head: string;
}

/** How many steps each boss among those that a person starts may add by itself. */
export function mandatesFor(plan: Plan, starts: readonly string[], by: string): Record<string, number> {
  if (by.startsWith("agent:")) return {};
  const max = plan.limits.maxOrchestrated ?? 0;
  const bosses = starts.filter((id) => {
    const step = stepIn(plan, id);
    return step?.type === "b" && step.orchestrator === undefined;
  });
  return Object.fromEntries(bosses.map((id) => [id, max]));
}

/** The boss that claims, and what it was granted; undefined if it is none, is being stopped, or nobody has agreed to it. */
function grantOf({ attempt, plan, run }: Claim) {
  const { phase } = stepRun(run, attempt.step);
  if (run.id !== attempt.run || (phase !== "intended" && phase !== "running")) return undefined;
  if (stepIn(plan, attempt.step)?.type !== "b") return undefined;
  const head = headOf(plan.sequence, attempt.step);
  const mandate = run.mandates.get(head);
  return mandate && { boss: attempt.step, head, ...mandate };
}

/** Judges an edit that a step's agent asks for; undefined where it is for a person to decide, as with any agent. */
export function judgeEdit(claim: Claim, after: Sequence): Result<Judged | undefined> {
  const grant = grantOf(claim);
  if (!grant) return ok(undefined);
  const before = claim.plan.authored?.sequence ?? claim.plan.sequence;
  const { boss, head } = grant;
  const known = new Map((before.steps ?? []).map((step) => [step.id, step]));
  const own = new Set(workersOf(before, boss));
  const added = (after.steps ?? []).filter((step) => !known.has(step.id)).map((step) => step.id);
  // Whatever the call says, what a boss adds is its own, and what was somebody's stays that one's.
  const steps = (after.steps ?? []).map((step) => {
    if (added.includes(step.id))
      return { ...step, ...confinedAs(stepIn(claim.plan, boss), step), orchestrator: boss };
    const owner = known.get(step.id)?.orchestrator;
    return own.has(step.id) && owner !== undefined ? { ...step, orchestrator: owner } : step;
  });
  const sequence = { ...after, steps };
  const foreign = (one: Sequence) =>
    JSON.stringify({ ...one, steps: one.steps?.filter(({ id }) => !own.has(id) && !added.includes(id)) });
  if (foreign(sequence) !== foreign(before)) return ok({ sequence, free: false, added: [], head });
  const all = new Set([...grant.added, ...added]);
  const max = Math.min(grant.max, claim.policy.limits.maxOrchestrated ?? grant.max);
  if (added.length > 0 && all.size > max) return err({ code: "orchestrator.limit", boss: head, max });
  const mine = new Set([...own, ...added]);
  const changed = steps.filter((step) => mine.has(step.id) && !isSame(step, known.get(step.id)));
  const kept = new Map(steps.map((step) => [step.id, step]));
  // What it takes away it may add again, confined as it is itself.
  const again = confinedAs(stepIn(claim.plan, boss), {});
  const touchesTheirs = [...own].some((id) => {
    const [was, is] = [known.get(id) as Step, kept.get(id)];
    // What a person wrote stands as it was agreed to: its gates, its sandbox, that it is there at all.
    if (!grant.added.includes(id)) return !is || !isSame(is, was);
    // And what keeps a step back keeps it back, whoever put it there: a person may have, later on.
    const holding = holdsOf(before, is ?? again);
    return isWider(is ?? again, was) || holdsOf(before, was).some((hold) => !holding.includes(hold));
  });
  const free =
    !claim.confirmed && !touchesTheirs && changed.every((step) => mayHave(claim, sequence, mine, step));
  return ok({ sequence, free, added: free ? added : [], head });
}

const isSame = (a: Step, b: Step | undefined) => JSON.stringify(a) === JSON.stringify(b);

/** What a step must pass or stay within: gates by their ids, and the sandbox. No id holds a blank. */
function holdsOf({ gates }: Sequence, step: Partial<Step>): string[] {
  const passes = (step.depends_on ?? []).filter((id) => gates?.some((gate) => gate.id === id));
  return step.sandbox === "required" ? [...passes, "its sandbox"] : passes;
}

/** Whether a step may use more of the machine than it might before. */
function isWider({ limits }: Partial<Step>, was: Step): boolean {
  return JSON.stringify(narrower(limits, was.limits)) !== JSON.stringify(limits);
}

/** What a boss adds is confined as it is itself: else its workers would be its way out. */
function confinedAs(boss: Step | undefined, step: Partial<Step>): Pick<Step, "sandbox" | "limits"> {
  const limits = narrower(boss?.limits, step.limits);
  return { ...(boss?.sandbox ? { sandbox: boss.sandbox } : {}), ...(limits ? { limits } : {}) };
}

/** Whether a boss may have such a worker without a person: it runs what is allowed, and reaches no step but the boss's own. */
function mayHave(
  { plan, policy, world, attempt }: Claim,
  sequence: Sequence,
  mine: Set<string>,
  step: Step,
): boolean {
  const boss = stepIn(plan, attempt.step) as Step;
  const named = [...(step.on_success ?? []), ...(step.on_failure ?? []), ...(step.finally ?? [])];
  if (step.watchdog_for !== undefined) named.push(step.watchdog_for);
  const sharesGroup = (sequence.steps ?? []).some(
    (other) => other.group_id !== undefined && other.group_id === step.group_id && !mine.has(other.id),
  );
  // Files and commands of which nobody has seen anything, and a way out of the sandbox.
  const reachesOut = step.sequence !== undefined || step.worktree !== undefined || step.network === true;
  const repeats = step.loop !== undefined || (step.retry?.limit ?? 0) > 0;
  const multiplies = repeats || step.for_each !== undefined || (step.fanout ?? 1) > 1;
  const inherits = Object.entries(step.env ?? {}).every(([name, value]) => boss.env?.[name] === value);
  if (reachesOut || multiplies || sharesGroup || !inherits || !named.every((id) => mine.has(id)))
    return false;
  if (isBuiltInWatchdog(step)) return true;
  const confined = policy.sandbox === "required" || boss.sandbox === "required";
  if (policy.sandbox !== "required" && boss.sandbox !== undefined && step.sandbox === undefined) return false;
  if (JSON.stringify(confinedAs(boss, step).limits) !== JSON.stringify(step.limits)) return false;
  const hasNetwork = (one: Step) => one.network ?? isAgentStep(sequence, one);
  if (confined && hasNetwork(step) && !hasNetwork(boss)) return false;
  const mayRun = (one: Step) => one.command === undefined || mayRunFreely(policy, one, world);
  if (![step, ...commandsBeside(sequence, step)].every(mayRun)) return false;
  const adapter = (one: Step) => agentOf(modelOf(sequence, one)).adapter;
  return (
    step.command !== undefined ||
    adapter(step) === "shell" ||
    adapter(step) === adapter(boss) ||
    isListed(policy, adapter(step))
  );
}

/** What is on every list of what may run needs no person in SAFE either; what is destructive, or goes through the shell, does. */
function mayRunFreely(policy: Policy, step: Step, world: World): boolean {
  const mode = listsOf(policy).length > 0 ? "POWER" : policy.mode;
  return judgeCommand({ ...policy, mode }, step, world).verdict === "allow";
}

const listsOf = ({ tiers }: Policy) =>
  tiers.flatMap(({ says }) => (says.allowed_commands ? [says.allowed_commands] : []));

/** Whether there are lists of what may run, and each of them names the program without further conditions. */
function isListed(policy: Policy, program: string): boolean {
  const lists = listsOf(policy);
  return lists.length > 0 && lists.every((list) => list.includes(program));
}

/** Whether a boss may write the prompt of a worker that it added: one that no other step is told by. */
export function mayWritePrompt(claim: Claim, id: string): boolean {
  const grant = grantOf(claim);
  const { sequence } = claim.plan;
  const step = stepIn(claim.plan, id);
  if (
    claim.confirmed ||
    !grant ||
    !step ||
    !grant.added.includes(id) ||
    !workersOf(sequence, grant.boss).includes(id) ||
    step.prompt !== undefined
  )
    return false;
  return !(sequence.steps ?? []).some((one) => one.id !== id && promptPathOf(one) === promptPathOf(step));
}

/** Judges facts that a step's agent asks for: whether a boss's are about its own steps, and a watchdog's about what it watches. */
export function judgeFacts(claim: Claim, facts: readonly Fact[]): Result<boolean> {
  const { plan, run, attempt } = claim;
  if (claim.confirmed) return ok(false);
  const grant = grantOf(claim);
  const own = new Set(grant ? workersOf(plan.sequence, grant.boss) : []);
  const isOwn = (id: string) => own.has(stepRun(run, id).of ?? id);
  if (grant && facts.length > 0 && facts.every((fact) => isAbout(fact, run, isOwn)))
    return hasRoom(claim, facts);
  const definition = stepIn(plan, attempt.step);
  const watched = definition?.watchdog_for;
  const isWatching = watched !== undefined && run.id === attempt.run && facts.length > 0;
  if (!isWatching || !facts.every((fact) => isAbout(fact, run, (id) => id === watched))) return ok(false);
  // It may end or restart it, not start what nobody has asked for.
  if (facts.some((fact) => fact.type === "steps.requested")) return ok(false);
  const max = definition?.max_restarts ?? maxRestartsDefault;
  const used = stepRun(run, watched).restarts?.[`agent:${attempt.step}`] ?? 0;
  const restarts = facts.some((fact) => fact.type === "restart.requested");
  return restarts && used >= max
    ? err({ code: "watchdog.limit", watchdog: attempt.step, step: watched, max })
    : ok(true);
}

/** Whether a fact asks for, stops or restarts nothing but such steps, on terms that the run has already. */
function isAbout(fact: Fact, run: Run, isOwn: (id: string) => boolean): boolean {
  if (fact.type === "stop.requested" || fact.type === "restart.requested") return isOwn(fact.step);
  if (fact.type !== "steps.requested" || fact.bearsFailures || fact.mandates) return false;
  const sameTerms = fact.params === undefined || JSON.stringify(fact.params) === JSON.stringify(run.params);
  return sameTerms && fact.steps.every(isOwn);
}

/** A boss that waits for its worker takes a place of its own: where bosses take all of them, the worker would never start. */
function hasRoom({ plan, run }: Claim, facts: readonly Fact[]): Result<boolean> {
  const [first] = facts.flatMap((fact) => (fact.type === "steps.requested" ? fact.steps : []));
  const bosses = plan.order.filter((id) => stepIn(plan, id)?.type === "b" && isActive(stepRun(run, id)));
  const { maxConcurrent } = plan.limits;
  if (first === undefined || bosses.length < maxConcurrent) return ok(true);
  const reason = `max_concurrent is ${maxConcurrent}, and its boss takes that place: allow one more in .threados/policy.yaml`;
  return err({ code: "step.blocked", id: first, reason });
}
