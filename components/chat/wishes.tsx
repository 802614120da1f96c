"use client";

import { keepDraft, useChatSession, useTalk } from "./state";

/** What is still to be filled in before it can be said. */
const hasGap = (wish: string) => /…|<\w+>/.test(wish);

/** Things to say, a button each: pressed, it is said; one with a gap goes into the field, to be filled in. */
export function Wishes({ label, wishes }: { label: string; wishes: readonly string[] }) {
  const { talk } = useChatSession();
  const idle = useTalk(({ phase }) => phase === "idle");
  const choose = (wish: string) => {
    if (idle && !hasGap(wish)) return void talk.say(wish);
    keepDraft(wish);
    document.querySelector<HTMLElement>(".chat-composer textarea")?.focus();
  };
  return (
    <ul aria-label={label} className="chat-wishes">
      {wishes.map((wish) => (
        <li key={wish}>
          <button
            type="button"
            className="chat-wish"
            title={hasGap(wish) ? "Put it into the field, to fill it in" : "Say this"}
            onClick={() => choose(wish)}
          >
            {wish}
          </button>
        </li>
      ))}
    </ul>
  );
}
