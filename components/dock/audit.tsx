"use client";

import { useInfiniteQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { ChevronRight, ShieldAlert, ShieldCheck } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import { countOf } from "../../lib/core/count";
import { Glyph } from "../parts/glyph";
import { Said } from "../parts/said";
import { Lines } from "../parts/skeleton";
import { lookAt } from "../state/look";
import { sayMoment, sayTime } from "../state/moment";
import { type Proven, useProof } from "../state/proof";
import { useSession } from "../state/provider";
import { useLiveStatus, useNode } from "../state/queries";
import { select } from "../state/view";
import type { AuditRecord } from "../state/wire";
import { aboutOf } from "./audit-about";
import { Nothing } from "./nothing";
import { sayBroken, sayProven } from "./proven";

const pageEntries = 200;
const rowPx = 26;
const typingMs = 200;

interface Wanted {
  action: string;
  actor: string;
  target: string;
  refused: boolean;
}

const everything: Wanted = { action: "", actor: "", target: "", refused: false };

/** Everything that was asked for, newest first, with whether the record of it holds. */
export function AuditPage({ tools }: { tools: HTMLElement | null }) {
  const { api } = useSession();
  const [wanted, setWanted] = useState(everything);
  const asked = useQuiet(wanted);
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = useInfiniteQuery({
    queryKey: ["audit", asked],
    queryFn: ({ pageParam }) => api.audit(queryOf(asked, pageParam)),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next,
    placeholderData: (before) => before,
    retry: false,
  });
  // Whatever changes the status was recorded first.
  const moved = useLiveStatus((status) => `${status.run} ${status.seq} ${status.revision} ${status.mode}`);
  // Where an entry was changed, what stands there now has to be shown.
  const fault = useProof().data?.fault?.message;
  // biome-ignore lint/correctness/useExhaustiveDependencies: that something moved is the reason to ask again
  useEffect(() => void refetch(), [moved, fault, refetch]);
  const entries = data?.pages.flatMap((page) => page.entries);
  const head = (
    <>
      <span className="grow" />
      <Proof newest={data?.pages[0]?.entries[0]?.seq ?? 0} />
    </>
  );
  return (
    <div className="flex h-full flex-col">
      {tools && createPortal(head, tools)}
      <Fault />
      <Filter wanted={wanted} onWanted={setWanted} />
      {error && <Nothing>{error.message}</Nothing>}
      {!error && !entries && (
        <div className="p-3.5">
          <Lines widths={["60%", "75%", "55%"]} />
        </div>
      )}
      {!error && entries?.length === 0 && !hasNextPage && (
        <Nothing>{wanted === everything ? "Nothing has been recorded yet." : "No entry fits."}</Nothing>
      )}
      {!error && entries && (entries.length > 0 || hasNextPage) && (
        <Entries
          entries={entries}
          more={hasNextPage}
          isFetching={isFetchingNextPage}
          onMore={() => void fetchNextPage()}
        />
      )}
    </div>
  );
}

function queryOf(wanted: Wanted, before: number | null): Record<string, string | number> {
  const query: Record<string, string | number> = { limit: pageEntries };
  for (const key of ["action", "actor", "target"] as const)
    if (wanted[key].trim()) query[key] = wanted[key].trim();
  if (wanted.refused) query.refused = "true";
  if (before !== null) query.before = before;
  return query;
}

/** The value once it has been left alone for a moment. */
function useQuiet<T>(value: T): T {
  const [quiet, setQuiet] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setQuiet(value), typingMs);
    return () => clearTimeout(timer);
  }, [value]);
  return quiet;
}

function Filter({ wanted, onWanted }: { wanted: Wanted; onWanted: (wanted: Wanted) => void }) {
  const field = (key: "action" | "actor" | "target", words: string) => (
    <input
      type="text"
      className="dock-field"
      aria-label={`Only this ${words}`}
      placeholder={words}
      spellCheck={false}
      value={wanted[key]}
      onChange={({ target }) => onWanted({ ...wanted, [key]: target.value })}
    />
  );
  return (
    <search className="audit-filter">
      {field("action", "action")}
      {field("actor", "actor")}
      {field("target", "step or run")}
      <label className="flex items-center gap-1 text-sm whitespace-nowrap text-muted">
        <input
          type="checkbox"
          aria-label="Only what was refused"
          checked={wanted.refused}
          onChange={({ target }) => onWanted({ ...wanted, refused: target.checked })}
        />
        refused
      </label>
    </search>
  );
}

