"use client";

import { useGateDocument } from "../state/queries";

/** What to know before a gate is decided from afar: which of what it shows is stale. */
export function GateFacts({ id }: { id: string }) {
  const { data } = useGateDocument(id);
  const stale = data?.shows.filter((shown) => shown.stale !== undefined) ?? [];
  return stale.map(({ step, stale: why }) => (
    <p key={step} className="gate-stale">
      Stale: {step}, {why}.
    </p>
  ));
}
