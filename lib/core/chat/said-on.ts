import type { Json } from "../json";

/** An answer with another piece of it; where it begins anew, the last `anew` characters count no more. */
export function saidOn(text: string, { text: more, anew }: { [key: string]: Json }): string {
  return `${typeof anew === "number" ? text.slice(0, Math.max(0, text.length - anew)) : text}${more}`;
}
