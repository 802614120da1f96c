"use client";

import { Glyph } from "../parts/glyph";
import { CloseIcon } from "../parts/icons";
import { Said } from "../parts/said";
import { IconButton } from "../parts/tool-button";
import { dismiss, useNews } from "../state/news";
import { useNode } from "../state/queries";
import { select } from "../state/view";

/** Short messages in a corner; they are also read out. */
export function Toasts() {
  const toasts = useNews((news) => news.toasts);
  return (
    <section aria-label="Messages" aria-live="polite" className="toasts">
      {toasts.map(({ key, tone, text, hint, node }) => (
        <div key={key} data-tone={tone} className="toast tone-callout">
          <span className="pt-[3px]">
            <Glyph tone={tone} />
          </span>
          <div className="min-w-0 grow break-words">
            <p className="font-medium">
              <Said text={text} />
            </p>
            {hint && (
              <p className="text-muted">
                <Said text={hint} />
              </p>
            )}
            {node !== undefined && <Way to={node} onGo={() => dismiss(key)} />}
          </div>
          <IconButton label="Dismiss" icon={CloseIcon} onPress={() => dismiss(key)} />
        </div>
      ))}
    </section>
  );
}

/** Leads to the node that a message is about. */
function Way({ to, onGo }: { to: string; onGo: () => void }) {
  const node = useNode(to);
  const go = () => {
    onGo();
    select(to, "overview");
  };
  return (
    <button type="button" className="link text-left" onClick={go}>
      Go to {node?.name ?? to}
    </button>
  );
}
