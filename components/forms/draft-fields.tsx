"use client";

import { type Draft, type Faults, sequenceFile } from "./adding";
import { useAgents } from "./agents";
import { CommandInput } from "./command-input";
import { commandHint, Field } from "./field";
import { readCommand } from "./words";

/** What is filled in for a new step or gate wherever one is made: its name and id, and what it runs. */
export function DraftFields(props: {
  draft: Draft;
  /** The id it gets while none is typed. */
  id: string;
  /** Shown in the empty field of the name. */
  hint: string;
  /** Whether the steps of a file may run in its place. */
  nests?: boolean;
  faultOf: (key: keyof Faults) => string | undefined;
  onChange: (change: Partial<Draft>) => void;
}) {
  const { draft, id, hint, nests = false, faultOf, onChange } = props;
  const agents = useAgents();
  const gate = draft.kind === "gate";
  return (
    <>
      <Field label="Name" error={faultOf("name")}>
        {(ids) => (
          <input
            {...ids}
            // biome-ignore lint/a11y/noAutofocus: the window around it takes the focus, and here one begins
            autoFocus
            value={draft.name}
            placeholder={hint}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label="Id" error={faultOf("id")} hint="How commands, files and other steps name it.">
        {(ids) => (
          <input
            {...ids}
            className="font-mono"
            value={draft.id}
            placeholder={id}
            onChange={(event) => onChange({ id: event.target.value })}
          />
        )}
      </Field>
      {!gate && (
        <Field label="Runs with">
          {(ids) => (
            <select
              {...ids}
              value={draft.model}
              onChange={(event) => onChange({ model: event.target.value })}
            >
              {agents.map((name) => (
                <option key={name} value={name}>
                  {name === "shell" ? "shell: a command" : name}
                </option>
              ))}
              {nests && <option value={sequenceFile}>the steps of a sequence file</option>}
            </select>
          )}
        </Field>
      )}
      {!gate && draft.model === "shell" && (
        <Field
          label="Command"
          error={faultOf("command")}
          hint={commandHint(readCommand(draft.command)) ?? "A program and its words, such as npm test."}
        >
          {(ids) => (
            <CommandInput
              ids={ids}
              value={draft.command}
              placeholder="npm test"
              onChange={(command) => onChange({ command })}
            />
          )}
        </Field>
      )}
      {!gate && draft.model === sequenceFile && (
        <Field
          label="Sequence file"
          error={faultOf("sequence")}
          hint="A file below .threados, whose steps run in its place."
        >
          {(ids) => (
            <input
              {...ids}
              className="font-mono"
              value={draft.sequence}
              placeholder="sequences/check.yaml"
              spellCheck={false}
              onChange={(event) => onChange({ sequence: event.target.value })}
            />
          )}
        </Field>
      )}
      {!gate && draft.model !== "shell" && draft.model !== sequenceFile && (
        <Field label="Prompt" hint="What the agent is told; Markdown.">
          {(ids) => (
            <textarea
              {...ids}
              rows={5}
              value={draft.prompt}
              onChange={(event) => onChange({ prompt: event.target.value })}
            />
          )}
        </Field>
      )}
    </>
  );
}
