import { Glyph } from "../parts/glyph";
import type { Trouble } from "./turns";

/** Why something did not come about. */
export function TroubleNote({ trouble }: { trouble: Trouble }) {
  return (
    <div data-tone="failed" className="tone-callout chat-trouble">
      <span className="pt-[3px]">
        <Glyph tone="failed" />
      </span>
      <div className="min-w-0">
        <p className="break-words first-letter:uppercase">{trouble.message}</p>
        {trouble.hint !== undefined && (
          <p className="break-words text-muted first-letter:uppercase">{trouble.hint}</p>
        )}
      </div>
    </div>
  );
}
