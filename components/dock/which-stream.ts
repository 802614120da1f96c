import type { Stream } from "../state/dock";

/** What is known of the two outputs of an attempt. */
interface Outputs {
  /** The output that is shown where both say something. */
  wanted: Stream;
  /** Whether somebody chose it for this very attempt. */
  isChosen: boolean;
  grows: boolean;
  /** Lines of the wanted one, and of the other one; undefined while it is not known. */
  lines: number | undefined;
  otherLines: number | undefined;
}

/** The output to begin with: the one that somebody chose, or else the one whose end the inspector shows as last words; undefined while it is not known which that is. */
export function wantedStream(of: {
  liked: Stream;
  isChosen: boolean;
  /** Of an attempt that failed; null where it said nothing. */
  lastWords?: { stream: Stream } | null | undefined;
  isAsked: boolean;
}): Stream | undefined {
  const { liked, isChosen, lastWords, isAsked } = of;
  if (isChosen) return liked;
  return isAsked ? undefined : (lastWords?.stream ?? liked);
}

/** The other output. */
export const otherStream = (stream: Stream): Stream => (stream === "stdout" ? "stderr" : "stdout");

/** The output to show: the one that says something. Of an attempt that goes on the wanted one may still do so. Undefined while it is not known. */
export function whichStream({ wanted, isChosen, grows, lines, otherLines }: Outputs): Stream | undefined {
  if (lines === undefined || lines > 0 || isChosen || grows) return wanted;
  if (otherLines === undefined) return undefined;
  return otherLines > 0 ? otherStream(wanted) : wanted;
}
