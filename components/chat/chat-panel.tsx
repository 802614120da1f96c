"use client";

import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { CloseIcon } from "../parts/icons";
import { IconButton } from "../parts/tool-button";
import { Citations } from "./citation";
import { Composer } from "./composer";
import { Conversations } from "./conversations";
import { useElsewhere } from "./elsewhere";
import { Messages } from "./messages";
import { Setup, SetupCallout } from "./setup";
import {
  aboutKey,
  rememberedConversation,
  toggleChat,
  useChatSession,
  useRefreshAbout,
  useTalk,
} from "./state";

/** The chat: what was said, the answer as it comes, what it proposes, and the field to say more. */
export function ChatPanel() {
  const { api, talk } = useChatSession();
  const { data: about } = useQuery({ queryKey: aboutKey, queryFn: api.about, refetchOnWindowFocus: true });
  const refresh = useRefreshAbout();
  const phase = useTalk((state) => state.phase);
  const looked = useRef(false);
  useEffect(() => {
    if (looked.current || talk.state.getState().id !== null) return;
    looked.current = true;
    const id = rememberedConversation();
    if (id !== null) void talk.open(id);
  }, [talk]);
  useElsewhere(about?.conversations);
  // The end of an answer may have made a conversation, or given one another place.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the phase is what it is about
  useEffect(refresh, [phase === "idle", refresh]);
  return (
    <section aria-label="Chat" className="chat">
      <header className="chat-head">
        <Conversations conversations={about?.conversations ?? []} />
        <span className="grow" />
        <IconButton label="Close the chat" icon={CloseIcon} onPress={() => toggleChat(false)} />
      </header>
      <SetupCallout about={about} />
      <Messages />
      <Composer about={about} />
      <Citations />
      <Setup />
    </section>
  );
}
