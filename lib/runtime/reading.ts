import { holdFrom, scrubPart } from "../core/audit/scrub";
import type { Recorded } from "../core/engine/fact";
import { instancesOf } from "../core/engine/fan";
import { neverRan } from "../core/engine/never-ran";
import { emptyRun, isActive, type Run, stepRun } from "../core/engine/run";
import { err, ok, type Result } from "../core/result";
import { unknownStep } from "../core/sequence/ids";
import type { Ports } from "./ports";
import { loadStanding } from "./standing";
import { openRun } from "./state";

const defaultBytes = 65_536;
/** So many bytes on either side are looked at to tell what is a secret; a private key of 4096 bits is half as long. */
const marginBytes = 8_192;

/** The run an input names, or the newest; its folded facts. */
export function pickRun(ports: Ports, wanted: string | undefined): Result<{ run: Run; facts: Recorded[] }> {
  const id = wanted ?? ports.runs.newest();
  if (id === undefined) return ok({ run: emptyRun(""), facts: [] });
  const opened = openRun(ports, id);
  if (!opened.ok) return opened;
  opened.value.journal.close();
  return ok({ run: opened.value.run, facts: opened.value.facts });
}

/** Which attempt is meant; the newest if nothing is said. */
export interface AttemptInput {
  run?: string;
  attempt?: number;
}

/** An attempt whose files can be read. */
export interface Picked {
  run: string;
  attempt: number;
  /** Values that nobody may see. */
  known: string[];
  /** It is under way. */
  grows: boolean;
  /** Ids of the steps that it went on as: what it printed is theirs. */
  ranAs?: string[];
}

/** The attempt an input means. */
export function pickAttempt(ports: Ports, step: string, input: AttemptInput): Result<Picked> {
  const picked = pickRun(ports, input.run);
  if (!picked.ok) return picked;
  const { run } = picked.value;
  const state = stepRun(run, step);
  const newest = state.attempt;
  const attempt = input.attempt ?? newest;
  if (newest > 0 && attempt > newest)
    return err({ code: "artifact.unknown", name: `attempt ${attempt}`, step, newest });
  const grows = attempt === newest && isActive(state);
  const ranAs = instancesOf(run, step);
  const theirs = ranAs.length > 0 ? { ranAs } : {};
  if (newest > 0) return ok({ run: run.id, attempt, known: ports.knownSecrets(), grows, ...theirs });
  const loaded = loadStanding(ports);
  if (!loaded.ok) return loaded;
  loaded.value.journal?.close();
  const { plan, run: present } = loaded.value;
  if (plan.graph.nodes.get(step)?.kind !== "step") return unknownStep(plan.sequence, step);
  if (run.id === present.id) return neverRan(present, plan, step, ports.engine.isAlive());
  const skipped = `${state.phase === "skipped" ? "was skipped" : "did not run"} in that run`;
  return err({ code: "step.never_ran", id: step, skipped });
}

/** Which bytes of it are meant; a negative `from` counts from the end. */
export type Read = AttemptInput & { from?: number; limit?: number };

/** A piece of what an attempt left, as surfaces show it. */
export function readText(
  ports: Ports,
  step: string,
  name: string,
  input: Read,
): Result<Record<string, unknown>> {
  const picked = pickAttempt(ports, step, input);
  if (!picked.ok) return picked;
  const { run, attempt } = picked.value;
  const piece = readPiece(ports, picked.value, step, name, input);
  return piece.ok ? ok({ run, step, attempt, name, ...piece.value }) : piece;
}

/** A piece of a file; `from`, `bytes` and `size` (of the whole file) count bytes. */
interface TextPiece {
  size: number;
  from: number;
  bytes: number;
  text: string;
}

/**
 * A piece of what an attempt left, without secrets: what stands before and behind the piece is looked at too, and of a
 * file that still grows the end is held back while it could be the beginning of one. `bytes` says how far it reaches.
 */
