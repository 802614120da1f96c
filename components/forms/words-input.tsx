"use client";

import { useState } from "react";
import type { FieldIds } from "./field";
import { Pills } from "./pills";

/** A list of words, such as tags: each can be taken out; Enter or a comma puts one in. */
export function WordsInput(props: {
  ids: FieldIds;
  label: string;
  value: string[];
  placeholder?: string | undefined;
  onChange: (value: string[]) => void;
}) {
  const { ids, label, value, placeholder, onChange } = props;
  const [text, setText] = useState("");
  const add = (typed: string) => {
    const words = typed.split(",").flatMap((word) => word.trim() || []);
    const fresh = [...new Set(words)].filter((word) => !value.includes(word));
    setText("");
    if (fresh.length > 0) onChange([...value, ...fresh]);
  };
  return (
    <div className="nodes-input">
      <Pills words={value} label={label} onChange={onChange} />
      <input
        {...ids}
        className="add"
        value={text}
        placeholder={value.length === 0 ? (placeholder ?? "Add…") : "Add…"}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => (target.value.includes(",") ? add(target.value) : setText(target.value))}
        onKeyDown={(event) => {
          const last = value.at(-1);
          if (event.key === "Enter" && text.trim() !== "") {
            event.preventDefault();
            add(text);
          } else if (event.key === "Backspace" && text === "" && last !== undefined) {
            event.preventDefault();
            onChange(value.slice(0, -1));
          }
        }}
        onBlur={() => add(text)}
      />
    </div>
  );
}
