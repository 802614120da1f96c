import type { AuditEntry } from "../../lib/core/audit/entry";
import type { Json } from "../../lib/core/json";
import type { Layout } from "../../lib/core/layout";
import type { Sequence } from "../../lib/core/sequence/schema";
import type { CandidateDoc, FusionDoc } from "../../lib/core/views/fusion";
import type { InsideDoc } from "../../lib/core/views/inside";
import type { ProblemDoc } from "../../lib/core/views/problem";
import type { ReplayDoc } from "../../lib/core/views/replay";
import type { RunDoc } from "../../lib/core/views/run";
import type { GateStatusDoc, StatusDoc, StepStatusDoc } from "../../lib/core/views/status";
import type { GateShowDoc } from "../../lib/runtime/gate-doc";
import type { HistoryDoc } from "../../lib/runtime/history";
import type { ProposalDoc } from "../../lib/runtime/proposal-doc";
import type { TextDoc } from "../../lib/runtime/text-doc";

/** The whole `status` document, as the server pushes it. */
export type StatusDocument = StatusDoc;
/** A step in it. */
export type StepState = StepStatusDoc;
/** A gate in it. */
export type GateState = GateStatusDoc;
/** Whatever can stand on the canvas. */
export type NodeState = StepState | GateState;

/** The `step` view, as far as the page reads it: the node's own lines of the file. */
export interface DefinitionDocument {
  /** Digest of the file that they stand in. */
  revision: string;
  definition: Record<string, Json>;
  yaml: string;
  /** Numbers of the attempts in the newest run. */
  attempts: number[];
  /** What its sub-sequence consists of. */
  inside?: InsideDoc[];
}

/** A step of a sub-sequence, before it is part of a run. */
export type { InsideDoc };

/** The `sequence` view: the file as it stands. */
export interface SequenceDocument {
  revision: string;
  text: string;
  sequence: Sequence;
}

/** The `sequence.history` view. */
export type HistoryDocument = HistoryDoc;

/** The `fusion.compare` view. */
export type FusionDocument = FusionDoc;
/** A candidate in it. */
export type CandidateDocument = CandidateDoc;
/** The `sequence.text` view: the file as it stands, whatever it says. */
export type TextDocument = TextDoc;

/** The `gate.show` view. */
export type GateDocument = GateShowDoc;

/** Names an attempt of a step. */
export interface AttemptOf {
  run: string;
  step: string;
  attempt: number;
}

/** The `layout` view. */
export type LayoutDocument = Layout;

/** The `prompt` view; no text where there is no file yet. */
export interface PromptDocument {
  id: string;
  path: string;
  text: string | null;
  /** Its digest; empty where there is no file yet. */
  sha256: string;
}

/** An agent of the `agents` view, as far as the page reads it. */
export interface AgentDocument {
  name: string;
  ready: boolean;
  version: string | null;
  problem: string | null;
}

/** A proposal that waits. */
export type ProposalDocument = ProposalDoc;

/** The `inbox` view. */
export interface InboxDocument {
  gates: GateStatusDoc[];
  proposals: ProposalDocument[];
}

/** A run of the `runs` view in full. */
export type RunDocument = RunDoc;
/** A run as the list of runs shows it; one that can't be read says why. */
export type RunHead = { id: string } & (Pick<RunDoc, "state" | "opened_at"> | { problem: string });

/** A piece of one output stream of one attempt; `from`, `bytes` and `size` (of the whole file) count bytes. */
export interface LogChunk {
  size: number;
  from: number;
  bytes: number;
  text: string;
}

/** The `logs.lines` and `logs.search` views. */
export type { LogLines } from "../../lib/runtime/log-lines";
export type { LogMatches } from "../../lib/runtime/log-search";

/** The `runs.replay` view. */
export type ReplayDocument = ReplayDoc;
/** An entry of the audit log. */
export type AuditRecord = AuditEntry;
/** The `audit.find` view. */
export interface AuditPage {
  entries: AuditRecord[];
  next: number | null;
}
/** The `audit.verify` view, as far as the page reads it. */
export interface AuditProof {
  entries: number;
  head: string;
  segments: number;
  checkpoint: { seq: number; ts: string } | null;
  journals: { sealed: number; missing: string[] };
}
/** A row of the `sequence.problems` view. */
export type Problem = ProblemDoc;

/** Tells gates from steps. */
export function isGate(node: NodeState): node is GateState {
  return "shows" in node;
}
