import type { AgentFacts } from "../agents/report";
import type { Json } from "../json";
import type { Step } from "../sequence/schema";
import type { Exhibit } from "./exhibit";

/** Why a running attempt is being ended. */
export type StopCause =
  | "stopped"
  | "timeout"
  | "restart"
  | "group_failed"
  | "idle_timeout"
  | "boss_failed"
  | "watched_ended";

/** Files that steps run in their place, as they stood when it was asked for: their SHA-256 by the path that steps name them with. */
interface Subs {
  subs?: Record<string, string>;
}

/** What a person says along with a request to run. */
export interface RunTerms extends Subs {
  /** The run's parameters, defaults included. */
  params?: Record<string, boolean | number | string>;
  /** Dependents of a failed step start all the same. */
  bearsFailures?: true;
  /** How many steps each boss may add by itself; a person has agreed to that. */
  mandates?: Record<string, number>;
}

/** What an attempt came to in a worktree of its own. Sizes in bytes, times in ms. */
export interface WorktreeFacts {
  /** The commit it began from. */
  base: string;
  /** SHA-256 of `diff.patch`; absent where none could be made. */
  patch?: string;
  patchBytes?: number;
  files?: number;
  insertions?: number;
  deletions?: number;
  treeBytes?: number;
  /** How the test command ended. */
  test?: { code: number; durationMs: number };
  /** Why it could not be made ready, or its changes not be recorded: the attempt failed for that. */
  problem?: string;
}

/** The steps of a sub-sequence as a step goes on as them: an edit of its file changes nothing any more. */
export interface Sub {
  /** The revision that they come from. */
  revision: string;
  steps: Step[];
  params: Record<string, boolean | number | string>;
}

/** What happened in a run, in the past tense; `events.jsonl` holds these and nothing else. Times are ms since the epoch. */
export type Fact =
  | { type: "run.opened"; run: string; revision: string; by: string }
  /** `added` are steps that a boss has added by itself, counted with the boss above all others; of `subs` only what is new counts. */
  | ({ type: "plan.amended"; revision: string; by?: string; added?: string[] } & Subs)
  /** Nothing more starts in this run; the next request opens a new one. */
  | { type: "run.canceled"; by: string }
  /** Every node had come to a good end; what is added from here on waits until a person asks for it. */
  | { type: "run.completed" }
  /** Nothing was left to do but what waits; `pursued` goes on when it can, what is added later waits until it is asked for. */
  | { type: "run.settled"; pursued: string[] }
  /** A person asked for everything; `again` are ended steps that get a new attempt. */
  | ({ type: "run.requested"; again: string[]; by: string } & RunTerms)
  | ({ type: "steps.requested"; steps: string[]; by: string } & RunTerms)
  | {
      type: "gate.approved";
      gate: string;
      by: string;
      /** What was shown, and with it what the approval is bound to. */
      shown?: Exhibit;
      /** What its questions were answered with. */
      answers?: Record<string, boolean | number | string>;
    }
  /** What was approved is not what stands there any more; `stale` are steps that were started on it. */
  | { type: "gate.voided"; gate: string; changed: string[]; stale: string[] }
  | { type: "gate.blocked"; gate: string; by: string }
  /** A person turned down what was done. */
  | { type: "gate.rejected"; gate: string; by: string; reason: string }
  /** The same, and the work goes back to a step, for the n-th time from 1; `again` is all that is run again for it. */
  | ({
      type: "gate.rejected";
      gate: string;
      by: string;
      reason: string;
      back: string;
      nth: number;
      again: string[];
    } & Subs)
  /** What it was decided on is made anew: somebody has to decide again. */
  | { type: "gate.reopened"; gate: string; by: string }
  | { type: "stop.requested"; step: string; by: string }
  | ({ type: "restart.requested"; step: string; by: string } & Subs)
  /** A new holder of the lease; facts of holders with a lower fence are void from here on. */
  | { type: "engine.started"; fence: number; pid: number; boot: string }
  | { type: "engine.stopped"; fence: number; reason: string }
  /** Decided, not yet done; `definition` is the digest of the step as it stood, `does` that of what of it is run, where that is not all. */
  | {
      type: "attempt.intended";
      step: string;
      attempt: number;
      fence: number;
      definition: string;
      does?: string;
    }
  | { type: "attempt.started"; step: string; attempt: number; pid: number }
  | { type: "attempt.adopted"; step: string; attempt: number; pid: number }
  | {
      type: "attempt.exited";
      step: string;
      attempt: number;
      code: number;
      /** When it ended (ms since the epoch), if nobody was there to see it. */
      at?: number;
      /** When a stop ended it: whether every descendant is proven gone. */
      tree?: "gone" | "unproven";
      /** Descendants that outlived the command and were ended. */
      leftovers?: number;
      /** What it left in `output.json`, unless that is too large to be carried here. */
      outputs?: Json;
      outputsBytes?: number;
      /** What is wrong with its `output.json`: it failed for that, whatever its exit code. */
      invalid?: string;
      /** What an agent's own report says, in short. */
      agent?: AgentFacts;
      /** What became of its worktree. */
      worktree?: WorktreeFacts;
    }
  /** It could not be started at all. */
  | { type: "attempt.refused"; step: string; attempt: number; problem: string }
  /** Its fate can't be known (the machine went down, or the shim was killed). */
  | { type: "attempt.lost"; step: string; attempt: number }
  | { type: "attempt.stopping"; step: string; attempt: number; cause: StopCause }
  /** It was seen to print something at that time (ms since the epoch). */
  | { type: "attempt.printed"; step: string; attempt: number; at: number }
  | { type: "attempt.killed"; step: string; attempt: number }
  | { type: "retry.scheduled"; step: string; attempt: number; at: number; cause?: "quota" | "loop" }
  /** A person took a candidate's changes into the workspace. */
  | { type: "fusion.picked"; synth: string; candidate: string; patch: string; by: string }
  | { type: "step.canceled"; step: string; cause: "stopped" | "group_failed" | "boss_failed" }
  /** It is not to run: what it asks for does not hold, or everything it builds on was skipped. */
  | { type: "step.skipped"; step: string; cause: "when" | "empty_list"; condition: string }
  | { type: "step.skipped"; step: string; cause: "needs_skipped" | "not_called" }
  /** A step goes on as instances `<step>-1` … `<step>-<count>`; `items` is what each is about. */
  | { type: "plan.expanded"; step: string; count: number; items?: Json[]; sub?: Sub }
  /** All its instances have ended, `failed` of them badly. */
  | { type: "step.joined"; step: string; failed: string[]; outputs?: Json }
  /** Its last round has ended, and what it is run for does not hold, or can't be told. */
  | {
      type: "loop.exhausted";
      step: string;
      attempt: number;
      rounds: number;
      condition: string;
      problem?: string;
    }
  /** The end of a step's attempt calls for a handler. */
  | { type: "handler.called"; step: string; by: string; attempt: number }
  /** Whether it is to run can't be told. */
  | { type: "step.unjudged"; step: string; condition: string; problem: string }
  /** The machine's clock was set, by so many ms; negative if back. What is under way goes by how long it takes. */
  | { type: "clock.jumped"; by: number }
  | { type: "journal.repaired"; bytes: number };

/** A fact as it stands in the journal: numbered without gaps, with its wall-clock time (ISO 8601). */
export type Recorded = Fact & { seq: number; ts: string };
