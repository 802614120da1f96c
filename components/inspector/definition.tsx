"use client";

import { Lines } from "../parts/skeleton";
import { useDefinition } from "../state/queries";
import { paintYaml } from "./yaml";

/** The node's own lines of the sequence file, as they stand there. */
export function Definition({ id }: { id: string }) {
  const { data, error, fetchStatus } = useDefinition(id);
  const isGone = !data && fetchStatus === "idle";
  return (
    <section aria-label="Definition">
      <h3 className="section-title mb-1.5">Definition</h3>
      {error && <p className="break-words text-failed">{error.message}</p>}
      {!error && isGone && <p className="text-muted">It does not stand in the file any more.</p>}
      {!error && !data && !isGone && <Lines widths={["60%", "85%", "40%"]} />}
      {data && (
        <pre className="rounded-lg border border-line bg-inset px-3 py-2.5 font-mono text-sm break-words whitespace-pre-wrap">
          {paintYaml(data.yaml).map(({ kind, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the pieces are the text itself, their place is their identity
            <span key={index} className={`yaml-${kind}`}>
              {text}
            </span>
          ))}
        </pre>
      )}
    </section>
  );
}
