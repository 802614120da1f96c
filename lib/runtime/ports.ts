import type { AgentReport } from "../core/agents/report";
import type { Checkpoint, Seen } from "../core/audit/checkpoint";
import type { ShownFile } from "../core/engine/exhibit";
import type { Recorded, WorktreeFacts } from "../core/engine/fact";
import type { Plan } from "../core/engine/plan";
import type { Failure } from "../core/failure";
import type { Json } from "../core/json";
import type { Layout } from "../core/layout";
import type { World } from "../core/policy/judge-command";
import type { ResourceLimits } from "../core/policy/resources";
import type { Shown } from "../core/policy/shown";
import type { Result } from "../core/result";
import type { Sequence } from "../core/sequence/schema";
import type { SubSequence } from "../core/sequence/subs";
import type { AttemptId } from "../core/step-token";
import type { TemplateTexts } from "../core/templates";
import type { AgentStore } from "./agent-ports";
import type { Clock } from "./clock-watch";
import type { WorktreeStore } from "./worktree-ports";

/** The definition as it stands on disk. `digest` is the SHA-256 of its bytes, hex. */
export interface Definition {
  text: string;
  digest: string;
  sequence: Sequence;
}

/** The definition file and its revisions. All calls but the reads need the workspace lock. */
export interface DefinitionStore {
  /** Reads and validates `sequence.yaml`; a text already known to be valid is not validated again. */
  load(): Result<Definition>;
  /** Reads without validating, so that an outside edit can be noticed even when it is broken. */
  loadText(): Result<{ text: string; digest: string }>;
  /** Validates a text that is not (yet) the file. */
  check(text: string): Result<Sequence>;
  /** Everything that is wrong with a text, as far as it can be known at once; the first is what `check` refuses it with. */
  faults(text: string): Failure[];
  /** Reads and validates a file below `.threados` that a step runs in its place. */
  sub(path: string): Result<SubSequence>;
  /** Stores such a file as a revision, if it still has that digest. */
  keepSub(path: string, digest: string): void;
  /** Stores a revision and readies the file's successor beside it, both fsynced; nothing visible changes. */
  prepare(text: string): string;
  /** Makes the prepared successor the file (rename, fsync of the folder). */
  publish(digest: string): void;
  /** The digest of a successor that was prepared and never published; one that was not written to its end is removed. */
  pending(): string | undefined;
  /** Drops a prepared successor. */
  discard(digest: string): void;
  /** Keeps the text as a revision, if it is not kept yet. */
  keep(text: string): string;
  /** The text of a recorded revision. */
  revision(digest: string): Result<string>;
}

/** The policy files; a missing file is undefined. */
export interface PolicyStore {
  load(): Result<string | undefined>;
  /** The user's own, which holds in every workspace. */
  loadUser(): Result<string | undefined>;
  /** Where the user's own stands or would stand, for people: `~` is the home folder. */
  userPath: string;
  /** What is wrong with a pattern of `forbidden_patterns`, or undefined. */
  patternFault(pattern: string): string | undefined;
}

/** Texts that are to become policy.yaml or a prompt: readied, then recorded, then put in place. Needs the lock. */
export interface SuccessorStore {
  /** SHA-256 of a file below `.threados` as it stands; undefined if it can't be read. */
  present(path: string): string | undefined;
  /** Writes a text beside the files and waits for the disk; its digest. */
  prepare(path: string, text: string): string;
  /** Makes a readied text the file (rename, fsync of the folder); false, and nothing happens, if what was readied is not whole. */
  publish(digest: string, path: string): boolean;
  /** Names of texts that were readied and never put in place. */
  pending(): string[];
  discard(name: string): void;
}

/** The canvas's places. Losing them costs nobody any work, so a file that can't be read counts as empty. */
export interface LayoutStore {
  load(): Layout;
  /** The old text or the new one, never a mixture. */
  write(layout: Layout): void;
}

