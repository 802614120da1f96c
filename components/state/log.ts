"use client";

import { skipToken, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useRef } from "react";
import type { Api } from "./api";
import {
  addPart,
  type Block,
  blankLog,
  blockAt,
  blockOf,
  type LogIndex,
  lineCount,
  resumeAt,
} from "./log-index";
import { useSession } from "./provider";

/** One output of one attempt. */
export interface LogOf {
  run: string;
  id: string;
  attempt: number;
  stream: string;
}

const pollMs = 1000;
const blockLimit = 1_048_576;

/** Where the lines of a log begin, growing while the attempt goes on. */
export function useLogIndex(log: LogOf | null, grows: boolean) {
  const { api } = useSession();
  const client = useQueryClient();
  const queryKey = ["log", log?.run, log?.id, log?.attempt, log?.stream];
  return useQuery<LogIndex>({
    queryKey,
    queryFn:
      log === null
        ? skipToken
        : () =>
            countOn(api, log, client.getQueryData<LogIndex>(queryKey), (index) =>
              client.setQueryData(queryKey, index),
            ),
    refetchInterval: grows ? pollMs : false,
    structuralSharing: false,
    retry: false,
  });
}

/** Counts on to the end of the file, a part at a time; each part is shown as it comes. */
async function countOn(
  api: Api,
  log: LogOf,
  known: LogIndex | undefined,
  show: (index: LogIndex) => void,
): Promise<LogIndex> {
  let index = known ?? blankLog;
  for (;;) {
    const { from, ends } = resumeAt(index);
    const part = await api.logLines({ ...log, from });
    index = addPart(index, ends, part);
    if (index.end >= part.size || part.bytes === 0) return index;
    show(index);
  }
}

/** The lines from `first` to `last` (none if that is before it), by their numbers from 0; those that are still on their way are missing. */
export function useLines<T>(
  log: LogOf,
  index: LogIndex,
  first: number,
  last: number,
  grows: boolean,
  read: (text: string) => T[],
): (line: number) => T | undefined {
  const { api } = useSession();
  const count = lineCount(index);
  const blocks = useMemo(() => {
    if (count === 0 || last < first) return [];
    const [from, to] = [blockOf(index, Math.max(0, first)), blockOf(index, Math.min(count - 1, last))];
    return Array.from({ length: to - from + 1 }, (_, at) => blockAt(index, from + at));
  }, [index, count, first, last]);
  const texts = useQueries({
    queries: blocks.map((block) => ({
      queryKey: [
        "log-block",
        log.run,
        log.id,
        log.attempt,
        log.stream,
        block.from,
        block.to,
        grows && block.to === index.end,
      ],
      queryFn: () => readBlock(api, log, block),
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 60_000,
      retry: false,
    })),
  });
  // A block that grows is shown as it was until what it has become is there.
  const kept = useRef(new Map<number, { text: string; lines: T[] }>());
  for (const [at, block] of blocks.entries()) {
    const text = texts[at]?.data;
    if (text === undefined || kept.current.get(block.line)?.text === text) continue;
    kept.current.set(block.line, { text, lines: read(text) });
    if (kept.current.size > 64)
      for (const line of kept.current.keys()) {
        if (blocks.some((one) => one.line === line)) continue;
        kept.current.delete(line);
        if (kept.current.size <= 32) break;
      }
  }
  return (line) => {
    const block = blockAt(index, blockOf(index, line));
    return kept.current.get(block.line)?.lines[line - block.line];
  };
}

async function readBlock(api: Api, log: LogOf, { from, to }: Block): Promise<string> {
  const { text } = await api.logs({ ...log, from, limit: Math.min(blockLimit, to - from) });
  return text.endsWith("\n") ? text.slice(0, -1) : text;
}
