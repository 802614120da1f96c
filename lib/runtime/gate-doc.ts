import { scrubJson } from "../core/audit/scrub";
import { type Exhibit, type ShownFile, type ShownStep, startNews } from "../core/engine/exhibit";
import { doesOf } from "../core/engine/plan";
import type { Fallen } from "../core/engine/status";
import type { Json } from "../core/json";
import type { AskedStart } from "../core/policy/asked";
import { ok, type Result } from "../core/result";
import { unknownGate } from "../core/sequence/ids";
import type { Question } from "../core/sequence/schema";
import {
  type DecisionDoc,
  decisionDoc,
  type EarlierDecisionsDoc,
  type PastDecisionDoc,
  pastDecisions,
} from "../core/views/decision";
import { type GateStatusDoc, gateDoc } from "../core/views/status";
import { type EditDoc, editsSince } from "./edits-since";
import { exhibitOf } from "./exhibit";
import { startsOf, unlockedThen, yesDigest } from "./foretell";
import type { Ports } from "./ports";
import { readPiece } from "./reading";
import { openRun, type State } from "./state";

/** A file with its beginning; null where it is not text. */
interface FileDoc {
  name: string;
  size: number;
  excerpt: string | null;
  /** How many of its bytes the excerpt stands for. */
  shown: number;
  /** Whether the excerpt is not all of it. */
  cut: boolean;
}

/** A file that the yes is bound to. */
interface ShownFileDoc extends FileDoc {
  sha256: string;
}

/** All that a gate shows, and what an approval of it is bound to. */
export interface GateShowDoc extends Omit<GateStatusDoc, "shows" | "fell"> {
  description: string | null;
  questions: Question[];
  expires_ms: number | null;
  /** Of all that it shows. */
  digest: string;
  /** What a yes is bound to: all that it shows, and what starts then. */
  confirm: string;
  /** `unbound` is what may be worth reading, too, but may change without the yes becoming void. */
  shows: (Omit<ShownStep, "files"> & { files: ShownFileDoc[]; unbound: FileDoc[] })[];
  /** What an approval would start: what was asked for before, and waits for it. */
  starts: AskedStart[];
  /** The approval that became void, until somebody decides anew. */
  fell?: FellDoc;
  /** The decision that holds. */
  decision: DecisionDoc | null;
  /** All that was decided here in this run, the first first. */
  decisions: PastDecisionDoc[];
  /** The same of runs before it, the newest of them first. */
  earlier: EarlierDecisionsDoc[];
}

/** An approval that became void, with what it was given for. */
interface FellDoc extends Fallen {
  /** What it showed then, to tell what is new. */
  shows: { step: string; attempt: number; definition: string; files: { name: string; sha256: string }[] }[];
  /** The newest edit of each step or gate that made it void, as far as it is recorded. */
  edits: EditDoc[];
}

const excerptBytes = 4096;
/** Read beside what is shown, never bound to. */
const beside = "stderr.log";
/** Runs before this one that are looked through for decisions. */
const mostEarlier = 12;

/** What `gate show` answers. */
export function gateShow(ports: Ports, state: State, id: string): Result<GateShowDoc> {
  const { plan, run } = state;
  const node = plan.graph.nodes.get(id);
  if (node?.kind !== "gate") return unknownGate(plan.sequence, id);
  const { gate } = node;
  const decided = run.gates.get(id);
  const exhibit = exhibitOf(ports, run, plan, id, decided?.shown ?? decided?.fell?.shown);
  const { digest, steps } = exhibit;
  const known = ports.knownSecrets();
  const isOver = decided?.status === "APPROVED" || run.canceled;
  const { judged, started } = isOver ? { judged: state, started: [] } : unlockedThen(ports, state, id);
  const { fell: fallen, ...standing } = gateDoc(plan, run, id);
  const fell = fallen && fellDoc(ports, state, id, fallen, exhibit);
  return ok({
    ...standing,
    ...(fell ? { fell: clean(fell, known) } : {}),
    description: clean(gate.description ?? null, known),
    questions: gate.questions ?? [],
    expires_ms: gate.expires_ms ?? null,
    digest,
    confirm: yesDigest(ports, judged, { digest }, started),
    shows: steps.map((step) => ({
      ...step,
      files: step.files.map((file) => ({
        ...fileDoc(ports, run.id, step, file, known),
        sha256: file.sha256,
      })),
      unbound: unboundOf(ports, run.id, step).map((file) => fileDoc(ports, run.id, step, file, known)),
    })),
    starts: startsOf(ports, judged, started, startNews(run, plan, id)),
    decision: clean(decisionDoc(decided), known),
    decisions: clean(sinceEdited(pastDecisions(run, id), fell), known),
    earlier: clean(earlierThan(ports, run.id, id), known),
  });
}

