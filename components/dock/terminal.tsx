"use client";

import "@xterm/xterm/css/xterm.css";
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { HereCommand } from "../parts/here-command";
import { StatusWord } from "../parts/status-word";
import { readRefusal } from "../state/api";
import { openLog } from "../state/dock";
import { useLook } from "../state/look";
import { useSession } from "../state/provider";
import { useDefinition, useNode, useSequence, useStatus } from "../state/queries";
import { openStream } from "../state/stream";
import { onColours } from "../state/theme";
import { select, useView } from "../state/view";
import { standing } from "../state/vocabulary";
import { type AttemptOf, isGate, type StatusDocument, type StepState } from "../state/wire";
import { Nothing } from "./nothing";
import { withStyleSheets } from "./style-sheets";
import { liveTerminals, terminalTarget } from "./terminal-target";
import { terminalTheme } from "./terminal-theme";
import { typingLine } from "./typing";

const none: ReadonlySet<string> = new Set();

/** The terminal of the selected step, or of one that runs: seen and typed to. */
export function TerminalPage({ tools }: { tools: HTMLElement | null }) {
  const selected = useView((view) => view.selected);
  const { data: file } = useSequence();
  const ttys = useMemo(
    () => (file ? new Set(file.sequence.steps?.flatMap(({ id, tty }) => (tty ? [id] : []))) : none),
    [file],
  );
  const last = useRef<string | null>(null);
  const target = useStatus(
    useCallback(
      (status: StatusDocument) => terminalTarget(status, ttys, selected, last.current),
      [ttys, selected],
    ),
  );
  const live = useStatus(useCallback((status: StatusDocument) => liveTerminals(status, ttys), [ttys])) ?? [];
  const node = useNode(target ?? "");
  const run = useStatus((status) => status.run);
  const isPast = useLook((look) => look.run !== null);
  const { data } = useDefinition(target ?? "");
  if (file && ttys.size === 0 && !target)
    return <Nothing>No step has a terminal: those have one that say tty: true.</Nothing>;
  if (!node || isGate(node) || !run || !data)
    return (
      <Nothing>
        Select a step with tty: true to sit down at its terminal. <Elsewhere steps={live} />
      </Nothing>
    );
  const isLive = node.status === "RUNNING" || node.status === "STOPPING";
  if (isPast && isLive)
    return (
      <Nothing>
        {node.name} ran then, and its terminal is of now. Esc leads back from the run that is looked at.
      </Nothing>
    );
  const hasTerminal = data.definition.tty === true;
  const isThere = hasTerminal && (isLive || node.attempt > 0);
  last.current = isThere && isLive ? node.id : last.current;
  if (isThere)
    return (
      <Screen key={`${run} ${node.id} ${node.attempt}`} run={run} step={node} isLive={isLive} tools={tools} />
    );
  return (
    <>
      {tools && createPortal(<Head name={node.name} />, tools)}
      {hasTerminal ? (
        <div className="grid h-full place-content-center gap-2 px-4 text-center text-faint">
          <p>{node.why} Its terminal is there while it runs.</p>
          <HereCommand words={`attach ${node.id}`} />
        </div>
      ) : (
        <Nothing>
          {node.name} has no terminal: its step does not say tty: true. What it prints is in its log.{" "}
          <Elsewhere steps={live} />
        </Nothing>
      )}
    </>
  );
}

/** The terminals that run, where another step's is looked for. */
function Elsewhere({ steps }: { steps: StepState[] }) {
  return steps.map(({ id, name }) => (
    <button key={id} type="button" className="link text-muted" onClick={() => select(id)}>
      The terminal of {name}
    </button>
  ));
}

function Head({ name, seats }: { name: string; seats?: number | null }) {
  return (
    <span className="min-w-0 truncate text-sm text-muted">
      {name}
      {seats !== undefined && seats !== null && (
        <span className="text-faint">
          {" "}
          · {seats > 1 ? `you and ${sayOthers(seats - 1)} sit here` : "only you sit here"}
        </span>
      )}
    </span>
  );
}

const sayOthers = (count: number) => (count === 1 ? "1 other" : `${count} others`);

interface ScreenProps {
  run: string;
  step: StepState;
  /** While it runs it is seen and typed to; what it has come to is shown afterwards. */
  isLive: boolean;
  tools: HTMLElement | null;
}

