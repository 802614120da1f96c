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
        onClick={() => onChange(words.filter((other) => other !== word))}
      >
        <CloseIcon />
      </button>
    </span>
  ));
}
