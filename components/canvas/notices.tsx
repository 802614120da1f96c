"use client";

import { type ReactNode, useState } from "react";
import { leftIn, sayLeft } from "../../lib/core/views/status-word";
import { takeUp } from "../commands/runs";
import { Glyph } from "../parts/glyph";
import { CloseIcon } from "../parts/icons";
import { Said } from "../parts/said";
import { IconButton } from "../parts/tool-button";
import { openDock } from "../state/dock";
import { useDoing } from "../state/doing";
import { usePast } from "../state/look";
import { mendFile } from "../state/mending";
import { faultPlace, useProblems } from "../state/problems";
import { useLiveStatus, useStatus } from "../state/queries";
import { useView } from "../state/view";

const sequenceFile = ".threados/sequence.yaml";

/** What has to be known before the picture is believed: it may be old, or there may be none. It stands above the picture, not on it. */
export function Notices() {
  const connection = useView((view) => view.connection);
  const refusal = useView((view) => view.refusal);
  const known = useStatus(() => true);
  // The inspector tells all of it while nothing is selected.
  const isTold = useView((view) => view.inspectorOpen && view.selected === null);
  const fault = faultPlace(useProblems().data);
  if (refusal?.code === "workspace.missing")
    return (
      <Notice key={refusal.message} tone="failed">
        <p className="font-medium break-words">
          <Said text={refusal.message} />
        </p>
        {refusal.hint && (
          <p className="text-muted">
            <Said text={refusal.hint} />
          </p>
        )}
        {known && <p className="text-muted">You see how things stood before.</p>}
      </Notice>
    );
  if (refusal) {
    const isNamed = fault !== undefined && !refusal.message.includes(fault.file);
    return (
      <Notice key={refusal.message} tone="failed" ways={<Ways />}>
        <p className="font-medium break-words">
          {isTold ? (
            fault ? (
              `${fault.file} can't be read; the inspector tells where.`
            ) : (
              "A file can't be read; the inspector tells which, and where."
            )
          ) : isNamed ? (
            `${fault.place} can't be read:`
          ) : (
            <Said text={refusal.message} />
          )}
        </p>
        {isNamed && !isTold && (
          <p className="break-words">
            <Said text={refusal.message} />
          </p>
        )}
        {refusal.hint && !isTold && (
          <p className="text-muted">
            <Said text={refusal.hint} />
          </p>
        )}
        {known && <p className="text-muted">Until that is mended, you see how things stood before.</p>}
      </Notice>
    );
  }
  if (connection !== "reconnecting") return <Left />;
  return (
    <Notice key="line" tone="retrying">
      <p>The line to the server broke. What you see may be old; trying again.</p>
      <p className="text-muted">
        <code>seqctl ui</code> starts it anew, at this address if that is free; the link that it prints opens
        the page.
      </p>
    </Notice>
  );
}

/** What an engine left that is gone; it waits for nobody but whoever takes it up. */
function Left() {
  const left = useLiveStatus((status) => leftIn(status).join(",")) ?? "";
  const past = usePast();
  const { act } = useDoing();
  if (left === "" || past) return null;
  const ids = left.split(",");
  return (
    <Notice
      key={left}
      tone="retrying"
      ways={
        <button type="button" className="button text-sm" onClick={() => void act(takeUp(ids))}>
          Take {ids.length === 1 ? "it" : "them"} up
        </button>
      }
    >
      <p>{sayLeft(ids)}.</p>
      <p className="text-muted">
        Taken up, a step that lives on is watched again, and is not run twice; <code>seqctl run</code> does
        the same.
      </p>
    </Notice>
  );
}

/** The ways out of a file that can't be read. */
function Ways() {
  const { data } = useProblems();
  const { undoEdit } = useDoing();
  const past = usePast();
  const fault = data?.find(({ severity }) => severity === "error");
  if (!fault) return null;
  if (fault.file !== sequenceFile || fault.line === null)
    return (
      <button type="button" className="button text-sm" onClick={() => openDock("problems")}>
        See the place
      </button>
    );
  if (past) return null;
  return (
    <>
      <button type="button" className="button text-sm" onClick={mendFile}>
        Mend line {fault.line}
      </button>
      <button type="button" className="button text-sm" onClick={() => void undoEdit()}>
        Take back what broke it…
      </button>
    </>
  );
}

/** A bar that can be put away; another one comes when there is something else to say. */
function Notice({
  tone,
  ways,
  children,
}: {
  tone: "failed" | "retrying";
  ways?: ReactNode;
  children: ReactNode;
}) {
  const [isSeen, setSeen] = useState(false);
  if (isSeen) return null;
  return (
    <div role="alert" data-tone={tone} className="notice">
      <span className="pt-[3px]">
        <Glyph tone={tone} />
      </span>
      <div className="min-w-0 grow">{children}</div>
      <div className="notice-ways">
        {ways}
        <IconButton label="Hide this message" icon={CloseIcon} onPress={() => setSeen(true)} />
      </div>
    </div>
  );
}
