"use client";

import { useEffect, useRef, useState } from "react";
import type { Api, LogSearch } from "./api";
import { ApiError } from "./api";
import type { LogOf } from "./log";
import { type Found, foundIn, nothing, type Place, type Searched, searched, start } from "./log-found";
import { blockOf, type LogIndex, lineCount } from "./log-index";
import { useSession } from "./provider";

/** So many matches are kept at most; a letter that stands everywhere would fill the memory. */
const most = 5_000_000;
const typingMs = 150;
const againMs = 2000;
/** Small enough that whatever else is asked for gets its turn. */
const partBytes = { text: 2_000_000, pattern: 500_000 };

/** Looks through a whole log, part by part, while it is wanted: first from the line on that is read, then what stands before it. */
export function useLogSearch(
  log: LogOf,
  index: LogIndex | undefined,
  wanted: LogSearch,
  readFrom: () => number,
): Found {
  const { api } = useSession();
  const [found, setFound] = useState<Found & { asked?: string }>(nothing);
  const { text, pattern, match_case } = wanted;
  const { run, id, attempt, stream } = log;
  const asked = JSON.stringify([run, id, attempt, stream, text, pattern, match_case]);
  const search = useRef<LogSearcher | null>(null);
  const newest = useRef(index);
  newest.current = index;
  const isThere = index !== undefined;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what the key is made of is what it depends on
  useEffect(() => {
    if (text === "" || !isThere) return;
    const timer = setTimeout(() => {
      const begun = new LogSearcher(
        api,
        { run, id, attempt, stream },
        { text, pattern, match_case },
        readFrom(),
        (news) => setFound({ ...news, asked }),
      );
      search.current = begun;
      if (newest.current) begun.goOn(newest.current);
    }, typingMs);
    return () => {
      clearTimeout(timer);
      search.current?.stop();
      search.current = null;
      setFound(nothing);
    };
  }, [api, asked, isThere]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: an index says nothing new before its end has moved
  useEffect(() => {
    if (index) search.current?.goOn(index);
  }, [index?.end]);
  // What was found for the words before is not what is asked for now.
  return found.asked === asked && text !== "" ? found : nothing;
}

interface Job {
  from: Place;
  to: Place;
  /** What the job's matches become a part of. */
  into: "behind" | "before" | "tail";
}

/** One search in one log, which grows with it until it is stopped. */
export class LogSearcher {
  readonly #api: Pick<Api, "searchLog">;
  readonly #log: LogOf;
  readonly #wanted: LogSearch;
  readonly #readFrom: number;
  readonly #tell: (found: Found) => void;
  readonly #over = new AbortController();
  #index: LogIndex | undefined;
  /** Where the search has begun. */
  #begin = start;
  #before: Searched[] = [];
  #behind: Searched[] = [];
  /** What stands behind the last place known to begin a line: it is searched again when there is more of it. */
  #tail: Searched | undefined;
  #isAtWork = false;
  #wasDone = false;

  constructor(
    api: Pick<Api, "searchLog">,
    log: LogOf,
    wanted: LogSearch,
    readFrom: number,
    tell: (found: Found) => void,
  ) {
    this.#api = api;
    this.#log = log;
    this.#wanted = wanted;
    this.#readFrom = readFrom;
    this.#tell = tell;
  }

  /** Goes on to where the log ends by now. */
  goOn(index: LogIndex): void {
    // It became shorter, so it is another one.
    if (index.end < (this.#index?.end ?? 0)) this.#forget();
    if (this.#index === undefined) {
      this.#begin = { ...start, ...index.marks[blockOf(index, this.#readFrom)] };
    }
    this.#index = index;
    if (!this.#isAtWork) void this.#work();
  }

  stop(): void {
    this.#over.abort();
  }

  #forget() {
    [this.#before, this.#behind, this.#tail, this.#index] = [[], [], undefined, undefined];
    this.#wasDone = false;
  }

  async #work(): Promise<void> {
    this.#isAtWork = true;
    const { signal } = this.#over;
    for (;;) {
      const [job, begin] = [this.#next(), this.#begin];
      if (!job) break;
      try {
        const limit = job.to.at - job.from.at;
        const query = { ...this.#log, ...this.#wanted, from: job.from.at, limit };
        const answer = await this.#api.searchLog(query, signal);
        if (signal.aborted) return;
        if (answer.problem !== null) return this.#tell({ ...nothing, isDone: true, problem: answer.problem });
        // The log that it was asked of is gone.
        if (this.#begin !== begin) continue;
        this.#keep(job, answer);
        this.#tell(this.#found());
      } catch (error) {
        if (signal.aborted) return;
        this.#isAtWork = false;
        const isRefused = error instanceof ApiError && error.refusal.status !== 0;
        const problem = isRefused ? error.message : "the server can't be reached";
        this.#tell({ ...this.#found(), isDone: true, problem });
        if (!isRefused) await new Promise((resolve) => setTimeout(resolve, againMs));
        if (!isRefused && !signal.aborted && !this.#isAtWork) void this.#work();
        return;
      }
    }
    this.#isAtWork = false;
    this.#tell(this.#found());
  }

  /** What is searched next; undefined if nothing is left to be. */
  #next(): Job | undefined {
    const index = this.#index;
    if (index === undefined || this.#isFull()) return undefined;
    const last = index.marks.at(-1) ?? start;
    const behind = this.#behind.at(-1)?.to ?? this.#begin;
    if (behind.at < last.at) return { from: behind, to: this.#cut(index, behind.at, last), into: "behind" };
    if (behind.at < index.end && (this.#tail?.to.at ?? 0) < index.end)
      return { from: behind, to: { line: lineCount(index), at: index.end }, into: "tail" };
    const before = this.#before.at(-1)?.to ?? start;
    if (before.at < this.#begin.at)
      return { from: before, to: this.#cut(index, before.at, this.#begin), into: "before" };
    return undefined;
  }

  /** Where a part of a bearable size ends that begins at a place. */
  #cut({ marks }: LogIndex, from: number, until: Place): Place {
    const bytes = partBytes[this.#wanted.pattern ? "pattern" : "text"];
    let [low, high] = [0, marks.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((marks[middle]?.at ?? 0) <= from + bytes) low = middle;
      else high = middle - 1;
    }
    // What is larger has no beginning of a line in it.
    const mark = (marks[low]?.at ?? 0) > from ? marks[low] : marks[low + 1];
    return mark && mark.at < until.at ? mark : until;
  }

  #keep({ from, to, into }: Job, answer: Awaited<ReturnType<Api["searchLog"]>>): void {
    // Where it found so much that it ended early, it ended with a line.
    const end = { line: from.line + answer.lines, at: from.at + answer.bytes };
    const part = searched(from, answer.capped ? end : to, answer.matches);
    if (into === "before") this.#before.push(part);
    else if (into === "tail" && !answer.capped) this.#tail = part;
    else {
      this.#behind.push(part);
      this.#tail = undefined;
    }
  }

  #isFull() {
    return foundIn(this.#parts(), {}).total >= most;
  }

  #parts() {
    return [...this.#before, ...this.#behind, ...(this.#tail ? [this.#tail] : [])];
  }

  #found(): Found {
    const index = this.#index;
    const isCapped = this.#isFull();
    const left = this.#next();
    // What has just come to a log that was searched whole is looked through at once, without a word about it.
    const isLittle = left !== undefined && left.into === "tail";
    const isDone = left === undefined || (this.#wasDone && isLittle);
    this.#wasDone = isDone;
    const isToEnd =
      index !== undefined && (index.end === 0 || (this.#parts().at(-1)?.to.at ?? 0) >= index.end);
    return foundIn(this.#parts(), { isDone, isCapped, isToEnd });
  }
}
