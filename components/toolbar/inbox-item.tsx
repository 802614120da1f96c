import type { ReactNode } from "react";
import { Glyph } from "../parts/glyph";
import { Said } from "../parts/said";

/** One thing that waits for a person: what it is, why it waits, and below that its answers. `quiet`: nobody waits for it. */
export function InboxItem(props: {
  tone: "human" | "failed";
  kind: string;
  name: string;
  why: string;
  onVisit?: () => void;
  quiet?: boolean | undefined;
  children: ReactNode;
}) {
  const { tone, kind, name, why, onVisit, quiet, children } = props;
  return (
    <section
      data-tone={quiet ? undefined : tone}
      aria-label={`${kind}: ${name}`}
      className={`inbox-item ${quiet ? "inbox-quiet" : "tone-callout"}`}
    >
      <div className="flex items-start gap-2">
        {!quiet && (
          <span className="pt-[3px]">
            <Glyph tone={tone} />
          </span>
        )}
        <div className="min-w-0">
          <h3 className="font-semibold break-words">
            {onVisit ? (
              <button type="button" className="link text-left" onClick={onVisit}>
                {name}
              </button>
            ) : (
              name
            )}
          </h3>
          <p className="break-words text-muted">
            <Said text={why} />
          </p>
        </div>
      </div>
      {children}
    </section>
  );
}