/** Whether the chain of the record holds; `newest` is the last entry that is known of. */
function Proof({ newest }: { newest: number }) {
  const { data, error, isFetching, refetch } = useProof();
  const Icon = data?.fault ? ShieldAlert : ShieldCheck;
  return (
    <button
      type="button"
      data-tone={toneOf(data, newest)}
      className="chip chip-button inline-flex items-center gap-1.5"
      title={data ? `${titleOfProof(data)}\nPress to verify again` : (error?.message ?? "Verifying")}
      onClick={() => void refetch()}
    >
      <span className="tone-ink">
        <Icon size={13} aria-hidden="true" />
      </span>
      {data?.fault
        ? sayBroken(data.fault)
        : error && !isFetching
          ? "not verified"
          : isFetching || !data
            ? "verifying…"
            : sayProven(data.proof.entries, newest)}
      {data?.proof && <span className="font-mono font-normal text-faint">{data.proof.head.slice(0, 8)}</span>}
    </button>
  );
}

function toneOf(known: Proven | undefined, newest: number): "failed" | "done" | "queued" {
  if (known?.fault) return "failed";
  return known && newest <= known.proof.entries ? "done" : "queued";
}

function titleOfProof({ proof, fault }: Proven): string {
  if (fault) return [fault.message, ...(fault.hint ? [fault.hint] : [])].join("\n");
  const { entries, segments, head, checkpoint, journals } = proof;
  const missing = journals.missing.length > 0 ? `, ${journals.missing.length} missing` : "";
  return [
    `${countOf(entries, "entry")} in ${countOf(segments, "file")}`,
    `head ${head}`,
    checkpoint
      ? `last checkpoint outside of the repository: entry ${checkpoint.seq} of ${sayMoment(checkpoint.ts)}`
      : "no checkpoint is kept outside of the repository",
    `${countOf(journals.sealed, "sealed journal")}${missing}`,
  ].join("\n");
}

/** Everybody knows in which folder that is, and the line has to be seen. */
const inFolder = (message: string) => message.replace(/^\/.*?(?=\.threados\/)/, "");

/** What is wrong with the record, where, and what to do about it; it stays until a verification passes. */
function Fault() {
  const fault = useProof().data?.fault;
  if (!fault) return null;
  return (
    <div role="alert" data-tone="failed" className="notice">
      <span className="pt-[3px]">
        <Glyph tone="failed" />
      </span>
      <div className="min-w-0 grow">
        <p className="font-medium break-words">
          <Said text={`the record is not the one that was written: ${inFolder(fault.message)}`} />
        </p>
        {fault.hint && (
          <p className="text-muted">
            <Said text={fault.hint} />
          </p>
        )}
      </div>
    </div>
  );
}

interface EntriesProps {
  entries: AuditRecord[];
  more: boolean;
  isFetching: boolean;
  onMore: () => void;
}

