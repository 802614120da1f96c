"use client";

import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef } from "react";
import { Dialog } from "../dialog/dialog";
import { CloseIcon } from "../parts/icons";
import { Lines } from "../parts/skeleton";
import { StatusWord } from "../parts/status-word";
import { IconButton } from "../parts/tool-button";
import { sayWhole } from "../state/amount";
import { useDoing } from "../state/doing";
import { sayDuration } from "../state/duration";
import { usePast } from "../state/look";
import { useSession } from "../state/provider";
import { useNode, useStatus } from "../state/queries";
import { select, useView } from "../state/view";
import { standing } from "../state/vocabulary";
import type { CandidateDocument, FusionDocument } from "../state/wire";
import { isGate } from "../state/wire";
import { whyNoChanges, whyNotPicked } from "./no-changes";

/** The candidates of a fusion side by side: what each changed, whether its test passed, what it cost, how long it took. */
export function Compare() {
  const comparing = useView((view) => view.comparing);
  return comparing && <Comparison key={comparing.of} {...comparing} />;
}

const close = () => useView.setState({ comparing: null });

function Comparison({ of, pick }: { of: string; pick: boolean }) {
  const { api } = useSession();
  const run = useStatus((status) => status.run);
  const seq = useStatus((status) => `${status.run} ${status.seq}`);
  const { data, error } = useQuery({
    queryKey: ["fusion", of, seq],
    queryFn: () => api.fusion(of, run ?? undefined),
    placeholderData: (before) => before,
    retry: false,
  });
  const node = useNode(data?.synth ?? of);
  const none = data && whyNoChanges(data.candidates);
  return (
    <Dialog
      open
      onClose={close}
      title={node ? `Candidates of ${node.name}` : "Candidates"}
      text={sayAgreement(data)}
      className="compare"
    >
      <span className="dialog-close">
        <IconButton label="Close" icon={CloseIcon} onPress={close} />
      </span>
      {error && <p className="break-words text-failed">{error.message}</p>}
      {!data && !error && <Lines widths={["60%", "90%", "80%"]} />}
      {data && <Table fusion={data} pick={pick} />}
      {none && <p className="text-sm text-faint">{none}</p>}
    </Dialog>
  );
}

function sayAgreement(fusion: FusionDocument | undefined): string | undefined {
  if (fusion?.picked) return `The changes of ${fusion.picked} were taken over.`;
  if (fusion?.agreement == null) return undefined;
  if (fusion.agreement === 0) return "No two of them made the same changes.";
  const changed = fusion.candidates.filter(({ diff }) => diff !== null && diff.files > 0);
  if (changed.length === 0) return "None of them changed a file.";
  return fusion.agreement === 1
    ? "All that have ended made the very same changes."
    : `${Math.round(100 * fusion.agreement)} % of them made the very same changes.`;
}

const rows: [string, (candidate: CandidateDocument) => ReactNode][] = [
  ["Status", ({ id }) => <Status id={id} />],
  ["Changes", ({ diff }) => <Changes diff={diff} />],
  ["Test", ({ test }) => sayTest(test)],
  ["Cost", ({ usage }) => sayCost(usage)],
  ["Tokens", ({ usage }) => (usage ? sayWhole(usage.tokens_in + usage.tokens_out) : none)],
  ["Time", ({ duration_ms }) => (duration_ms === null ? none : sayDuration(duration_ms))],
];
const none = <span className="text-faint">–</span>;

function Table({ fusion, pick }: { fusion: FusionDocument; pick: boolean }) {
  const { candidates, picked } = fusion;
  const past = usePast();
  const doing = useDoing();
  const table = useRef<HTMLElement>(null);
  useEffect(() => {
    if (pick) table.current?.querySelector<HTMLElement>("button[data-pick]:not(:disabled)")?.focus();
  }, [pick]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what is wider than the window is scrolled by the arrow keys, too
    <section ref={table} className="compare-table" tabIndex={0} aria-label="Comparison">
      <table aria-label="Candidates side by side">
        <thead>
          <tr>
            <td />
            {candidates.map(({ id }) => (
              <th key={id} scope="col">
                <Name id={id} />
                {picked === id && <span className="pill">taken over</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([title, say]) => (
            <tr key={title}>
              <th scope="row">{title}</th>
              {candidates.map((candidate) => (
                <td key={candidate.id}>{say(candidate)}</td>
              ))}
            </tr>
          ))}
          <tr>
            <th scope="row">
              <span className="sr-only">What can be done</span>
            </th>
            {candidates.map((candidate) => {
              const { id, attempt } = candidate;
              const whyNot = whyNotPicked(candidate);
              return (
                <td key={id}>
                  <span className="flex flex-wrap gap-1.5">
                    <button
                      type="button"
                      className="button act"
                      disabled={attempt === 0}
                      aria-label={`Look at it: ${id}`}
                      onClick={() => {
                        close();
                        select(id, "results");
                      }}
                    >
                      Look at it
                    </button>
                    {!past && (
                      <button
                        type="button"
                        className="button act"
                        data-pick
                        disabled={whyNot !== undefined}
                        aria-label={`Pick it: ${id}`}
                        title={whyNot ?? `seqctl fusion pick ${id}`}
                        onClick={() => void doing.pick(id)}
                      >
                        Pick it
                      </button>
                    )}
                  </span>
                </td>
              );
            })}
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function Name({ id }: { id: string }) {
  const node = useNode(id);
  return <span title={id}>{node?.name ?? id}</span>;
}

function Status({ id }: { id: string }) {
  const node = useNode(id);
  if (!node || isGate(node)) return none;
  return (
    <span title={node.why}>
      <StatusWord {...standing(node)} />
    </span>
  );
}

function Changes({ diff }: Pick<CandidateDocument, "diff">) {
  if (diff === null) return none;
  if (diff.files === 0) return <span className="text-faint">no changes</span>;
  return (
    <span className="whitespace-nowrap">
      {diff.files === 1 ? "1 file" : `${diff.files} files`}{" "}
      <span className={diff.insertions === 0 ? "text-faint" : "text-done"}>+{diff.insertions}</span>{" "}
      <span className={diff.deletions === 0 ? "text-faint" : "text-failed"}>−{diff.deletions}</span>
    </span>
  );
}

function sayTest(test: CandidateDocument["test"]): ReactNode {
  if (test === null) return none;
  return test.passed ? (
    <StatusWord tone="done" word="passed" />
  ) : (
    <StatusWord tone="failed" word={`failed (exit ${test.exit_code})`} />
  );
}

function sayCost(usage: CandidateDocument["usage"]): ReactNode {
  if (usage === null) return none;
  return usage.cost_usd === null ? "unpriced" : `$${usage.cost_usd.toFixed(2)}`;
}
