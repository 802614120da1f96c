"use client";

import { ChevronDown, ChevronUp, Download, Link2, Search, WrapText, X } from "lucide-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { IconButton } from "../parts/tool-button";
import { sayWhole } from "../state/amount";
import { goToLine, type Stream, searchLog, useDock } from "../state/dock";
import { giveBackFocus } from "../state/focus";
import type { LogOf } from "../state/log";
import { type Found, ordinalOf } from "../state/log-found";
import { tell } from "../state/news";
import { useSession } from "../state/provider";
import { useStatus } from "../state/queries";
import { downloadLog } from "./download";
import type { Walk } from "./match-walk";

const streams: Stream[] = ["stdout", "stderr"];

/** The output of an attempt that is shown. */
export interface ShownLog extends LogOf {
  stream: Stream;
}

/** Which output of which attempt, and what can be done with it. */
export function LogTools(props: { log: ShownLog; newest: number; onStream: (stream: Stream) => void }) {
  const { log, newest, onStream } = props;
  const { api } = useSession();
  const { wrap, searchOpen } = useDock();
  const select = (attempt: number | null) => {
    goToLine(null);
    useDock.setState({ attempt });
  };
  return (
    <div className="flex shrink-0 items-center gap-0.5">
      {newest > 1 && (
        <select
          aria-label="Attempt"
          className="dock-select"
          value={log.attempt}
          onChange={({ target }) => select(Number(target.value) === newest ? null : Number(target.value))}
        >
          {Array.from({ length: newest }, (_, at) => newest - at).map((number) => (
            <option key={number} value={number}>
              attempt {number}
            </option>
          ))}
        </select>
      )}
      <fieldset aria-label="Output stream" className="dock-switch mr-1.5 ml-1">
        {streams.map((name) => (
          <button key={name} type="button" aria-pressed={log.stream === name} onClick={() => onStream(name)}>
            {name}
          </button>
        ))}
      </fieldset>
      <IconButton
        label="Search in the log"
        icon={Search}
        size={14}
        tip="Search in the log (f)"
        pressed={searchOpen}
        onPress={() => (searchOpen ? useDock.setState({ searchOpen: false }) : searchLog())}
      />
      <IconButton
        label="Wrap long lines"
        icon={WrapText}
        size={14}
        pressed={wrap}
        onPress={() => useDock.setState({ wrap: !wrap })}
      />
      <CopyLink log={log} />
      <IconButton
        label="Download the log"
        icon={Download}
        size={14}
        onPress={() => void downloadLog(api, log).catch((error: Error) => tell("failed", error.message))}
      />
    </div>
  );
}

/** A link to this run, step and line, for somebody else or for later. */
function CopyLink({ log }: { log: LogOf }) {
  const line = useDock((dock) => dock.line);
  const run = useStatus((status) => status.run);
  const words = line === null ? "Copy a link to this log" : `Copy a link to line ${line}`;
  const copy = async () => {
    const url = new URL(location.pathname, location.origin);
    url.searchParams.set("run", run ?? log.run);
    url.searchParams.set("step", log.id);
    if (log.stream !== "stdout") url.searchParams.set("stream", log.stream);
    url.searchParams.set("attempt", String(log.attempt));
    if (line !== null) url.searchParams.set("line", String(line));
    try {
      await navigator.clipboard.writeText(url.href);
      tell("done", line === null ? "Link copied" : `Link to line ${line} copied`);
    } catch {
      tell("failed", `The browser does not let this page copy. The link: ${url.href}`);
    }
  };
  return <IconButton label={words} icon={Link2} size={14} onPress={() => void copy()} />;
}

/** The line in which one says what is looked for; `:120` leads to a line. */
export function SearchBar({
  found,
  walk,
  onLine,
}: {
  found: Found;
  walk: Walk;
  onLine: (line: number) => void;
}) {
  const { search, isPattern, matchCase, searchCalled } = useDock();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!searchCalled) return;
    useDock.setState({ searchCalled: false });
    field.current?.focus();
  }, [searchCalled]);
  const count = found.total;
  const close = () => {
    useDock.setState({ searchOpen: false });
    giveBackFocus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const line = /^:(\d{1,9})$/.exec(search)?.[1];
    if (event.key === "Escape") close();
    else if (event.key === "Enter" && line) onLine(Number(line));
    else if (event.key === "Enter") walk.move(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <search className="log-search">
      <input
        ref={field}
        type="text"
        aria-label="Look for in the log"
        aria-describedby="log-found"
        placeholder="Look for, or :120 for a line"
        spellCheck={false}
        value={search}
        onChange={({ target }) => useDock.setState({ search: target.value })}
        onKeyDown={onKeyDown}
      />
      <Toggle
        words="Match case"
        sign="Aa"
        on={matchCase}
        turn={() => useDock.setState({ matchCase: !matchCase })}
      />
      <Toggle
        words="The text is a pattern (RE2)"
        sign=".*"
        on={isPattern}
        turn={() => useDock.setState({ isPattern: !isPattern })}
      />
      <span
        id="log-found"
        role="status"
        aria-busy={!found.isDone && found.total > 0}
        className="log-found"
        data-bad={found.problem !== null}
      >
        {sayFound(search, found, walk)}
      </span>
      <IconButton
        label="Previous match"
        icon={ChevronUp}
        size={14}
        tip="Previous match (Shift+Enter)"
        disabled={count === 0}
        onPress={() => walk.move(-1)}
      />
      <IconButton
        label="Next match"
        icon={ChevronDown}
        size={14}
        tip="Next match (Enter)"
        disabled={count === 0}
        onPress={() => walk.move(1)}
      />
      <IconButton label="Close the search" icon={X} size={14} tip="Close (Esc)" onPress={close} />
    </search>
  );
}

function Toggle({ words, sign, on, turn }: { words: string; sign: string; on: boolean; turn: () => void }) {
  return (
    <button
      type="button"
      className="log-toggle"
      aria-label={words}
      aria-pressed={on}
      title={words}
      onClick={turn}
    >
      {sign}
    </button>
  );
}

function sayFound(search: string, found: Found, { current, passed }: Walk): string {
  if (found.problem !== null) return found.problem;
  if (search === "" || /^:\d*$/.test(search)) return "";
  const count = `${sayWhole(found.total)}${found.isCapped ? "+" : ""}`;
  const ordinal = current ? ordinalOf(found, current) : undefined;
  const which = ordinal === undefined ? "" : `${sayWhole(ordinal)} of `;
  if (!found.isDone) return `${which}${count} so far…`;
  if (found.total === 0) return "nothing found";
  if (which === "") return `${count} found`;
  return `${which}${count}${passed === null ? "" : passed === "end" ? ", from the beginning again" : ", from the end again"}`;
}
