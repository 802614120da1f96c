"use client";

import { Search } from "lucide-react";
import { type KeyboardEvent, useCallback } from "react";
import { fits } from "../canvas/dim";
import { focusCanvas } from "../state/focus";
import { useStatus } from "../state/queries";
import { select, useView } from "../state/view";
import type { StatusDocument } from "../state/wire";

/** Looks for steps and gates: what does not fit is dimmed, and Enter leads from one that fits to the next. */
export function SearchField() {
  const search = useView((view) => view.search);
  const selected = useView((view) => view.selected);
  const find = useCallback((status: StatusDocument) => hitsOf(status, search), [search]);
  const hits = useStatus(find) ?? [];
  const at = selected === null ? -1 : hits.indexOf(selected);
  const go = (by: 1 | -1) => {
    const next = at < 0 ? (by > 0 ? 0 : hits.length - 1) : (at + by + hits.length) % hits.length;
    const id = hits[next];
    if (id !== undefined) select(id);
  };
  const obey = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Enter") go(event.shiftKey ? -1 : 1);
    if (event.key !== "Escape") return;
    useView.setState({ search: "" });
    focusCanvas(selected);
  };
  return (
    <label className="search">
      <Search size={13} aria-hidden="true" />
      <input
        id="search"
        type="search"
        aria-label="Search among steps and gates"
        placeholder="Search"
        title="Search among steps and gates (/); Enter goes to the next one"
        value={search}
        onChange={(event) => useView.setState({ search: event.target.value })}
        onKeyDown={obey}
      />
      <span role="status" className="search-count">
        {search.trim() !== "" && sayHits(hits.length, at)}
      </span>
    </label>
  );
}

function hitsOf({ steps, gates }: StatusDocument, search: string): string[] {
  if (search.trim() === "") return [];
  return [...steps, ...gates].filter(({ id, name }) => fits(search, id, name)).map(({ id }) => id);
}

function sayHits(count: number, at: number): string {
  if (count === 0) return "nothing found";
  return at < 0 ? String(count) : `${at + 1}/${count}`;
}
