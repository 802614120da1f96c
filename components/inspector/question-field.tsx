"use client";

import { Field } from "../forms/field";
import type { GateDocument } from "../state/wire";

/** A question as a person reads it. */
export function QuestionField(props: {
  question: GateDocument["questions"][number];
  value: string;
  fault: string | undefined;
  onChange: (value: string) => void;
}) {
  const { question, value, fault, onChange } = props;
  const { type, options = ["yes", "no"] } = question;
  const required = question.required !== false;
  const label = `${question.ask ?? question.id}${required ? " (required)" : " (may be left out)"}`;
  return (
    <Field label={label} error={fault}>
      {(named) => {
        const ids = { ...named, "aria-required": required };
        return type === "text" ? (
          <textarea {...ids} rows={2} value={value} onChange={({ target }) => onChange(target.value)} />
        ) : type === "number" ? (
          <input
            {...ids}
            inputMode="decimal"
            value={value}
            onChange={({ target }) => onChange(target.value)}
          />
        ) : (
          <select {...ids} value={value} onChange={({ target }) => onChange(target.value)}>
            <option value="">–</option>
            {options.map((option) => (
              <option key={option}>{option}</option>
            ))}
          </select>
        );
      }}
    </Field>
  );
}
