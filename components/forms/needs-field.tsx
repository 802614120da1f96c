"use client";

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
  const left = names.filter(({ id }) => !value.includes(id) && !without?.has(id));
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
      <select
        {...ids}
        value=""
        disabled={left.length === 0}
        onChange={(event) => event.target.value !== "" && onChange([...value, event.target.value])}
      >
        <option value="">{left.length === 0 ? "Nothing to add" : "Add…"}</option>
        {left.map(({ id, name }) => (
          <option key={id} value={id}>
            {name === id ? id : `${id}: ${name}`}
          </option>
        ))}
      </select>
    </div>
  );
}
