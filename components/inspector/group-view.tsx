"use client";

import { type FormEvent, useState } from "react";
import { Share } from "../canvas/folded-node";
import { standingOfGroup } from "../canvas/folding";
import { graphOf } from "../canvas/graph";
import { type FailPolicy, faultOfName, renameGroup, setPolicy } from "../canvas/group-edits";
import { usePlaces } from "../canvas/picture";
import { regroup } from "../canvas/regroup";
import { useGroupCommands, useMembers } from "../commands/use-group";
import { Field } from "../forms/field";
import { StatusWord } from "../parts/status-word";
import { useDoing } from "../state/doing";
import { focusFirst, heading } from "../state/focus";
import { usePast } from "../state/look";
import { useLiveStatus, useSequence, useStatus } from "../state/queries";
import { stayHere } from "../state/trail";
import { chooseGroup } from "../state/view";
import type { StepState } from "../state/wire";
import { ActionButtons } from "./action-buttons";
import { Heading } from "./heading";
import { NodeRow } from "./node-row";

/** A group as a whole: how far it is, what can be done with it, its name, what a failure means, and its steps. */
export function GroupView({ group }: { group: string }) {
  const members = useMembers(group);
  const stand = useStatus((status) => standingOfGroup(status, group));
  const commands = useGroupCommands(group);
  const past = usePast();
  if (!stand)
    return (
      <>
        <Heading title="No such group" />
        <p className="px-4 text-muted">
          No step is in a group <code className="font-mono break-all">{group}</code>. It may have been
          dissolved or renamed.
        </p>
      </>
    );
  const { done, failed, total } = stand;
  return (
    <div className="flex h-full flex-col">
      <Heading title={group}>
        <div className="flex flex-wrap items-center gap-x-3 gap-y-0.5 text-sm">
          <span className="font-medium">
            <StatusWord {...stand} />
          </span>
          <span className="flex items-center gap-2 text-faint">
            group, {done} of {total} done <Share done={done} failed={failed} total={total} />
          </span>
        </div>
      </Heading>
      <div className="tab">
        <ActionButtons
          label="What can be done with the group"
          commands={commands.filter(({ id }) => id !== "rename")}
        />
        <fieldset disabled={past} className="contents">
          <Settings key={group} group={group} />
        </fieldset>
        <Members members={members} past={past} />
      </div>
    </div>
  );
}

function Settings({ group }: { group: string }) {
  const { edit, place } = useDoing();
  const plan = useLiveStatus(graphOf) ?? [];
  const places = usePlaces();
  const [name, setName] = useState(group);
  const [fault, setFault] = useState<string>();
  const policy = usePolicy(group);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    if (wanted === group) return;
    const found = faultOfName(plan, group, wanted);
    setFault(found);
    if (found !== undefined || !(await edit(renameGroup(plan, group, wanted)))) return;
    if (places?.collapsed?.includes(group)) place({ collapsed: { [group]: false, [wanted]: true } });
    stayHere();
    chooseGroup(wanted);
    focusFirst(heading);
  };
  return (
    <form className="form" aria-label={`Group ${group}`} onSubmit={(event) => void submit(event)} noValidate>
      <Field label="Name" error={fault}>
        {(ids) => (
          <div className="flex gap-1.5">
            <input
              {...ids}
              name="group"
              value={name}
              autoComplete="off"
              spellCheck={false}
              onChange={(event) => {
                setName(event.target.value);
                setFault(undefined);
              }}
            />
            <button type="submit" className="button shrink-0" disabled={name.trim() === group}>
              Rename
            </button>
          </div>
        )}
      </Field>
      <Field label="When one of its steps fails">
        {(ids) => (
          <select
            {...ids}
            value={policy ?? ""}
            disabled={policy === undefined}
            onChange={(event) => void edit(setPolicy(plan, group, event.target.value as FailPolicy))}
          >
            {policy === undefined && <option value="">…</option>}
            <option value="best_effort">The others go on (best_effort)</option>
            <option value="fail_fast">The others are stopped (fail_fast)</option>
          </select>
        )}
      </Field>
    </form>
  );
}

/** What the file says of a failure in a group; undefined until it is known. */
function usePolicy(group: string): FailPolicy | undefined {
  const { data } = useSequence();
  if (!data) return undefined;
  const said = data.sequence.steps?.find((step) => step.group_id === group && step.fail_policy !== undefined);
  return said?.fail_policy ?? "best_effort";
}

function Members({ members, past }: { members: StepState[]; past: boolean }) {
  const { edit } = useDoing();
  const plan = useLiveStatus(graphOf) ?? [];
  return (
    <section aria-label="Steps of the group">
      <h3 className="section-title mb-1">Steps</h3>
      <ul>
        {members.map((step) => (
          <NodeRow key={step.id} node={step} title={step.name}>
            {!past && (
              <button
                type="button"
                className="link shrink-0 text-sm"
                aria-label={`take out ${step.name}`}
                onClick={() => void edit(regroup(plan, [step.id], null))}
              >
                take out
              </button>
            )}
          </NodeRow>
        ))}
      </ul>
    </section>
  );
}
