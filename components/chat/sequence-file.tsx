"use client";

import { useQuery } from "@tanstack/react-query";
import { CodeEditor } from "../editor/code-editor";
import { lineOf } from "../inspector/line-of";
import { Lines } from "../parts/skeleton";
import { useSession } from "../state/provider";
import { useStatus } from "../state/queries";

/** The definition as it stands, opened at a line or at the node of an id. */
export function SequenceFile({ at }: { at: number | string }) {
  const { api } = useSession();
  const revision = useStatus((status) => status.revision);
  const { data, error } = useQuery({
    queryKey: ["sequence", revision],
    queryFn: api.sequence,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (error) return <p className="break-words text-failed">{error.message}</p>;
  if (!data) return <Lines widths={["40%", "80%", "60%"]} />;
  const line = typeof at === "number" ? at : lineOf(data.text, at);
  return (
    <>
      {line === undefined && <p className="text-muted">{at} does not stand in the file any more.</p>}
      <CodeEditor label="sequence.yaml" language="yaml" text={data.text} readOnly line={line} />
    </>
  );
}
