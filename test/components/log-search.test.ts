import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { type Found, type Match, matchesOn, ordinalOf, stepFrom } from "../../components/state/log-found";
import { addPart, blankLog, type LogIndex, resumeAt } from "../../components/state/log-index";
import { LogSearcher } from "../../components/state/log-search";
import type { LogMatches } from "../../components/state/wire";
import { until } from "../rig/deadline";

const of = { run: "r", id: "s", attempt: 1, stream: "stdout" };
const sought = { text: "x", pattern: false, match_case: false };

/** Counts as the server does, with a mark after every so many lines. */
function indexOf(text: string, every: number, known: LogIndex = blankLog): LogIndex {
  const { from, ends } = resumeAt(known);
  const marks: [number, number][] = [];
  let lines = 0;
  for (let at = text.indexOf("\n", from); at >= 0; at = text.indexOf("\n", at + 1)) {
    lines += 1;
    if (lines % every === 0) marks.push([lines, at + 1]);
  }
  const ended = text.endsWith("\n");
  return addPart(known, ends, { size: text.length, from, bytes: text.length - from, lines, ended, marks });
}

/** Every x of a text. */
function allIn(text: string): Match[] {
  return text
    .split("\n")
    .flatMap((words, line) =>
      [...words.matchAll(/x/g)].map(({ index }) => ({ line, column: index, length: 1 })),
    );
}

/** A server that searches a log, at most so many matches and whole lines at a time; each answer waits until it is let go. */
class Server {
  text: string;
  readonly asked: number[] = [];
  readonly #most: number;
  #free: () => void = () => {};
  #held: Promise<void> | undefined;

  constructor(text: string, most: number) {
    this.text = text;
    this.#most = most;
  }

  hold(): void {
    this.#held = new Promise((resolve) => {
      this.#free = resolve;
    });
  }

  release(): void {
    this.#held = undefined;
    this.#free();
  }

  searchLog = async ({ from, limit }: { from: number; limit: number }): Promise<LogMatches> => {
    this.asked.push(from);
    await this.#held;
    const part = this.text.slice(from, from + limit);
    const matches: LogMatches["matches"] = [];
    let [bytes, lines] = [0, 0];
    for (const words of part.split(/(?<=\n)/)) {
      if (matches.length >= this.#most) break;
      for (const { column } of allIn(words)) matches.push([lines, column, 1]);
      bytes += words.length;
      if (words.endsWith("\n")) lines += 1;
    }
    const capped = bytes < part.length;
    return {
      ...{ run: "r", step: "s", attempt: 1, stream: "stdout", size: this.text.length },
      ...{ from, bytes, lines, matches, capped, problem: null },
    };
  };
}

function searchIn(server: Server, readFrom: number) {
  const told: Found[] = [];
  const searcher = new LogSearcher(server, of, sought, readFrom, (found) => told.push(found));
  const done = () => until("all is searched", async () => (told.at(-1)?.isDone ? told.at(-1) : undefined));
  return { told, searcher, done };
}

const line = fc.constantFrom("", "a", "x", "xx", "axa", "bbbbbb", "xxxx");
const lines = fc.array(line, { minLength: 1, maxLength: 40 });
const log = fc
  .tuple(lines, fc.boolean())
  .map(([all, isEnded]) => all.join("\n") + (isEnded && all.at(-1) !== "" ? "\n" : ""));

