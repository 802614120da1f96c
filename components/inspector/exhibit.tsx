"use client";

import { lazy, Suspense } from "react";
import { Lines } from "../parts/skeleton";
import { select } from "../state/view";
import type { GateDocument } from "../state/wire";
import { sayBytes } from "./bytes";

const Patch = lazy(() => import("./patch").then(({ Patch }) => ({ default: Patch })));

type Shows = GateDocument["shows"];

/** What a gate shows: each step with how it ended, and the files it left. `before` is what was looked at earlier, to tell what is new. */
export function Exhibit({ shows, before }: { shows: Shows; before?: Shows | undefined }) {
  return (
    <ul className="flex flex-col gap-2">
      {shows.map((step) => (
        <Shown
          key={step.step}
          step={step}
          before={before?.find((one) => one.step === step.step)}
          known={before !== undefined}
        />
      ))}
    </ul>
  );
}

function Shown(props: { step: Shows[number]; before: Shows[number] | undefined; known: boolean }) {
  const { step, before, known } = props;
  const isNew =
    known && (!before || before.attempt !== step.attempt || before.definition !== step.definition);
  return (
    <li className="exhibit">
      <div className="flex items-baseline gap-2">
        <button type="button" className="link min-w-0 truncate text-left" onClick={() => select(step.step)}>
          {step.step}
        </button>
        <span className="text-sm text-muted">
          {step.attempt === 0 ? "left nothing" : `attempt ${step.attempt}, ${step.standing}`}
        </span>
        {isNew && <New />}
      </div>
      {step.files.map((file) => {
        const old = before?.files.find((one) => one.name === file.name);
        const changed = known && !isNew && old?.sha256 !== file.sha256;
        return (
          <details key={file.name} className="exhibit-file" open={file.name === "diff.patch" || undefined}>
            <summary title={`sha256 ${file.sha256}`}>
              <span className="min-w-0 grow truncate font-mono">{file.name}</span>
              {changed && <New />}
              <span className="file-size">{sayBytes(file.size)}</span>
            </summary>
            {file.excerpt === null ? (
              <p className="text-muted">It is no text.</p>
            ) : file.name.endsWith(".patch") && !file.cut ? (
              <Suspense fallback={<Lines widths={["70%"]} />}>
                <Patch text={file.excerpt} />
              </Suspense>
            ) : (
              <pre className="shown-text">{file.excerpt === "" ? "(empty)" : file.excerpt}</pre>
            )}
            {file.cut && (
              <button type="button" className="link text-sm" onClick={() => select(step.step, "results")}>
                {file.excerpt === null
                  ? "See it"
                  : `${sayBytes(file.shown)} of ${sayBytes(file.size)}; see all of it`}
              </button>
            )}
          </details>
        );
      })}
    </li>
  );
}

const New = () => <span className="exhibit-new">changed</span>;
