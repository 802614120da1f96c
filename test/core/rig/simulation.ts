import { findAction } from "../../../lib/core/actions";
import type { Request, RunContext } from "../../../lib/core/actions/action";
import type { Fact, Recorded } from "../../../lib/core/engine/fact";
import type { Plan } from "../../../lib/core/engine/plan";
import { isActive, type Run, stepRun } from "../../../lib/core/engine/run";
import { gateStatus, isComplete, stepStatus } from "../../../lib/core/engine/status";
import { type Effect, isQuiet, type News, step } from "../../../lib/core/engine/step";
import { fold, print } from "./journal";
import { checkStanding } from "./standing-laws";
import { checkTurn } from "./turn-laws";
import { World } from "./world";

/** Where a crash of the engine hits within a turn. */
export type CrashPoint = "before the record" | "within the record" | "before the acts" | "between the acts";

/** An engine with a journal, a clock and a world of its own, driven move by move; each turn is held against the laws. */
export class Simulation {
  plan: Plan;
  nowMs = 1_000_000;
  journal: Recorded[] = [];
  readonly world = new World();
  /** The engine's memory; undefined while none is alive. */
  private memory: Run | undefined;
  private wakeAt: number | undefined;
  private observed: Fact[] = [];
  /** Facts that others appended since the last turn. */
  private unread: News[] = [];

  constructor(plan: Plan) {
    this.plan = plan;
    this.append([{ type: "run.opened", run: "r", revision: plan.revision, by: "user" }]);
  }

  get run(): Run {
    return fold(this.journal);
  }

  /** Each step's and gate's status with its reason, as in `FAILED exit`. */
  standing(): Record<string, string> {
    const { plan, run } = this;
    const views = [...plan.graph.nodes.values()].map(({ id, kind }) =>
      kind === "gate" ? gateStatus(run, plan, id) : stepStatus(run, plan, id, this.memory !== undefined),
    );
    return Object.fromEntries(views.map((v) => [v.id, `${v.status} ${v.reason?.code ?? ""}`.trim()]));
  }

  /** Calls an engine action as a person does; whether it was accepted. */
  ask(action: string, input: object): boolean {
    const effect = findAction(action)?.effect;
    if (effect?.kind !== "engine") throw new Error(`${action} is no engine action`);
    const { plan, run } = this;
    const context: RunContext = { plan, run, open: !isComplete(run, plan), actor: "user" };
    const request = effect.request(context, input as never) as { ok: boolean; value: Request };
    if (!request.ok || request.value.fresh) return false;
    this.append(request.value.facts);
    return true;
  }

  /** Writes facts down as somebody other than the engine. */
  append(facts: readonly Fact[]): void {
    this.record(facts);
    this.unread.push(...facts.map((fact) => ({ fact, at: this.nowMs })));
  }

  amend(plan: Plan): void {
    this.plan = plan;
    this.append([{ type: "plan.amended", revision: plan.revision }]);
  }

  /** Ends a living attempt; null leaves no trace of how it ended. */
  end(attempt: { step: string; attempt: number }, code: number | null): void {
    const found = this.world.find(attempt.step, attempt.attempt);
    if (!found) throw new Error("no such attempt");
    found.code = code;
    if (this.memory) this.observed.push(this.world.report(found, stepRun(this.run, found.step)));
  }

  /** Says again what the world said before. */
  echo(number: number): void {
    const told = ["attempt.started", "attempt.adopted", "attempt.exited", "attempt.refused", "attempt.lost"];
    const reports = this.journal.filter(({ type }) => told.includes(type));
    const fact = reports[number % Math.max(1, reports.length)];
    if (!fact) return;
    const { seq: _, ts: __, ...again } = fact;
    this.observed.push(again as Fact);
  }

  /** One turn of the engine, started if there is none. */
  turn(crash?: CrashPoint): void {
    const fresh = this.memory === undefined;
    if (fresh) this.takeOver();
    const before = this.memory as Run;
    const reports = this.observed.splice(0);
    const news = [...this.unread.splice(0), ...reports.map((fact) => ({ fact, at: this.nowMs }))];
    before.seq = this.journal.length;
    const printed = print(before);
    const outcome = step(before, this.plan, news, this.nowMs);
    const facts = [...reports, ...outcome.facts];
    if (crash === "before the record") this.die();
    else if (crash === "within the record") {
      this.record(facts.slice(0, Math.ceil(facts.length / 2)));
      this.die();
    } else {
      this.record(facts);
      outcome.run.seq = this.journal.length;
      const { plan, journal, nowMs, run } = this;
      checkTurn({ before, printed, plan, news, outcome, nowMs, journal, run });
      checkStanding(run, plan, nowMs);
      this.memory = outcome.run;
      this.wakeAt = outcome.wakeAt;
      const { effects } = outcome;
      this.act(crash ? effects.slice(0, crash === "between the acts" ? effects.length / 2 : 0) : effects);
      if (crash) this.die();
    }
  }

  /** Lets time pass, but never beyond the moment at which the engine wants to be asked again. */
  pass(ms: number): void {
    this.nowMs = Math.min(
      this.nowMs + ms,
      this.memory ? (this.wakeAt ?? Number.POSITIVE_INFINITY) : Infinity,
    );
  }

  /** Goes on until the engine would go home: every process ends by itself or when it is told, every timer fires. */
  settle(codeOf: (step: string, attempt: number) => number): void {
    for (let turns = 0; turns < 400; turns++) {
      this.turn();
      const pending = this.observed.length > 0;
      if (!pending && isQuiet(this.run, this.plan)) return;
      const { steps } = this.run;
      const ending = this.world
        .living()
        .filter((one) => steps.get(one.step)?.phase !== "stopping" || this.world.heeds(one));
      for (const one of ending) this.end(one, codeOf(one.step, one.attempt));
      if (ending.length > 0 || pending) continue;
      if (this.wakeAt === undefined) throw new Error(`stuck: ${print(this.run)}`);
      this.nowMs = this.wakeAt;
    }
    throw new Error(`does not settle: ${print(this.run)}`);
  }

  private die(): void {
    this.memory = undefined;
    this.observed = [];
    this.unread = [];
  }

  /** What a new engine does first: takes the lease, then finds out what became of every attempt under way. */
  private takeOver(): void {
    this.record([{ type: "engine.started", fence: this.run.fence + 1, pid: 1, boot: "b" }]);
    this.unread = [];
    this.memory = this.run;
    for (const [id, state] of this.memory.steps) {
      if (!isActive(state)) continue;
      const { attempt } = state;
      const found = this.world.find(id, attempt);
      if (found && found.code === undefined) {
        if (state.phase === "stopping") this.world.signal(id, attempt, "TERM");
        this.observed.push({ type: "attempt.adopted", step: id, attempt, pid: 1000 });
      } else if (found) this.observed.push(this.world.report(found, state));
      else if (state.phase === "stopping")
        this.observed.push({ type: "attempt.exited", step: id, attempt, code: 143, tree: "gone" });
      else this.observed.push(this.world.spawn(id, attempt));
    }
  }

  private act(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type === "spawn") this.observed.push(this.world.spawn(effect.step, effect.attempt));
      else this.world.signal(effect.step, effect.attempt, effect.signal);
    }
  }

  private record(facts: readonly Fact[]): void {
    const ts = new Date(this.nowMs).toISOString();
    for (const fact of facts) this.journal.push({ ...fact, seq: this.journal.length + 1, ts } as Recorded);
  }
}
