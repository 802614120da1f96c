import { scrubJson } from "../core/audit/scrub";
import type { ShownFile, ShownStep } from "../core/engine/exhibit";
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
export interface GateShowDoc extends Omit<GateStatusDoc, "shows"> {
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
  /** The decision that holds. */
  decision: DecisionDoc | null;
  /** All that was decided here in this run, the first first. */
  decisions: PastDecisionDoc[];
  /** The same of runs before it, the newest of them first. */
  earlier: EarlierDecisionsDoc[];
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
  const { digest, steps } = exhibitOf(ports, run, plan, id, decided?.shown);
  const known = ports.knownSecrets();
  const isOver = decided?.status === "APPROVED" || run.canceled;
  const { judged, started } = isOver ? { judged: state, started: [] } : unlockedThen(ports, state, id);
  return ok({
    ...gateDoc(plan, run, id),
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
    starts: startsOf(ports, judged, started),
    decision: clean(decisionDoc(decided), known),
    decisions: clean(pastDecisions(run, id), known),
    earlier: clean(earlierThan(ports, run.id, id), known),
  });
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
