"use client";

import "@xterm/xterm/css/xterm.css";
import { FitAddon } from "@xterm/addon-fit";
import { Terminal } from "@xterm/xterm";
import { useCallback, useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { HereCommand } from "../parts/here-command";
import { readRefusal } from "../state/api";
import { useLook } from "../state/look";
import { useSession } from "../state/provider";
import { useDefinition, useNode, useStatus } from "../state/queries";
import { openStream } from "../state/stream";
import { useView } from "../state/view";
import { isGate, type StatusDocument } from "../state/wire";
import { logTarget } from "./log-target";
import { Nothing } from "./nothing";
import { withStyleSheets } from "./style-sheets";
import { terminalTheme } from "./terminal-theme";
import { typingLine } from "./typing";

/** The terminal of the selected step, or of the one that started last: seen and typed to. */
export function TerminalPage({ tools }: { tools: HTMLElement | null }) {
  const selected = useView((view) => view.selected);
  const target = useStatus(useCallback((status: StatusDocument) => logTarget(status, selected), [selected]));
  const node = useNode(target ?? "");
  const run = useStatus((status) => status.run);
  const isPast = useLook((look) => look.run !== null);
  const { data } = useDefinition(target ?? "");
  if (isPast) return <Nothing>A terminal is of now. Esc leads back from the run that is looked at.</Nothing>;
  if (!node || isGate(node) || !run || !data)
    return <Nothing>Select a step with tty: true to sit down at its terminal.</Nothing>;
  const head = <span className="min-w-0 truncate text-sm text-muted">{node.name}</span>;
  const under = node.status === "RUNNING" || node.status === "STOPPING";
  return (
    <>
      {tools && createPortal(head, tools)}
      {data.definition.tty !== true ? (
        <Nothing>
          {node.name} has no terminal: its step does not say tty: true. What it prints is in its log.
        </Nothing>
      ) : under ? (
        <Screen key={`${run} ${node.id} ${node.attempt}`} id={node.id} />
      ) : (
        <div className="grid h-full place-content-center gap-2 px-4 text-center text-faint">
          <p>{node.why} Its terminal is there while it runs.</p>
          <HereCommand words={`attach ${node.id}`} />
        </div>
      )}
    </>
  );
}

type End = { kind: "ended"; code: number } | { kind: "detached" | "lost" | "none" | "refused" };

/** A terminal on the page; what is typed goes to the step one piece after the other. */
function Screen({ id }: { id: string }) {
  const { api, expire } = useSession();
  const box = useRef<HTMLDivElement>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
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
    const typing = typingLine(api.terminal, setTrouble);
    terminal.onData((input) => typing.tell({ input }));
    terminal.onResize(({ cols, rows }) => typing.tell({ cols, rows }));
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
        if (name === "end" && (event as End).kind !== "lost") {
          typing.sit(undefined);
          stream.close();
          if (event.kind === "none" || event.kind === "refused")
            setProblem("It has no terminal that could be reached.");
        }
      },
    });
    const observer = new ResizeObserver(() => fit.fit());
    observer.observe(element);
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    const paint = () => {
      terminal.options.theme = terminalTheme();
    };
    scheme.addEventListener("change", paint);
    terminal.focus();
    return () => {
      observer.disconnect();
      scheme.removeEventListener("change", paint);
      stream.close();
      terminal.dispose();
      release();
    };
  }, [api, expire, id]);
  return (
    <div className="relative flex h-full flex-col">
      <div className="relative min-h-0 grow">
        <div ref={box} className="terminal-screen" />
      </div>
      {trouble && !problem && (
        <p role="alert" className="shrink-0 px-3 py-1 text-sm text-failed">
          What you typed last was not sent: {trouble}. Look at what stands there, and type it again.
        </p>
      )}
      {problem && (
        <div className="absolute inset-0 bg-inset">
          <Nothing>{problem}</Nothing>
        </div>
      )}
    </div>
  );
}
