"use client";

import { useQuery } from "@tanstack/react-query";
import { Suspense } from "react";
import { Dialog } from "../dialog/dialog";
import { loadable } from "../parts/loadable";
import { Lines } from "../parts/skeleton";
import { useSession } from "../state/provider";
import { useNode, useStatus } from "../state/queries";
import { isGate } from "../state/wire";
import type { Citation } from "./citations";
import { useChat } from "./state";

const SequenceFile = loadable("file", () =>
  import("./sequence-file").then(({ SequenceFile }) => SequenceFile),
);

/** What an answer named as its source, at the very place. */
export function Citations() {
  const cited = useChat((chat) => chat.cited);
  if (!cited) return null;
  return (
    <Dialog open onClose={() => useChat.setState({ cited: null })} title={titleOf(cited)} className="w-180">
      {cited.kind === "log" && <LogPart {...cited} />}
      {cited.kind === "audit" && <AuditEntry seq={cited.seq} />}
      {(cited.kind === "line" || cited.kind === "step") && (
        <Suspense fallback={<Lines widths={["40%", "80%", "60%"]} />}>
          <SequenceFile at={cited.kind === "line" ? cited.line : cited.id} />
        </Suspense>
      )}
    </Dialog>
  );
}

function titleOf(cited: Citation): string {
  switch (cited.kind) {
    case "line":
      return `sequence.yaml, line ${cited.line}`;
    case "step":
      return `${cited.id} in sequence.yaml`;
    case "log":
      return `What ${cited.id} printed, from byte ${cited.at} on`;
    case "audit":
      return `Entry ${cited.seq} of the audit log`;
  }
}

function LogPart({ id, at }: { id: string; at: number }) {
  const { api } = useSession();
  const run = useStatus((status) => status.run);
  const node = useNode(id);
  const attempt = node && !isGate(node) ? node.attempt : 0;
  const { data, error } = useQuery({
    queryKey: ["cited log", run, id, attempt, at],
    queryFn: () => api.logs({ id, run: run ?? "", attempt, stream: "stdout", from: at }),
    enabled: typeof run === "string" && attempt > 0,
    retry: false,
  });
  if (node === null) return <p className="text-muted">There is no step {id} any more.</p>;
  if (attempt === 0 || run === null) return <p className="text-muted">{id} has not run yet.</p>;
  return <Piece text={data?.text} error={error} nothing="Nothing stands there." />;
}

function AuditEntry({ seq }: { seq: number }) {
  const { api } = useSession();
  const { data, error } = useQuery({
    queryKey: ["cited entry", seq],
    queryFn: () => api.auditEntry(seq),
    retry: false,
  });
  const text = data === undefined ? undefined : data === null ? "" : JSON.stringify(data, null, 2);
  return <Piece text={text} error={error} nothing={`The log has no entry ${seq}.`} />;
}

function Piece(props: { text: string | undefined; error: Error | null; nothing: string }) {
  const { text, error, nothing } = props;
  if (error) return <p className="break-words text-failed">{error.message}</p>;
  if (text === undefined) return <Lines widths={["40%", "80%", "60%"]} />;
  if (text === "") return <p className="text-muted">{nothing}</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard
    <pre className="shown-calls chat-source" tabIndex={0}>
      {text}
    </pre>
  );
}
