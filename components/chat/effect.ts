"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { ApiError } from "../state/api";
import { useStatus } from "../state/queries";
import { useChatSession } from "./state";
import type { Offer, Trouble } from "./turns";
import type { Effect, PreviewDocument, Wanted } from "./wire";

/** What the wanted part of a proposal would come to now. */
export interface Shown {
  effect: Effect | undefined;
  /** What has changed since it was proposed, and what that means for it; null where nothing has. */
  moved: { changed: string[]; standing: string } | null;
  /** Why it can't be done as it is wanted. */
  trouble: Trouble | undefined;
  /** It is being tried anew. */
  stale: boolean;
}

/** Tries a proposal anew whenever something else is wanted of it, or the sequence has changed below it. */
export function useEffectOf(offer: Offer, wanted: readonly number[], deciding: boolean): Shown {
  const { api, talk } = useChatSession();
  const revision = useStatus((status) => status.revision);
  const { proposal, calls, effect, decision } = offer;
  const isWhole = wanted.length === calls.length;
  const isMoved = effect !== undefined && revision !== undefined && revision !== effect.base;
  const trying =
    proposal !== null &&
    decision === undefined &&
    // What is being applied changes the sequence by itself: nothing is to be looked at anew then.
    !deciding &&
    effect !== undefined &&
    wanted.length > 0 &&
    (!isWhole || isMoved);
  const asked: Wanted = {
    proposal: proposal ?? "",
    ...(isWhole ? {} : { actions: [...wanted] }),
  };
  const { data, error, isPlaceholderData, isFetching } = useQuery({
    queryKey: ["chat", "preview", proposal, isWhole ? "all" : wanted.join(), revision],
    queryFn: () => api.preview(asked),
    enabled: trying,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const isSettled = error instanceof ApiError && error.refusal.code === "proposal.decided";
  useEffect(() => {
    if (trying && isSettled && proposal !== null) talk.decide(proposal, "elsewhere");
  }, [trying, isSettled, proposal, talk]);
  const last = useRef<Shown | undefined>(undefined);
  const shown = useMemo((): Shown => {
    if (!trying) return { effect, moved: null, trouble: undefined, stale: false };
    if (error) return { effect: undefined, moved: null, trouble: troubleOf(error), stale: false };
    return {
      effect: data ?? effect,
      moved: movedIn(data),
      trouble: undefined,
      stale: data === undefined || isPlaceholderData || isFetching,
    };
  }, [trying, effect, data, error, isPlaceholderData, isFetching]);
  useEffect(() => {
    if (trying) last.current = shown;
    else if (!deciding && decision === undefined) last.current = undefined;
  }, [trying, shown, deciding, decision]);
  // What is being applied, and what was, is what was looked at last, until the server tells of it.
  if (trying || last.current === undefined || offer.applied !== undefined) return shown;
  return deciding ? last.current : { ...shown, effect: last.current.effect ?? effect };
}

function movedIn(data: PreviewDocument | undefined): Shown["moved"] {
  const { moved = null, standing = null } = data ?? {};
  return moved === null || standing === null ? null : { changed: moved, standing };
}

function troubleOf(error: Error): Trouble {
  return { message: error.message, hint: error instanceof ApiError ? error.refusal.hint : undefined };
}
