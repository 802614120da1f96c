"use client";

import { Undo2 } from "lucide-react";
import { Suspense } from "react";
import { loadable } from "../parts/loadable";
import { Said } from "../parts/said";
import { Lines } from "../parts/skeleton";
import type { Refusal } from "../state/api";
import { useDoing } from "../state/doing";
import { useProblems } from "../state/problems";
import { useView } from "../state/view";

const sequenceFile = ".threados/sequence.yaml";

const MendFile = loadable("editor", () => import("./mend-file").then(({ MendFile }) => MendFile));

/**
 * Where the sequence's file can't be read: what is wrong at which place of it, and the ways out. `mend` says whether its
 * text is shown here, too.
 */
export function BrokenFile({ mend = true }: { mend?: boolean }) {
  const refusal = useView((view) => view.refusal);
  const { data } = useProblems();
  const { undoEdit } = useDoing();
  if (refusal === null) return null;
  if (refusal.code === "workspace.missing") return <GoneWorkspace refusal={refusal} />;
  const fault = data?.find(({ severity, line }) => severity === "error" && line !== null);
  const isSequence = (fault?.file ?? sequenceFile) === sequenceFile;
  return (
    <section aria-label="The file can't be read" className="flex flex-col gap-2.5">
      <h2 className="section-title">The file can't be read</h2>
      <p className="font-medium break-words text-failed">
        <Said text={refusal.message} />
      </p>
      {refusal.hint && (
        <p className="break-words text-muted">
          <Said text={refusal.hint} />
        </p>
      )}
      {fault && (
        <>
          <p className="font-mono text-sm text-muted">
            {fault.file}:{fault.line}
            {fault.column === null ? "" : `:${fault.column}`}
          </p>
          {/* Where the file itself is shown, its line is marked there. */}
          {fault.excerpt && !isSequence && <pre className="shown-calls mt-0">{fault.excerpt}</pre>}
        </>
      )}
      <p className="text-muted">
        Mend {fault ? "that line" : "it"}
        {isSequence ? ", below or in an editor of your own" : " in an editor"}: the page goes on as soon as
        the file can be read.
      </p>
      {isSequence && mend && (
        <Suspense fallback={<Lines widths={["40%", "80%", "60%"]} />}>
          <MendFile />
        </Suspense>
      )}
      {isSequence && (
        <>
          <p className="text-muted">
            Or take back what broke it; the last text that could be read then takes its place.
          </p>
          <div>
            <button
              type="button"
              className="button inline-flex items-center gap-1.5"
              onClick={() => void undoEdit()}
            >
              <Undo2 size={13} aria-hidden="true" /> Go back to the last good text…
            </button>
          </div>
        </>
      )}
    </section>
  );
}

/** There is no file to mend: the folder is gone with all that is in it. */
function GoneWorkspace({ refusal: { message, hint } }: { refusal: Refusal }) {
  return (
    <section aria-label="The workspace is gone" className="flex flex-col gap-2.5">
      <h2 className="section-title">The workspace is gone</h2>
      <p className="font-medium break-words text-failed">
        <Said text={message} />
      </p>
      {hint && (
        <p className="break-words text-muted">
          <Said text={hint} />
        </p>
      )}
      <p className="text-muted">The page goes on as soon as the folder is back.</p>
    </section>
  );
}
