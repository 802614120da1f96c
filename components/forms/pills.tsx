"use client";

import { CloseIcon } from "../parts/icons";

/** Words that were put in, each with a button that takes it out; those that mean nothing are marked. */
export function Pills(props: {
  words: string[];
  /** What they are words of. */
  label: string;
  isKnown?: (word: string) => boolean;
  onChange: (words: string[]) => void;
}) {
  const { words, label, isKnown = () => true, onChange } = props;
  return words.map((word) => (
    <span key={word} className="pill" data-unknown={isKnown(word) ? undefined : true}>
      <span className="truncate">{word}</span>
      <button
        type="button"
        aria-label={`Remove ${word} from ${label}`}
        onClick={({ currentTarget }) => {
          focusBehind(currentTarget.closest(".pill"));
          onChange(words.filter((other) => other !== word));
        }}
      >
        <CloseIcon />
      </button>
    </span>
  ));
}

/** Gives the focus to what stands behind a word that goes away: the next one's button, or the field that more are put into. */
function focusBehind(pill: Element | null): void {
  const next = pill?.nextElementSibling;
  const control = next?.matches("input") ? next : next?.querySelector("button");
  if (control instanceof HTMLElement) control.focus();
}
