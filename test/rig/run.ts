import { type AnyAction, findAction } from "../../lib/core/actions";
import type { Request } from "../../lib/core/actions/action";
import type { Fact } from "../../lib/core/engine/fact";
import { makePlan, type Plan } from "../../lib/core/engine/plan";
import { applyFact, emptyRun, type Run } from "../../lib/core/engine/run";
import { isOver, stepStatus } from "../../lib/core/engine/status";
import type { Result } from "../../lib/core/result";
import type { Sequence } from "../../lib/core/sequence/schema";
import { refusal, value } from "./sequence";

const limits = { maxConcurrent: 8, timeoutDefaultMs: undefined, graceMs: 1000 };

/** A run that only facts happen to: no engine, no processes. */
export class RunRig {
  readonly plan: Plan;
  run: Run = emptyRun("");
  private now = 1_000;

  constructor(sequence: Sequence) {
    this.plan = makePlan(sequence, "revision", limits, (text) => text);
  }

  /** Facts happen, a second apart. */
  happens(...facts: Fact[]): void {
    for (const fact of facts) {
      if (fact.type === "run.opened") this.run.id = fact.run;
      this.now += 1_000;
      applyFact(this.run, fact, this.now);
    }
  }

  /** A step's attempt begins. */
  begun(step: string, attempt = 1): Fact[] {
    return [
      { type: "attempt.intended", step, attempt, fence: 1, definition: this.plan.digests.get(step) ?? "" },
      { type: "attempt.started", step, attempt, pid: 1 },
    ];
  }

  /** A step's attempt begins and ends well. */
  done(step: string, attempt = 1): Fact[] {
    return [...this.begun(step, attempt), { type: "attempt.exited", step, attempt, code: 0 }];
  }

  get open(): boolean {
    return this.run.id !== "" && !isOver(this.run, this.plan);
  }

  statuses(): Record<string, string> {
    return Object.fromEntries(
      this.plan.order.map((id) => [id, stepStatus(this.run, this.plan, id, true).status]),
    );
  }

  private request(name: string, input: object): Result<Request> {
    const action = findAction(name) as AnyAction;
    if (action.effect.kind !== "engine") throw new Error(`${name} asks nothing of the engine`);
    const context = { plan: this.plan, run: this.run, open: this.open, actor: "user" };
    return action.effect.request(context, action.input.parse(input));
  }

  /** What an action asks to be recorded. */
  ask(name: string, input: object): Request {
    return value(this.request(name, input));
  }

  /** Whether it asks for something, and refuses nothing. */
  takes(name: string, input: object): boolean {
    return this.request(name, input).ok;
  }

  /** The code of what it refuses. */
  refusal(name: string, input: object): string {
    return refusal(this.request(name, input));
  }
}
