"use client";

import { type ReactNode, useCallback, useEffect, useMemo, useRef } from "react";
import { createPortal } from "react-dom";
import { sayWhole } from "../state/amount";
import { attemptKey, goToLine, type Stream, useDock } from "../state/dock";
import { failedAttempt, useLastWords } from "../state/last-words";
import { useLogIndex } from "../state/log";
import { lineCount } from "../state/log-index";
import { useLogSearch } from "../state/log-search";
import { useLook } from "../state/look";
import { tell } from "../state/news";
import { useLiveStatus, useNode, useStatus } from "../state/queries";
import { findNode } from "../state/status-index";
import { attemptThen, isAtWork, useMoment } from "../state/then";
import { useView } from "../state/view";
import { isGate, type StatusDocument, type StepState } from "../state/wire";
import { Loading } from "./loading";
import { LogRows } from "./log-rows";
import { logTarget } from "./log-target";
import { LogTools, SearchBar, type ShownLog } from "./log-tools";
import { type Reading, useMatchWalk } from "./match-walk";
import { Nothing } from "./nothing";
import { otherStream, wantedStream, whichStream } from "./which-stream";

/** What the selected step printed, or the one that started last. */
export function LogPage({ tools }: { tools: HTMLElement | null }) {
  const selected = useView((view) => view.selected);
  const looked = useDock(({ of }) => (of?.gate === selected ? (of?.step ?? null) : null));
  const target = useStatus(
    useCallback((status: StatusDocument) => logTarget(status, looked ?? selected), [looked, selected]),
  );
  const node = useNode(target ?? "");
  const run = useStatus((status) => status.run);
  const step = node && !isGate(node) ? node : undefined;
  const isPending = useLook((look) => look.run !== null && !look.isShown);
  const broken = useView((view) => view.refusal !== null);
  const isMoment = useMoment();
  const hasLog = step !== undefined && step.attempt > 0 && typeof run === "string" && !isPending;
  useRefusedSearch(!hasLog);
  // Nothing is on its way while a file can't be read.
  if (run === undefined || isPending) return broken ? null : <Loading />;
  if (!step)
    return (
      <Nothing>
        {isMoment
          ? "Nothing had started at this moment."
          : "Nothing has run yet. What steps print appears here."}
      </Nothing>
    );
  if (run === null || step.attempt === 0)
    return (
      <Nothing>
        {isMoment && !isAtWork(step)
          ? `Not started at this moment: ${step.name}.`
          : `${step.name} has not run yet.`}
      </Nothing>
    );
  return (
    <Attempt key={`${run} ${step.id}`} run={run} step={step} tools={tools} isGuessed={selected === null} />
  );
}

/** Says that there is nothing to search in, where somebody asks for it; a log that appears later is no answer to that. */
function useRefusedSearch(isRefused: boolean): void {
  const called = useDock((dock) => dock.searchCalled);
  useEffect(() => {
    if (!called || !isRefused) return;
    useDock.setState({ searchOpen: false, searchCalled: false });
    tell("skipped", "there is no log to search in", "it appears here once a step has printed something");
  }, [called, isRefused]);
}

interface Shown {
  run: string;
  step: StepState;
  tools: HTMLElement | null;
  /** Nobody has chosen the step. */
  isGuessed: boolean;
}

