import type { ShownFile, ShownStep } from "../core/engine/exhibit";
import { ok, type Result } from "../core/result";
import { unknownGate } from "../core/sequence/ids";
import type { Question } from "../core/sequence/schema";
import { type DecisionDoc, decisionDoc } from "../core/views/decision";
import { type GateStatusDoc, gateDoc } from "../core/views/status";
import { exhibitOf } from "./exhibit";
import type { Ports } from "./ports";
import { readPiece } from "./reading";
import type { State } from "./state";

/** A shown file with its beginning; null where it is not text. */
interface ShownFileDoc {
  name: string;
  size: number;
  sha256: string;
  excerpt: string | null;
  /** How many of its bytes the excerpt stands for. */
  shown: number;
  /** Whether the excerpt is not all of it. */
  cut: boolean;
}

/** All that a gate shows, and what an approval of it is bound to. */
export interface GateShowDoc extends Omit<GateStatusDoc, "shows"> {
  description: string | null;
  questions: Question[];
  expires_ms: number | null;
  /** What a yes is bound to. */
  digest: string;
  shows: (Omit<ShownStep, "files"> & { files: ShownFileDoc[] })[];
  /** The decision that holds. */
  decision: DecisionDoc | null;
}

const excerptBytes = 4096;

/** What `gate show` answers. */
export function gateShow(ports: Ports, { plan, run }: State, id: string): Result<GateShowDoc> {
  const node = plan.graph.nodes.get(id);
  if (node?.kind !== "gate") return unknownGate(plan.sequence, id);
  const { gate } = node;
  const decided = run.gates.get(id);
  const { digest, steps } = exhibitOf(ports, run, plan, id, decided?.shown);
  const known = ports.knownSecrets();
  return ok({
    ...gateDoc(plan, run, id),
    description: gate.description ?? null,
    questions: gate.questions ?? [],
    expires_ms: gate.expires_ms ?? null,
    digest,
    shows: steps.map((step) => ({
      ...step,
      files: step.files.map((file) => fileDoc(ports, run.id, step, file, known)),
    })),
    decision: decisionDoc(decided),
  });
}

/** A secret is not shown, though the digest is over the bytes as they are. */
function fileDoc(
  ports: Ports,
  run: string,
  { step, attempt, standing }: ShownStep,
  { name, size, sha256 }: ShownFile,
  known: string[],
): ShownFileDoc {
  const picked = { run, attempt, known, grows: standing === "open" };
  const read = readPiece(ports, picked, step, name, { limit: excerptBytes });
  const isText = read.ok && !read.value.text.includes("\0");
  const shown = isText ? read.value.bytes : 0;
  return {
    name,
    size,
    sha256,
    excerpt: isText ? read.value.text : null,
    shown,
    cut: size > shown,
  };
}
