"use client";

import { useQuery } from "@tanstack/react-query";
import { Fragment } from "react";
import { Lines } from "../parts/skeleton";
import { StatusWord } from "../parts/status-word";
import { sayDuration } from "../state/duration";
import { useLook } from "../state/look";
import { sayMoment, sayTime } from "../state/moment";
import { useSession } from "../state/provider";
import { useLiveStatus } from "../state/queries";
import { standingIn } from "../state/vocabulary";
import { isGate, type NodeState, type RunDocument, type RunHead } from "../state/wire";
import { sayEnd } from "./say-end";

const most = 12;

/** How a node fared in this run and the ones before. */
export function RunsTab({ node }: { node: NodeState }) {
  const { api } = useSession();
  const run = useLiveStatus((status) => status.run);
  const { data, error } = useQuery({ queryKey: ["runs", run], queryFn: api.runs, retry: false });
  if (error) return <p className="break-words text-failed">{error.message}</p>;
  if (!data) return <Lines widths={["70%", "80%", "60%"]} />;
  if (data.runs.length === 0) return <p className="text-muted">There has been no run yet.</p>;
  const gate = isGate(node);
  return (
    <table className="runs" aria-label={`Runs of ${node.name}`}>
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col">{gate ? "Decision" : "Status"}</th>
          <th scope="col">{gate ? "By" : "Attempts"}</th>
          <th scope="col" title={gate ? undefined : "Time in all of its attempts together"}>
            {gate ? "Waited" : "Worked"}
          </th>
        </tr>
      </thead>
      <tbody>
        {data.runs.slice(0, most).map((each) => (
          <Row key={each.id} head={each} id={node.id} gate={gate} />
        ))}
      </tbody>
    </table>
  );
}

type Decided = RunDocument["metrics"]["gates"][number];

function Row({ head, id, gate }: { head: RunHead; id: string; gate: boolean }) {
  const { api } = useSession();
  // Only the newest run goes on.
  const seq = useLiveStatus((status) => (status.run === head.id ? status.seq : 0));
  const { data } = useQuery({
    queryKey: ["run", head.id, seq],
    queryFn: () => api.run(head.id),
    placeholderData: (before) => before,
    retry: false,
  });
  const title = "problem" in head ? head.problem : `${head.state}, opened ${sayMoment(head.opened_at)}`;
  const at = useLook((look) => look.at);
  const decided = gate ? decidedIn(data, id, at) : [];
  const name = (
    <th scope="row" title={`Run ${head.id}, ${title}`}>
      <span className="font-mono">{head.id.slice(-6)}</span>
      {!("problem" in head) && (
        <time className="run-date" dateTime={new Date(head.opened_at).toISOString()}>
          {sayMoment(head.opened_at)}
        </time>
      )}
    </th>
  );
  if (data && decided.length > 0)
    return decided.map((one, index) => (
      <Fragment key={one.decided_at}>
        <tr data-told="below">
          {index === 0 ? name : <td />}
          <GateCells decision={one} />
        </tr>
        <tr>
          <td />
          <td colSpan={3}>
            <p className="text-sm text-muted">
              <time dateTime={new Date(one.decided_at).toISOString()}>{sayMoment(one.decided_at)}</time>
              {one.back_to !== null && `, the work went back to ${one.back_to}`}
            </p>
            {one.reason !== null && <p className="break-words whitespace-pre-wrap">{one.reason}</p>}
          </td>
        </tr>
      </Fragment>
    ));
  const tries = gate ? [] : triesIn(data, id, at);
  return (
    <>
      <tr {...(tries.length > 0 ? { "data-told": "below" } : {})}>
        {name}
        {data && (gate ? <GateCells decision={undefined} /> : <StepCells run={data} id={id} />)}
        {!data && <td colSpan={3}>{"problem" in head ? head.problem : "…"}</td>}
      </tr>
      {tries.length > 0 && (
        <tr>
          <td />
          <td colSpan={3}>
            <Tries tries={tries} />
          </td>
        </tr>
      )}
    </>
  );
}

type Try = RunDocument["steps"][number]["tries"][number];

const mostTries = 8;

/** A step's attempts, the newest first; in a replay those that had begun by then. */
function triesIn(run: RunDocument | undefined, id: string, at: number | null): Try[] {
  const all = run?.steps.find((each) => each.id === id)?.tries ?? [];
  return all.filter(({ started_at }) => at === null || started_at <= at).reverse();
}

function Tries({ tries }: { tries: Try[] }) {
  const more = tries.length - mostTries;
  return (
    <ol aria-label="Attempts" className="run-tries">
      {tries.slice(0, mostTries).map((one) => (
        <li key={one.attempt} className="run-try">
          <span className="text-faint">{one.attempt}</span>
          <time dateTime={new Date(one.started_at).toISOString()} title={sayMoment(one.started_at)}>
            {sayTime(one.started_at)}
          </time>
          <span>{one.ended_at === null ? "" : sayDuration(one.ended_at - one.started_at)}</span>
          <span>{sayEnd(one)}</span>
        </li>
      ))}
      {more > 0 && (
        <li className="run-try">
          <span className="col-span-4 text-faint">and {more} before</span>
        </li>
      )}
    </ol>
  );
}

/** What was decided at the gate, the newest first; in a replay what had been by then. */
function decidedIn(run: RunDocument | undefined, gate: string, at: number | null): Decided[] {
  const all = run?.metrics.gates ?? [];
  return all.filter((each) => each.gate === gate && (at === null || each.decided_at <= at)).reverse();
}

function StepCells({ run, id }: { run: RunDocument; id: string }) {
  const step = run.steps.find((each) => each.id === id);
  return (
    <>
      <td>{step ? <StatusWord {...standingIn("step", step.status, step.reason)} /> : "–"}</td>
      <td>{step?.attempts ?? "–"}</td>
      <td>{step && step.attempts > 0 ? sayDuration(step.duration_ms) : "–"}</td>
    </>
  );
}

function GateCells({ decision }: { decision: Decided | undefined }) {
  return (
    <>
      <td>{decision?.decision ?? "–"}</td>
      <td>{decision?.by ?? "–"}</td>
      <td>{decision ? sayDuration(decision.latency_ms) : "–"}</td>
    </>
  );
}
