"use client";

import type { KeyboardEvent } from "react";
import type { FieldIds } from "./field";

/** About as many signs stand in one of its lines; browsers that measure the text themselves do without. */
const signsALine = 38;
const mostRows = 10;

/** A command as a line that is shown whole, wrapped where it is long. Enter does what it does in every other field of a line. */
export function CommandInput(props: {
  ids: FieldIds;
  value: string;
  placeholder?: string | undefined;
  onChange: (text: string) => void;
}) {
  const { ids, value, placeholder, onChange } = props;
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const { key, shiftKey, ctrlKey, metaKey, altKey, nativeEvent, currentTarget } = event;
    if (key !== "Enter" || shiftKey || ctrlKey || metaKey || altKey || nativeEvent.isComposing) return;
    event.preventDefault();
    currentTarget.form?.requestSubmit();
  };
  return (
    <textarea
      {...ids}
      className="command-input font-mono"
      rows={rowsOf(value)}
      spellCheck={false}
      autoCapitalize="off"
      autoComplete="off"
      placeholder={placeholder}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={onKeyDown}
    />
  );
}

const rowsOf = (text: string) =>
  Math.min(
    mostRows,
    text.split("\n").reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / signsALine)), 0),
  );
