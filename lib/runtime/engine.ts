import { factsOf } from "../core/agents/report";
import type { Fact } from "../core/engine/fact";
import { expandPlan } from "../core/engine/fan";
import { isPursued } from "../core/engine/join";
import { isAsItRan, type Plan } from "../core/engine/plan";
import { isActive, type Run, type StepRun, stepRun } from "../core/engine/run";
import { isComplete, stepStatus } from "../core/engine/status";
import { type Effect, idleAt, isQuiet, type News, step, stepIn } from "../core/engine/step";
import { exitedAt } from "../core/engine/step-run";
import { amendedTo } from "../core/engine/sub-files";
import { renderFailure } from "../core/failure-table";
import { err, ok, type Result } from "../core/result";
import { ClockWatch, recordJump } from "./clock-watch";
import { voidsAfter } from "./exhibit";
import { orderFor } from "./order";
import { denyStart } from "./permit";
import type { ExitReport, Ports, ProcessHost } from "./ports";
import { finishInterrupted, recordAudit, systemFact } from "./record";
import { followFiles } from "./reload";
import { loadUnderWay } from "./standing";
import { appendFacts, foldInto, type State, writeFacts } from "./state";

/** Who holds the lease, and what the engine needs besides the ports every command has. */
export interface EngineHost {
  host: ProcessHost;
  boot: string;
  pid: number;
  /** Said once the lease is recorded, and again whenever the note may be lost: others may rely on this engine. */
  announce(fence: number): void;
  /** Lets go of the lease; called while the workspace lock is held, so that nobody can miss it. */
  release(): void;
  log(message: string): void;
}

const lockWaitMs = 30_000;
/** How long a start report may wait for other facts to be written with it, in ms. */
const lingerMs = 15;
/** Looks again even if no change was noticed; the safety net below file watching, in ms. */
const sweepMs = 2_000;

/** The one loop that acts: reads facts, decides by the pure engine, records, then starts and stops processes. Ends by itself when nothing is left to do. */
export class Engine {
  private readonly ports: Ports;
  private readonly outer: EngineHost;
  private state: State | undefined;
  private readonly observed: Fact[] = [];
  private readonly exits: ExitReport[] = [];
  private cancelWake: () => void = () => undefined;
  private wakeAt = Number.POSITIVE_INFINITY;
  private cycling = false;
  private again = false;
  private stopped: ((result: Result<string>) => void) | undefined;
  private leaving: string | undefined;
  private auditSize = -1;
  private over = false;
  private readonly clock: ClockWatch;

  constructor(ports: Ports, outer: EngineHost) {
    this.ports = ports;
    this.outer = outer;
    this.clock = new ClockWatch(ports);
  }

  /** Runs until nothing is left to do, somebody asks it to leave, or the workspace can't be worked on. */
  async run(): Promise<Result<string>> {
    const ended = new Promise<Result<string>>((resolve) => {
      this.stopped = resolve;
    });
    this.outer.host.onExit((exit) => {
      this.exits.push(exit);
      this.schedule(0);
    });
    const watcher = this.ports.watchOthers(() => this.schedule(0));
    await this.cycle();
    const result = await ended;
    this.over = true;
    watcher.close();
    this.cancelWake();
    this.outer.host.close();
    // The lease is free by now: nobody waits for this. An engine that never had it knows nothing of what is in use.
    if (result.ok) this.outer.host.sweep();
    return result;
  }

  /** Lets go of the lease after the present cycle; what runs goes on and is adopted by the next engine. */
  leave(reason: string): void {
    this.leaving = reason;
    this.schedule(0);
  }

  private schedule(delayMs: number): void {
    // The lease is gone: what ends from now on is for the next engine to find.
    if (this.over) return;
    if (this.cycling) {
      this.again ||= delayMs === 0;
      if (delayMs === 0) return;
    }
    const at = performance.now() + delayMs;
    if (at >= this.wakeAt) return;
    this.cancelWake();
    this.wakeAt = at;
    // A timer of 0 ms still waits a whole millisecond, which is longer than many steps take.
    if (delayMs === 0) {
      const soon = setImmediate(() => void this.cycle());
      this.cancelWake = () => clearImmediate(soon);
    } else {
      const timer = setTimeout(() => void this.cycle(), delayMs);
      this.cancelWake = () => clearTimeout(timer);
    }
  }

