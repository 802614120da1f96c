"use client";

import { useEffect, useState } from "react";
import { useNews } from "../state/news";
import { Dialog } from "./dialog";

/** Asks the person once or twice, showing exactly what would be done. */
export function Confirm() {
  const asked = useNews((news) => news.asked);
  const [round, setRound] = useState(1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each question begins with its first round
  useEffect(() => setRound(1), [asked]);
  if (!asked) return null;
  const last = round >= asked.times;
  const grave = asked.times === 2;
  return (
    <Dialog
      open
      onClose={() => asked.answer(false)}
      title={round === 1 ? `${capital(asked.summary)}?` : "Are you sure?"}
      text={round === 1 ? `Why you are asked: ${lower(asked.why)}.` : `This will ${asked.summary}.`}
      className="w-120"
    >
      {asked.edits && asked.edits.length > 0 && (
        <ol aria-label="What changes" className="shown-calls">
          {asked.edits.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ol>
      )}
      {asked.shows.length > 0 && (
        <ul aria-label="What would be started" className="shown-calls">
          {asked.shows.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      )}
      <div className="mt-4 flex items-center justify-end gap-2">
        {grave && <span className="mr-auto text-sm text-faint">Question {round} of 2</span>}
        <button type="button" className="button" onClick={() => asked.answer(false)}>
          Cancel
        </button>
        <button
          // A new round is a new button, so that two quick clicks are not two answers in one place.
          key={round}
          type="button"
          className="button button-main"
          data-grave={grave}
          onClick={() => (last ? asked.answer(true) : setRound(round + 1))}
        >
          {grave ? (last ? "Yes, I am sure" : "Yes") : "Confirm"}
        </button>
      </div>
    </Dialog>
  );
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
const lower = (text: string) => text.replace(/\.$/, "");
