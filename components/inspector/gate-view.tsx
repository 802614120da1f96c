"use client";

import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import type { Json } from "../../lib/core/json";
import { HereCommand } from "../parts/here-command";
import { Lines } from "../parts/skeleton";
import { onceLoaded } from "../state/code";
import { useDoing } from "../state/doing";
import { sayDuration } from "../state/duration";
import { useLook, usePast } from "../state/look";
import { useGateDocument, useLiveStatus, useStatus } from "../state/queries";
import { useReplay } from "../state/replay";
import { useView } from "../state/view";
import { standing } from "../state/vocabulary";
import type { GateDocument, GateState } from "../state/wire";
import { Answers, answersOf } from "./answers";
import { Decisions } from "./decisions";
import { Exhibit } from "./exhibit";
import { useGateDraft } from "./gate-draft";
import { StartsThen } from "./gate-facts";
import { NodeLinks } from "./node-link";
import { Reject } from "./reject";

/** All that a gate shows and asks, and the decision, which is bound to exactly that. */
export function GateView({ gate }: { gate: GateState }) {
  const { data, error } = useGateDocument(gate.id);
  const past = usePast();
  const then = useThen(data);
  if (error) return <p className="break-words text-failed">{error.message}</p>;
  if (past) return then ? <Decision key={`${gate.id} then`} gate={gate} doc={then} /> : null;
  if (!data) return <Lines widths={["60%", "80%", "70%"]} />;
  return <Decision key={gate.id} gate={gate} doc={data} />;
}

/** What the gate showed at the moment that is looked at, and the decision that held then. */
function useThen(shown: GateDocument | undefined): GateDocument | undefined {
  const { run, at } = useLook();
  const live = useLiveStatus((status) => status.run);
  const { data } = useReplay(run);
  const [then, setThen] = useState<GateDocument>();
  useEffect(() => {
    if (!shown || !data || at === null) return setThen(undefined);
    return onceLoaded(
      () => import("../../lib/core/views/gate-at"),
      ({ gateAt }) => setThen(gateAt(shown, { ...data, newest: live === data.run }, at)),
    );
  }, [shown, data, at, live]);
  return then;
}