/** The terminal of an attempt, while it runs and as it was left. */
function Screen({ run, step, isLive, tools }: ScreenProps) {
  const { id, attempt } = step;
  const box = useRef<HTMLDivElement>(null);
  const terminal = useTerminal(box);
  const { problem, trouble, seats } = useSeat(isLive ? terminal : null, id);
  const lost = usePlayed(isLive ? null : terminal, { run, step: id, attempt });
  const told = isLive ? problem : lost;
  return (
    <div className="relative flex h-full flex-col">
      {tools && createPortal(<Head name={step.name} seats={isLive ? seats : null} />, tools)}
      {!isLive && (
        <div className="terminal-end">
          <StatusWord {...standing(step)} />
          <span>
            {step.exit_code === null ? "No exit code." : `Exit code ${step.exit_code}.`} This is what stood on
            its terminal last.
          </span>
          <button
            type="button"
            className="link"
            onClick={() => openLog({ run, step: id, attempt }, "stdout")}
          >
            All of it in the log
          </button>
        </div>
      )}
      <div className="relative min-h-0 grow">
        <div ref={box} className="terminal-screen" />
        {told && (
          <div className="absolute inset-0 bg-inset">
            <Nothing>{told}</Nothing>
          </div>
        )}
      </div>
      {isLive && trouble && !problem && (
        <p role="alert" className="shrink-0 px-3 py-1 text-sm text-failed">
          What you typed last was not sent: {trouble}. Look at what stands there, and type it again.
        </p>
      )}
    </div>
  );
}

/** A terminal on the page, as large as its box; null before it is there. */
function useTerminal(box: RefObject<HTMLDivElement | null>): Terminal | null {
  const [shown, setShown] = useState<Terminal | null>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const terminal = new Terminal({
      theme: terminalTheme(),
      fontFamily: getComputedStyle(element).fontFamily,
      fontSize: 12,
      scrollback: 5000,
      screenReaderMode: true,
    });
    const fit = new FitAddon();
    terminal.loadAddon(fit);
    const release = withStyleSheets(() => terminal.open(element));
    fit.fit();
    const observer = new ResizeObserver(() => fit.fit());
    observer.observe(element);
    const leave = onColours(() => {
      terminal.options.theme = terminalTheme();
    });
    setShown(terminal);
    return () => {
      setShown(null);
      observer.disconnect();
      leave();
      terminal.dispose();
      release();
    };
  }, [box]);
  return shown;
}

type End = { kind: "ended"; code: number } | { kind: "detached" | "lost" | "none" | "refused" };

/** Sits down at the terminal of a step that runs; what is typed goes to it one piece after the other. */
function useSeat(terminal: Terminal | null, id: string) {
  const { api, expire } = useSession();
  const [problem, setProblem] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [seats, setSeats] = useState<number | null>(null);
  useEffect(() => {
    if (!terminal) return;
    const typing = typingLine(api.terminal, setTrouble);
    const ears = [
      terminal.onData((input) => typing.tell({ input })),
      terminal.onResize(({ cols, rows }) => typing.tell({ cols, rows })),
    ];
    const query = new URLSearchParams({ id, cols: String(terminal.cols), rows: String(terminal.rows) });
    const stream = openStream({
      url: `/api/terminal/stream?${query}`,
      token: api.token,
      onConnection: () => undefined,
      onRefused: (status, body) => {
        if (status === 401) expire();
        else setProblem(readRefusal(status, body).message);
        return false;
      },
      onEvent: ({ name, data }) => {
        const event = JSON.parse(data);
        if (name === "seat") {
          // Whoever comes back is shown the newest picture from its beginning.
          typing.sit(event.seat);
          terminal.reset();
          typing.tell({ cols: terminal.cols, rows: terminal.rows });
        }
        if (name === "output")
          terminal.write(Uint8Array.from(atob(event.data), (sign) => sign.charCodeAt(0)));
        if (name === "seats") setSeats(event.count);
        if (name === "end") setSeats(null);
        if (name === "end" && (event as End).kind !== "lost") {
          typing.sit(undefined);
          stream.close();
          if (event.kind === "none" || event.kind === "refused")
            setProblem("It has no terminal that could be reached.");
        }
      },
    });
    terminal.focus();
    return () => {
      for (const ear of ears) ear.dispose();
      stream.close();
    };
  }, [terminal, api, expire, id]);
  return { problem, trouble, seats };
}

/** So much of what was printed is played for the last picture. */
const playedBytes = 262_144;
const hideCursor = "\x1b[?25l";

/** Plays what an attempt that is over left in its log: its last picture, without the secrets in it. Says why where it can't. */
function usePlayed(terminal: Terminal | null, { run, step, attempt }: AttemptOf): string | null {
  const { api } = useSession();
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    if (!terminal) return;
    let isOver = false;
    terminal.options.disableStdin = true;
    const query = { run, id: step, attempt, stream: "stdout", from: -playedBytes, limit: playedBytes };
    api.logs(query).then(
      ({ text, from }) => {
        if (isOver) return;
        terminal.reset();
        // What begins in the middle may begin in the middle of a command to the terminal.
        terminal.write(from > 0 ? text.slice(text.indexOf("\n") + 1) : text);
        terminal.write(hideCursor);
        if (text === "") setProblem("Nothing was ever shown on it.");
      },
      (error: Error) => !isOver && setProblem(error.message),
    );
    return () => {
      isOver = true;
      terminal.options.disableStdin = false;
    };
  }, [terminal, api, run, step, attempt]);
  return problem;
}