  private async cycle(): Promise<void> {
    this.cancelWake();
    this.wakeAt = Number.POSITIVE_INFINITY;
    this.cycling = true;
    let result: Result<CycleEnd>;
    do {
      this.again = false;
      result = await this.ports.withLock(lockWaitMs, () => this.locked());
    } while (result.ok && this.again && result.value.over === undefined);
    this.cycling = false;
    if (!result.ok) return this.stopped?.(result);
    if (result.value.over !== undefined) return this.stopped?.(ok(result.value.over));
    const untilWakeMs =
      result.value.wakeAt === undefined ? sweepMs : Math.max(0, result.value.wakeAt - this.ports.now());
    this.schedule(this.observed.length > 0 ? lingerMs : Math.min(untilWakeMs, sweepMs));
  }

  /** One turn under the workspace lock. */
  private locked(): Result<CycleEnd> {
    // Somebody who recorded a change may have died before it was made; later facts must not overtake it.
    if (this.ports.audit.size() !== this.auditSize) {
      finishInterrupted(this.ports);
      this.auditSize = this.ports.audit.size();
    }
    const first = this.state === undefined;
    const read = first ? this.takeOver() : this.refresh();
    if (!read.ok) return read;
    const state = this.state;
    if (!state?.journal) return this.depart("there is no run");
    this.outer.announce(state.run.fence);
    const news = read.value;
    const jumped = this.jumped(state);
    if (!jumped.ok) return jumped;
    const exits = this.exits.splice(0);
    news.push(
      ...jumped.value.map(this.now),
      ...this.observed.splice(0).map(this.now),
      ...exits.flatMap((exit) => this.exitFact(exit)).map(this.now),
    );
    news.push(...this.printed(state, this.ports.now()).map(this.now));
    news.push(...voidsAfter(this.ports, state.run, state.plan, news).map(this.now));
    const outcome = step(state.run, state.plan, news, this.ports.now());
    for (const exit of exits) this.keepResult(outcome.run, exit);
    const mine = news.filter(({ fact }) => !("seq" in fact)).map(({ fact }) => fact);
    const facts = [...mine, ...outcome.facts];
    // The text that steps come from is kept before the fact that speaks of it.
    for (const fact of facts) if (fact.type === "plan.expanded") this.keepSub(state.plan, fact);
    const sync = facts.some((fact) => fact.type !== "attempt.started");
    state.run = outcome.run;
    state.plan = expandPlan(state.plan, state.run);
    const isLast = isQuiet(state.run, state.plan) && this.exits.length === 0;
    // Whoever waits for the end goes on once it is written, and finds everything in its place.
    if (isLast) this.outer.host.linkAll();
    writeFacts(this.ports, state.journal, state.run, facts, sync);
    for (const effect of outcome.effects) this.act(state, effect);
    if (this.leaving) return this.depart(this.leaving);
    if (isLast && this.observed.length === 0 && this.exits.length === 0)
      return this.depart("nothing is left to do");
    return ok({ wakeAt: outcome.wakeAt, over: undefined });
  }

  private keepSub({ subs }: Plan, { sub }: Extract<Fact, { type: "plan.expanded" }>): void {
    for (const [path, read] of subs ?? [])
      if (read.ok && read.value.digest === sub?.revision) this.ports.definition.keepSub(path, sub.revision);
  }

  private readonly now = (fact: Fact): News => ({ fact, at: this.ports.now() });

  /** First turn: records the lease, then finds out what became of every attempt under way. */
  private takeOver(): Result<News[]> {
    const loaded = loadUnderWay(this.ports);
    if (!loaded.ok) return loaded;
    const state = loaded.value;
    this.state = state;
    if (!state.journal) return ok([]);
    const fence = state.run.fence + 1;
    const { boot, pid } = this.outer;
    appendFacts(this.ports, state.journal, state.run, [{ type: "engine.started", fence, pid, boot }], true);
    const facts: Fact[] = [];
    for (const [id, step] of state.run.steps) {
      if (fence > 1 && step.attempt > 0) this.outer.host.relink(state.run.id, id, step.attempt);
      if (isActive(step)) facts.push(...this.recover(state, id, step));
    }
    return ok(facts.map(this.now));
  }

