"use client";

import { useState } from "react";
import { CloseIcon } from "../parts/icons";
import { useStatus } from "../state/queries";
import type { StatusDocument } from "../state/wire";
import type { FieldIds } from "./field";

const namesOf = (status: StatusDocument) => [
  ...status.steps.map(({ id, name }) => ({ id, name })),
  ...status.gates.map(({ id, name }) => ({ id, name })),
];

/** A list of steps and gates: each can be taken out, others put in. */
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
  const add = (wanted: string) => {
    const fits = left.filter(({ id }) => id.startsWith(wanted));
    const found = left.find(({ id }) => id === wanted) ?? (fits.length === 1 ? fits[0] : undefined);
    if (found && wanted !== "") {
      onChange([...value, found.id]);
      setText("");
    } else setText(wanted);
  };
  return (
    <div className="nodes-input">
      {value.map((id) => (
        <span key={id} className="pill">
          <span className="truncate">{id}</span>
          <button
            type="button"
            aria-label={`Remove ${id} from ${label}`}
            onClick={() => onChange(value.filter((other) => other !== id))}
          >
            <CloseIcon />
          </button>
        </span>
      ))}
      <input
        {...ids}
        className="add"
        list={`${ids.id}-left`}
        value={text}
        placeholder={left.length === 0 ? "nothing to add" : "Add…"}
        // Not disabled: what has the focus would lose it with the last entry, and Enter would save no more.
        readOnly={left.length === 0}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          const { inputType } = event.nativeEvent as InputEvent;
          // Chosen from the list, not typed: then there is nothing more to come.
          if (inputType === undefined || inputType === "insertReplacementText") add(event.target.value);
          else setText(event.target.value);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || text === "") return;
          event.preventDefault();
          add(text);
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
