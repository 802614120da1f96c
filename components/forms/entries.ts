"use client";

import { useMemo, useState } from "react";

/** One of several values, with an identity that outlives a move. */
export interface Entry<T> {
  id: number;
  value: T;
}

let last = 0;
/** A value as a new entry. */
export function entryOf<T>(value: T): Entry<T> {
  last += 1;
  return { id: last, value };
}

/**
 * The entries that a text stands for. While the text is the one that they were written as, they stay themselves, so that
 * a row that holds nothing yet is not lost; any other text is read anew.
 */
export function useEntries<T>(
  text: string,
  read: () => T[],
  write: (values: T[]) => string,
): [Entry<T>[], (next: Entry<T>[]) => string] {
  const [own, setOwn] = useState<{ text: string; entries: Entry<T>[] }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `read` reads that text and nothing else
  const fresh = useMemo(() => read().map(entryOf), [text]);
  const set = (entries: Entry<T>[]) => {
    const written = write(entries.map(({ value }) => value));
    setOwn({ text: written, entries });
    return written;
  };
  return [own?.text === text ? own.entries : fresh, set];
}
