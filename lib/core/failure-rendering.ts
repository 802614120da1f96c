/** How one refusal is said on every surface. Exit codes: design §5. */
export interface Rendering<F> {
  exit: 1 | 2 | 3 | 4 | 5 | 6 | 70 | 75;
  http: number | ((failure: F) => number);
  message: (failure: F) => string;
  hint?: (failure: F) => string | undefined;
}

/** A hint at the nearest name. */
export const didYouMean = (nearest?: string) => (nearest ? `did you mean '${nearest}'?` : undefined);
/** Names as a sentence shows them. */
export const list = (ids: readonly string[]) => ids.map((id) => `'${id}'`).join(", ");
/** Exit code and HTTP status of bad input. */
export const bad = { exit: 2, http: 400 } as const;
/** Exit code and HTTP status of asking for what is not there. */
export const absent = { exit: 2, http: 404 } as const;
/** Exit code and HTTP status where somebody else has changed it meanwhile. */
export const stale = { exit: 5, http: 409 } as const;
/** Exit code and HTTP status of a record that can't be trusted. */
export const corrupt = { exit: 6, http: 500 } as const;