  /** A clock that was set ends nothing: limits are about how long something takes. */
  private jumped(state: State): Result<Fact[]> {
    const byMs = this.clock.jumpMs();
    if (byMs === 0) return ok([]);
    this.outer.log(`the clock was set by ${byMs} ms`);
    const printed = this.printed(state, Number.MAX_VALUE);
    return recordJump(this.ports, state.run, state.policy.mode, byMs, printed);
  }

  /** Looks whether those that seem to be silent for too long at that time have printed something after all. */
  private printed({ run, plan }: State, by: number): Fact[] {
    const facts: Fact[] = [];
    for (const [step, state] of run.steps) {
      if (state.phase !== "running" || (idleAt(plan, step, state) ?? Infinity) > by) continue;
      const { attempt } = state;
      const at = this.outer.host.printedAt(run.id, step, attempt);
      if (at !== undefined && at > Math.max(state.startedAt ?? 0, state.printedAt ?? 0))
        facts.push({ type: "attempt.printed", step, attempt, at });
    }
    return facts;
  }

  private recover(state: State, id: string, step: StepRun): Fact[] {
    const { attempt } = step;
    const found = this.outer.host.recover(state.run.id, id, attempt, step.phase === "stopping");
    this.outer.log(`found ${id}, attempt ${attempt}: ${found.kind}`);
    switch (found.kind) {
      case "never_started":
        if (step.phase === "stopping")
          return [{ type: "attempt.exited", step: id, attempt, code: 143, tree: "gone" }];
        // What was meant, and what approvals were given for, is not what would be started now.
        if (!isAsItRan(state.plan, id, step)) this.refuse(id, attempt, "it changed before it could begin");
        else this.act(state, { type: "spawn", step: id, attempt });
        return [];
      case "alive":
        if (step.phase === "stopping") this.outer.host.signal(state.run.id, id, attempt, "TERM");
        return [{ type: "attempt.adopted", step: id, attempt, pid: found.pid }];
      case "ending":
        return [];
      case "exited":
        this.exits.push(found.exit);
        return [];
      case "lost":
        this.exits.push({
          run: state.run.id,
          step: id,
          attempt,
          code: undefined,
          leftovers: 0,
          tree: "unproven",
        });
        return [];
    }
  }

  /** Later turns: what others appended, and a definition or policy that changed. */
  private refresh(): Result<News[]> {
    const state = this.state as State;
    const newest = this.ports.runs.newest();
    if (newest !== undefined && newest !== state.run.id) {
      const sealed = this.sealRun(state);
      state.journal?.close();
      this.state = undefined;
      return sealed.ok ? this.takeOver() : sealed;
    }
    const news = state.journal?.news();
    if (!news?.ok) return news ?? ok([]);
    const before = state.run.fence;
    const known = state.definition.digest;
    const changed = followFiles(this.ports, state);
    if (!changed.ok) return changed;
    const revision = state.definition.digest;
    // Edited by hand: those who follow the run learn it from the journal, as with every other edit.
    if (revision !== known && !news.value.some((f) => f.type === "plan.amended" && f.revision === revision))
      this.observed.push(amendedTo(state.plan, state.run));
    // The facts are folded by `step` below; here only their numbers and a newer fence are looked at.
    for (const fact of news.value) {
      if (fact.seq !== state.run.seq + 1) return foldInto(state.run, [fact], "events.jsonl") as Result<never>;
      state.run.seq = fact.seq;
      if (fact.type === "engine.started" && fact.fence > before) {
        return err({ code: "engine.busy", problem: "another engine has taken over this run" });
      }
    }
    return ok(news.value.map((fact) => ({ fact, at: Date.parse(fact.ts) })));
  }

