"use client";

import { useEffect, useId, useMemo, useState } from "react";
import { countOf } from "../../lib/core/count";
import { capital } from "../dialog/act-name";
import { Glyph } from "../parts/glyph";
import { useDoing } from "../state/doing";
import { Changes } from "./changes";
import { useDeciding } from "./deciding";
import { useEffectOf } from "./effect";
import { Outlook } from "./outlook";
import { useChat } from "./state";
import { toggled } from "./ties";
import { promptsIn, sayCall } from "./told";
import { TroubleNote } from "./trouble-note";
import type { Decision, Offer } from "./turns";
import type { DraftCall } from "./wire";

/** What can be done about a proposal that was applied: it is the last change and can be undone, or it was undone last. */
export type Standing = "last" | "undone" | undefined;

interface CardProps {
  offer: Offer;
  tainted: boolean;
  newest: boolean;
  standing: Standing;
}

/** A proposal: what it would do, action by action, what that comes to, and the decision about it. */
export function ProposalCard(props: CardProps) {
  const { offer } = props;
  const { proposal, failed, calls } = offer;
  if (proposal === null) return failed ? <TroubleNote trouble={failed} /> : null;
  return (
    <section
      aria-label={`Proposal of ${countOf(calls.length, "action")}`}
      className="chat-card"
      tabIndex={-1}
    >
      <Open {...props} proposal={proposal} />
      {failed && <TroubleNote trouble={failed} />}
    </section>
  );
}

function Open(props: CardProps & { proposal: string }) {
  const { offer, proposal, tainted, newest, standing } = props;
  const { calls, decision } = offer;
  const [left, setLeft] = useState<ReadonlySet<number>>(new Set());
  const wanted = useMemo(() => calls.flatMap((_, index) => (left.has(index) ? [] : [index])), [calls, left]);
  const { applied } = offer;
  const notApplied = useMemo(
    () => applied && new Set(calls.flatMap((_, index) => (applied.actions.includes(index) ? [] : [index]))),
    [calls, applied],
  );
  const { busy, apply, discard } = useDeciding(proposal);
  const { effect, moved, trouble, stale } = useEffectOf(offer, wanted, busy);
  const isShown = decision === undefined && wanted.length > 0;
  const { drawn, draw } = useDrawing(proposal, isShown ? effect : undefined, calls, newest);
  const isWhole = wanted.length === calls.length;
  const choice = {
    proposal,
    ...(isWhole ? {} : { actions: wanted }),
    ...(effect ? { base: effect.base } : {}),
  };
  const toggle = (index: number) => setLeft((before) => toggled(calls, before, index));
  const shut = busy || stale || trouble !== undefined || wanted.length === 0 || !effect;
  // A prompt's text stands in no diff of the sequence.
  const harmless = wanted.every(
    (index) => calls[index]?.risk === "edit" && !calls[index]?.action.startsWith("prompt."),
  );
  const name = useId();
  const unrunnable = effect?.unrunnable ?? null;
  const runs = calls.some(({ action }) => action === "run.start");
  return (
    <>
      <Actions calls={calls} left={notApplied ?? left} fixed={decision !== undefined} onToggle={toggle} />
      {moved && <Moved {...moved} />}
      {trouble && <TroubleNote trouble={trouble} />}
      {wanted.length === 0 && <p className="chat-row text-muted">Tick at least one action.</p>}
      {effect && wanted.length > 0 && !trouble && <Changes effect={effect} prompts={promptsIn(calls)} />}
      {effect && wanted.length > 0 && !trouble && decision === undefined && (
        <Outlook effect={effect} tainted={tainted} />
      )}
      {decision === undefined && !runs && unrunnable !== null && !trouble && (
        <p id={`${name}-unrunnable`} className="chat-row chat-unrunnable">
          It can't be run at once: {unrunnable.message}.
        </p>
      )}
      {decision === undefined ? (
        <fieldset aria-label="Decide" className="chat-row chat-decide">
          <button
            type="button"
            className="button button-main"
            disabled={shut}
            onClick={() => void apply(choice, harmless)}
          >
            {moved ? "Apply to what stands now" : "Apply"}
          </button>
          {!runs && (
            <button
              type="button"
              className="button"
              disabled={shut || unrunnable !== null}
              aria-describedby={unrunnable === null ? undefined : `${name}-unrunnable`}
              title={unrunnable?.message}
              onClick={() => void apply({ ...choice, run: true }, false)}
            >
              Apply &amp; Run
            </button>
          )}
          <button type="button" className="button" disabled={busy} onClick={() => void discard()}>
            Discard
          </button>
          <span className="grow" />
          {effect && (
            <button
              type="button"
              className="link text-sm text-muted"
              aria-pressed={drawn}
              onClick={() => draw(!drawn)}
            >
              {drawn ? "Hide on the canvas" : "Show on the canvas"}
            </button>
          )}
        </fieldset>
      ) : (
        <Decided decision={decision} standing={standing} />
      )}
    </>
  );
}

