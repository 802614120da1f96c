"use client";

import { ArrowUp, Square } from "lucide-react";
import { type FormEvent, useEffect, useId, useRef } from "react";
import { mostMessageChars } from "../../lib/core/chat/message-length";
import { ToolButton } from "../parts/tool-button";
import { sayWhole } from "../state/amount";
import { focusCanvas } from "../state/focus";
import { useView } from "../state/view";
import { keepDraft, useChat, useChatSession, useTalk } from "./state";
import { prepareWords } from "./turn";
import type { About } from "./wire";

const StopIcon = () => <Square size={11} fill="currentColor" aria-hidden="true" />;

/** From so many characters on their number is told. */
const toldFrom = mostMessageChars / 2;

/** The field to say something in, and who will answer. */
export function Composer({ about }: { about: About | undefined }) {
  const { talk } = useChatSession();
  const draft = useChat((chat) => chat.draft);
  const phase = useTalk((state) => state.phase);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus();
    prepareWords();
  }, []);
  const idle = phase === "idle";
  const length = draft.trim().length;
  const isTooLong = length > mostMessageChars;
  const count = useId();
  const send = async () => {
    const text = draft.trim();
    if (text === "" || isTooLong || !idle) return;
    keepDraft("");
    // What was not taken is not lost.
    if (!(await talk.say(text)) && useChat.getState().draft === "") keepDraft(text);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send();
  };
  return (
    <form className="chat-composer" onSubmit={submit}>
      <div className="chat-field">
        <textarea
          ref={field}
          aria-label="Message"
          placeholder="Say what you want of the sequence"
          rows={1}
          aria-invalid={isTooLong}
          aria-describedby={length >= toldFrom ? count : undefined}
          value={draft}
          onChange={(event) => keepDraft(event.target.value)}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            if (event.key === "Enter" && !event.shiftKey && !event.ctrlKey && !event.metaKey) {
              event.preventDefault();
              void send();
            } else if (event.key === "Escape") focusCanvas(useView.getState().selected);
          }}
        />
        {idle || phase === "loading" ? (
          <ToolButton
            type="submit"
            look="chat-send"
            label="Send"
            tip="Send (Enter; Shift+Enter begins a new line)"
            icon={ArrowUp}
            disabled={length === 0 || isTooLong || !idle}
          />
        ) : (
          <ToolButton
            look="chat-send"
            label="Stop the answer"
            icon={StopIcon}
            onPress={() => void talk.stop()}
          />
        )}
      </div>
      {length >= toldFrom && (
        <p id={count} role="status" data-tone={isTooLong ? "failed" : undefined} className="chat-count">
          {`${sayWhole(length)} of ${sayWhole(mostMessageChars)} characters`}
          {isTooLong && ": too long to be sent"}
        </p>
      )}
      <p className="chat-by">
        {about === undefined ? (
          <span>Looking who answers…</span>
        ) : (
          <span className="truncate" title="Who answers">
            {about.provider === null
              ? "Nobody can answer"
              : about.provider === "offline"
                ? "offline: fixed rules, no model"
                : [about.provider, about.model ?? "its own model"].join(" · ")}
          </span>
        )}
        <button type="button" className="link" onClick={() => useChat.setState({ setup: true })}>
          {about?.provider === "offline" ? "Use a model" : "Change"}
        </button>
      </p>
    </form>
  );
}
