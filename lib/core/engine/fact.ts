/** Why a running attempt is being ended. */
export type StopCause = "stopped" | "timeout" | "restart" | "group_failed";

/** What happened in a run, in the past tense; `events.jsonl` holds these and nothing else. Times are ms since the epoch. */
export type Fact =
  | { type: "run.opened"; run: string; revision: string; by: string }
  | { type: "plan.amended"; revision: string }
  /** Every node had come to a good end; what is added from here on waits until a person asks for it. */
  | { type: "run.completed" }
  /** A person asked for everything; `again` are ended steps that get a new attempt. */
  | { type: "run.requested"; again: string[]; by: string }
  | { type: "steps.requested"; steps: string[]; by: string }
  | { type: "gate.approved"; gate: string; by: string }
  | { type: "gate.blocked"; gate: string; by: string }
  | { type: "stop.requested"; step: string; by: string }
  | { type: "restart.requested"; step: string; by: string }
  /** A new holder of the lease; facts of holders with a lower fence are void from here on. */
  | { type: "engine.started"; fence: number; pid: number; boot: string }
  | { type: "engine.stopped"; fence: number; reason: string }
  /** Decided, not yet done; `definition` is the digest of the step as it stood. */
  | { type: "attempt.intended"; step: string; attempt: number; fence: number; definition: string }
  | { type: "attempt.started"; step: string; attempt: number; pid: number }
  | { type: "attempt.adopted"; step: string; attempt: number; pid: number }
  | {
      type: "attempt.exited";
      step: string;
      attempt: number;
      code: number;
      /** When a stop ended it: whether every descendant is proven gone. */
      tree?: "gone" | "unproven";
      /** Descendants that outlived the command and were ended. */
      leftovers?: number;
    }
  /** It could not be started at all. */
  | { type: "attempt.refused"; step: string; attempt: number; problem: string }
  /** Its fate can't be known (the machine went down, or the shim was killed). */
  | { type: "attempt.lost"; step: string; attempt: number }
  | { type: "attempt.stopping"; step: string; attempt: number; cause: StopCause }
  | { type: "attempt.killed"; step: string; attempt: number }
  | { type: "retry.scheduled"; step: string; attempt: number; at: number }
  | { type: "step.canceled"; step: string; cause: "stopped" | "group_failed" }
  | { type: "journal.repaired"; bytes: number };

/** A fact as it stands in the journal: numbered without gaps, with its wall-clock time (ISO 8601). */
export type Recorded = Fact & { seq: number; ts: string };
