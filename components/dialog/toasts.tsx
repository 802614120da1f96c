"use client";

import type { CSSProperties } from "react";
import { Glyph } from "../parts/glyph";
import { CloseIcon } from "../parts/icons";
import { Said } from "../parts/said";
import { IconButton } from "../parts/tool-button";
import { dismiss, hold, letGo, shownMs, useNews } from "../state/news";
import { useNode } from "../state/queries";
import { select } from "../state/view";
import type { Place } from "./toast-place";
import { usePlace } from "./use-place";

/** Short messages, the newest in front of the others, where they cover nothing that is pressed; they are also read out. */
export function Toasts() {
  const toasts = useNews((news) => news.toasts);
  const place = usePlace(toasts.length > 0);
  return (
    <section aria-label="Messages" aria-live="polite" className="toasts" style={place && styleOf(place)}>
      {toasts.map(({ key, tone, text, hint, node }, index) => (
        // biome-ignore lint/a11y/noStaticElementInteractions: nothing is done by it; who is at a message is given the time to read it
        <div
          key={key}
          data-tone={tone}
          className="toast tone-callout"
          style={{ "--shown": `${shownMs[tone]}ms` } as CSSProperties}
          inert={index < toasts.length - 1}
          onPointerEnter={() => hold({ key })}
          onPointerLeave={() => letGo({ key, tone })}
          onFocus={() => hold({ key })}
          onBlur={() => letGo({ key, tone })}
        >
          <span className="pt-[7px]">
            <Glyph tone={tone} />
          </span>
          <div className="min-w-0 grow py-1 break-words">
            <p className="font-medium">
              <Said text={text} />
            </p>
            {hint && (
              <>
                {/[.!?:…]$/.test(text) ? " " : ". "}
                <p className="text-muted">
                  <Said text={hint} />
                </p>
              </>
            )}
            {node !== undefined && <Way to={node} onGo={() => dismiss(key)} />}
          </div>
          {toasts.length > 1 && (
            <span className="shrink-0 py-1 text-sm text-faint" title={`Behind it: ${toasts.length - 1} more`}>
              +{toasts.length - 1}
            </span>
          )}
          <IconButton label="Dismiss" icon={CloseIcon} tip="Dismiss (x)" onPress={() => dismiss(key)} />
        </div>
      ))}
    </section>
  );
}

const styleOf = ({ middle, bottom, width }: Place) =>
  ({
    "--toast-middle": `${middle}px`,
    "--toast-bottom": `${bottom}px`,
    "--toast-width": `${width}px`,
  }) as CSSProperties;

/** Leads to the node that a message is about. */
function Way({ to, onGo }: { to: string; onGo: () => void }) {
  const node = useNode(to);
  const go = () => {
    onGo();
    select(to, "overview");
  };
  return (
    <>
      {" "}
      <button type="button" className="link text-left" onClick={go}>
        Go to {node?.name ?? to}
      </button>
    </>
  );
}
