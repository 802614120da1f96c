import type { AskedAbout } from "../../lib/core/policy/asked";
import { callLine } from "../commands/call-line";
import { CopyCommand } from "../parts/copy-command";

/** A longer line is nothing to be typed: the call as JSON says the same. */
const mostChars = 600;

/** The same to the letter: the line that does it, what the rules were told, and the call as JSON. */
export function AskedDetails({ about, shows }: { about: AskedAbout; shows: string[] }) {
  const line = callLine(about.call.action, about.call.input);
  return (
    <details className="more">
      <summary>Details</summary>
      <div className="asked">
        {line.length <= mostChars && <CopyCommand command={line} />}
        {shows.length > 0 && (
          <ul aria-label="To the letter" className="shown-calls">
            {shows.map((line, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a step may be started twice, and lines never move
              <li key={at}>{line}</li>
            ))}
          </ul>
        )}
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable by keyboard */}
        <section aria-label="The call as JSON" className="shown-calls" tabIndex={0}>
          <pre className="whitespace-pre-wrap break-words">{JSON.stringify(about.call, null, 2)}</pre>
        </section>
      </div>
    </details>
  );
}
