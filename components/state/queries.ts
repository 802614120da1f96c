"use client";

import { keepPreviousData, skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { statusKey } from "./keys";
import { type LogTail, readOn } from "./log-tail";
import { useSession } from "./provider";
import { findNode } from "./status-index";
import type { NodeState, StatusDocument, StepState } from "./wire";

/** A part of the status document; the caller is rendered again only when that part has changed. */
export function useStatus<T>(pick: (status: StatusDocument) => T): T | undefined {
  return useQuery<StatusDocument, Error, T>({ queryKey: statusKey, queryFn: skipToken, select: pick }).data;
}

/** One node's state; null if it does not exist (any more). */
export function useNode(id: string): NodeState | null | undefined {
  return useStatus(useCallback((status: StatusDocument) => findNode(status, id) ?? null, [id]));
}

/** A node's own lines of the sequence file. */
export function useDefinition(id: string) {
  const { api } = useSession();
  const revision = useStatus((status) => status.revision);
  return useQuery({
    queryKey: ["definition", id, revision],
    queryFn: () => api.step(id),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

const pollMs = 1000;

/** The tail of one output stream of a step's newest attempt, growing while the step runs. */
export function useLog(run: string | null, step: StepState | undefined, stream: "stdout" | "stderr") {
  const { api } = useSession();
  const client = useQueryClient();
  const id = step?.id ?? "";
  const attempt = step?.attempt ?? 0;
  const queryKey = ["log", run, id, attempt, stream];
  // A step that could not be started has no output to ask for.
  const hasOutput = run !== null && attempt > 0 && step?.reason !== "refused";
  const grows = step?.status === "RUNNING" || step?.status === "STOPPING";
  return useQuery({
    queryKey,
    queryFn: hasOutput
      ? () => {
          const tail = client.getQueryData<LogTail>(queryKey);
          return readOn(tail, (from) => api.logs({ id, run, attempt, stream, from }));
        }
      : skipToken,
    refetchInterval: grows ? pollMs : false,
    structuralSharing: false,
  });
}
