"use client";

import { tell } from "./news";

/** Code of the page that did not arrive. */
export class NotLoaded extends Error {
  /** The server answers and does not have it: it serves another build than the one that this page is of. */
  readonly isGone: boolean;
  constructor(isGone: boolean) {
    super(isGone ? "ThreadOS was updated since this page was loaded" : "the server can't be reached");
    this.name = "NotLoaded";
    this.isGone = isGone;
  }
}

const answers = () =>
  fetch("/healthz", { cache: "no-store" }).then(
    ({ ok }) => ok,
    () => false,
  );

/** Loads code of the page; rejected with `NotLoaded` if it did not arrive. Another call asks for it again. */
export async function loadCode<T>(
  code: () => Promise<T>,
  isUp: () => Promise<boolean> = answers,
): Promise<T> {
  try {
    return await code();
  } catch (error) {
    if (!isMissing(error)) throw error;
    if (!(await isUp())) throw new NotLoaded(false);
  }
  // Who answers now may have been away a moment ago.
  try {
    return await code();
  } catch (error) {
    throw isMissing(error) ? new NotLoaded(await isUp()) : error;
  }
}

/** What fails within the code is another matter: it would do so again. */
const isMissing = (error: unknown) => error instanceof Error && error.name === "ChunkLoadError";

const againMs = 2000;

/** Loads code however long the server is away, and hands it on unless what it gives is called before. */
export function onceLoaded<T>(code: () => Promise<T>, take: (code: T) => void): () => void {
  let isOver = false;
  void (async () => {
    while (!isOver) {
      try {
        const loaded = await loadCode(code);
        if (!isOver) take(loaded);
        return;
      } catch (error) {
        if (!(error instanceof NotLoaded)) throw error;
        if (error.isGone) return tell("failed", error.message, "load the page anew");
        await new Promise((resolve) => setTimeout(resolve, againMs));
      }
    }
  })();
  return () => {
    isOver = true;
  };
}
