"use client";

import { type ReactNode, useId, useState } from "react";
import type { Json } from "../../lib/core/json";
import { CommandInput } from "./command-input";
import { entryOf, useEntries } from "./entries";
import { type Fault, faultsAt } from "./fault";
import { Field, type FieldIds } from "./field";
import { labelOf } from "./label";
import { ModelSelect } from "./model-select";
import { optionSaid, optionsOf, unsetSaid } from "./options";
import { Rows } from "./rows";
import { hintSaid, placeholderOf } from "./say";
import { type FieldSpec, readField, writeField, writeYaml } from "./schema";
import { askedParts, fits, oneOf, type Parts, valueFrom, withPart } from "./structure";

const none: readonly Fault[] = [];

interface Props {
  spec: FieldSpec;
  text: string;
  error?: string | undefined;
  /** What is wrong with its parts. */
  faults?: readonly Fault[] | undefined;
  note?: ReactNode;
  onChange: (text: string) => void;
}

/** A list, map or thing with parts, filled in part by part; or as the YAML that it is in the file. */
export function StructuredField({ spec, text, error: whole, faults = none, note, onChange }: Props) {
  const id = useId();
  const [wanted, setAsText] = useState(false);
  const [own, setOwn] = useState<string>();
  const read = readField("yaml", text);
  // What the rows themselves have written may be unfinished: a name that stands there twice until it is typed to its end.
  const isText = text !== own && ("fault" in read || !fits(spec, read.value));
  const asText = wanted || isText;
  // As a text it has no parts for them to stand beside.
  const error = whole ?? faults.find(({ at }) => asText || at.length === 0)?.said;
  const said = error ?? note ?? hintSaid(spec, text);
  const label = labelOf(spec.key, spec.of);
  return (
    <fieldset
      className="field structured"
      data-invalid={error === undefined ? undefined : true}
      aria-describedby={said === undefined ? undefined : `${id}-said`}
    >
      <legend>{label}</legend>
      <button
        type="button"
        className="link as-text"
        aria-pressed={asText}
        aria-label={`${label} as YAML`}
        disabled={isText}
        onClick={() => setAsText(!wanted)}
      >
        YAML
      </button>
      {asText ? (
        <textarea
          aria-label={label}
          aria-invalid={error === undefined ? undefined : true}
          rows={Math.min(8, Math.max(2, text.split("\n").length))}
          className="font-mono text-sm"
          spellCheck={false}
          placeholder={placeholderOf(spec)}
          value={text}
          onChange={(event) => onChange(event.target.value)}
        />
      ) : (
        <Structure
          spec={spec}
          text={text}
          faults={faults}
          onChange={(written) => {
            setOwn(written);
            onChange(written);
          }}
        />
      )}
      {said !== undefined && (
        <p id={`${id}-said`} className={error === undefined ? "field-hint" : "field-error"}>
          {said}
        </p>
      )}
    </fieldset>
  );
}

interface StructureProps {
  spec: FieldSpec;
  text: string;
  faults: readonly Fault[];
  onChange: (text: string) => void;
}

function Structure(props: StructureProps) {
  if (props.spec.kind === "rows") return <ListRows {...props} />;
  if (props.spec.kind === "map") return <MapRows {...props} />;
  const { spec, text, faults, onChange } = props;
  return (
    <div className="row">
      <div className="row-parts">
        <PartFields
          all={spec.parts ?? []}
          parts={(valueIn(text) ?? {}) as Parts}
          faults={faults}
          onChange={(parts) => onChange(writeYaml(parts))}
        />
      </div>
    </div>
  );
}

const valueIn = (text: string): Json | undefined => {
  const read = readField("yaml", text);
  return "fault" in read ? undefined : read.value;
};

/** What is chosen of a new row beforehand: what can't be left out, where it is a choice. */
const begun = (parts: readonly FieldSpec[]): Parts =>
  Object.fromEntries(
    parts.flatMap(({ key, isNeeded, options, kind }) =>
      isNeeded && kind === "choice" ? [[key, options.includes("text") ? "text" : (options[0] ?? "")]] : [],
    ),
  );

function ListRows({ spec, text, faults, onChange }: StructureProps) {
  const parts = spec.parts ?? [];
  const [entries, set] = useEntries<Parts>(text, () => (valueIn(text) ?? []) as Parts[], writeYaml);
  return (
    <Rows
      entries={entries}
      word={oneOf(spec.key)}
      isOrdered
      make={() => entryOf(begun(parts))}
      onChange={(next) => onChange(set(next))}
    >
      {({ value }, change, at) => (
        <PartFields all={parts} parts={value} faults={faultsAt(faults, at)} onChange={change} />
      )}
    </Rows>
  );
}

/** What an entry of a map is called. */
const entryWords: Record<string, string> = { env: "variable", params: "parameter", metadata: "note" };

type Named = { name: string; value: Json | undefined };

/** Two of one name are written as two: what reads it then says so, and none is lost. */
const writeNamed = (all: Named[]): string =>
  all
    .filter(({ name, value }) => name !== "" || value !== undefined)
    .map(({ name, value }) => writeYaml({ [name]: value ?? "" }))
    .join("\n");

