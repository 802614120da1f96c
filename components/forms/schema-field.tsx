"use client";

import type { ReactNode } from "react";
import { CommandInput } from "./command-input";
import type { Fault } from "./fault";
import { commandHint, Field, type FieldIds } from "./field";
import { labelOf } from "./label";
import { ModelSelect } from "./model-select";
import { NodesInput } from "./needs-field";
import { optionSaid, optionsOf, unsetSaid } from "./options";
import { hintSaid, placeholderOf } from "./say";
import type { FieldSpec } from "./schema";
import { StructuredField } from "./structured-field";
import { readCommand } from "./words";
import { WordsInput } from "./words-input";

/** One field of a form that follows a schema. */
export function SchemaField(props: {
  spec: FieldSpec;
  text: string;
  error?: string | undefined;
  /** What is wrong with its parts. */
  faults?: readonly Fault[] | undefined;
  /** What else has to be said of it, such as that the file changed meanwhile. */
  note?: ReactNode;
  without?: ReadonlySet<string>;
  onChange: (text: string) => void;
}) {
  const { spec, text, error, note, without, onChange } = props;
  if (["rows", "map", "parts"].includes(spec.kind)) return <StructuredField {...props} />;
  const hint =
    note ??
    (spec.kind === "command" && text !== "" ? commandHint(readCommand(text)) : undefined) ??
    hintSaid(spec, text);
  return (
    <Field
      label={labelOf(spec.key)}
      error={error ?? props.faults?.[0]?.said}
      {...(hint === undefined ? {} : { hint })}
    >
      {(ids) => (
        <Control spec={spec} ids={ids} text={text} onChange={onChange} {...(without ? { without } : {})} />
      )}
    </Field>
  );
}

interface ControlProps {
  spec: FieldSpec;
  ids: FieldIds;
  text: string;
  without?: ReadonlySet<string>;
  onChange: (text: string) => void;
}

function Control({ spec, ids, text, without, onChange }: ControlProps) {
  const { key, kind } = spec;
  const change = (event: { target: { value: string } }) => onChange(event.target.value);
  if (key === "model") return <ModelSelect ids={ids} text={text} onChange={onChange} />;
  switch (kind) {
    case "choice":
    case "truth":
      return (
        <select {...ids} value={text} onChange={change}>
          <option value="">{unsetSaid(spec)}</option>
          {optionsOf(spec, text).map((option) => (
            <option key={option} value={option}>
              {optionSaid(spec, option)}
            </option>
          ))}
        </select>
      );
    case "nodes":
      return (
        <NodesInput
          ids={ids}
          label={labelOf(key)}
          value={text === "" ? [] : text.split("\n")}
          {...(without ? { without } : {})}
          onChange={(value) => onChange(value.join("\n"))}
        />
      );
    case "list":
      return (
        <WordsInput
          ids={ids}
          label={labelOf(key)}
          value={text.split(",").flatMap((word) => word.trim() || [])}
          placeholder={placeholderOf(spec)}
          onChange={(value) => onChange(value.join(", "))}
        />
      );
    case "lines":
    case "yaml":
      return (
        <textarea
          {...ids}
          rows={Math.min(8, Math.max(2, text.split("\n").length))}
          className={kind === "yaml" ? "font-mono text-sm" : undefined}
          spellCheck={kind === "lines"}
          placeholder={placeholderOf(spec)}
          value={text}
          onChange={change}
        />
      );
    case "command":
      return <CommandInput ids={ids} value={text} placeholder={placeholderOf(spec)} onChange={onChange} />;
    default:
      return (
        <input
          {...ids}
          {...(kind === "number" ? { inputMode: "numeric" } : {})}
          spellCheck={kind === "text"}
          placeholder={placeholderOf(spec)}
          value={text}
          onChange={change}
        />
      );
  }
}
