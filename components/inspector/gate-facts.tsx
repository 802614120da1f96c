"use client";

import { Starts, type StartsProps, StartTable } from "../dialog/asked-parts";
import { useGateDocument } from "../state/queries";

/** What to know before a gate is decided from afar: which of what it shows is stale, and what a yes starts. */
export function GateFacts({ id }: { id: string }) {
  const { data } = useGateDocument(id);
  const stale = data?.shows.filter((shown) => shown.stale !== undefined) ?? [];
  return (
    <>
      {stale.map(({ step, stale: why }) => (
        <p key={step} className="gate-stale">
          Stale: {step}, {why}.
        </p>
      ))}
      {data?.takes.includes("approve") && <StartsThen starts={data.starts} titled="p" />}
    </>
  );
}

/** What an approval starts: it was asked for before, and waits for this. */
export function StartsThen({ starts, titled }: Pick<StartsProps, "starts" | "titled">) {
  if (starts.length === 0) return <p className="text-sm text-faint">An approval starts nothing by itself.</p>;
  return (
    <StartTable>
      <Starts title="Starts once approved" label="What an approval starts" starts={starts} titled={titled} />
    </StartTable>
  );
}