/** A line of the audit log as it stands in a file, numbered from 1 within it. */
export interface RawLine {
  bytes: Uint8Array;
  number: number;
  file: string;
}

/** A line of a file, numbered from 1. */
export interface LinePlace {
  file: string;
  line: number;
}

/** A part of a log that was set aside, by where it stood and where it is kept. */
export interface KeptPart extends LinePlace {
  kept: string;
  bytes: number;
  sha256: string;
}

/** What the log's files look like from outside, as a digest that changes with each of them, and their size in all. */
export interface LogStat {
  print: string;
  bytes: number;
}

/** The audit log as lines; core/audit gives them their meaning. */
export interface AuditStore {
  /** The last whole line, and the bytes of a torn one behind it. */
  tail(): { last: string | undefined; torn: number };
  /** A number that changes whenever somebody records something. */
  size(): number;
  /** Cuts a torn last line off, keeping its bytes as evidence beside the log. */
  cutTorn(): void;
  /** Appends one line and fsyncs; then its checkpoint is kept outside of the repository. On a failed write the file is put back as it was. */
  append(line: string, checkpoint: Checkpoint): void;
  /** Copies what stands from that line on into files beside the log, oldest first; the log stays as it is. */
  keepFrom(first: LinePlace): KeptPart[];
  /** Puts one line in the place of all from `first` on: the file has the old lines or the new one, whatever happens. */
  replaceFrom(first: LinePlace, line: string, checkpoint: Checkpoint): void;
  /** Whole lines from newest to oldest. */
  backwards(): Iterable<string>;
  /** Whole lines from oldest to newest, with their numbers from 1. */
  forwards(): Iterable<{ line: string; number: number }>;
  /** The same as literal bytes, good until the next one is asked for. */
  raw(): Iterable<RawLine>;
  /** Checkpoints that were kept outside of the repository, as lines in their order; none if there are none. */
  checkpoints(): Iterable<string>;
  /** The file they are kept in. */
  checkpointsAt: string;
  /** The newest of them; undefined if there is none. */
  checkpoint(): string | undefined;
  /** SHA-256 of the lines from the `from`-th to before the `to`-th, counted from 0 through all files, each with its end. */
  digestOf(from: number, to: number): string;
  /** The first of so many lines from the `from`-th on that is not as it was kept; undefined if that can't be told. */
  firstChanged(from: number, kept: readonly KeptPart[], lines: number): LinePlace | undefined;
  /** What its files look like from outside; undefined if there are none. */
  stat(): LogStat | undefined;
  /** What a pass has found, if the files look as they did then. */
  seen(print: string): Seen | undefined;
  /** Notes that outside of the repository; where it can't be kept, this process knows it all the same. */
  noteSeen(seen: Seen): void;
  /** Where the log stands, for messages. */
  path: string;
}

/** One run's journal, read incrementally. */
export interface Journal {
  readonly run: string;
  /** Facts appended since the last call, by anyone. */
  news(): Result<Recorded[]>;
  /** Appends facts in one write; `sync` waits for the disk. Needs the workspace lock. */
  append(facts: readonly Recorded[], sync: boolean): void;
  /** Bytes of a torn last line cut off by the last `news()` under the lock; 0 normally. */
  repair(): number;
  close(): void;
}

/** The runs of the workspace. */
export interface RunStore {
  /** The newest run's id. */
  newest(): string | undefined;
  list(): string[];
  open(run: string): Result<Journal>;
  create(run: string): Journal;
  /** SHA-256 of the journal as it stands, hex. */
  digest(run: string): string;
  /** Whether a journal still begins with what a digest over its first facts was taken of; undefined if it is gone. */
  beginsWith(run: string, facts: number, sha256: string): boolean | undefined;
}

/** Patterns that take time linear in the text, whatever they are. */
export interface PatternPort {
  /** What finds every match of a pattern in a text, as `[start, end]`; or what is wrong with the pattern. */
  finder(
    pattern: string,
    matchCase: boolean,
  ): { ok: true; value: (text: string) => [number, number][] } | { ok: false; problem: string };
}