const readNamed = (text: string): Named[] =>
  Object.entries((valueIn(text) ?? {}) as Parts).map(([name, value]) => ({ name, value }));

function MapRows({ spec, text, faults, onChange }: StructureProps) {
  const [entries, set] = useEntries<Named>(text, () => readNamed(text), writeNamed);
  const names = entries.map(({ value }) => value.name);
  const of = spec.value;
  if (!of) return null;
  return (
    <Rows
      entries={entries}
      word={entryWords[spec.key] ?? "entry"}
      isOrdered={false}
      make={() =>
        entryOf<Named>({ name: "", value: of.kind === "parts" ? begun(of.parts ?? []) : undefined })
      }
      onChange={(next) => onChange(set(next))}
    >
      {({ value: { name, value } }, change) => (
        <>
          <Field
            label="Name"
            error={
              names.filter((each) => each === name && each !== "").length > 1 ? "Named twice." : undefined
            }
          >
            {(ids) => (
              <input
                {...ids}
                className="font-mono"
                spellCheck={false}
                placeholder={spec.exampleName === undefined ? undefined : `e.g. ${spec.exampleName}`}
                value={name}
                onChange={(event) => change({ name: event.target.value, value })}
              />
            )}
          </Field>
          <Part
            spec={of}
            value={value}
            faults={faultsAt(faults, name)}
            onChange={(next) => change({ name, value: next })}
          />
        </>
      )}
    </Rows>
  );
}

function PartFields(props: {
  all: readonly FieldSpec[];
  parts: Parts;
  faults: readonly Fault[];
  onChange: (parts: Parts) => void;
}) {
  const { all, parts, faults, onChange } = props;
  return askedParts(all, parts).map((spec) => (
    <Part
      key={spec.key}
      spec={spec}
      value={parts[spec.key]}
      faults={faultsAt(faults, spec.key)}
      onChange={(value) => onChange(withPart(all, parts, spec.key, value))}
    />
  ));
}

interface PartProps {
  spec: FieldSpec;
  value: Json | undefined;
  faults: readonly Fault[];
  onChange: (value: Json | undefined) => void;
}

function Part({ spec, value, faults, onChange }: PartProps) {
  if (["rows", "map", "parts"].includes(spec.kind))
    return (
      <StructuredField
        spec={spec}
        faults={faults}
        text={value === undefined ? "" : typeof value === "string" ? value : writeYaml(value)}
        onChange={(text) => onChange(valueFrom({ ...spec, kind: "yaml" }, text))}
      />
    );
  return <Leaf spec={spec} value={value} faults={faults} onChange={onChange} />;
}

/** A value that has no parts. What is typed stays as it is typed while it stands for the value. */
function Leaf({ spec, value, faults, onChange }: PartProps) {
  const [own, setOwn] = useState<{ text: string; value: string }>();
  const { kind } = spec;
  const text = own && own.value === JSON.stringify(value) ? own.text : writeField(kind, value);
  const read = readField(kind, text);
  const hint = hintSaid(spec, text);
  const change = (next: string) => {
    const meant = valueFrom(spec, next);
    setOwn({ text: next, value: JSON.stringify(meant) });
    onChange(meant);
  };
  return (
    <Field
      label={labelOf(spec.key, spec.of)}
      error={"fault" in read ? read.fault : faults[0]?.short}
      {...(hint === undefined ? {} : { hint })}
    >
      {(ids) => <Control ids={ids} spec={spec} text={text} onChange={change} />}
    </Field>
  );
}

function Control(props: { ids: FieldIds; spec: FieldSpec; text: string; onChange: (text: string) => void }) {
  const { ids, spec, text, onChange } = props;
  const { kind, isNeeded } = spec;
  const change = (event: { target: { value: string } }) => onChange(event.target.value);
  if (spec.key === "model") return <ModelSelect ids={ids} text={text} onChange={onChange} />;
  if (kind === "choice" || kind === "truth")
    return (
      <select {...ids} value={text} onChange={change}>
        {!(isNeeded && text !== "") && <option value="">{unsetSaid(spec)}</option>}
        {optionsOf(spec, text).map((option) => (
          <option key={option} value={option}>
            {optionSaid(spec, option)}
          </option>
        ))}
      </select>
    );
  if (kind === "items" || kind === "lines" || kind === "yaml")
    return (
      <textarea
        {...ids}
        rows={Math.min(6, Math.max(kind === "yaml" ? 1 : 2, text.split("\n").length))}
        className={kind === "yaml" ? "font-mono text-sm" : undefined}
        spellCheck={kind !== "yaml"}
        placeholder={kind === "items" ? "one a line" : placeholderOf(spec)}
        value={text}
        onChange={change}
      />
    );
  if (kind === "command")
    return <CommandInput ids={ids} value={text} placeholder={placeholderOf(spec)} onChange={onChange} />;
  return (
    <input
      {...ids}
      {...(kind === "number" ? { inputMode: "numeric" } : {})}
      spellCheck={false}
      placeholder={placeholderOf(spec)}
      value={text}
      onChange={change}
    />
  );
}
