"use client";

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";
import { type Api, ApiError, createApi } from "./api";
import { Desk } from "./desk";
import { statusKey } from "./keys";
import { ask } from "./news";
import { openSession, type Session } from "./session";

/** A session that has a token. */
interface OpenSession {
  api: Api;
  /** Where every change starts. */
  desk: Desk;
  /** The server no longer knows the token. */
  expire(): void;
}

const SessionContext = createContext<OpenSession | null>(null);

/** The session of everything below `SessionProvider`. */
export function useSession(): OpenSession {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession outside of SessionProvider");
  return session;
}

const createClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        // A refusal stays a refusal; only a broken line is worth another try.
        retry: (failures, error) => !(error instanceof ApiError) && failures < 3,
        refetchOnWindowFocus: false,
      },
    },
  });

/** Looks for a token; with one it shows the children, before and without one what `fallback` makes of it. */
export function SessionProvider(props: {
  children: ReactNode;
  fallback: (phase: Session["phase"]) => ReactNode;
}) {
  const [client] = useState(createClient);
  const [session, setSession] = useState<Session>({ phase: "looking" });
  const expire = useRef((_token: string) => {});
  useEffect(() => {
    const opened = openSession(setSession);
    expire.current = opened.expire;
    return opened.close;
  }, []);
  const token = session.phase === "ready" ? session.token : null;
  const value = useMemo(() => {
    if (!token) return null;
    const end = () => expire.current(token);
    const api = createApi(token, end);
    const desk = new Desk({
      send: api.send,
      sequence: api.sequence,
      status: api.status,
      // Core's actions are a good part of the page's code, and looking on needs none of it.
      apply: () => import("./try-edit").then(({ tryEdit }) => tryEdit),
      ask,
      publish: (status) => client.setQueryData(statusKey, status),
    });
    return { api, desk, expire: end };
  }, [token, client]);
  if (!value) return props.fallback(session.phase);
  return (
    <QueryClientProvider client={client}>
      <SessionContext value={value}>{props.children}</SessionContext>
    </QueryClientProvider>
  );
}
