"use client";

import { type FormEvent, useEffect, useMemo, useRef, useState } from "react";
import { graphOf } from "../canvas/graph";
import type { PlanNode } from "../canvas/plan";
import { Field } from "../forms/field";
import { FormFoot } from "../parts/form-foot";
import { useDoing } from "../state/doing";
import { useStatus } from "../state/queries";
import type { GateState } from "../state/wire";
import { useGateDraft } from "./gate-draft";

/** Turns down what was done before a gate: why, and the step that the work goes back to. */
export function Reject(props: { gate: GateState; onDone: () => void; onSentBack: () => void }) {
  const { gate, onDone, onSentBack } = props;
  const { act } = useDoing();
  const plan = useStatus(graphOf);
  const ran = useStatus((status) => status.steps.filter((step) => step.attempt > 0).map(({ id }) => id));
  const [{ reason, back }, change] = useGateDraft(gate.id);
  const [tried, setTried] = useState(false);
  const [isBegun] = useState(reason !== "" || back !== "");
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    // Whoever comes back to what they typed before is not pulled into it.
    if (isBegun) return;
    form.current?.scrollIntoView({ block: "nearest" });
    form.current?.querySelector("textarea")?.focus({ preventScroll: true });
  }, [isBegun]);
  const targets = useMemo(() => {
    const before = stepsBefore(plan ?? [], gate.id);
    return before.filter((id) => ran?.includes(id));
  }, [plan, ran, gate.id]);
  // Turned down already, it stays so: all that is left is to send the work back.
  const isRejected = gate.reason === "rejected";
  const lacksTarget = isRejected && back === "";
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (reason.trim() === "" || lacksTarget) return;
    const input = { id: gate.id, reason, ...(back === "" ? {} : { back_to: back }) };
    if (!(await act({ action: "gate.reject", input }))) return;
    if (back !== "") onSentBack();
    leave();
  };
  const leave = () => {
    change({ reason: "", back: "" });
    onDone();
  };
  return (
    <form
      ref={form}
      className="form"
      aria-label={`Reject at ${gate.id}`}
      onSubmit={(event) => void submit(event)}
      noValidate
    >
      <Field
        label="What is not right"
        hint="Kept in the record, and told to the step that the work goes back to."
        error={tried && reason.trim() === "" ? "Say why." : undefined}
      >
        {(ids) => (
          <textarea
            {...ids}
            rows={3}
            value={reason}
            onChange={({ target }) => change({ reason: target.value })}
          />
        )}
      </Field>
      <Field
        label="Send the work back to"
        hint={
          back === ""
            ? isRejected
              ? "The step, and all between it and the gate, is run again."
              : "Nothing is run again: what comes after the gate waits until the work goes back to a step, or somebody approves."
            : `${back} and all between it and the gate is run again.`
        }
        error={tried && lacksTarget ? "Choose a step: it is rejected already." : undefined}
      >
        {(ids) => (
          <select {...ids} value={back} onChange={({ target }) => change({ back: target.value })}>
            <option value="">{isRejected ? "choose a step" : "no step: it stays rejected"}</option>
            {targets.map((id) => (
              <option key={id}>{id}</option>
            ))}
          </select>
        )}
      </Field>
      <FormFoot submit="Reject" onCancel={leave} />
    </form>
  );
}

/** The steps that a node waits for, however indirectly, the nearest first. */
function stepsBefore(plan: PlanNode[], id: string): string[] {
  const known = new Map(plan.map((node) => [node.id, node]));
  const found = new Set([id]);
  for (const at of found) for (const need of known.get(at)?.needs ?? []) found.add(need);
  return [...found].filter((one) => known.get(one)?.kind === "step");
}
