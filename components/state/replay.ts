"use client";

import { skipToken, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { onceLoaded } from "./code";
import { replayKey, shownKey, statusKey } from "./keys";
import { lookAway, useLook } from "./look";
import { tell } from "./news";
import { useSession } from "./provider";
import { useLiveStatus } from "./queries";
import { stayHere } from "./trail";
import type { ReplayDocument, StatusDocument } from "./wire";

/** A busy run is told anew at most so often. */
const pauseMs = 1000;

/** All that a run's pictures are made of, growing with the run while it is the newest. */
export function useReplay(run: string | null) {
  const { api } = useSession();
  const client = useQueryClient();
  const queryKey = replayKey(run ?? "");
  const query = useQuery<ReplayDocument>({
    queryKey,
    queryFn:
      run === null
        ? skipToken
        : async () => {
            const before = client.getQueryData<ReplayDocument>(queryKey);
            const news = await api.replay(run, before?.facts.at(-1)?.seq ?? 0);
            return before ? joined(before, news) : news;
          },
    structuralSharing: false,
    retry: false,
  });
  const { data, refetch } = query;
  const seq = useLiveStatus((status) => (data && status.run === data.run ? status.seq : 0)) ?? 0;
  const known = data?.facts.at(-1)?.seq ?? 0;
  const asked = useRef(0);
  useEffect(() => {
    if (seq <= known) return;
    const wait = Math.max(0, asked.current + pauseMs - performance.now());
    const timer = setTimeout(() => {
      asked.current = performance.now();
      void refetch();
    }, wait);
    return () => clearTimeout(timer);
  }, [seq, known, refetch]);
  return query;
}

function joined(before: ReplayDocument, news: ReplayDocument): ReplayDocument {
  const last = before.facts.at(-1)?.seq ?? 0;
  return {
    ...news,
    facts: [...before.facts, ...news.facts.filter((fact) => fact.seq > last)],
    plans: { ...before.plans, ...news.plans },
  };
}

/** When a run's first and last facts were recorded, in ms since the epoch. */
export function spanOf(doc: ReplayDocument): { from: number; to: number } {
  const timeOf = (at: number) => Date.parse(doc.facts.at(at)?.ts ?? "") || 0;
  return { from: timeOf(0), to: timeOf(-1) };
}

/** Keeps the picture that is looked at made of its facts, for as long as the component that calls it lives. */
export function useLooking(): void {
  const client = useQueryClient();
  const run = useLook((look) => look.run);
  const t = useLook((look) => look.t);
  const { data, error } = useReplay(run);
  useEffect(() => {
    if (!error) return;
    tell("failed", error.message);
    // Nobody turned to it: another entry in the history would be a trap for Back.
    stayHere();
    lookAway();
  }, [error]);
  useEffect(() => {
    if (run === null || !data) return;
    const live = client.getQueryData<StatusDocument>(statusKey);
    const newest = live === undefined ? data.newest : live.run === data.run;
    if (t === null && newest) {
      // How the newest run stands at its end is how it stands now.
      stayHere();
      lookAway();
      return;
    }
    // Core's fold is a good part of the page's code, and looking at the present needs none of it.
    const code = () => import("../../lib/core/views/replay");
    return onceLoaded(code, ({ pictureAt }) => {
      const { from, to } = spanOf(data);
      const at = t === null ? to : from + t;
      const picture = pictureAt({ ...data, newest }, at, {
        root: live?.root ?? "",
        mode: live?.mode ?? "SAFE",
        sandbox: live?.sandbox ?? "off",
        warnings: [],
      });
      client.setQueryData<StatusDocument>(shownKey, picture);
      useLook.setState({ isShown: true, at });
    });
  }, [client, run, t, data]);
}