function Decision({ gate, doc }: { gate: GateState; doc: GateDocument }) {
  const { tone } = standing(gate);
  const { agree, act } = useDoing();
  const client = useQueryClient();
  const [looked, setLooked] = useState(doc);
  const [typed, change] = useGateDraft(gate.id);
  const given = typed.answers;
  const [tried, setTried] = useState(false);
  const past = usePast();
  const [rejecting, setRejecting] = useState(typed.reason !== "" || typed.back !== "");
  const { faults, answers } = answersOf(doc.questions, given);
  const isGivenUp = useStatus((status) => status.canceled) ?? false;
  const ready = gate.takes.includes("approve");
  const isOpen = !isGivenUp && gate.status === "PENDING";
  // Nobody is asked yet: what it waits for is not done.
  const isEarly = !ready && !past && !isGivenUp && gate.status !== "APPROVED";
  // Before there is anything to look at there is nothing to turn down.
  const canReject = !isEarly && !past && gate.takes.includes("reject");
  const [sent, setSent] = useState<{ doc: GateDocument; isBack: boolean }>();
  useEffect(() => {
    // What comes of one's own sending back is expected: it counts as looked at until it can be decided on again.
    if (!sent || sent.isBack) return;
    setLooked(doc);
    if (doc.sent_back > sent.doc.sent_back && doc.takes.includes("approve"))
      setSent({ ...sent, isBack: true });
  }, [sent, doc]);
  const showsAnother = looked.digest !== doc.digest;
  // Before it could be decided on, nobody was told what would start.
  const startsAnother = ready && looked.takes.includes("approve") && looked.confirm !== doc.confirm;
  const moved = !past && (showsAnother || startsAnother) && isOpen && sent?.isBack !== false;
  const isAnew = isOpen && !past && !moved && sent?.isBack === true;
  const asked = useRef<HTMLDivElement>(null);
  const led = useView((view) => view.answering === gate.id);
  useEffect(() => {
    if (!led || !ready) return;
    useView.setState({ answering: null });
    showField(asked.current);
  }, [led, ready]);
  const rejects = useView((view) => view.rejecting === gate.id);
  useEffect(() => {
    if (!rejects) return;
    useView.setState({ rejecting: null });
    setRejecting(true);
  }, [rejects]);
  const approve = async () => {
    setTried(true);
    if (Object.keys(faults).length > 0) {
      // Once what is wrong stands beside its field.
      requestAnimationFrame(() => showField(asked.current, "[aria-invalid]"));
      return;
    }
    const input: { [key: string]: Json } = {
      id: gate.id,
      ...(Object.keys(answers).length > 0 ? { answers } : {}),
    };
    if (await agree({ action: "gate.approve", input }, doc.confirm)) change({ answers: {} });
    else await client.invalidateQueries({ queryKey: ["gate", gate.id] });
  };
  return (
    <section data-tone={tone} className="tone-callout gate-view" aria-label="Decision">
      {doc.description && <p className="break-words">{doc.description}</p>}
      <Decisions gate={doc} />
      <div>
        <h3 className="section-title mb-1">
          {past
            ? "What was shown"
            : isEarly
              ? "What it will show"
              : isOpen
                ? "Look at this first"
                : "What is shown"}
        </h3>
        {doc.shows.length === 0 && <p className="text-muted">It shows nothing of what was done.</p>}
        <Exhibit
          gate={gate.id}
          shows={doc.shows}
          before={moved ? looked.shows : isAnew ? sent?.doc.shows : doc.fell?.shows}
        />
      </div>
      {isAnew && (
        <p className="text-sm text-muted">Done anew since you sent it back; what is new is marked.</p>
      )}
      {doc.fell && !moved && !isAnew && (
        <p className="text-sm text-muted">What is not as it was approved is marked.</p>
      )}
      {moved && (
        <p role="alert" className="field-error">
          {showsAnother
            ? "What it shows changed while you looked; what is new is marked."
            : "What an approval starts changed while you looked."}{" "}
          <button type="button" className="link" onClick={() => setLooked(doc)}>
            I have seen it
          </button>
        </p>
      )}
      {ready && !past && (
        <div ref={asked}>
          <Answers
            questions={doc.questions}
            given={given}
            faults={tried ? faults : {}}
            onChange={(answers) => change({ answers })}
          />
        </div>
      )}
      {doc.decision && <Bound decision={doc.decision} doc={doc} />}
      {isGivenUp && gate.status !== "APPROVED" && !past && (
        <p className="text-muted">
          The run was given up, so nobody is asked here any more. Another run begins anew, and asks again.
        </p>
      )}
      {gate.status !== "APPROVED" && !isGivenUp && !past && (
        <>
          {isEarly ? (
            <p className="text-sm text-faint">
              {isOpen
                ? "There is nothing to decide yet. Blocked ahead of time it will not ask: it holds back what comes after it until somebody approves."
                : "It can be approved once what it waits for is done."}
            </p>
          ) : (
            <p className="text-sm text-faint">
              A yes holds for exactly this: <code title={doc.confirm}>{doc.confirm.slice(0, 12)}</code>
              {doc.expires_ms !== null &&
                `, and for ${sayDuration(doc.expires_ms)} if nothing is started on it`}
              . Given, it is void once any of what is shown changes, or what starts by it before that has
              begun
              {doc.shows.some(({ unbound }) => unbound.length > 0)
                ? "; what is marked as not bound is no part of it"
                : ""}
              .
            </p>
          )}
          {ready && <StartsThen starts={doc.starts} />}
          <div className="flex flex-wrap gap-1.5">
            <button
              type="button"
              className="button button-main"
              disabled={!ready || moved}
              title={ready ? undefined : "It waits for something itself"}
              onClick={() => void approve()}
              aria-label="Approve this"
            >
              Approve
            </button>
            {canReject && (
              <button
                type="button"
                className="button"
                onClick={() => setRejecting(!rejecting)}
                aria-expanded={rejecting}
              >
                Reject…
              </button>
            )}
            {gate.takes.includes("block") && (
              <button
                type="button"
                className="button"
                onClick={() => void act({ action: "gate.block", input: { id: gate.id } })}
              >
                {isEarly ? "Block ahead of time" : "Block"}
              </button>
            )}
          </div>
        </>
      )}
      {rejecting && canReject && (
        <Reject
          gate={gate}
          onDone={() => setRejecting(false)}
          onSentBack={() => setSent({ doc, isBack: false })}
        />
      )}
      {isOpen && !past && (
        <details className="more">
          <summary>On a command line</summary>
          <div className="mt-1.5 flex flex-col gap-1.5">
            <HereCommand words={`gate show ${gate.id}`} />
            <HereCommand words={`gate approve ${gate.id}`} />
          </div>
        </details>
      )}
    </section>
  );
}

/** Brings the first field into view, and the focus into it. */
function showField(within: HTMLElement | null, which = "input, textarea, select"): void {
  const field = within?.querySelector<HTMLElement>(which);
  field?.scrollIntoView({ block: "center" });
  field?.focus({ preventScroll: true });
}

/** What an approval is worth now, and what it was for. */
function Bound({ decision, doc }: { decision: NonNullable<GateDocument["decision"]>; doc: GateDocument }) {
  const past = usePast();
  const same = decision.digest === doc.digest;
  return (
    <>
      {decision.digest !== null && !past && (
        <p className={same ? "text-sm text-faint" : "field-error"}>
          {same ? "Nothing it showed has changed since." : "What it shows now is not what was approved."}
        </p>
      )}
      {decision.status === "APPROVED" && doc.depends_on.length > 0 && (
        <details className="more">
          <summary>What it waited for</summary>
          <NodeLinks ids={doc.depends_on} />
        </details>
      )}
    </>
  );
}
