import * as fs from "node:fs";
import { join, sep } from "node:path";
import type { FailureOf, Place } from "../../core/failure";
import type { Json } from "../../core/json";
import { err, ok, type Result } from "../../core/result";
import type { Sequence } from "../../core/sequence/schema";
import { decodeSource, readLocated } from "../../core/sequence/source";
import { type CheckedText, inWords, judgeValue } from "../../core/sequence/validate";
import type { DefinitionStore } from "../../runtime/ports";
import { schemaProblem } from "../process/json-schema";
import { fsyncFolder, isWhole, readIfThere, writeAtomic, writeNew } from "./atomic";
import { sha256 } from "./digest";
import { realPath } from "./presence";
import { tracesOf } from "./traces";

const maxBytes = 8 * 1024 * 1024;
const displayName = ".threados/sequence.yaml";

const missingHint = "put it back, or move the .threados folder away and make a new one with `seqctl init`";

const mostFaults = 50;

/** Reads a text once: the sequence that it is, or everything that is wrong with it as far as that can be known at once. */
export function judgeDefinition(text: string, file: string): CheckedText {
  const read = readLocated(text, file);
  if (!read.ok) return { faults: [read.failure] };
  const { value, locate } = read.value;
  const { faults, sequence } = judgeValue(value, mostFaults, locate);
  const isTold = ({ where }: FailureOf<"sequence.invalid">) =>
    faults.some((fault) => fault.code === "sequence.invalid" && fault.where === where);
  const ofSchemas = schemaFaults(value, locate).filter((fault) => !isTold(fault));
  const all = [...faults, ...ofSchemas].slice(0, mostFaults);
  return sequence && all.length === 0 ? { faults: [], text, sequence } : { faults: all };
}

/** The sequence that a text was judged to be, or the first that is wrong with it. */
export function soundOf({ sequence, faults }: CheckedText): Result<Sequence> {
  const [first = { code: "internal", problem: "refused without a fault" } as const] = faults;
  return sequence ? ok(sequence) : err(first);
}

/** An `outputs.schema` that is none: at a step's end it would be too late. */
function schemaFaults(
  value: Json,
  point: (path: readonly (string | number)[], what: "key" | "value") => Place | undefined,
): FailureOf<"sequence.invalid">[] {
  const steps = (value as { steps?: unknown } | null)?.steps;
  if (!Array.isArray(steps)) return [];
  return steps.flatMap((step: { id?: unknown; outputs?: { schema?: unknown } } | null, index) => {
    const schema = step?.outputs?.schema;
    const problem = schema === undefined ? undefined : schemaProblem(schema as never);
    if (problem === undefined) return [];
    const path = ["steps", index, "outputs", "schema"];
    const place = point(path, "value");
    const failure = { code: "sequence.invalid", where: inWords(path, value), problem } as const;
    return [place ? { ...failure, place } : failure];
  });
}

