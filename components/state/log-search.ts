"use client";

import { useEffect, useState } from "react";
import type { Api, LogSearch } from "./api";
import { ApiError } from "./api";
import type { LogOf } from "./log";
import type { LogIndex } from "./log-index";
import { useSession } from "./provider";

/** A match; line and column count from 0. */
export interface Match {
  line: number;
  column: number;
  length: number;
}

/** What was found so far. */
export interface Found {
  matches: Match[];
  /** Whether all of the log was looked through. */
  isDone: boolean;
  /** More are not listed. */
  isCapped: boolean;
  problem: string | null;
}

const nothing: Found = { matches: [], isDone: false, isCapped: false, problem: null };
const most = 10_000;
const typingMs = 150;
const partBytes = { text: 8_000_000, pattern: 1_000_000 };

/** Looks through a whole log, part by part, while it is wanted; what was found is told as it comes. */
export function useLogSearch(log: LogOf, index: LogIndex | undefined, wanted: LogSearch): Found {
  const { api } = useSession();
  const [found, setFound] = useState<Found & { asked?: string }>(nothing);
  const { text, pattern, match_case } = wanted;
  const { run, id, attempt, stream } = log;
  const end = index?.end ?? 0;
  const asked = JSON.stringify([run, id, attempt, stream, text, pattern, match_case]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an index says nothing new before its end has moved
  useEffect(() => {
    setFound((before) => (before.asked === asked ? before : { ...nothing, asked }));
    if (text === "" || !index) return;
    const over = new AbortController();
    const timer = setTimeout(() => {
      void search(
        api,
        { run, id, attempt, stream },
        index,
        { text, pattern, match_case },
        over.signal,
        (news) => setFound({ ...news, asked }),
      );
    }, typingMs);
    return () => {
      clearTimeout(timer);
      over.abort();
    };
  }, [api, asked, end]);
  // What was found for the words before is not what is asked for now.
  return found.asked === asked ? found : nothing;
}

async function search(
  api: Api,
  log: LogOf,
  index: LogIndex,
  wanted: LogSearch,
  signal: AbortSignal,
  tell: (found: Found) => void,
): Promise<void> {
  const matches: Match[] = [];
  for (const { line, from, to } of partsOf(index, wanted.pattern ? partBytes.pattern : partBytes.text)) {
    try {
      const part = await api.searchLog({ ...log, ...wanted, from, limit: to - from }, signal);
      for (const [at, column, length] of part.matches) matches.push({ line: line + at, column, length });
      if (signal.aborted) return;
      if (part.problem !== null)
        return tell({ matches: [], isDone: true, isCapped: false, problem: part.problem });
      const isCapped = part.capped || matches.length >= most;
      tell({ matches: matches.slice(0, most), isDone: false, isCapped, problem: null });
      if (isCapped) break;
    } catch (error) {
      if (signal.aborted) return;
      const problem = error instanceof ApiError ? error.message : "the server can't be reached";
      tell({ matches: [], isDone: true, isCapped: false, problem });
      return;
    }
  }
  tell({ matches: matches.slice(0, most), isDone: true, isCapped: matches.length >= most, problem: null });
}

/** A log in parts that begin and end with lines, none much larger than so many bytes. */
export function partsOf(index: LogIndex, bytes: number): { line: number; from: number; to: number }[] {
  const parts: { line: number; from: number; to: number }[] = [];
  let begin = index.marks[0] ?? { line: 0, at: 0 };
  for (const [number, mark] of index.marks.entries()) {
    const next = index.marks[number + 1]?.at ?? index.end;
    if (next - begin.at <= bytes || mark.at === begin.at) continue;
    parts.push({ line: begin.line, from: begin.at, to: mark.at });
    begin = mark;
  }
  if (index.end > begin.at) parts.push({ line: begin.line, from: begin.at, to: index.end });
  return parts;
}
