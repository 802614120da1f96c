"use client";

import { MessageSquareText } from "lucide-react";
import { sayKeys } from "../commands/keymap";
import { toggleChat, useChat } from "./state";

/** Opens and closes the chat from the top line. */
export function ChatButton() {
  const open = useChat((chat) => chat.open);
  return (
    <button
      type="button"
      className="icon-button"
      aria-label="Chat"
      aria-pressed={open}
      title={`${open ? "Close" : "Open"} the chat (${sayKeys("c")})`}
      onClick={() => toggleChat()}
    >
      <MessageSquareText size={15} aria-hidden="true" />
    </button>
  );
}