function Attempt({ run, step, tools, isGuessed }: Shown) {
  const { stream: liked, chosenFor, attempt: wanted, search, isPattern, matchCase, searchOpen } = useDock();
  const attempt = Math.min(wanted ?? step.attempt, step.attempt);
  // Another step's attempts are other ones.
  useEffect(
    () => () => {
      const { chosenFor } = useDock.getState();
      useDock.setState({ attempt: null, ...(chosenFor === "*" ? { chosenFor: null } : {}) });
      goToLine(null);
    },
    [],
  );
  const isNewest = attempt === step.attempt;
  const isMoment = useMoment();
  const isEarly = isMoment && attemptThen({ run, step: step.id, attempt }, run, step) === "at work";
  const goesOn = useGoesOn(run, step.id, attempt);
  const grows = isNewest && isAtWork(step) && (goesOn || !isMoment);
  const key = attemptKey({ run, step: step.id, attempt });
  const isChosen = chosenFor === key || chosenFor === "*";
  const failed = isNewest && !isChosen ? failedAttempt(run, step) : null;
  const lastWords = useLastWords(failed, step.reason === "stopped");
  const begin = wantedStream({
    liked,
    isChosen,
    lastWords: failed ? lastWords.data : null,
    isAsked: failed !== null && lastWords.isLoading,
  });
  const first = useLogOf(run, step.id, attempt, begin ?? liked);
  const second = useLogOf(run, step.id, attempt, otherStream(begin ?? liked));
  const ofFirst = useLogIndex(begin === undefined ? null : first, grows);
  const isSilent = ofFirst.data !== undefined && lineCount(ofFirst.data) === 0;
  const ofSecond = useLogIndex(isSilent ? second : null, grows);
  const lines = ofFirst.data && lineCount(ofFirst.data);
  const otherLines = ofSecond.error ? 0 : ofSecond.data && lineCount(ofSecond.data);
  const stream = whichStream({ wanted: begin ?? liked, isChosen, grows, lines, otherLines });
  const isFirst = stream === undefined || stream === first.stream;
  const log = isFirst ? first : second;
  const { data: index, error } = isFirst ? ofFirst : ofSecond;
  const show = (next: Stream) => {
    goToLine(null);
    useDock.setState({ stream: next, chosenFor: key });
  };
  // A link to a line is one into this output.
  const toLine = useCallback(
    (line: number) => {
      useDock.setState({ stream: log.stream, chosenFor: key });
      goToLine(line);
    },
    [log, key],
  );
  const text = searchOpen && !/^:\d*$/.test(search) ? search : "";
  const reading = useRef<Reading | null>(null);
  const sought = { text, pattern: isPattern, match_case: matchCase };
  const found = useLogSearch(log, index, sought, () => reading.current?.first() ?? 0);
  const walk = useMatchWalk(found, JSON.stringify([log, sought]), reading);
  const head = (
    <>
      <span className="min-w-0 truncate text-sm text-muted">
        {step.name}
        {isGuessed && <span className="text-faint">, the last to start</span>}
        {index && index.end > 0 && <span className="text-faint"> · {sayLines(lineCount(index))}</span>}
      </span>
      <span className="grow" />
      <LogTools log={log} newest={step.attempt} onStream={show} />
    </>
  );
  return (
    <div className="flex h-full flex-col">
      {tools && createPortal(head, tools)}
      {isEarly && index !== undefined && index.end > 0 && (
        <p role="note" className="log-note">
          {grows
            ? "This is all that the attempt has printed until now; when each line came is not known."
            : "This is the whole log of the attempt; when each line came is not known."}
        </p>
      )}
      {searchOpen && <SearchBar found={found} walk={walk} onLine={toLine} />}
      <div className="relative min-h-0 grow">{body()}</div>
    </div>
  );

  function body(): ReactNode {
    if (isNewest && step.reason === "refused")
      return <Nothing>It could not be started, so it printed nothing.</Nothing>;
    // What was read before stays to be read while the server is away.
    if (error && !index) return <Nothing>{error.message}</Nothing>;
    if (!index || stream === undefined) return null;
    if (index.end === 0 && index.size === 0)
      return <Silent stream={stream} lines={otherLines} grows={grows} onStream={show} />;
    return (
      <LogRows
        key={`${attempt} ${log.stream}`}
        log={log}
        index={index}
        grows={grows}
        found={found}
        current={walk.current}
        reading={reading}
        onLine={toLine}
      />
    );
  }
}

/** Whether an attempt is at work now, whatever is looked at. */
function useGoesOn(run: string, id: string, attempt: number): boolean {
  const goesOn = useLiveStatus((status) => {
    const node = status.run === run ? findNode(status, id) : undefined;
    return node !== undefined && !isGate(node) && node.attempt === attempt && isAtWork(node);
  });
  return goesOn ?? false;
}

function useLogOf(run: string, id: string, attempt: number, stream: Stream): ShownLog {
  return useMemo(() => ({ run, id, attempt, stream }), [run, id, attempt, stream]);
}

interface Silence {
  stream: Stream;
  /** How many the other output has; undefined while it is not known. */
  lines: number | undefined;
  grows: boolean;
  onStream: (stream: Stream) => void;
}

function Silent({ stream, lines, grows, onStream }: Silence) {
  const other = otherStream(stream);
  if (lines === 0)
    return <Nothing>{grows ? "It has printed nothing so far." : "It printed nothing."}</Nothing>;
  return (
    <Nothing>
      {`Nothing on ${stream}${grows ? " so far" : ""}`}
      {lines === undefined ? "." : `; ${sayLines(lines)} on ${other}.`}{" "}
      <button type="button" className="link text-muted" onClick={() => onStream(other)}>
        Look at {other}
      </button>
    </Nothing>
  );
}

const sayLines = (count: number) => (count === 1 ? "1 line" : `${sayWhole(count)} lines`);