/** The definition in `<folder>/sequence.yaml` with its revisions beside it. */
export function definitionFile(folder: string): DefinitionStore {
  const path = join(folder, "sequence.yaml");
  const revisions = join(folder, "revisions");
  const cache = join(folder, "state", "definition.json");
  const revisionPath = (digest: string) => join(revisions, `${digest}.yaml`);
  const successorPath = (digest: string) => join(folder, `.sequence.yaml.${digest}.tmp`);
  let known: { digest: string; sequence: Sequence } | undefined;

  const loadText = () => {
    const read = readIfThere(path, maxBytes);
    if (read === undefined) return err({ code: "file.missing", path: displayName, hint: missingHint });
    if ("problem" in read) {
      if (read.size === undefined)
        return err({ code: "file.unreadable", path: displayName, problem: read.problem });
      return err({ code: "sequence.too_large", file: displayName, problem: read.problem, limit: "8 MiB" });
    }
    const text = decodeSource(read.bytes, displayName);
    return text.ok ? ok({ text: text.value, digest: sha256(read.bytes) }) : text;
  };

  // A text is asked about again and again, most of all while it is broken.
  let judged: { text: string; found: CheckedText } | undefined;
  const judge = (text: string) => {
    if (judged?.text !== text) judged = { text, found: judgeDefinition(text, displayName) };
    return judged.found;
  };
  // Of other texts many may be looked at in a row: they don't drive out what is known of that one.
  const check = (text: string) =>
    soundOf(judged?.text === text ? judged.found : judgeDefinition(text, displayName));

  const load: DefinitionStore["load"] = () => {
    const source = loadTextIfChanged();
    if (!source.ok) return source;
    const { text, digest } = source.value;
    if (known?.digest !== digest) {
      const remembered = recall(cache, digest);
      const sequence = remembered ? ok(remembered) : soundOf(judge(text));
      if (!sequence.ok) return sequence;
      known = { digest, sequence: sequence.value };
      if (!remembered) remember(cache, known);
    }
    return ok({ text, digest, sequence: known.sequence });
  };

  let seen: { traces: string; source: { text: string; digest: string } } | undefined;
  const loadTextIfChanged = () => {
    const traces = tracesOf(path);
    if (traces !== undefined && traces === seen?.traces) return ok(seen.source);
    const source = loadText();
    seen = source.ok && traces !== undefined ? { traces, source: source.value } : undefined;
    return source;
  };

  const isKept = (digest: string) => isWhole(revisionPath(digest), digest, maxBytes);
  const keep = (text: string) => {
    const digest = sha256(text);
    fs.mkdirSync(revisions, { recursive: true });
    // What a crash cut short, or another hand spoilt, is no revision: the text is at hand, and written anew.
    if (!isKept(digest)) writeAtomic(revisionPath(digest), text);
    return digest;
  };

  const sub: DefinitionStore["sub"] = (name) => {
    const file = `.threados/${name}`;
    const whole = join(folder, name);
    const real = realPath(whole);
    if (real === undefined) return err({ code: "file.missing", path: file });
    if (!real.startsWith(realPath(folder) + sep))
      return err({ code: "file.unreadable", path: file, problem: "leads out of .threados" });
    const read = readIfThere(real, maxBytes);
    if (read === undefined) return err({ code: "file.missing", path: file });
    if ("problem" in read) return err({ code: "file.unreadable", path: file, problem: read.problem });
    const text = decodeSource(read.bytes, file);
    const sequence = text.ok ? soundOf(judgeDefinition(text.value, file)) : text;
    return sequence.ok ? ok({ digest: sha256(read.bytes), sequence: sequence.value }) : sequence;
  };

  return {
    load,
    sub,
    keepSub: (name, digest) => {
      if (isKept(digest)) return;
      const read = readIfThere(join(folder, name), maxBytes);
      if (read && !("problem" in read) && sha256(read.bytes) === digest) keep(read.bytes.toString("utf8"));
    },
    loadText: loadTextIfChanged,
    check,
    faults: (text) => judge(text).faults,
    keep,
    prepare: (text) => {
      const digest = keep(text);
      fs.rmSync(successorPath(digest), { force: true });
      writeNew(successorPath(digest), text, modeOf(path) ?? 0o644);
      return digest;
    },
    publish: (digest) => {
      fs.renameSync(successorPath(digest), path);
      fsyncFolder(folder);
    },
    pending: () => {
      const left = fs.readdirSync(folder).find((name) => /^\.sequence\.yaml\.[0-9a-f]{64}\.tmp$/.test(name));
      const digest = left?.slice(".sequence.yaml.".length, -".tmp".length);
      if (digest === undefined || isWhole(successorPath(digest), digest, maxBytes)) return digest;
      fs.rmSync(successorPath(digest), { force: true });
      return undefined;
    },
    discard: (digest) => fs.rmSync(successorPath(digest), { force: true }),
    revision: (digest) => {
      const read = /^[0-9a-f]{64}$/.test(digest) ? readIfThere(revisionPath(digest), maxBytes) : undefined;
      if (!read || "problem" in read || sha256(read.bytes) !== digest)
        return err({ code: "revision.missing", digest });
      return ok(read.bytes.toString("utf8"));
    },
  };
}

function modeOf(path: string): number | undefined {
  try {
    return fs.statSync(path).mode;
  } catch {
    return undefined;
  }
}

/** A cache of the last valid definition by digest; deletable, and worthless for any other text. */
function recall(cache: string, digest: string): Sequence | undefined {
  const read = readIfThere(cache, maxBytes * 2);
  if (!read || "problem" in read) return undefined;
  try {
    const kept = JSON.parse(read.bytes.toString("utf8")) as { digest?: string; sequence?: Json };
    return kept.digest === digest ? (kept.sequence as unknown as Sequence) : undefined;
  } catch {
    return undefined;
  }
}

function remember(cache: string, known: { digest: string; sequence: Sequence }): void {
  try {
    writeAtomic(cache, JSON.stringify(known));
  } catch {
    // A cache that can't be written (full disk, read-only folder) costs time, not truth.
  }
}