/** Calls that wait for a person. */
export interface ProposalStore {
  write(proposal: Proposal): void;
  read(id: string): Result<Proposal>;
  list(): Proposal[];
  /** Files that stand for proposals and hold none, for people. */
  unreadable(): string[];
}

/** A call kept for a person to approve; write-once, the decision lives in the audit. */
export interface Proposal {
  id: string;
  ts: string;
  actor: string;
  surface: string;
  summary: string;
  base: string;
  calls: { action: string; input: unknown }[];
  /** The proposal that it was made of: a part of it, or the same on another base. Applying one settles both. */
  replaces?: string;
  /** What it would do, as it was when it was made; missing where that could not be told. */
  shown?: Shown;
}

/** What lives beside a finished or running attempt. */
export interface ArtifactStore {
  /** Names and sizes in the newest (or given) attempt's folder. */
  list(run: string, step: string, attempt: number): { name: string; size: number }[];
  /** Bytes of a regular file, following no link; `from` counts from the end when negative. */
  read(
    run: string,
    step: string,
    attempt: number,
    name: string,
    from: number,
    limit: number,
  ): Result<{ bytes: Uint8Array; size: number; from: number }>;
  /** A regular file's digest, read in pieces; `known` spares reading what is untouched since. Undefined if there is none. */
  digest(
    run: string,
    step: string,
    attempt: number,
    name: string,
    known?: ShownFile,
  ): Omit<ShownFile, "name"> | undefined;
  /** When an attempt under way last gave a sign of life: it printed, or touched its heartbeat (ms since the epoch). */
  seenAt(run: string, step: string, attempt: number): number | undefined;
  /** Where the attempt's files stand, for people. */
  path(run: string, step: string, attempt: number): string;
}

/** The engine process of this workspace. */
export interface EnginePort {
  /** Whether somebody holds the lease. */
  isAlive(): boolean;
  /** Who holds it, as far as it says. */
  info(): { pid: number; fence: number; startedAt: string } | undefined;
  /** Starts a process that `ensure` can make the engine at once; it ends by itself if nobody does. */
  warm(): void;
  /** Makes sure an engine lives, and waits until it holds the lease. */
  ensure(): Promise<Result<{ pid: number }>>;
  /** Asks the engine to let go of the lease; what runs goes on. */
  stop(): Promise<Result<boolean>>;
}

/** Tokens by which attempts prove who they are when they call back. */
export interface TokenStore {
  /** The attempt's token; undefined where there is no private folder to keep the secret behind it. */
  issue(attempt: AttemptId): string | undefined;
  /** Whether the token is that of the attempt; in constant time. */
  matches(token: string, attempt: AttemptId): boolean;
}

/** The outside world, as the runtime sees it. */
export interface Ports extends Clock {
  root: string;
  definition: DefinitionStore;
  policy: PolicyStore;
  layout: LayoutStore;
  successors: SuccessorStore;
  /** What rules about commands need to know of the machine. */
  world: World;
  audit: AuditStore;
  runs: RunStore;
  proposals: ProposalStore;
  artifacts: ArtifactStore;
  patterns: PatternPort;
  agents: AgentStore;
  worktrees: WorktreeStore;
  /** The user's own templates. */
  templates: TemplateTexts;
  engine: EnginePort;
  /** Runs `work` while holding the workspace lock; refuses with `lock.busy`. */
  withLock<T>(waitMs: number, work: () => Result<T>): Promise<Result<T>>;
  /** Calls back, debounced, whenever a file of the workspace that surfaces show may have changed. */
  watch(onChange: () => void, pauseMs?: () => number): { close(): void };
  /** The same, but not for what the engine appends to its journal. */
  watchOthers(onChange: () => void): { close(): void };
  newRunId(): string;
  sha256(data: string | Uint8Array): string;
  /** A unified diff of two texts; empty if they are the same. */
  unified(before: string, after: string, file: string): Promise<string>;
  /** Values that must never be written, from the environment. */
  knownSecrets(): string[];
  /** Of the named secrets those that can't be had here: why, and what to do. */
  missingSecrets(names: readonly string[]): string[];
  tokens: TokenStore;
  /** The step whose attempt is an ancestor of this process, if any. */
  enclosingStep(): string | undefined;
}

