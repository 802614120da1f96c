"use client";

import { type FormEvent, useEffect, useMemo, useState } from "react";
import { Dialog } from "../dialog/dialog";
import { FormFoot } from "../parts/form-foot";
import { useDoing } from "../state/doing";
import { focusFirst, focusNode } from "../state/focus";
import { useStatus } from "../state/queries";
import { select, useView } from "../state/view";
import type { StatusDocument } from "../state/wire";
import { addingCalls, promptCalls } from "./adding";
import { DraftFields } from "./draft-fields";
import { Field } from "./field";
import { JoiningNote, useJoining } from "./joining";
import { KeptNote } from "./kept-note";
import { NodesInput } from "./needs-field";
import { useNewNode } from "./new-node";

/** The form that makes steps the candidates of a fusion, with a new step that joins their results. */
export function Fuse() {
  const chosen = useView((view) => view.fusing);
  return chosen && <Form chosen={chosen} />;
}

const none: string[] = [];
const close = () => useView.setState({ fusing: null });

const stepsIn = (status: StatusDocument) => status.steps.map(({ id }) => id);
const gatesIn = (status: StatusDocument) => status.gates.map(({ id }) => id);

function Form({ chosen }: { chosen: string[] }) {
  const { edit } = useDoing();
  const node = useNewNode({ form: "fuse", kind: "step", fallback: "merge", needs: none });
  const { draft, whole, change, forget, faultOf, isReady } = node;
  const { id } = whole;
  const [candidates, setCandidates] = useState(chosen);
  const [tried, setTried] = useState(false);
  const steps = useStatus(stepsIn) ?? none;
  const gates = useStatus(gatesIn) ?? none;
  const without = useMemo(() => new Set(gates), [gates]);
  const wrong = candidates.find((each) => !steps.includes(each));
  const fault =
    wrong !== undefined
      ? `'${wrong}' is no step.`
      : candidates.length < 2
        ? "A fusion takes two steps or more."
        : undefined;
  useEffect(() => {
    if (chosen.length < 2) focusFirst("[role=dialog] .nodes-input input");
  }, [chosen]);
  const joining = useJoining(candidates);
  const [apart, setApart] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!isReady() || fault !== undefined) return;
    const fusion = { candidates, synth: id, ...(apart ? { isolation: "worktree" } : {}) };
    const made = await edit([
      ...addingCalls(whole, { feeds: [] }),
      { action: "fusion.create", input: fusion },
    ]);
    if (!made) return;
    await edit(promptCalls(whole));
    forget();
    close();
    select(id);
    focusNode(id);
  };

  return (
    <Dialog
      open
      onClose={close}
      title={candidates.length < 2 ? "Fuse steps" : `Fuse ${candidates.length} steps`}
      text="They attempt the same task side by side, and a new step gets all their results."
      className="w-110"
    >
      <form className="form" onSubmit={(event) => void submit(event)} noValidate>
        {node.wasKept && <KeptNote onForget={forget} />}
        <Field label="Candidates" error={tried ? fault : undefined}>
          {(ids) => (
            <NodesInput
              ids={ids}
              value={candidates}
              label="Candidates"
              without={without}
              onChange={setCandidates}
            />
          )}
        </Field>
        <DraftFields draft={draft} id={id} hint="Join the best of all" faultOf={faultOf} onChange={change} />
        <label className="flex items-start gap-2">
          <input
            type="checkbox"
            className="mt-1"
            checked={apart}
            onChange={({ target }) => setApart(target.checked)}
          />
          <span>
            Give each candidate a worktree of its own
            <span className="field-hint block">
              So that one can be picked with all it changed; the folder must be in a git repository.
            </span>
          </span>
        </label>
        <JoiningNote joining={joining} />
        <FormFoot
          submit={joining === "now" ? "Fuse and start" : "Fuse"}
          onCancel={() => {
            forget();
            close();
          }}
        />
      </form>
    </Dialog>
  );
}
