import type { Standing } from "../state/vocabulary";
import { Glyph } from "./glyph";

/** Glyph and word of a status, in its colour. */
export function StatusWord({ tone, word }: Standing) {
  return (
    <span data-tone={tone} className="tone-ink inline-flex items-center gap-1.5 whitespace-nowrap">
      <Glyph tone={tone} />
      <span
        className={
          tone === "skipped" ? "status-word self-baseline line-through" : "status-word self-baseline"
        }
      >
        {word}
      </span>
    </span>
  );
}
