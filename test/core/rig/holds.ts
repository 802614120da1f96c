import fc from "fast-check";

/** Fails with the smallest counterexample and with what went wrong in it. */
export function holds<Ts>(property: fc.IProperty<Ts>, numRuns = 100): void {
  fc.assert(property, { numRuns, includeErrorInReport: true });
}
