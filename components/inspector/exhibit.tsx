"use client";

import { ArrowUpRight } from "lucide-react";
import { Suspense } from "react";
import { loadable } from "../parts/loadable";
import { Lines } from "../parts/skeleton";
import { IconButton } from "../parts/tool-button";
import { openLog, type Stream } from "../state/dock";
import { useStatus } from "../state/queries";
import { lookIntoFile, select } from "../state/view";
import type { GateDocument } from "../state/wire";
import { sayBytes } from "./bytes";

const Patch = loadable("diff", () => import("./patch").then(({ Patch }) => Patch));

type Shows = GateDocument["shows"];
type Step = Shows[number];
type File = Step["unbound"][number];
/** What a step that is shown was before. */
type Then = NonNullable<GateDocument["fell"]>["shows"][number];

const logs: Record<string, Stream> = { "stdout.log": "stdout", "stderr.log": "stderr" };

/** What a gate shows: each step with how it ended, and the files it left. `before` is what was looked at earlier, to tell what is new. */
export function Exhibit(props: { gate: string; shows: Shows; before?: readonly Then[] | undefined }) {
  const { gate, shows, before } = props;
  return (
    <ul className="flex flex-col gap-2">
      {shows.map((step) => (
        <Shown
          key={step.step}
          gate={gate}
          step={step}
          before={before?.find((one) => one.step === step.step)}
          known={before !== undefined}
        />
      ))}
    </ul>
  );
}

function Shown(props: { gate: string; step: Step; before: Then | undefined; known: boolean }) {
  const { gate, step, before, known } = props;
  const isNew =
    known && (!before || before.attempt !== step.attempt || before.definition !== step.definition);
  return (
    <li className="exhibit">
      <div className="exhibit-head flex items-baseline gap-2">
        <button type="button" className="link min-w-0 truncate text-left" onClick={() => select(step.step)}>
          {step.step}
        </button>
        <span className="text-sm text-muted">
          {step.attempt === 0
            ? step.standing === "open"
              ? "has not run yet"
              : step.standing
            : `attempt ${step.attempt}, ${step.standing}`}
        </span>
        {isNew && <New />}
      </div>
      {step.stale !== undefined && <p className="gate-stale exhibit-stale">Stale: {step.stale}.</p>}
      {step.files.map((file) => {
        const old = before?.files.find((one) => one.name === file.name);
        const changed = known && old?.sha256 !== file.sha256;
        return (
          <ShownFile key={file.name} {...{ gate, step, file, changed }} title={`sha256 ${file.sha256}`} />
        );
      })}
      {step.unbound.map((file) => (
        <ShownFile
          key={file.name}
          {...{ gate, step, file }}
          title="A yes is not bound to it: it may change without the approval becoming void."
          mark={<span className="exhibit-unbound">not bound</span>}
        />
      ))}
    </li>
  );
}

function ShownFile(props: {
  gate: string;
  step: Step;
  file: File;
  title: string;
  changed?: boolean;
  mark?: React.ReactNode;
}) {
  const { gate, step, file, title, changed, mark } = props;
  const run = useStatus((status) => status.run);
  const stream = logs[file.name];
  const open = () => {
    if (stream && run) openLog({ run, step: step.step, attempt: step.attempt }, stream, gate);
    else lookIntoFile(step.step, file.name, gate);
  };
  return (
    <div className="exhibit-file">
      <details className="exhibit-fold" open={file.name === "diff.patch" || undefined}>
        <summary title={title}>
          <span className="min-w-0 grow truncate font-mono">{file.name}</span>
          {changed && <New />}
          {mark}
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
          <button type="button" className="link text-sm" onClick={open}>
            {file.excerpt === null
              ? "See it"
              : `${sayBytes(file.shown)} of ${sayBytes(file.size)}; see all of it`}
          </button>
        )}
      </details>
      <IconButton
        label={stream ? `Open ${file.name} of ${step.step} in the log` : `Open ${file.name} of ${step.step}`}
        icon={ArrowUpRight}
        size={13}
        onPress={open}
      />
    </div>
  );
}

const New = () => <span className="exhibit-new">changed</span>;
