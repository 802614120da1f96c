"use client";

import { useConnection } from "@xyflow/react";
import type { ReactNode } from "react";
import { reasonAgainst } from "./judge";
import { type Gesture, useGesture } from "./picture";
import type { PlanNode } from "./plan";
import type { Regrouping } from "./regroup";

/** Says, while a line is being drawn, what letting go here would do, or why nothing would come of it; and then what was tied. */
export function ConnectHint({ plan }: { plan: PlanNode[] }) {
  const tied = useGesture((gesture) => gesture.tied);
  return (
    <>
      <Drawing plan={plan} />
      <div role="status">{tied && <Hint>{sayTied(tied)}</Hint>}</div>
    </>
  );
}

const sayTied = ({ source, target, implied }: NonNullable<Gesture["tied"]>) =>
  `'${target}' now waits for '${source}'.${implied ? " Other arrows imply this one: it is drawn while one of the two is selected." : ""}`;

function Drawing({ plan }: { plan: PlanNode[] }) {
  const drawing = useConnection((connection) => connection.inProgress);
  const from = useConnection((connection) => connection.fromNode?.id);
  const isSource = useConnection((connection) => connection.fromHandle?.type !== "target");
  const to = useConnection((connection) => connection.toNode?.id);
  const into = useGesture((gesture) => gesture.into);
  const regrouping = useGesture((gesture) => gesture.regrouping);
  if (regrouping) return <RegroupHint regrouping={regrouping} />;
  if (into !== null) return <Hint>Let go to put it into this arrow.</Hint>;
  if (!drawing || from === undefined) return null;
  if (to === undefined || to === from)
    return (
      <Hint>
        {isSource
          ? `Drop it on what should wait for '${from}', or into the void for a new step.`
          : `Drop it on what '${from}' should wait for, or into the void for a new step.`}
      </Hint>
    );
  const [source, target] = isSource ? [from, to] : [to, from];
  const reason = reasonAgainst(plan, source, target);
  return reason ? <Hint barred>{reason}</Hint> : <Hint>{`'${target}' will wait for '${source}'.`}</Hint>;
}

function RegroupHint({ regrouping: { group, from, reason } }: { regrouping: Regrouping }) {
  if (reason !== undefined) return <Hint barred>{reason}</Hint>;
  if (group !== null) return <Hint>{`Let go to take it into group '${group}'.`}</Hint>;
  return <Hint>{`Let go to take it out of group '${from}'; with Alt it stays in.`}</Hint>;
}

function Hint({ barred = false, children }: { barred?: boolean; children: ReactNode }) {
  return (
    <p className="hint" data-barred={barred}>
      {children}
    </p>
  );
}