function fellDoc(ports: Ports, { plan, run }: State, id: string, fell: Fallen, now: Exhibit): FellDoc {
  const { gate = now.gate, steps = [], starts = [] } = run.gates.get(id)?.fell?.shown ?? {};
  const isOther = ({ step, definition }: { step: string; definition: string }) =>
    ![doesOf(plan, step), plan.digests.get(step)].includes(definition);
  const changed = [...steps, ...starts].filter(isOther).map(({ step }) => step);
  return {
    ...fell,
    shows: steps.map(({ step, attempt, definition, files }) => ({
      ...{ step, attempt, definition },
      files: files.map(({ name, sha256 }) => ({ name, sha256 })),
    })),
    edits: editsSince(ports, plan, fell.at, [...(gate === now.gate ? [] : [id]), ...changed]),
  };
}

/** That an approval became void is noticed later than what it was void by: that is when it did. */
function sinceEdited(past: PastDecisionDoc[], fell: FellDoc | undefined): PastDecisionDoc[] {
  const [edit] = fell?.edits ?? [];
  const last = past.at(-1);
  if (!edit || last?.decision !== "voided") return past;
  return [...past.slice(0, -1), { ...last, at: Math.min(last.at, edit.at) }];
}

/** A reason is a person's words, and may hold what became a secret later. */
function clean<T>(doc: T, known: readonly string[]): T {
  return scrubJson(doc as Json, known) as T;
}

function unboundOf({ artifacts }: Ports, run: string, { step, attempt }: ShownStep) {
  if (attempt === 0) return [];
  return artifacts.list(run, step, attempt).filter(({ name, size }) => name === beside && size > 0);
}

/** What was decided in runs that are over: nothing is added to them, so they are read once. */
const overRuns = new WeakMap<Ports["runs"], Map<string, Map<string, PastDecisionDoc[]>>>();

function earlierThan(ports: Ports, run: string, gate: string): EarlierDecisionsDoc[] {
  const known = overRuns.get(ports.runs) ?? new Map<string, Map<string, PastDecisionDoc[]>>();
  overRuns.set(ports.runs, known);
  const before = ports.runs.list().filter((id) => id < run);
  return before
    .reverse()
    .slice(0, mostEarlier)
    .flatMap((id): EarlierDecisionsDoc[] => {
      const all = known.get(id) ?? decidedIn(ports, id);
      if (all) known.set(id, all);
      const decisions = all?.get(gate) ?? [];
      return decisions.length > 0 ? [{ run: id, decisions }] : [];
    });
}

/** Undefined of a run that can't be read: it hides no others. */
function decidedIn(ports: Ports, id: string): Map<string, PastDecisionDoc[]> | undefined {
  const opened = openRun(ports, id);
  if (!opened.ok) return undefined;
  opened.value.journal.close();
  const { run } = opened.value;
  return new Map([...run.decisions.keys()].map((gate) => [gate, pastDecisions(run, gate)]));
}

/** A secret is not shown, though the digest is over the bytes as they are. */
function fileDoc(
  ports: Ports,
  run: string,
  { step, attempt, standing }: ShownStep,
  { name, size }: Pick<ShownFile, "name" | "size">,
  known: string[],
): FileDoc {
  const picked = { run, attempt, known, grows: standing === "open" };
  const read = readPiece(ports, picked, step, name, { limit: excerptBytes });
  const isText = read.ok && !read.value.text.includes("\0");
  const shown = isText ? read.value.bytes : 0;
  return {
    name,
    size,
    excerpt: isText ? read.value.text : null,
    shown,
    cut: size > shown,
  };
}