function Entries({ entries, more, isFetching, onMore }: EntriesProps) {
  const box = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState<number | null>(null);
  const fault = useProof().data?.fault;
  const rows = useVirtualizer({
    count: entries.length + (more ? 1 : 0),
    getScrollElement: () => box.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => entries[index]?.seq ?? "more",
    overscan: 12,
  });
  const items = rows.getVirtualItems();
  const isAtEnd = (items.at(-1)?.index ?? 0) >= entries.length;
  useEffect(() => {
    if (more && isAtEnd && !isFetching) onMore();
  }, [more, isAtEnd, isFetching, onMore]);
  return (
    <section
      ref={box}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
      tabIndex={0}
      aria-label="Entries of the audit log"
      className="min-h-0 grow overflow-y-auto -outline-offset-2"
    >
      <ol style={{ height: rows.getTotalSize(), position: "relative" }}>
        {items.map((item) => {
          const entry = entries[item.index];
          return (
            <li
              key={item.key}
              ref={rows.measureElement}
              data-index={item.index}
              className="absolute inset-x-0"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              {entry ? (
                <Entry
                  entry={entry}
                  fault={fault?.seq === entry.seq ? fault.message : undefined}
                  isOpen={open === entry.seq}
                  onTurn={() => setOpen(open === entry.seq ? null : entry.seq)}
                />
              ) : (
                <p className="px-3.5 py-1 text-sm text-faint">Reading on…</p>
              )}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

const tones = { success: "done", denied: "rejected", error: "failed", pending: "human" } as const;

interface EntryProps {
  entry: AuditRecord;
  /** Why it is not the entry that was written. */
  fault: string | undefined;
  isOpen: boolean;
  onTurn: () => void;
}

function Entry({ entry, fault, isOpen, onTurn }: EntryProps) {
  const { seq, ts, actor, surface, action, result, error } = entry;
  const about = aboutOf(entry);
  return (
    <>
      <button
        type="button"
        aria-expanded={isOpen}
        className="audit-row"
        {...(fault === undefined ? {} : { "data-tone": "failed" })}
        onClick={onTurn}
      >
        <span className={isOpen ? "rotate-90" : ""}>
          <ChevronRight size={12} aria-hidden="true" />
        </span>
        <span className="audit-seq">{seq}</span>
        <time dateTime={ts} title={ts}>
          {sayTime(ts)}
        </time>
        <span className="font-medium text-ink">{action}</span>
        <span
          className={`min-w-0 truncate ${about.isWords ? "" : "font-mono"}`}
          title={titleOf(entry, about)}
        >
          {about.text}
        </span>
        <span className="truncate">
          {actor} <span className="text-faint">by {surface}</span>
        </span>
        {fault === undefined ? (
          <span data-tone={tones[result]} className="tone-ink truncate" title={error?.message}>
            {result}
            {error ? `: ${error.code}` : ""}
          </span>
        ) : (
          <span className="tone-ink flex items-center gap-1 font-medium" title={fault}>
            <ShieldAlert size={13} aria-hidden="true" className="shrink-0" />
            <span className="truncate">not as recorded</span>
          </span>
        )}
      </button>
      {isOpen && <Detail entry={entry} fault={fault} />}
    </>
  );
}

/** What may be cut in the row; of a proposal its id, too. */
const titleOf = ({ target }: AuditRecord, { text, isWords }: ReturnType<typeof aboutOf>) =>
  isWords && target !== null ? `${text}\nproposal ${target}` : text;

function Detail({ entry, fault }: Pick<EntryProps, "entry" | "fault">) {
  const { prev, hash, payload, error, before, after, policy_mode, ts, target } = entry;
  const about = aboutOf(entry);
  const rows: [string, string][] = [
    ...(fault === undefined ? [] : ([["fault", fault]] as [string, string][])),
    ["when", `${sayMoment(ts)} (${ts})`],
    ...(about.isWords && target !== null ? ([["proposal", target]] as [string, string][]) : []),
    ["mode", policy_mode],
    ...(error ? ([["refused", `${error.code}: ${error.message}`]] as [string, string][]) : []),
    ...(before ? ([["before", before]] as [string, string][]) : []),
    ...(after ? ([["after", after]] as [string, string][]) : []),
    ["hash", hash],
    ["follows", prev],
  ];
  return (
    <div className="audit-detail">
      <dl>
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <pre>{JSON.stringify(payload, null, 2)}</pre>
      {target !== null && <GoTo target={target} />}
    </div>
  );
}

const runId = /^[0-9A-HJKMNP-TV-Z]{26}$/;

function GoTo({ target }: { target: string }) {
  const node = useNode(target);
  if (!node && !runId.test(target)) return null;
  return (
    <button
      type="button"
      className="link text-sm text-muted"
      onClick={() => (node ? select(target) : lookAt(target))}
    >
      {node ? `Go to ${target}` : "Look at this run"}
    </button>
  );
}