/** What starts, watches and ends attempts. Exits are reported by calling back, once each. */
export interface ProcessHost {
  /** Starts the attempt's shim; a refusal means that nothing was started. */
  spawn(order: SpawnOrder): Result<{ pid: number }>;
  /** What became of an attempt whose engine died; `isStopping`: while it was being stopped. */
  recover(run: string, step: string, attempt: number, isStopping: boolean): Recovery;
  /** Signals the attempt's whole tree. */
  signal(run: string, step: string, attempt: number, signal: "TERM" | "KILL"): void;
  /** Reports of ended attempts since the last call. */
  onExit(report: (exit: ExitReport) => void): void;
  /** When the attempt last printed something or touched its heartbeat (ms since the epoch); undefined if it never did. */
  printedAt(run: string, step: string, attempt: number): number | undefined;
  /** Imports what an ended attempt left, and reads its typed outputs if it ended well. */
  collect(run: string, step: string, attempt: number, typed: TypedBy | undefined): OutputReport;
  /** Writes the attempt's status file. */
  finish(record: AttemptRecord): void;
  /** Makes sure that what an engine that died may have put off is done for a step whose newest attempt is this one. */
  relink(run: string, step: string, attempt: number): void;
  /** Has what points at the newest attempts point there, if that was put off. */
  linkAll(): void;
  /** Does what was put off for a quieter time. */
  tidy(): void;
  /** Removes what ended attempts of earlier runs left outside the workspace. */
  sweep(): void;
  close(): void;
}

/** Everything a shim needs to know. Times in ms. */
export interface SpawnOrder {
  run: string;
  step: string;
  attempt: number;
  plan: Plan;
  /** The steps whose results are handed on, with their attempts. */
  inputs: { step: string; attempt: number; status: string; outputs: Json }[];
  /** What the run tells the step by its environment. */
  env: Record<string, string>;
  /** How much of the machine it may use. */
  limits?: ResourceLimits;
  /** It is to run in a sandbox, or not at all. */
  sandbox: boolean;
  /** A session that the step's agent goes on with. */
  resume?: string;
}

/** What is found of an attempt after its engine died. */
export type Recovery =
  | { kind: "never_started" }
  | { kind: "alive"; pid: number }
  /** Only what it left behind still lives, and is being ended: its exit is reported later. */
  | { kind: "ending" }
  | { kind: "exited"; exit: ExitReport }
  | { kind: "lost" };

/** How an attempt ended. */
export interface ExitReport {
  run: string;
  step: string;
  attempt: number;
  /** undefined when the shim died without a word. */
  code: number | undefined;
  /** When it ended (ms since the epoch), if that was before this engine looked. */
  endedAt?: number;
  leftovers: number;
  tree: "gone" | "unproven";
  agent?: AgentReport;
  worktree?: WorktreeFacts;
}

/** What an attempt's outputs have to look like, if anything is said about it. */
export interface TypedBy {
  schema: Json | undefined;
}

/** The outputs of an attempt, as far as its journal carries them. */
export interface OutputReport {
  outputs?: Json;
  /** Their size, when they are too large for the journal. */
  outputsBytes?: number;
  /** What is wrong with them. */
  invalid?: string;
}

/** What `status.json` of an attempt says. */
export interface AttemptRecord {
  run: string;
  step: string;
  attempt: number;
  status: string;
  reason: string | null;
  exitCode: number | null;
  startedAt: number;
  endedAt: number;
  agent?: AgentReport;
}
