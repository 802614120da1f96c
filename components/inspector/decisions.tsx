"use client";

import { capital } from "../dialog/act-name";
import { Glyph } from "../parts/glyph";
import { Said } from "../parts/said";
import { sayMoment } from "../state/moment";
import { select } from "../state/view";
import type { Tone } from "../state/vocabulary";
import type { GateDocument } from "../state/wire";

type Past = GateDocument["decisions"][number];
type Kind = Past["decision"];

const looks: Record<Kind, { tone: Tone; word: string }> = {
  approved: { tone: "approved", word: "Approved" },
  rejected: { tone: "rejected", word: "Rejected" },
  blocked: { tone: "rejected", word: "Blocked" },
  voided: { tone: "retrying", word: "The approval became void" },
  reopened: { tone: "pending", word: "Opened again" },
};

const mostShown = 3;

/** All that was decided at a gate in the run that is looked at, the newest first, and in the runs before it. */
export function Decisions({ gate }: { gate: GateDocument }) {
  const { decisions, earlier, questions, fell } = gate;
  const newest = decisions.toReversed();
  const more = newest.slice(mostShown);
  const count = earlier.reduce((sum, each) => sum + each.decisions.length, 0);
  if (newest.length === 0 && count === 0) return null;
  const row = (one: Past) => (
    <Decision
      key={`${one.at} ${one.decision}`}
      one={one}
      questions={questions}
      edits={one === newest[0] ? fell?.edits : undefined}
    />
  );
  return (
    <section aria-label="What was decided" className="flex flex-col gap-1.5">
      {newest.length > 0 && <h3 className="section-title">Decided</h3>}
      {newest.length > 0 && <ol className="decisions">{newest.slice(0, mostShown).map(row)}</ol>}
      {more.length > 0 && (
        <details className="more">
          <summary>{more.length} more in this run</summary>
          <ol className="decisions mt-1.5">{more.map(row)}</ol>
        </details>
      )}
      {count > 0 && (
        <details className="more">
          <summary>In earlier runs ({count})</summary>
          {earlier.map((each) => (
            <div key={each.run} className="mt-1.5 flex flex-col gap-1.5">
              <h4 className="text-sm text-faint" title={each.run}>
                Run <span className="font-mono">{each.run.slice(-6)}</span>
              </h4>
              <ol className="decisions">{each.decisions.toReversed().map(row)}</ol>
            </div>
          ))}
        </details>
      )}
    </section>
  );
}

function Decision(props: {
  one: Past;
  questions: GateDocument["questions"];
  /** What made the approval void, where that is known and nobody has decided anew. */
  edits?: NonNullable<GateDocument["fell"]>["edits"] | undefined;
}) {
  const { one, questions, edits = [] } = props;
  const { decision, by, at, reason, back_to, answers, changed } = one;
  const { tone, word } = looks[decision];
  const given = Object.entries(answers);
  return (
    <li data-tone={tone}>
      <p className="flex items-start gap-2">
        <span className="pt-[3px]">
          <Glyph tone={tone} />
        </span>
        <span className="min-w-0 break-words">
          <span className="font-medium">{word}</span>
          {by !== null && (
            <>
              {" "}
              by <span className="font-mono">{by}</span>
            </>
          )}
          <span className="text-muted">
            {", "}
            <time dateTime={new Date(at).toISOString()}>{sayMoment(at)}</time>
          </span>
        </span>
      </p>
      {reason !== null && <blockquote>{reason}</blockquote>}
      {back_to !== null && (
        <p>
          The work went back to{" "}
          <button type="button" className="link break-all" onClick={() => select(back_to)}>
            {back_to}
          </button>
          .
        </p>
      )}
      {changed.map((what) => (
        <p key={what} className="break-words text-muted">
          <Said text={what} />
        </p>
      ))}
      {edits.map(({ node, by, at, change }) => (
        <p key={node} className="break-words">
          {capital(change)}, by <span className="font-mono">{by}</span>,{" "}
          <time dateTime={new Date(at).toISOString()}>{sayMoment(at)}</time>
        </p>
      ))}
      {given.length > 0 && (
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3">
          {given.map(([id, answer]) => (
            <div key={id} className="contents">
              <dt className="text-faint">{questions.find((asked) => asked.id === id)?.ask ?? id}</dt>
              <dd className="break-words">
                {typeof answer === "boolean" ? (answer ? "yes" : "no") : String(answer)}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </li>
  );
}