  private exitFact(exit: ExitReport): Fact[] {
    const { step, attempt, code, tree, leftovers } = exit;
    const state = stepRun((this.state as State).run, step);
    if (code === undefined && state.phase !== "stopping") {
      this.outer.host.collect((this.state as State).run.id, step, attempt, undefined);
      return [{ type: "attempt.lost", step, attempt }];
    }
    const proof = state.phase === "stopping" ? { tree } : {};
    const { plan, run } = this.state as State;
    const typed =
      code === 0 && state.phase !== "stopping" ? { schema: stepIn(plan, step)?.outputs?.schema } : undefined;
    const report = this.outer.host.collect(run.id, step, attempt, typed);
    return [
      {
        type: "attempt.exited",
        step,
        attempt,
        code: code ?? 137,
        ...(exit.endedAt === undefined ? {} : { at: exit.endedAt }),
        ...proof,
        ...(leftovers > 0 ? { leftovers } : {}),
        ...(exit.agent ? { agent: factsOf(exit.agent) } : {}),
        ...(exit.worktree ? { worktree: exit.worktree } : {}),
        ...report,
      },
    ];
  }

  /** Writes the attempt's own record before the fact that others act on. */
  private keepResult(after: Run, exit: ExitReport): void {
    const state = this.state as State;
    const view = stepStatus(after, state.plan, exit.step, true);
    const { run, step, attempt } = exit;
    const startedAt = view.startedAt ?? this.ports.now();
    const reason = view.status === "DONE" ? null : (view.reason?.code ?? null);
    this.outer.host.finish({
      run,
      step,
      attempt,
      status: view.status === "DONE" ? "DONE" : "FAILED",
      reason,
      exitCode: exit.code ?? null,
      startedAt,
      endedAt: exitedAt(exit.endedAt === undefined ? {} : { at: exit.endedAt }, this.ports.now(), startedAt),
      ...(exit.agent ? { agent: exit.agent } : {}),
    });
  }

  private act(state: State, effect: Effect): void {
    const { run, plan } = state;
    if (effect.type === "kill") {
      this.outer.host.signal(run.id, effect.step, effect.attempt, effect.signal);
      return;
    }
    const { step: id, attempt } = effect;
    const definition = stepIn(plan, id);
    // A step that joined while the run was under way has not been looked at by `run`.
    const denied = definition && denyStart(this.ports, state, definition);
    if (denied && !denied.ok) {
      this.refuse(id, attempt, renderFailure(denied.failure).message);
      return;
    }
    const started = this.outer.host.spawn(orderFor(state, this.ports.root, id, attempt));
    if (started.ok)
      this.observed.push({ type: "attempt.started", step: id, attempt, pid: started.value.pid });
    else {
      const { failure } = started;
      const problem = failure.code === "input.invalid" ? failure.problem : renderFailure(failure).message;
      this.refuse(id, attempt, problem);
    }
  }

  private refuse(step: string, attempt: number, problem: string): void {
    this.observed.push({ type: "attempt.refused", step, attempt, problem });
    this.again = true;
  }

  /** Records how the run stands, lets go of the lease and ends; still under the lock, so that no fact can slip in between. */
  private depart(reason: string): Result<CycleEnd> {
    const state = this.state;
    let sealed: Result<unknown> = ok(null);
    this.outer.host.tidy();
    if (state?.journal) {
      const { run, plan, journal } = state;
      const last: Fact[] = [...this.closing(run, plan), { type: "engine.stopped", fence: run.fence, reason }];
      appendFacts(this.ports, journal, run, last, true);
      if (!this.leaving) sealed = this.sealRun(state);
      state.journal.close();
    }
    // Doors stand at fixed places: closed later, they would be the next engine's.
    this.outer.host.close();
    this.outer.release();
    return sealed.ok ? ok({ wakeAt: undefined, over: reason }) : sealed;
  }

  /** When nothing is left to do, what is pursued from here on is what stands there now: what comes later was not asked for. */
  private closing(run: Run, plan: Plan): Fact[] {
    if (!run.all || this.leaving) return [];
    if (isComplete(run, plan)) return [{ type: "run.completed" }];
    return [{ type: "run.settled", pursued: plan.order.filter((id) => isPursued(run, stepRun(run, id))) }];
  }

  private sealRun(state: State): Result<unknown> {
    const { run, plan, policy } = state;
    const action = isComplete(run, plan) ? "run.completed" : "run.settled";
    return recordAudit(
      this.ports,
      systemFact(action, run.id, { events: run.seq, sha256: this.ports.runs.digest(run.id) }, policy.mode),
    );
  }
}

interface CycleEnd {
  wakeAt: number | undefined;
  over: string | undefined;
}
