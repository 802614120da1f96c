"use client";

import { ArrowDown, ArrowUp, Plus } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { CloseIcon } from "../parts/icons";
import type { Entry } from "./entries";

/** What the focus goes to once the rows are drawn anew. */
type Wish = { id: number; part: "first" | "up" | "down" } | "add";

interface Props<T> {
  entries: readonly Entry<T>[];
  /** What one of them is called, such as "question". */
  word: string;
  /** Whether their order means something. */
  isOrdered: boolean;
  make: () => Entry<T>;
  onChange: (entries: Entry<T>[]) => void;
  children: (entry: Entry<T>, set: (value: T) => void, at: number) => ReactNode;
}

/** A row for each entry, with what adds, removes and moves them; a row is moved by Alt and an arrow key, too. */
export function Rows<T>({ entries, word, isOrdered, make, onChange, children }: Props<T>) {
  const box = useRef<HTMLDivElement>(null);
  const wish = useRef<Wish | null>(null);
  useEffect(() => {
    const wanted = wish.current;
    wish.current = null;
    if (wanted === null) return;
    const find = (selector: string) => box.current?.querySelector<HTMLElement>(selector);
    if (wanted === "add") return find(":scope > [data-part=add]")?.focus();
    const row = `:scope > [data-row="${wanted.id}"]`;
    const sought =
      wanted.part === "first" ? `${row} :is(input, select, textarea)` : `${row} [data-part=${wanted.part}]`;
    const other = find(`${row} [data-part=${wanted.part === "up" ? "down" : "up"}]`);
    const found = find(sought);
    (found instanceof HTMLButtonElement && found.disabled ? other : found)?.focus();
  });
  const move = (at: number, by: -1 | 1, isByKey: boolean) => {
    const [moved, other] = [entries[at], entries[at + by]];
    if (!moved || !other) return;
    const next = [...entries];
    next[at] = other;
    next[at + by] = moved;
    wish.current = { id: moved.id, part: isByKey ? "first" : by < 0 ? "up" : "down" };
    onChange(next);
  };
  const remove = (at: number) => {
    const next = entries.filter((_, index) => index !== at);
    const near = next[Math.min(at, next.length - 1)];
    wish.current = near ? { id: near.id, part: "first" } : "add";
    onChange(next);
  };
  return (
    <div ref={box} className="rows">
      {entries.map((entry, at) => (
        <fieldset
          key={entry.id}
          data-row={entry.id}
          aria-label={`${capital(word)} ${at + 1}`}
          className="row"
          onKeyDown={(event) => {
            if (!isOrdered || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
            event.preventDefault();
            event.stopPropagation();
            move(at, event.key === "ArrowUp" ? -1 : 1, true);
          }}
        >
          <div className="row-parts">
            {children(
              entry,
              (value) => onChange(entries.map((each) => (each.id === entry.id ? { ...each, value } : each))),
              at,
            )}
          </div>
          <div className="row-tools">
            {isOrdered && (
              <>
                <button
                  type="button"
                  data-part="up"
                  aria-label={`Move ${word} ${at + 1} up`}
                  title="Up (Alt+↑)"
                  disabled={at === 0}
                  onClick={() => move(at, -1, false)}
                >
                  <ArrowUp size={13} aria-hidden="true" />
                </button>
                <button
                  type="button"
                  data-part="down"
                  aria-label={`Move ${word} ${at + 1} down`}
                  title="Down (Alt+↓)"
                  disabled={at === entries.length - 1}
                  onClick={() => move(at, 1, false)}
                >
                  <ArrowDown size={13} aria-hidden="true" />
                </button>
              </>
            )}
            <button
              type="button"
              aria-label={`Remove ${word} ${at + 1}`}
              title="Remove"
              onClick={() => remove(at)}
            >
              <CloseIcon />
            </button>
          </div>
        </fieldset>
      ))}
      <button
        type="button"
        data-part="add"
        className="button act self-start"
        onClick={() => {
          const entry = make();
          wish.current = { id: entry.id, part: "first" };
          onChange([...entries, entry]);
        }}
      >
        <Plus size={13} aria-hidden="true" /> Add {word}
      </button>
    </div>
  );
}

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
