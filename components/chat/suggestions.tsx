"use client";

import { suggestionsFor } from "../../lib/core/chat/suggest";
import { useStatus } from "../state/queries";
import type { StatusDocument } from "../state/wire";
import { Wishes } from "./wishes";

const wishesOf = (status: StatusDocument) => suggestionsFor(status);

/** What could be said, where nothing was said yet. */
export function Suggestions() {
  const wishes = useStatus(wishesOf) ?? [];
  return (
    <div className="chat-empty">
      <h2 className="text-lg font-semibold">Say what you want</h2>
      <p className="text-muted">
        You see what it would change, here and on the canvas, before anything happens. Nothing is done without
        your yes.
      </p>
      <Wishes label="Suggestions" wishes={wishes} />
    </div>
  );
}
