"use client";

import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { createPortal } from "react-dom";
import { goToLine, useDock } from "../state/dock";
import { type LogOf, useLogIndex } from "../state/log";
import { lineCount } from "../state/log-index";
import { useLogSearch } from "../state/log-search";
import { useLook } from "../state/look";
import { useNode, useStatus } from "../state/queries";
import { useView } from "../state/view";
import { isGate, type StatusDocument, type StepState } from "../state/wire";
import { Loading } from "./loading";
import { LogRows } from "./log-rows";
import { logTarget } from "./log-target";
import { LogTools, SearchBar } from "./log-tools";
import { Nothing } from "./nothing";

/** What the selected step printed, or the one that started last. */
export function LogPage({ tools }: { tools: HTMLElement | null }) {
  const selected = useView((view) => view.selected);
  const target = useStatus(useCallback((status: StatusDocument) => logTarget(status, selected), [selected]));
  const node = useNode(target ?? "");
  const run = useStatus((status) => status.run);
  const step = node && !isGate(node) ? node : undefined;
  const isPending = useLook((look) => look.run !== null && !look.isShown);
  const broken = useView((view) => view.refusal !== null);
  // Nothing is on its way while a file can't be read.
  if (run === undefined || isPending) return broken ? null : <Loading />;
  if (!step) return <Nothing>Nothing has run yet. What steps print appears here.</Nothing>;
  if (run === null || step.attempt === 0) return <Nothing>{step.name} has not run yet.</Nothing>;
  return (
    <Attempt key={`${run} ${step.id}`} run={run} step={step} tools={tools} isGuessed={selected === null} />
  );
}

interface Shown {
  run: string;
  step: StepState;
  tools: HTMLElement | null;
  /** Nobody has chosen the step. */
  isGuessed: boolean;
}

function Attempt({ run, step, tools, isGuessed }: Shown) {
  const { stream, attempt: wanted, search, isPattern, matchCase, searchOpen } = useDock();
  const attempt = Math.min(wanted ?? step.attempt, step.attempt);
  // Another step's attempts are other ones.
  useEffect(
    () => () => {
      useDock.setState({ attempt: null });
      goToLine(null);
    },
    [],
  );
  const isNewest = attempt === step.attempt;
  const grows = isNewest && (step.status === "RUNNING" || step.status === "STOPPING");
  const log = useMemo<LogOf>(() => ({ run, id: step.id, attempt, stream }), [run, step.id, attempt, stream]);
  const { data: index, error } = useLogIndex(log, grows);
  const text = searchOpen && !/^:\d*$/.test(search) ? search : "";
  const found = useLogSearch(log, index, { text, pattern: isPattern, match_case: matchCase });
  const [current, setCurrent] = useState(-1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another search begins without a match that is looked at
  useEffect(() => setCurrent(-1), [text, isPattern, matchCase, log]);
  const head = (
    <>
      <span className="min-w-0 truncate text-sm text-muted">
        {step.name}
        {isGuessed && <span className="text-faint">, the last to start</span>}
        {index && index.end > 0 && <span className="text-faint"> · {sayLines(lineCount(index))}</span>}
      </span>
      <span className="grow" />
      <LogTools log={log} newest={step.attempt} />
    </>
  );
  return (
    <div className="flex h-full flex-col">
      {tools && createPortal(head, tools)}
      {searchOpen && <SearchBar found={found} current={current} onCurrent={setCurrent} />}
      <div className="relative min-h-0 grow">{body()}</div>
    </div>
  );

  function body(): ReactNode {
    if (isNewest && step.reason === "refused")
      return <Nothing>It could not be started, so it printed nothing.</Nothing>;
    if (error) return <Nothing>{error.message}</Nothing>;
    if (!index) return null;
    if (index.end === 0 && index.size === 0) return <Silent grows={grows} />;
    return (
      <LogRows
        key={`${attempt} ${stream}`}
        log={log}
        index={index}
        grows={grows}
        matches={found.matches}
        current={current}
      />
    );
  }
}

function Silent({ grows }: { grows: boolean }) {
  const stream = useDock((dock) => dock.stream);
  const other = stream === "stdout" ? "stderr" : "stdout";
  return (
    <Nothing>
      {grows ? `Nothing on ${stream} so far.` : `It printed nothing on ${stream}.`}{" "}
      <button type="button" className="link text-muted" onClick={() => useDock.setState({ stream: other })}>
        Look at {other}
      </button>
    </Nothing>
  );
}

const sayLines = (count: number) => (count === 1 ? "1 line" : `${count.toLocaleString("en")} lines`);
