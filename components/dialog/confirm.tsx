"use client";

import { Suspense, useEffect, useLayoutEffect, useRef, useState } from "react";
import { leftIn } from "../../lib/core/views/status-word";
import { loadable } from "../parts/loadable";
import { type Asked, useNews } from "../state/news";
import { useLiveStatus } from "../state/queries";
import { actName, capital, removed, shortened, whySaid } from "./act-name";
import { AskedParts } from "./asked-parts";
import { Dialog } from "./dialog";

const AskedDetails = loadable("details", () =>
  import("./asked-details").then(({ AskedDetails }) => AskedDetails),
);

/**
 * Asks the person once or twice, showing exactly what would be done; the button says what it does. It has the focus, unless
 * something would be lost or loosened: then Enter leaves all as it is.
 */
export function Confirm() {
  const given = useNews((news) => news.asked);
  const isLeft = useLiveStatus((status) => leftIn(status).length > 0) ?? false;
  const asked = isLeft ? asTakingUp(given) : given;
  const [round, setRound] = useState(1);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each question begins with its first round
  useEffect(() => setRound(1), [given]);
  const leave = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    // The button that was pressed has gone.
    if (round > 1) leave.current?.focus();
  }, [round]);
  if (!asked) return null;
  const { times, about, shows } = asked;
  const isLast = round >= times;
  const isGrave = times === 2 || asked.isGrave === true;
  const act = actName(asked);
  const name = times === 1 ? act : isLast ? `Yes, ${act.charAt(0).toLowerCase()}${act.slice(1)}` : `${act}…`;
  return (
    <Dialog
      open
      onClose={() => asked.answer(false)}
      title={round === 1 ? `${capital(titleOf(asked))}?` : "Are you sure?"}
      text={round === 1 ? whySaid(asked.why) : `This will ${titleOf(asked)}.`}
      className="w-128 confirm"
      begin={isGrave ? "[data-leave]" : "[data-agree]"}
    >
      {asked.changed && asked.changed.length > 0 && (
        <section>
          <h3 className="section-title">What changed since it was proposed</h3>
          <ul aria-label="What changed since it was proposed" className="shown-calls">
            {asked.changed.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </section>
      )}
      {about ? (
        <>
          <AskedParts about={about} />
          <Suspense fallback={<p className="text-sm text-faint">Details…</p>}>
            <AskedDetails about={about} shows={shows} />
          </Suspense>
        </>
      ) : (
        shows.length > 0 && (
          <ul
            aria-label={asked.shownAs ?? "What would be started"}
            className={asked.shownAs === undefined ? "shown-calls" : "asked-list"}
          >
            {shows.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        )
      )}
      <div className="confirm-foot">
        {times === 2 && <span className="mr-auto text-sm text-faint">Question {round} of 2</span>}
        <button ref={leave} type="button" className="button" data-leave onClick={() => asked.answer(false)}>
          Cancel
        </button>
        <button
          // A new round is a new button, so that two quick clicks are not two answers in one place.
          key={round}
          type="button"
          className="button button-main"
          data-agree={round}
          data-grave={isGrave}
          // A key that is still held down from before is no answer.
          onKeyDown={(event) => event.repeat && event.preventDefault()}
          onClick={() => (isLast ? asked.answer(true) : setRound(round + 1))}
        >
          {name}
        </button>
      </div>
    </Dialog>
  );
}

/** A call that starts nothing new, where an engine left something: it is asked for what it does. */
function asTakingUp(asked: Asked | null): Asked | null {
  const parts = asked?.about?.parts ?? [];
  const startsNone = asked?.about?.starts.length === 0;
  if (!asked || !startsNone || parts.length !== 1 || parts[0]?.action !== "run.start") return asked;
  return { ...asked, summary: "take up what the engine left", act: "Take it up" };
}

/** Of several calls what they come to together, what is lost first: each of them stands below. */
function titleOf(asked: Asked): string {
  const { summary, about } = asked;
  const isRun = about?.parts[0]?.action === "run.start" && about.starts.length > 0;
  if (!about || (about.parts.length < 2 && !isRun)) return shortened(summary);
  const gone = removed(about.parts);
  const name = gone.length > 0 ? gone.join(", ") : actName(asked);
  return name.charAt(0).toLowerCase() + name.slice(1);
}
