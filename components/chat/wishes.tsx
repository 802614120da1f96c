"use client";

import { useStatus } from "../state/queries";
import { select, useView } from "../state/view";
import { doorOf } from "./doors";
import { keepDraft, useChatSession, useTalk } from "./state";

/** What is still to be filled in before it can be said. */
const hasGap = (wish: string) => /…|<\w+>/.test(wish);

const gateIds = (status: { gates: readonly { id: string }[] }) => status.gates.map(({ id }) => id);

/**
 * Things to say, a button each: pressed, it is said; one with a gap goes into the field, to be filled in; what a person decides
 * is opened where that is done.
 */
export function Wishes({ label, wishes }: { label: string; wishes: readonly string[] }) {
  const { talk } = useChatSession();
  const idle = useTalk(({ phase }) => phase === "idle");
  const gates = useStatus(gateIds) ?? [];
  const choose = (wish: string) => {
    if (idle && !hasGap(wish)) return void talk.say(wish);
    keepDraft(wish);
    document.querySelector<HTMLElement>(".chat-composer textarea")?.focus();
  };
  return (
    <ul aria-label={label} className="chat-wishes">
      {wishes.map((wish) => {
        const door = doorOf(wish, gates);
        return (
          <li key={wish}>
            <button
              type="button"
              className="chat-wish"
              title={
                door ? "You decide there" : hasGap(wish) ? "Put it into the field, to fill it in" : "Say this"
              }
              onClick={() => (door ? open(door.gate) : choose(wish))}
            >
              {door ? door.label : wish}
            </button>
          </li>
        );
      })}
    </ul>
  );
}

function open(gate: string | null): void {
  if (gate === null) useView.setState({ front: "inbox" });
  else select(gate, "overview");
}
