"use client";

import { keepPreviousData, skipToken, useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { shownKey, statusKey } from "./keys";
import { useLook } from "./look";
import { useSession } from "./provider";
import { findNode } from "./status-index";
import type { NodeState, StatusDocument } from "./wire";

/**
 * A part of the status document that is looked at: the present one, or that of a run that is replayed. The caller is
 * rendered again only when that part has changed.
 */
export function useStatus<T>(pick: (status: StatusDocument) => T): T | undefined {
  const queryKey = useLook((look) => (look.isShown ? shownKey : statusKey));
  return useQuery<StatusDocument, Error, T>({ queryKey, queryFn: skipToken, select: pick }).data;
}

/** The same of the present, whatever is looked at. */
export function useLiveStatus<T>(pick: (status: StatusDocument) => T): T | undefined {
  return useQuery<StatusDocument, Error, T>({ queryKey: statusKey, queryFn: skipToken, select: pick }).data;
}

/** One node's state; null if it does not exist (any more). */
export function useNode(id: string): NodeState | null | undefined {
  return useStatus(useCallback((status: StatusDocument) => findNode(status, id) ?? null, [id]));
}

/** The states of several nodes, in the order of their ids; those that are gone are left out. */
export function useNodes(ids: readonly string[]): NodeState[] {
  const find = useCallback(
    (status: StatusDocument) => ids.flatMap((id) => findNode(status, id) ?? []),
    [ids],
  );
  return useStatus(find) ?? [];
}

/** All that a gate shows and what a yes there starts, as of this moment. */
export function useGateDocument(id: string) {
  const { api } = useSession();
  const moment = useStatus((status) => `${status.run} ${status.seq} ${status.revision}`);
  return useQuery({
    queryKey: ["gate", id, moment],
    queryFn: () => api.gate(id),
    placeholderData: (before) => (before?.id === id ? before : undefined),
    refetchOnWindowFocus: true,
    retry: false,
  });
}

/** A node's own lines of the sequence file. */
export function useDefinition(id: string) {
  const { api } = useSession();
  // What is looked at may be gone by now, and what is gone has no lines in the file.
  const revision = useLiveStatus(
    useCallback((status: StatusDocument) => (findNode(status, id) ? status.revision : undefined), [id]),
  );
  return useQuery({
    queryKey: ["definition", id, revision],
    queryFn: revision === undefined ? skipToken : () => api.step(id),
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  });
}

/** The sequence's file as it stands; the one before while a new one is on its way. */
export function useSequence() {
  const { api } = useSession();
  const revision = useLiveStatus((status) => status.revision);
  return useQuery({
    queryKey: ["sequence", revision],
    queryFn: api.sequence,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
}
