"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { Lines } from "../parts/skeleton";
import { useSession } from "../state/provider";
import { useLiveStatus } from "../state/queries";
import { faultsIn } from "./faults";

const CodeEditor = lazy(() =>
  import("../editor/code-editor").then(({ CodeEditor }) => ({ default: CodeEditor })),
);

/** The whole file as it stands, opened where the node stands, with its faults marked. */
export function YamlTab({ id }: { id: string }) {
  const { api } = useSession();
  const revision = useLiveStatus((status) => status.revision);
  const { data, error } = useQuery({
    queryKey: ["sequence", revision],
    queryFn: api.sequence,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const markers = useMemo(() => (data ? faultsIn(data.text) : []), [data]);
  const line = useMemo(() => (data ? lineOf(data.text, id) : undefined), [data, id]);
  if (error) return <p className="break-words text-failed">{error.message}</p>;
  if (!data) return <Lines widths={["40%", "80%", "60%", "70%"]} />;
  return (
    <section aria-label="The file" className="flex flex-col gap-1.5">
      <h3 className="section-title font-mono">.threados/sequence.yaml</h3>
      <Suspense fallback={<Lines widths={["40%", "80%", "60%"]} />}>
        <CodeEditor
          label="sequence.yaml"
          language="yaml"
          text={data.text}
          readOnly
          markers={markers}
          line={line}
        />
      </Suspense>
      <p className="text-sm text-faint">
        Read only. Change it with any editor, with the forms here, or with seqctl: comments, order and quoting
        stay.
      </p>
    </section>
  );
}

/** The line on which a node begins. */
export function lineOf(text: string, id: string): number | undefined {
  const at = text.split("\n").findIndex((line) => {
    const [, found] = /^\s*-?\s*(?:- \{?\s*)?id:\s*["']?([A-Za-z0-9_-]+)/.exec(line) ?? [];
    return found === id;
  });
  return at < 0 ? undefined : at + 1;
}
