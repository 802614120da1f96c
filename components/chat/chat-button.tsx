"use client";

import { MessageSquareText } from "lucide-react";
import { sayKeys } from "../commands/keymap";
import { IconButton } from "../parts/tool-button";
import { toggleChat, useChat } from "./state";

/** Opens and closes the chat from the top line. */
export function ChatButton() {
  const open = useChat((chat) => chat.open);
  return (
    <IconButton
      label="Chat"
      icon={MessageSquareText}
      tip={`${open ? "Close" : "Open"} the chat (${sayKeys("c")})`}
      pressed={open}
      onPress={() => toggleChat()}
    />
  );
}
