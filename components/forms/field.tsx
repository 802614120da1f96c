"use client";

import { type ReactNode, useId } from "react";

/** What a control needs to be named and described by its field. */
export interface FieldIds {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean | undefined;
}

/** A control with its label, an explanation, and what is wrong with its value. */
export function Field(props: {
  label: string;
  hint?: ReactNode;
  error?: string | undefined;
  children: (ids: FieldIds) => ReactNode;
}) {
  const { label, hint, error, children } = props;
  const id = useId();
  const said = error !== undefined || hint !== undefined;
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {children({
        id,
        "aria-describedby": said ? `${id}-said` : undefined,
        "aria-invalid": error === undefined ? undefined : true,
      })}
      {said && (
        <p id={`${id}-said`} className={error === undefined ? "field-hint" : "field-error"}>
          {error ?? hint}
        </p>
      )}
    </div>
  );
}

/** A command as a line, with how it would be started. */
export function commandHint(value: string | string[] | undefined): ReactNode {
  if (value === undefined) return undefined;
  if (typeof value === "string") return "Run by the shell, and asked about each time.";
  if (value.length === 0) return "A program and its words, such as npm test.";
  return (
    <span className="words">
      {value.map((word, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: words of one command may be equal; their place is their identity
        <code key={index}>{word === "" ? "\u00a0" : word}</code>
      ))}
    </span>
  );
}
