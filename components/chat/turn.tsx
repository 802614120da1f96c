"use client";

import { memo, Suspense } from "react";
import { countOf } from "../../lib/core/count";
import { loadable } from "../parts/loadable";
import { sayWhole } from "../state/amount";
import { ProposalCard, type Standing } from "./proposal-card";
import { TroubleNote } from "./trouble-note";
import { isEmpty, type Turn, triesOf } from "./turns";
import { Wishes } from "./wishes";

const Plain = ({ text }: { text: string }) => <p className="whitespace-pre-wrap">{text}</p>;
const Words = loadable("answer", () => import("./words").then(({ Words }) => Words), { without: Plain });

/** Loads what words are drawn with, before the first are there. */
export const prepareWords = () => void Words.prepare();

/** A question with its answer, as far as it has come. */
export const TurnView = memo(function TurnView(props: {
  turn: Turn;
  coming: boolean;
  newest: boolean;
  standing: Standing;
}) {
  const { turn, coming, newest, standing } = props;
  const { question, offer, trouble, refused, end } = turn;
  const { words, tries } = triesOf(turn);
  return (
    <article className="chat-turn">
      <Question text={question} />
      {words !== "" && (
        <div className="chat-answer" data-coming={coming}>
          <Suspense fallback={<Plain text={words} />}>
            <Words text={words} />
          </Suspense>
        </div>
      )}
      {tries.length > 0 && <Wishes label="What can be said instead" wishes={tries} />}
      {offer && (
        <ProposalCard offer={offer} tainted={end?.tainted ?? false} newest={newest} standing={standing} />
      )}
      {refused.length > 0 && (
        <ul aria-label="What was refused" className="chat-refused">
          {refused.map(({ summary, message }) => (
            <li key={`${summary} ${message}`} className="break-words">
              Refused: {summary} ({message})
            </li>
          ))}
        </ul>
      )}
      {trouble && <TroubleNote trouble={trouble} />}
      {isEmpty(turn) && <p className="text-muted">No words came.</p>}
      {end && (
        <p className="chat-used">
          {end.by}
          {end.tokens > 0 && `, ${countOf(end.tokens, "token", sayWhole(end.tokens))}`}
          {end.costUsd !== null && `, ${end.costUsd.toFixed(4)} USD`}
          {end.tainted && (
            <span title="Logs, files or prompts were read: nothing in this conversation is applied without your yes">
              , read text from elsewhere
            </span>
          )}
        </p>
      )}
    </article>
  );
});

/** What the person said. */
export function Question({ text }: { text: string }) {
  return (
    <div className="chat-question">
      <span className="sr-only">You: </span>
      {text}
    </div>
  );
}
