import type { Failure } from "./failure";

/** A value, or the one reason why there is none. Expected refusals travel this way; a throw is a bug. */
export type Result<T> = { ok: true; value: T } | { ok: false; failure: Failure };

/** Wraps a value as a success. */
export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

/** Wraps a failure as a refusal. */
export function err(failure: Failure): { ok: false; failure: Failure } {
  return { ok: false, failure };
}

/** Marks a branch the compiler has proven empty. */
export function unreachable(value: never): never {
  throw new Error(`unreachable: ${JSON.stringify(value)}`);
}
