"use client";

import { useStatus } from "../state/queries";
import { useChatSession } from "./state";
import { suggestionsFor } from "./suggest";

/** What could be said, where nothing was said yet. */
export function Suggestions() {
  const { talk } = useChatSession();
  const wishes = useStatus(suggestionsFor) ?? [];
  return (
    <div className="chat-empty">
      <h2 className="text-lg font-semibold">Say what you want</h2>
      <p className="text-muted">
        You see what it would change, here and on the canvas, before anything happens. Nothing is done without
        your yes.
      </p>
      <ul aria-label="Suggestions">
        {wishes.map((wish) => (
          <li key={wish}>
            <button type="button" className="chat-wish" onClick={() => void talk.say(wish)}>
              {wish}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
