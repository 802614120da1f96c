"use client";

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { readRefusal } from "./api";
import { useChatNews } from "./chat-news";
import type { Desk } from "./desk";
import { statusKey } from "./keys";
import { useSession } from "./provider";
import { openSharedStream } from "./shared-stream";
import { useView } from "./view";
import type { StatusDocument } from "./wire";

/** Keeps the query cache equal to what the server pushes, for as long as the component that calls it lives. */
export function useLive(): void {
  const client = useQueryClient();
  const { api, desk, expire } = useSession();
  useEffect(() => {
    const stream = openSharedStream({
      url: "/api/status/stream",
      token: api.token,
      onConnection: (connection) =>
        useView.setState(connection === "live" ? { connection, refusal: null } : { connection }),
      onEvent: ({ name, data }) => {
        if (name === "status") take(client, desk, JSON.parse(data));
        if (name === "chat") useChatNews.setState(JSON.parse(data));
        if (name === "problem") useView.setState({ refusal: readRefusal(200, data) });
      },
      onRefused: (status, body) => {
        if (status === 401) expire();
        else useView.setState({ refusal: readRefusal(status, body) });
        return status !== 401;
      },
    });
    const hurry = () => document.visibilityState === "visible" && stream.hurry();
    window.addEventListener("online", hurry);
    document.addEventListener("visibilitychange", hurry);
    return () => {
      window.removeEventListener("online", hurry);
      document.removeEventListener("visibilitychange", hurry);
      stream.close();
    };
  }, [client, api, desk, expire]);
}

function take(client: QueryClient, desk: Desk, next: StatusDocument): void {
  const before = client.getQueryData<StatusDocument>(statusKey);
  desk.take(next);
  if (useView.getState().refusal !== null) {
    useView.setState({ refusal: null });
    // What was refused because a file could not be read is asked again, now that it can be.
    void client.refetchQueries({ type: "active", predicate: ({ state }) => state.status === "error" });
  }
  for (const id of stepsThatMoved(before, next))
    void client.invalidateQueries({ queryKey: ["log", next.run, id] });
}

/** Steps whose status or attempt changed, so that their output may have ended or begun. */
function stepsThatMoved(before: StatusDocument | undefined, next: StatusDocument): string[] {
  const known = new Map(before?.steps.map((step) => [step.id, step]));
  return next.steps
    .filter((step) => {
      const old = known.get(step.id);
      return old?.status !== step.status || old.attempt !== step.attempt;
    })
    .map((step) => step.id);
}