export function readPiece(
  ports: Ports,
  { run, attempt, known, grows }: Picked,
  step: string,
  name: string,
  input: { from?: number; limit?: number },
): Result<TextPiece> {
  const bytesAt = (from: number, limit: number) =>
    ports.artifacts.read(run, step, attempt, name, from, limit);
  const read = bytesAt(input.from ?? 0, input.limit ?? defaultBytes);
  if (!read.ok) return read;
  const { size } = read.value;
  const { from, bytes } = wholeCharacters(read.value);
  const end = from + bytes.length;
  const start = Math.max(0, from - marginBytes);
  const before = start < from ? bytesAt(start, from - start) : undefined;
  const behind = end < size ? bytesAt(end, marginBytes) : undefined;
  const [head, text, tail] = [textOf(before), decode(bytes), textOf(behind)];
  const kept = grows && end >= size ? keepFrom(head, text, bytes, known) : { text, bytes: bytes.length };
  const clean = scrubPart(head + text + tail, known, head.length, head.length + kept.text.length);
  return ok({ size, from, bytes: kept.bytes, text: clean });
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const textOf = (read: Result<{ bytes: Uint8Array }> | undefined) =>
  read?.ok ? decode(read.value.bytes) : "";

/** What can be shown of a text whose end may not be all of it yet. */
function keepFrom(head: string, text: string, bytes: Uint8Array, known: readonly string[]) {
  const at = Math.max(0, holdFrom(head + text, known) - head.length);
  const held = text.slice(at);
  // What is no UTF-8 can't be counted back into bytes: then all since the last blank is held.
  const heldBytes = held.includes("\uFFFD")
    ? bytes.length - 1 - Math.max(bytes.lastIndexOf(10), bytes.lastIndexOf(32))
    : new TextEncoder().encode(held).length;
  const kept = bytes.subarray(0, bytes.length - heldBytes);
  return { text: decode(kept), bytes: kept.length };
}

/** Leaves out the parts of a character cut through at either end, so that texts read in pieces fit together (UTF-8). */
function wholeCharacters({ bytes, from, size }: { bytes: Uint8Array; from: number; size: number }) {
  const continues = (byte: number | undefined) => byte !== undefined && (byte & 0xc0) === 0x80;
  let start = 0;
  while (from > 0 && start < 3 && continues(bytes[start])) start += 1;
  let end = bytes.length;
  if (from + end < size) {
    let lead = end - 1;
    while (lead > start && end - lead < 4 && continues(bytes[lead])) lead -= 1;
    const byte = bytes[lead] ?? 0;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    if (lead + length > end && lead > start) end = lead;
  }
  return { from: from + start, bytes: bytes.subarray(start, end) };
}

/** What a step printed; an attempt that could not be started printed nothing. */
export function readLog(
  ports: Ports,
  step: string,
  stream: string,
  input: Read,
): Result<Record<string, unknown>> {
  const text = readText(ports, step, `${stream}.log`, { from: -defaultBytes, ...input });
  if (text.ok || text.failure.code !== "artifact.unknown")
    return text.ok ? ok({ ...text.value, stream }) : text;
  const picked = pickAttempt(ports, step, input);
  if (!picked.ok) return picked;
  const { run, attempt, ranAs } = picked.value;
  const nothing = { name: `${stream}.log`, size: 0, from: 0, bytes: 0, text: "", stream };
  return ok({ run, step, attempt, ...nothing, ...(ranAs === undefined ? {} : { ran_as: ranAs }) });
}

/** Both outputs of a step: standard output as if it alone had been asked for, the other one in a part of its own. */
export function readLogs(ports: Ports, step: string, input: Read): Result<Record<string, unknown>> {
  const out = readLog(ports, step, "stdout", input);
  if (!out.ok) return out;
  const error = readLog(ports, step, "stderr", {
    ...input,
    run: String(out.value.run),
    attempt: Number(out.value.attempt),
  });
  if (!error.ok) return error;
  const { size, from, bytes, text } = error.value;
  return ok({ ...out.value, stderr: { size, from, bytes, text } });
}
