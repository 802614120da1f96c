"use client";

import { useEffect } from "react";
import { useChatNews } from "../state/chat-news";
import { useLiveStatus } from "../state/queries";
import { useView } from "../state/view";
import { useChatSession, useRefreshAbout, useTalk } from "./state";
import { turnsOf } from "./turns";
import type { Conversation } from "./wire";

/** Whether a proposal of the conversation waits for a decision, as far as this tab knows. */
const awaits = ({ offer }: ReturnType<typeof turnsOf>[number]) =>
  typeof offer?.proposal === "string" && offer.decision === undefined;

/** Keeps the open conversation as it is told and decided elsewhere: in another tab, in a terminal. */
export function useElsewhere(conversations: readonly Conversation[] | undefined): void {
  const { talk } = useChatSession();
  const refresh = useRefreshAbout();
  const id = useTalk((state) => state.id);
  const news = useChatNews((all) => all.conversations);
  const isLive = useView(({ connection }) => connection === "live");
  // What is decided is recorded; what was made by hand is seen in the text at first.
  const recorded = useLiveStatus(({ audit, revision }) => `${audit?.seq} ${revision}`);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a line that is back has missed what was told meanwhile
  useEffect(() => void talk.look(), [talk, isLive]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: that something was recorded is the reason to look
  useEffect(() => {
    if (turnsOf(talk.state.getState().records).some(awaits)) void talk.look();
  }, [talk, recorded]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each piece of news is looked at once
  useEffect(() => {
    if (id !== null && news.includes(id)) void talk.look().then((isNew) => isNew && refresh());
    const isListed = (one: string) => conversations?.some((known) => known.id === one);
    if (news.some((one) => !isListed(one))) refresh();
  }, [news]);
}
