import type { Json } from "../json";

/** How an attempted change ended. */
export type AuditResult = "success" | "denied" | "error" | "pending";

/** What one line of the audit log says before it is chained. Shape: design §8. */
export interface AuditFacts {
  actor: string;
  surface: string;
  /** `noun.verb`, or a system fact such as `sequence.edited_outside`. */
  action: string;
  /** The step, gate, run or file it is about. */
  target: string | null;
  payload: Json;
  policy_mode: string;
  result: AuditResult;
  error?: { code: string; message: string };
  /** Digests of the definition around a change of it. */
  before?: string;
  after?: string;
}

/** A line of the audit log. `ts` is ISO 8601; `hash` is over the literal bytes before it. */
export interface AuditEntry extends AuditFacts {
  seq: number;
  ts: string;
  prev: string;
  hash: string;
}

/** What the first entry names as its predecessor. */
export const genesis = "0".repeat(64);

const hashKey = ',"hash":"';

/** Writes an entry as one line (without newline) and chains it to the one before. */
export function chainEntry(
  facts: AuditFacts,
  at: { seq: number; ts: string; prev: string },
  sha256: (text: string) => string,
): { line: string; hash: string } {
  const { actor, surface, action, target, payload, policy_mode, result, error, before, after } = facts;
  const body = {
    seq: at.seq,
    ts: at.ts,
    actor,
    surface,
    action,
    target,
    payload,
    policy_mode,
    result,
    ...(error ? { error } : {}),
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
    prev: at.prev,
  };
  const open = JSON.stringify(body).slice(0, -1);
  const hash = sha256(open);
  return { line: `${open}${hashKey}${hash}"}`, hash };
}
