"use client";

import { type FormEvent, useState } from "react";
import { Dialog } from "../dialog/dialog";
import { FormFoot } from "../parts/form-foot";
import { useDoing } from "../state/doing";
import { focusNode } from "../state/focus";
import { select, useView } from "../state/view";
import { addingCalls, promptCalls } from "./adding";
import { DraftFields } from "./draft-fields";
import { JoiningNote, useJoining } from "./joining";
import { KeptNote } from "./kept-note";
import { useNewNode } from "./new-node";

/** The form that makes steps the candidates of a fusion, with a new step that joins their results. */
export function Fuse() {
  const candidates = useView((view) => view.fusing);
  return candidates && <Form candidates={candidates} />;
}

const none: string[] = [];
const close = () => useView.setState({ fusing: null });

function Form({ candidates }: { candidates: string[] }) {
  const { edit } = useDoing();
  const node = useNewNode({ form: "fuse", kind: "step", fallback: "merge", needs: none });
  const { draft, whole, change, forget, faultOf, isReady } = node;
  const { id } = whole;
  const joining = useJoining(candidates);
  const [apart, setApart] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isReady()) return;
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
      title={`Fuse ${candidates.length} steps`}
      text="They attempt the same task side by side, and a new step gets all their results."
      className="w-110"
    >
      <ul aria-label="Candidates" className="flex flex-wrap gap-1 py-1">
        {candidates.map((each) => (
          <li key={each} className="pill">
            {each}
          </li>
        ))}
      </ul>
      <form className="form" onSubmit={(event) => void submit(event)} noValidate>
        {node.wasKept && <KeptNote onForget={forget} />}
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
