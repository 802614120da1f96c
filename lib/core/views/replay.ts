import type { Recorded } from "../engine/fact";
import { expandPlan } from "../engine/fan";
import { derivePlan, type Limits, type Plan } from "../engine/plan";
import { applyFact, emptyRun, type Run } from "../engine/run";
import type { Sequence } from "../sequence/schema";
import { type StatusContext, type StatusDoc, statusDoc } from "./status";

/** A definition that a run followed, with all that a plan is derived from. */
export interface ReplayPlan {
  sequence: Sequence;
  limits: Limits;
  digests: Record<string, string>;
  /** Of what of a step is run, where that is not all of it. */
  does?: Record<string, string>;
}

/** What the picture of a run at any moment is made of. */
export interface ReplayDoc {
  run: string;
  newest: boolean;
  facts: Recorded[];
  /** By revision; one that can't be read any more is missing. */
  plans: Record<string, ReplayPlan>;
}

/** A run as it stood at some moment. */
export interface Moment {
  run: Run;
  plan: Plan;
  /** Whether an engine was at work, as far as the facts tell. */
  engine: { running: boolean; pid: number | null };
}

const blankLimits: Limits = { maxConcurrent: 1, timeoutDefaultMs: undefined, graceMs: 0 };

/** Folds a run's facts one after the other. Going back means beginning anew. */
export class Replayer {
  private readonly doc: ReplayDoc;
  private next = 0;
  private now: Moment;

  constructor(doc: ReplayDoc) {
    this.doc = doc;
    this.now = {
      run: emptyRun(doc.run),
      plan: derivePlan({ version: 1, name: "", steps: [] }, "", blankLimits, new Map()),
      engine: { running: false, pid: null },
    };
  }

  /** The time of the next fact (ms since the epoch); undefined after the last one. */
  due(): number | undefined {
    const fact = this.doc.facts[this.next];
    return fact && Date.parse(fact.ts);
  }

  /** Takes the next fact in; undefined after the last one. */
  take(): Recorded | undefined {
    const fact = this.doc.facts[this.next];
    if (!fact) return undefined;
    this.next += 1;
    const { run } = this.now;
    applyFact(run, fact, Date.parse(fact.ts));
    run.seq = fact.seq;
    if (fact.type === "run.opened" || fact.type === "plan.amended") this.follow(fact.revision);
    if (fact.type === "engine.started" && fact.fence === run.fence)
      this.now.engine = { running: true, pid: fact.pid };
    if (fact.type === "engine.stopped" && fact.fence === run.fence)
      this.now.engine = { running: false, pid: null };
    this.now.plan = expandPlan(this.now.plan, run);
    return fact;
  }

  /** Takes in everything up to a time (ms since the epoch), that moment included. */
  until(at: number): Moment {
    for (let due = this.due(); due !== undefined && due <= at; due = this.due()) this.take();
    return this.now;
  }

  private follow(revision: string): void {
    const known = this.doc.plans[revision];
    if (!known) return;
    const { sequence, limits, digests, does = {} } = known;
    const [all, run] = [new Map(Object.entries(digests)), new Map(Object.entries(does))];
    this.now.plan = derivePlan(sequence, revision, limits, all, run);
  }
}

/** The status document as it was at a time (ms since the epoch). Of a run that is over for good no engine is at work at its end. */
export function pictureAt(doc: ReplayDoc, at: number, context: Omit<StatusContext, "engine">): StatusDoc {
  const replayer = new Replayer(doc);
  const { run, plan, engine } = replayer.until(at);
  const isEnd = replayer.due() === undefined && !doc.newest;
  return statusDoc(plan, run, { ...context, engine: isEnd ? { running: false, pid: null } : engine });
}
