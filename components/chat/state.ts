"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { create, useStore } from "zustand";
import type { SequenceDiff } from "../../lib/core/sequence/diff";
import { sideForm } from "../state/media";
import { useSession } from "../state/provider";
import { useView } from "../state/view";
import { type ChatApi, createChatApi } from "./chat-api";
import type { Citation } from "./citations";
import type { Told } from "./ghosts";
import { Talk, type TalkState } from "./talk";

const keys = {
  open: "threados.chat.open",
  conversation: "threados.chat.conversation",
  draft: "threados.chat.draft",
};

/** A proposal as it is drawn; one that no card speaks of tells in `summary` what it is. */
type Drawn = { proposal: string; changes: SequenceDiff; summary?: string } & Told;

/** What this tab knows of the chat besides what was said. */
interface ChatView {
  open: boolean;
  /** What is being typed. */
  draft: string;
  /** The proposal that the canvas shows, with what it would change. */
  drawn: Drawn | null;
  /** The source that is looked at. */
  cited: Citation | null;
  /** Whether it is told how a model is set up. */
  setup: boolean;
}

const inBrowser = typeof window !== "undefined";

/** The chat's part of this tab. */
export const useChat = create<ChatView>(() => ({
  open: inBrowser && localStorage.getItem(keys.open) === "yes",
  draft: inBrowser ? (sessionStorage.getItem(keys.draft) ?? "") : "",
  drawn: null,
  cited: null,
  setup: false,
}));

/** Opens or closes the panel, and remembers it; where the inspector stands before it, it comes to the front. */
export function toggleChat(open = !useChat.getState().open || isBehind()): void {
  if (open) useView.setState({ side: "chat" });
  localStorage.setItem(keys.open, open ? "yes" : "no");
  useChat.setState(open ? { open } : { open, drawn: null });
}

const isBehind = () => sideForm() === "tabs" && useView.getState().side !== "chat";

/** Keeps what is being typed, so that a reload does not lose it. */
export function keepDraft(draft: string): void {
  sessionStorage.setItem(keys.draft, draft);
  useChat.setState({ draft });
}

/** The conversation that a reload comes back to. */
export const rememberedConversation = () => localStorage.getItem(keys.conversation);

interface Session {
  api: ChatApi;
  talk: Talk;
}

// A talk outlives its panel: the answer is listened to while the panel is closed.
const sessions = new WeakMap<object, Session>();

/** Draws with the page; a tab that is not seen has no frames. */
const nextFrame = (callback: () => void) => {
  if (document.hidden) setTimeout(callback, 100);
  else requestAnimationFrame(callback);
};

/** The chat of this session. */
export function useChatSession(): Session {
  const { api, expire } = useSession();
  return useMemo(() => {
    const known = sessions.get(api);
    if (known) return known;
    const chat = createChatApi(api.token, expire);
    const talk = new Talk({
      api: chat,
      nextFrame,
      onOpened: (id) =>
        id === null
          ? localStorage.removeItem(keys.conversation)
          : localStorage.setItem(keys.conversation, id),
    });
    const session = { api: chat, talk };
    sessions.set(api, session);
    return session;
  }, [api, expire]);
}

/** A part of the conversation that is open. */
export function useTalk<T>(pick: (state: TalkState) => T): T {
  return useStore(useChatSession().talk.state, pick);
}

/** Where the list of conversations lies in the query cache. */
export const aboutKey = ["chat"] as const;

/** Asks for the list of conversations anew. */
export function useRefreshAbout(): () => void {
  const client = useQueryClient();
  return useMemo(() => () => void client.invalidateQueries({ queryKey: aboutKey, exact: true }), [client]);
}
