// CSI; then OSC, DCS, SOS, PM and APC with their whole payload up to BEL or ST; then any other escape.
const csi = "(?:\\x1b\\[|\\x9b)([0-?]*)[ -/]*([@-~])?";
const strings = "(?:\\x1b[\\]PX^_]|[\\x9d\\x90\\x98\\x9e\\x9f])[^\\x07\\x1b\\x9c]*(?:\\x07|\\x1b\\\\|\\x9c)?";
/** Every escape sequence; of colours (SGR) the first group holds the parameters and the second `m`. */
export const escapes = new RegExp(`${csi}|${strings}|\\x1b[ -/]*[0-~]?`, "g");
/** Control characters but for tab and line feed. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
export const controls = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]/g;

/** A carriage return lets a line be written anew (progress bars do): what counts is what was written last. */
export function settleReturns(text: string): string {
  if (!text.includes("\r")) return text;
  return text
    .replaceAll("\r\n", "\n")
    .split("\n")
    .map((line) => line.slice(line.replace(/\r+$/, "").lastIndexOf("\r") + 1).replace(/\r+$/, ""))
    .join("\n");
}

/** What a person sees of a line of terminal output: without escapes and control characters, and as it was written last. */
export function plainLine(line: string): string {
  return settleReturns(line).replace(escapes, "").replace(controls, "");
}