describe("a search in a log", () => {
  test("finds every match once, wherever it begins, however much an answer holds, and however the log grows", async () => {
    await fc.assert(
      fc.asyncProperty(
        log,
        fc.nat(),
        fc.nat(50),
        fc.integer({ min: 1, max: 7 }),
        fc.integer({ min: 1, max: 9 }),
        async (text, cut, readFrom, every, most) => {
          const server = new Server(text.slice(0, cut % (text.length + 1)), most);
          const { searcher, told } = searchIn(server, readFrom);
          const first = indexOf(server.text, every);
          searcher.goOn(first);
          await Bun.sleep(0);
          server.text = text;
          searcher.goOn(indexOf(text, every, first));
          const all = allIn(text);
          const whole = await until("all is searched", async () => {
            const found = told.at(-1);
            return found?.isDone && found.isToEnd && found.total === all.length ? found : undefined;
          });
          const numbered = text.split("\n").flatMap((_, at) => matchesOn(whole, at));
          expect(numbered).toEqual(all);
          expect(numbered.map((match) => ordinalOf(whole, match))).toEqual(all.map((_, at) => at + 1));
          for (let at = 0; at <= text.split("\n").length; at += 1) {
            const place = { line: at, column: 0 };
            const next = all.find((match) => match.line >= at) ?? all[0];
            const back = all.findLast((match) => match.line < at) ?? all.at(-1);
            expect(stepFrom(whole, place, 1)?.match).toEqual(next);
            expect(stepFrom(whole, place, -1)?.match).toEqual(back);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("begins where one reads, says nothing about what it has not seen, and wraps with a word", async () => {
    const text = Array.from({ length: 100 }, (_, at) => (at % 10 === 0 ? "x\n" : "a\n")).join("");
    const server = new Server(text, 1000);
    const { told, searcher, done } = searchIn(server, 50);
    const index = indexOf(text, 10);
    server.hold();
    searcher.goOn(index);
    expect(server.asked).toEqual([index.marks[5]?.at as number]);
    server.release();
    const partly = await until("a part", async () => told.at(0));
    expect(partly.isDone).toBe(false);
    expect(stepFrom(partly, { line: 55, column: 0 }, 1)?.match.line).toBe(60);
    expect(stepFrom(partly, { line: 50, column: 0 }, -1)).toBeUndefined();
    expect(ordinalOf(partly, { line: 60, column: 0 })).toBeUndefined();
    const whole = await done();
    expect(whole.total).toBe(10);
    expect(ordinalOf(whole, { line: 60, column: 0 })).toBe(7);
    expect(stepFrom(whole, { line: 91, column: 0 }, 1)).toEqual({
      match: { line: 0, column: 0, length: 1 },
      hasWrapped: true,
    });
    expect(stepFrom(whole, { line: 0, column: 0 }, -1)).toMatchObject({
      match: { line: 90 },
      hasWrapped: true,
    });
    expect(stepFrom(whole, { line: 90, column: 0 }, -1)).toMatchObject({
      match: { line: 80 },
      hasWrapped: false,
    });
  });

  test("counts what comes to a log that grows, without looking through it all again", async () => {
    const text = "x\n".repeat(100);
    const server = new Server(text, 1000);
    const { told, searcher, done } = searchIn(server, 0);
    const index = indexOf(text, 10);
    searcher.goOn(index);
    expect((await done()).total).toBe(100);
    const [before, toldBefore] = [server.asked.length, told.length];
    server.text += "x\n".repeat(5);
    searcher.goOn(indexOf(server.text, 10, index));
    await until("what came", async () => (told.at(-1)?.total === 105 ? true : undefined));
    expect(server.asked.slice(before).every((from) => from >= 180)).toBe(true);
    expect(told.slice(toldBefore).every(({ isDone }) => isDone)).toBe(true);
  });

  test("begins anew in a log that became another one, and ends where it is stopped", async () => {
    const server = new Server("x\n".repeat(50), 10);
    const { told, searcher, done } = searchIn(server, 20);
    searcher.goOn(indexOf(server.text, 10));
    await done();
    server.text = "x\na\n";
    searcher.goOn(blankLog);
    searcher.goOn(indexOf(server.text, 10));
    await until("the other one", async () => (told.at(-1)?.total === 1 ? true : undefined));
    server.hold();
    server.text += "x\n".repeat(9);
    searcher.goOn(indexOf(server.text, 10));
    searcher.stop();
    const before = told.length;
    server.release();
    await Bun.sleep(0);
    expect(told.length).toBe(before);
  });
});
