import type { Fact } from "../../../lib/core/engine/fact";
import type { StepRun } from "../../../lib/core/engine/run";

interface Attempt {
  step: string;
  attempt: number;
  /** Undefined while it lives; null if nobody will ever know. */
  code: number | null | undefined;
  signals: Set<"TERM" | "KILL">;
}

/** Processes that outlive the engine: what it starts, signals, and finds again after a crash. */
export class World {
  private readonly attempts = new Map<string, Attempt>();
  /** The next start is turned down. */
  refuseNext = false;

  /** Starts an attempt, as an exclusive claim: a second start of the same one is the fault that must never be. */
  spawn(step: string, attempt: number): Fact {
    if (this.refuseNext) {
      this.refuseNext = false;
      return { type: "attempt.refused", step, attempt, problem: "no such program" };
    }
    if (this.find(step, attempt)) throw new Error(`${step}, attempt ${attempt}, was spawned twice`);
    this.attempts.set(`${step}/${attempt}`, { step, attempt, code: undefined, signals: new Set() });
    return { type: "attempt.started", step, attempt, pid: 1000 + this.attempts.size };
  }

  signal(step: string, attempt: number, signal: "TERM" | "KILL"): void {
    const found = this.find(step, attempt);
    if (!found) throw new Error(`${step}, attempt ${attempt}, was signalled but never started`);
    found.signals.add(signal);
  }

  /** Whether the signals it was sent end it: every second one lets TERM pass. */
  heeds({ attempt, signals }: Attempt): boolean {
    return signals.has("KILL") || (signals.has("TERM") && attempt % 2 === 0);
  }

  living(): Attempt[] {
    return [...this.attempts.values()].filter(({ code }) => code === undefined);
  }

  find(step: string, attempt: number): Attempt | undefined {
    return this.attempts.get(`${step}/${attempt}`);
  }

  /** What an ended attempt is reported as, seen by an engine that knows whether it asked it to end. */
  report({ step, attempt, code }: Attempt, state: StepRun): Fact {
    const stopping = state.phase === "stopping" && state.attempt === attempt;
    if (code === null && !stopping) return { type: "attempt.lost", step, attempt };
    const proof = stopping ? ({ tree: "gone" } as const) : {};
    return { type: "attempt.exited", step, attempt, code: code ?? 137, ...proof };
  }
}
