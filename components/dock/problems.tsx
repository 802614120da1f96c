"use client";

import { RefreshCw } from "lucide-react";
import { Glyph } from "../parts/glyph";
import { Said } from "../parts/said";
import { useProblems } from "../state/problems";
import { select } from "../state/view";
import type { Problem } from "../state/wire";
import { Loading } from "./loading";
import { Nothing } from "./nothing";

/** What is wrong with the files of the workspace, each with the way to it. */
export function ProblemsPage() {
  const { data, error, refetch } = useProblems();
  if (error) return <Nothing>{error.message}</Nothing>;
  if (!data) return <Loading />;
  const again = (
    <button
      type="button"
      className="link inline-flex items-center gap-1 text-muted"
      onClick={() => void refetch()}
    >
      <RefreshCw size={12} aria-hidden="true" /> Look again
    </button>
  );
  if (data.length === 0)
    return (
      <Nothing>
        Nothing is wrong with sequence.yaml, policy.yaml, the prompts and the secrets they name. {again}
      </Nothing>
    );
  return (
    <div className="h-full overflow-y-auto px-3.5 py-2.5">
      <ul aria-label="Problems" className="flex flex-col gap-2.5">
        {data.map((problem) => (
          <Row key={`${problem.code} ${problem.message} ${problem.line}`} problem={problem} />
        ))}
      </ul>
      <p className="pt-3 text-sm text-faint">
        Of a file that can't be read only the first fault is named. {again}
      </p>
    </div>
  );
}

function Row({ problem }: { problem: Problem }) {
  const { severity, message, hint, node, file, line, column, excerpt } = problem;
  const tone = severity === "error" ? "failed" : "retrying";
  const isOurs = file.endsWith("sequence.yaml");
  const place = `${file}${line === null ? "" : `:${line}${column === null ? "" : `:${column}`}`}`;
  return (
    <li className="flex gap-2.5">
      <span className="pt-[3px]" title={severity}>
        <Glyph tone={tone} />
        <span className="sr-only">{severity}: </span>
      </span>
      <div className="min-w-0 grow">
        <p className="font-medium break-words">
          <Said text={message} />
        </p>
        {hint && (
          <p className="break-words text-muted">
            <Said text={hint} />
          </p>
        )}
        {excerpt && column !== null && <Excerpt excerpt={excerpt} column={column} line={line} />}
        <p className="flex flex-wrap gap-x-3 text-sm">
          {isOurs && node !== null && line !== null ? (
            <button type="button" className="link font-mono text-muted" onClick={() => select(node, "yaml")}>
              {place}
            </button>
          ) : (
            <span className="font-mono text-muted">{place}</span>
          )}
          {node !== null && (
            <button type="button" className="link text-muted" onClick={() => select(node, "edit")}>
              Go to {node}
            </button>
          )}
        </p>
      </div>
    </li>
  );
}

/** The line of the file with what is wrong pointed at. */
function Excerpt({ excerpt, column, line }: { excerpt: string; column: number; line: number | null }) {
  return (
    <pre className="my-1 overflow-x-auto rounded-md bg-surface px-2.5 py-1 font-mono text-sm">
      <span className="text-faint">{line ?? ""} </span>
      {excerpt.slice(0, column - 1)}
      <b className="text-failed underline decoration-wavy underline-offset-4">{excerpt.slice(column - 1)}</b>
    </pre>
  );
}
