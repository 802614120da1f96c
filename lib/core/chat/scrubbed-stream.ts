import { scrubText } from "../audit/scrub";

/** Past this much text a new piece begins at a line's end, so that long answers stay cheap. */
const pieceChars = 2048;

/** Scrubs text that arrives in pieces: a word is let through only once it can't be the beginning of a secret any more. */
export class ScrubbedStream {
  private raw = "";
  private shown = "";

  private readonly known: readonly string[];

  constructor(known: readonly string[]) {
    this.known = known;
  }

  /** Takes the next piece; what may be shown now. */
  push(text: string): string {
    this.raw += text;
    const at = this.safeEnd();
    const out = this.upTo(at);
    if (
      this.raw.length > pieceChars &&
      this.raw[at - 1] === "\n" &&
      !this.raw.slice(0, at).includes("-----BEGIN")
    ) {
      this.raw = this.raw.slice(at);
      this.shown = "";
    }
    return out;
  }

  /** What was held back to the end. */
  end(): string {
    return this.upTo(this.raw.length);
  }

  private upTo(at: number): string {
    const clean = scrubText(this.raw.slice(0, at), this.known);
    if (clean.startsWith(this.shown)) {
      const out = clean.slice(this.shown.length);
      this.shown = clean;
      return out;
    }
    // What was shown looked harmless then. Only at the end is it certain how the rest reads.
    if (at < this.raw.length) return "";
    let same = 0;
    while (same < clean.length && clean[same] === this.shown[same]) same += 1;
    this.shown = clean;
    return clean.slice(same);
  }

  /** Behind the last word that is whole, and before anything that may go on as a secret. */
  private safeEnd(): number {
    let at = this.raw.length;
    while (at > 0 && /[!-~]/.test(this.raw[at - 1] as string)) at -= 1;
    const key = this.raw.lastIndexOf("-----");
    if (key >= 0 && key < at && /^-----(?:B|BE|BEG|BEGI|BEGIN.*)?$/.test(this.raw.slice(key).trimEnd()))
      at = key;
    for (const secret of this.known)
      for (let length = Math.min(secret.length - 1, at); length > 0; length--)
        if (
          this.raw.startsWith(secret.slice(0, length), at - length) &&
          this.raw.slice(0, at).endsWith(secret.slice(0, length))
        ) {
          at -= length;
          break;
        }
    return at;
  }
}
