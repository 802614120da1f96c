import type { Recorded } from "../../../lib/core/engine/fact";

/** What a journal says of one step, read in the plainest way: the judge of what the engine's own fold makes of it. */
export interface Reading {
  attempt: number;
  /** The newest attempt was intended and has not ended. */
  active: boolean;
  /** The newest attempt came to a good end by itself, and nobody has asked for another since. */
  done: boolean;
  /** Somebody, or a retry, has asked for an attempt that has not been made. */
  asked: boolean;
  /** Retries scheduled since a person last asked. */
  retries: number;
  /** The earliest moment of the retry that is due. */
  notBefore: number;
  stoppingSince: number | undefined;
  /** A person said stop during the newest attempt. */
  stopped: boolean;
}

/** Reads one step's history from the journal. */
export function readStep(journal: readonly Recorded[], id: string): Reading {
  const at: Reading = {
    attempt: 0,
    active: false,
    done: false,
    asked: false,
    retries: 0,
    notBefore: 0,
    stoppingSince: undefined,
    stopped: false,
  };
  let all = false;
  let halted = false;
  let again = false;
  const request = () => Object.assign(at, { asked: true, done: false, retries: 0, notBefore: 0 });
  const ended = (good: boolean) => {
    Object.assign(at, { active: false, done: good, stoppingSince: undefined });
    if (again) request();
    again = false;
  };
  for (const fact of journal) {
    const ts = Date.parse(fact.ts);
    if (fact.type === "run.requested") all = true;
    if (fact.type === "engine.started" && at.stoppingSince !== undefined) at.stoppingSince = ts;
    const named =
      fact.type === "run.requested" || (fact.type === "gate.rejected" && "back" in fact)
        ? fact.again
        : fact.type === "steps.requested"
          ? fact.steps
          : [];
    if (named.includes(id) && !at.active) {
      halted = false;
      request();
    }
    if (!("step" in fact) || fact.step !== id) continue;
    const current = "attempt" in fact && fact.attempt === at.attempt && at.active;
    if (fact.type === "restart.requested") {
      halted = false;
      if (at.active) again = true;
      else request();
    } else if (fact.type === "stop.requested" || fact.type === "step.canceled") {
      Object.assign(at, { asked: false, notBefore: 0, stopped: at.stopped || at.active });
      again = false;
      halted = true;
    } else if (fact.type === "attempt.intended") {
      Object.assign(at, {
        attempt: fact.attempt,
        active: true,
        stopped: false,
        done: false,
        asked: false,
        notBefore: 0,
      });
    } else if (fact.type === "retry.scheduled") {
      Object.assign(at, { asked: true, retries: at.retries + 1, notBefore: fact.at });
    } else if (current && fact.type === "attempt.stopping") at.stoppingSince = ts;
    else if (current && (fact.type === "attempt.refused" || fact.type === "attempt.lost")) ended(false);
    else if (current && fact.type === "attempt.exited")
      ended(fact.code === 0 && at.stoppingSince === undefined);
  }
  at.asked ||= all && at.attempt === 0 && !halted;
  return at;
}

/** Whether a person's newest decision at a gate is a yes. */
export function isApproved(journal: readonly Recorded[], gate: string): boolean {
  const last = journal.findLast((fact) => "gate" in fact && fact.gate === gate);
  return last?.type === "gate.approved";
}

/** Whether a gate was approved, and that was taken back since. */
export function isTakenBack(journal: readonly Recorded[], gate: string): boolean {
  let isYes = false;
  let isBack = false;
  for (const fact of journal) {
    if (!("gate" in fact) || fact.gate !== gate) continue;
    if (isYes && (fact.type === "gate.blocked" || fact.type === "gate.voided")) isBack = true;
    isYes = fact.type === "gate.approved";
    if (isYes) isBack = false;
  }
  return isBack;
}
