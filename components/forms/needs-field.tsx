"use client";

import { useState } from "react";
import { useStatus } from "../state/queries";
import type { StatusDocument } from "../state/wire";
import type { FieldIds } from "./field";
import { Pills } from "./pills";

/** The steps and gates that there are, with their names. */
export const namesOf = (status: StatusDocument) => [
  ...status.steps.map(({ id, name }) => ({ id, name })),
  ...status.gates.map(({ id, name }) => ({ id, name })),
];

/**
 * A list of steps and gates: each can be taken out, others put in. What is typed and is none is put in as well, marked, so
 * that it is seen and said, and never dropped; Backspace takes the last of those back into the text.
 */
export function NodesInput(props: {
  ids: FieldIds;
  value: string[];
  /** What can't be chosen. */
  without?: ReadonlySet<string>;
  label: string;
  onChange: (value: string[]) => void;
}) {
  const { ids, value, without, label, onChange } = props;
  const names = useStatus(namesOf) ?? [];
  const [text, setText] = useState("");
  const left = names.filter(({ id }) => !value.includes(id) && !without?.has(id));
  const isKnown = (id: string) => names.some((node) => node.id === id) && !without?.has(id);
  const last = value.at(-1);
  const add = (typed: string) => {
    const wanted = typed.split(/[\s,]+/).filter((word) => word !== "");
    const found = wanted.map((word) => {
      const fits = left.filter(({ id }) => id.startsWith(word));
      return left.some(({ id }) => id === word) || fits.length !== 1 ? word : (fits[0]?.id ?? word);
    });
    const fresh = [...new Set(found)].filter((id) => !value.includes(id));
    setText("");
    if (fresh.length > 0) onChange([...value, ...fresh]);
  };
  return (
    <div className="nodes-input">
      <Pills words={value} label={label} isKnown={isKnown} onChange={onChange} />
      <input
        {...ids}
        className="add"
        list={`${ids.id}-left`}
        value={text}
        placeholder={left.length === 0 ? "nothing to add" : "Add…"}
        // Not disabled: what has the focus would lose it with the last entry, and Enter would save no more.
        readOnly={left.length === 0 && text === ""}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          const { inputType } = event.nativeEvent as InputEvent;
          // Chosen from the list, not typed: then there is nothing more to come.
          if (inputType === undefined || inputType === "insertReplacementText") add(event.target.value);
          else setText(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key === "Enter" && text.trim() !== "") {
            event.preventDefault();
            add(text);
          } else if (event.key === "Backspace" && text === "" && last !== undefined && !isKnown(last)) {
            event.preventDefault();
            onChange(value.slice(0, -1));
            setText(last);
          }
        }}
        onBlur={() => add(text)}
      />
      <datalist id={`${ids.id}-left`}>
        {left.map(({ id, name }) => (
          <option key={id} value={id}>
            {name === id ? undefined : name}
          </option>
        ))}
      </datalist>
    </div>
  );
}
