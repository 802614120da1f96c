"use client";

import { useAgents } from "./agents";
import type { FieldIds } from "./field";

/** Who runs a step: the shell, or one of the agents that are known here. */
export function ModelSelect(props: { ids: FieldIds; text: string; onChange: (text: string) => void }) {
  const { ids, text, onChange } = props;
  const agents = useAgents();
  const known = text === "" || agents.includes(text) ? agents : [...agents, text];
  return (
    <select {...ids} value={text} onChange={(event) => onChange(event.target.value)}>
      <option value="">not set</option>
      {known.map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </select>
  );
}
