"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { cut, duplicate, remove } from "../canvas/edits";
import { graphOf } from "../canvas/graph";
import { type Doing, useDoing } from "../state/doing";
import { statusKey } from "../state/keys";
import { mark, select, selection, useView } from "../state/view";
import type { StatusDocument } from "../state/wire";

/** What is done with whatever is selected, however it is asked for. */
export interface OnSelection {
  remove(ids?: string[]): Promise<void>;
  duplicate(ids?: string[]): Promise<void>;
  cutArrow(): Promise<void>;
}

/** Edits of the selection. */
export function useOnSelection(): OnSelection {
  const doing = useDoing();
  const client = useQueryClient();
  return useMemo(
    () => onSelection(doing, () => client.getQueryData<StatusDocument>(statusKey)),
    [doing, client],
  );
}

function onSelection(doing: Doing, status: () => StatusDocument | undefined): OnSelection {
  return {
    remove: async (ids = selection(useView.getState())) => {
      const now = status();
      if (!now || ids.length === 0) return;
      const shows = Object.fromEntries(now.gates.map((gate) => [gate.id, gate.shows]));
      if (await doing.edit(remove(graphOf(now), ids, shows))) select(null);
    },
    duplicate: async (ids = selection(useView.getState())) => {
      const now = status();
      if (!now) return;
      const { calls, made } = duplicate(graphOf(now), ids);
      if (calls.length > 0 && (await doing.edit(calls))) mark(made);
    },
    cutArrow: async () => {
      const { edge } = useView.getState();
      const [source, target] = edge?.split("→") ?? [];
      if (source === undefined || target === undefined) return;
      if (await doing.edit(cut(source, target))) useView.setState({ edge: null });
    },
  };
}