/** The canvas shows the newest proposal for as long as it is open; another one if it is asked for. */
function useDrawing(proposal: string, effect: Offer["effect"], calls: readonly DraftCall[], newest: boolean) {
  const { changes, forecast } = effect ?? {};
  const [wish, setWish] = useState<{ on: boolean } | null>(null);
  const drawn = useChat((chat) => chat.drawn?.proposal === proposal);
  useEffect(() => {
    if (!changes || !(wish?.on ?? newest)) return;
    // What a person brought here from the inbox stays until they hide it, or ask for this one.
    if (wish === null && useChat.getState().drawn?.summary !== undefined) return;
    useChat.setState({
      drawn: { proposal, changes, prompts: promptsIn(calls), bare: forecast?.bare ?? [] },
    });
    return () => {
      if (useChat.getState().drawn?.proposal === proposal) useChat.setState({ drawn: null });
    };
  }, [changes, forecast, calls, wish, newest, proposal]);
  return { drawn, draw: (on: boolean) => setWish({ on }) };
}

function Actions(props: {
  calls: DraftCall[];
  left: ReadonlySet<number>;
  fixed: boolean;
  onToggle: (index: number) => void;
}) {
  const { calls, left, fixed, onToggle } = props;
  const name = useId();
  return (
    <ol aria-label="Actions" className="chat-actions">
      {calls.map((one, index) => {
        const { action, risk, destructive } = one;
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: an action is what it is by its place
          <li key={index}>
            <label htmlFor={`${name}-${index}`}>
              <input
                id={`${name}-${index}`}
                type="checkbox"
                checked={!left.has(index)}
                disabled={fixed}
                onChange={() => onToggle(index)}
              />
              <span className="min-w-0 grow break-words">{sayCall(one)}</span>
              <span className="chat-risk" data-tone={destructive ? "failed" : undefined} title={action}>
                {words[risk] ?? risk}
              </span>
            </label>
          </li>
        );
      })}
    </ol>
  );
}

/** What a risk means, in a word. */
const words: Record<string, string> = {
  edit: "edits",
  run: "starts",
  remove: "removes",
  stop: "stops",
  widen: "loosens",
  narrow: "tightens",
  decide: "decides",
  read: "reads",
};

function Moved({ changed, standing }: { changed: string[]; standing: string }) {
  return (
    <div data-tone="retrying" className="tone-callout chat-trouble" role="status">
      <span className="pt-[3px]">
        <Glyph tone="retrying" />
      </span>
      <div className="min-w-0">
        <p className="font-medium">{capital(standing)}.</p>
        {changed.length > 0 && (
          <ul className="text-sm text-muted">
            {changed.map((line) => (
              <li key={line} className="break-words">
                {line}
              </li>
            ))}
          </ul>
        )}
        <p className="text-sm text-muted">Below is what it would do now.</p>
      </div>
    </div>
  );
}

const endings: Record<Decision, { tone: "done" | "canceled"; word: string }> = {
  approved: { tone: "done", word: "Applied" },
  replaced: { tone: "done", word: "Applied, in the form that was chosen" },
  made: { tone: "done", word: "Made by hand" },
  elsewhere: { tone: "canceled", word: "Settled elsewhere" },
  rejected: { tone: "canceled", word: "Discarded" },
};

function Decided({ decision, standing }: { decision: Decision; standing: Standing }) {
  const { undoEdit } = useDoing();
  const { tone, word } = endings[decision];
  return (
    <p className="chat-row chat-decide" role="status">
      <span data-tone={tone} className="tone-ink flex items-center gap-1.5 font-medium">
        <Glyph tone={tone} />
        {word}
        {standing === "undone" && ", and undone since"}
      </span>
      <span className="grow" />
      {standing === "last" && (
        <button type="button" className="link text-sm text-muted" onClick={() => void undoEdit()}>
          Undo this
        </button>
      )}
    </p>
  );
}
