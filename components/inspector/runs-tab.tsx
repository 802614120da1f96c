"use client";

import { useQuery } from "@tanstack/react-query";
import { Lines } from "../parts/skeleton";
import { StatusWord } from "../parts/status-word";
import { sayDuration } from "../state/duration";
import { useSession } from "../state/provider";
import { useStatus } from "../state/queries";
import { standingOf } from "../state/vocabulary";
import type { NodeState, RunDocument } from "../state/wire";
import { isGate } from "../state/wire";

/** How a node fared in this run and the ones before. */
export function RunsTab({ node }: { node: NodeState }) {
  const { api } = useSession();
  const run = useStatus((status) => status.run);
  const seq = useStatus((status) => status.seq);
  const { data, error } = useQuery({ queryKey: ["runs", run, seq], queryFn: api.runs, retry: false });
  if (error) return <p className="break-words text-failed">{error.message}</p>;
  if (!data) return <Lines widths={["70%", "80%", "60%"]} />;
  if (data.runs.length === 0) return <p className="text-muted">There has been no run yet.</p>;
  return (
    <table className="runs">
      <thead>
        <tr>
          <th scope="col">Run</th>
          <th scope="col">{isGate(node) ? "Decision" : "Status"}</th>
          <th scope="col">{isGate(node) ? "By" : "Attempts"}</th>
          <th scope="col">{isGate(node) ? "After" : "Took"}</th>
        </tr>
      </thead>
      <tbody>{data.runs.map((each) => (isGate(node) ? ofGate(each, node.id) : ofStep(each, node.id)))}</tbody>
    </table>
  );
}

function ofStep(run: RunDocument, id: string) {
  const step = run.steps.find((each) => each.id === id);
  return (
    <tr key={run.id}>
      <RunName run={run} />
      <td>{step ? <StatusWord {...standingOf(step.status)} /> : "–"}</td>
      <td>{step?.attempts ?? "–"}</td>
      <td>{step && step.attempts > 0 ? sayDuration(step.duration_ms) : "–"}</td>
    </tr>
  );
}

function ofGate(run: RunDocument, id: string) {
  const decision = run.metrics.gates.findLast((each) => each.gate === id);
  return (
    <tr key={run.id}>
      <RunName run={run} />
      <td>{decision?.decision ?? "–"}</td>
      <td>{decision?.by ?? "–"}</td>
      <td>{decision ? sayDuration(decision.latency_ms) : "–"}</td>
    </tr>
  );
}

function RunName({ run }: { run: RunDocument }) {
  const at = new Date(run.opened_at);
  return (
    <th scope="row" title={`Run ${run.id}, ${run.state}, opened ${at.toLocaleString()}`}>
      <span className="font-mono">{run.id.slice(-6)}</span>
    </th>
  );
}
