import type { AskedAbout } from "./policy/asked";
import type { Question } from "./sequence/schema";

/** A place in a text file; line and column count from 1, column in UTF-16 units. */
export interface Place {
  file: string;
  line: number;
  column: number;
  /** The source line, for printing with a caret below it. */
  excerpt?: string;
  /** How many characters the caret line underlines. */
  length?: number;
}

/** What the server itself refuses a request with, before any action is looked at. */
export const serverStatuses = [400, 401, 403, 404, 405, 408, 413, 415, 421, 429] as const;
type ServerStatus = (typeof serverStatuses)[number];

/** Everything ThreadOS can refuse, each with the facts that explain it. Codes are wire API: never renamed, never reused. */
export type Failure = {
  place?: Place;
  /** Another remedy than that of the hint, where the file is not only offered but stands so. */
  wayOut?: string;
} & (
  | { code: "input.invalid"; problem: string; hint?: string }
  | { code: "action.unknown"; name: string; nearest?: string }
  | {
      code: "workspace.missing";
      from: string;
      /** There is no such folder at all. */
      absent?: true;
      /** It was there when it was opened. */
      gone?: true;
      /** Folders right in it that hold a workspace, as they are named behind `-C`. */
      inside?: string[];
      /** A file of its own that a workspace can be made from. */
      authored?: string;
    }
  | { code: "workspace.exists"; path: string }
  | { code: "workspace.unusable"; path: string; problem: string; hint: string }
  | { code: "file.missing"; path: string; hint?: string }
  | { code: "file.unreadable"; path: string; problem: string }
  | { code: "sequence.empty"; file: string }
  | { code: "sequence.syntax"; problem: string }
  | { code: "sequence.encoding"; file: string; problem: string }
  | { code: "sequence.too_large"; file: string; problem: string; limit: string }
  | { code: "sequence.forbidden"; problem: string; hint: string }
  | { code: "sequence.duplicate_key"; key: string; first: Place }
  | { code: "sequence.unknown_key"; key: string; where: string; nearest?: string }
  | { code: "sequence.invalid"; problem: string; where: string; hint?: string }
  | { code: "sequence.version"; found: string; newest: number }
  | { code: "id.invalid"; id: string }
  | { code: "id.reserved"; id: string }
  | { code: "id.taken"; id: string; other: string; kind: "step" | "gate" }
  | {
      code: "step.unknown";
      id: string;
      nearest?: string;
      of?: string;
      is?: "gate" | "group";
      made_by?: string;
    }
  | { code: "gate.unknown"; id: string; nearest?: string; is?: "step" }
  | { code: "group.unknown"; id: string; nearest?: string }
  | { code: "group.dependent"; id: string; on: string }
  | { code: "template.unknown"; type: string; nearest?: string }
  | { code: "template.invalid"; file: string; problem: string; hint?: string }
  | { code: "node.in_use"; id: string; by: string[] }
  | { code: "dep.unknown"; id: string; by: string; nearest?: string }
  /** Each of the path waits for the next. */
  | { code: "dep.cycle"; path: string[] }
  | { code: "dep.exists"; step: string; dep: string }
  | { code: "dep.missing"; step: string; dep: string }
  | { code: "step.no_command"; id: string; others?: string[] }
  | { code: "step.two_ways"; id: string; agent: string }
  /** Without a step it is `defaults` that names it. */
  | { code: "agent.unknown"; name: string; step: string; known: readonly string[]; nearest?: string }
  | { code: "agents.invalid"; where: string; problem: string; hint?: string }
  | { code: "prompt.missing"; id: string; path: string }
  | { code: "prompt.unusable"; id: string; path: string; problem: string; hint?: string }
  | { code: "step.blocked"; id: string; reason: string }
  | { code: "step.running"; id: string }
  | { code: "step.not_running"; id: string; status: string }
  | { code: "step.never_ran"; id: string; skipped?: string; waits?: string }
  | {
      code: "gate.not_ready";
      id: string;
      waitingFor: string[];
      givenUp?: "approved" | "blocked" | "rejected";
    }
  | { code: "gate.already"; id: string; status: string }
  | { code: "params.missing"; names: string[]; flags: string[] }
  | { code: "gate.unanswered"; id: string; questions: Question[] }
  | { code: "gate.moved"; id: string; summary: string; confirm: string; shows: string[] }
  | { code: "run.none" }
  | { code: "run.unknown"; id: string }
  | { code: "artifact.unknown"; name: string; step: string; newest?: number }
  | { code: "proposal.unknown"; id: string; nearest?: string }
  | { code: "proposal.decided"; id: string; decision: string }
  | { code: "proposal.stale"; id: string; problem: string }
  | {
      code: "proposal.moved";
      id: string;
      summary: string;
      changed: string[];
      times: 1 | 2;
      confirm: string;
      shows: string[];
      about?: AskedAbout;
    }
  | { code: "chat.unknown"; id: string }
  | { code: "chat.busy"; id: string }
  | { code: "chat.failed"; problem: string; hint: string }
  | { code: "chat.declined" }
  | { code: "chat.invalid"; where: string; problem: string; hint: string }
  | { code: "chat.moved"; id: string; rebased?: string; problem?: string; changed: string[] }
  | { code: "policy.denied"; rule: string; problem: string; hint: string }
  | { code: "policy.invalid"; problem: string }
  | { code: "agent.forbidden"; action: string; step: string; yes?: true }
  | { code: "token.stale" }
  | { code: "orchestrator.limit"; boss: string; max: number }
  | { code: "watchdog.limit"; watchdog: string; step: string; max: number }
  | {
      code: "confirm.required";
      action: string;
      summary: string;
      times: 1 | 2;
      confirm: string;
      why: string;
      shows: string[];
      about?: AskedAbout;
    }
  | { code: "confirm.stale"; action: string }
  | { code: "approval.pending"; proposal?: string; summary: string; agent?: true }
  | { code: "undo.nothing"; direction: "undo" | "redo" }
  | { code: "undo.other_actor"; direction: "undo" | "redo"; actor: string; summary: string }
  | { code: "undo.pick"; candidate: string; before: string }
  | { code: "revision.stale"; expected: string; found: string; what?: string }
  | { code: "revision.missing"; digest: string }
  | { code: "revision.broken"; digest: string; problem: string; whole?: string }
  | { code: "revision.unknown"; wanted: string; matches: string[] }
  | { code: "diff.nothing" }
  | { code: "worktree.unusable"; problem: string; hint: string }
  | { code: "git.failed"; command: string; problem: string }
  | { code: "fusion.unknown"; id: string; known?: string[] }
  | { code: "fusion.no_patch"; id: string; problem: string }
  | { code: "fusion.conflict"; id: string; problem: string; files: string[]; made?: string[] }
  | { code: "fusion.picked"; id: string; picked: string; files: string[]; made: string[] }
  | {
      code: "audit.corrupt";
      /** From 1; of what is missing behind the end, the last line there is. */
      line: number;
      /** The number that the entry in that line has, where it has one. */
      seq?: number;
      problem: string;
      file: string;
      isBehind?: true;
      /** What is kept outside of the repository speaks against the log. */
      isLost?: true;
      /** From that line on nothing is an entry. */
      isSpoilt?: true;
    }
  | { code: "journal.corrupt"; line: number; problem: string; file: string }
  | { code: "journal.changed"; run: string; facts: number }
  | { code: "lock.busy"; path: string; waitedMs: number }
  | { code: "engine.busy"; problem: string }
  | { code: "engine.lost" }
  | { code: "door.closed"; problem: string }
  | { code: "engine.failed"; problem: string; log: string }
  | { code: "program.missing"; name: string; hint: string }
  | { code: "mprocs.closed" }
  | { code: "port.busy"; port: number }
  | { code: "server.refused"; status: ServerStatus; problem: string }
  | { code: "io.failed"; path: string; problem: string; hint: string }
  | { code: "internal"; problem: string }
);

/** The stable name of a refusal. */
export type FailureCode = Failure["code"];
/** The member of the union that carries a given code. */
export type FailureOf<C extends FailureCode> = Extract<Failure, { code: C }>;
