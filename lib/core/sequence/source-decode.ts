import type { Failure } from "../failure";
import { err, ok, type Result } from "../result";

const MAX_BYTES = 8 * 1024 * 1024;
const ADVICE = "save the file as UTF-8 text";

/** Text of a YAML file from its bytes. A byte order mark stays part of the text, so that saving keeps it. */
export function decodeSource(bytes: Uint8Array, file: string): Result<string> {
  if (bytes.length > MAX_BYTES) {
    const problem = `it is ${bytes.length.toLocaleString("en-US")} bytes long`;
    return err({ code: "sequence.too_large", file, problem, limit: "8 MiB" });
  }
  if (isUtf16(bytes)) return err(encoding(file, `it looks like UTF-16 from byte 0 on; ${ADVICE}`));
  const zero = bytes.indexOf(0);
  if (zero !== -1)
    return err(encoding(file, `there is a NUL at byte ${zero}, which no text file has; ${ADVICE}`));
  try {
    return ok(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch {
    return err(encoding(file, `byte ${invalidAt(bytes)} is not valid UTF-8; ${ADVICE}`));
  }
}

function encoding(file: string, problem: string): Failure {
  return { code: "sequence.encoding", file, problem };
}

function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return false;
  const marked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return marked || (first === 0) !== (second === 0);
}

/** TextDecoder does not say where it stopped, so the longest valid beginning is looked for by halving. */
function invalidAt(bytes: Uint8Array): number {
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (startsValid(bytes, middle)) good = middle;
    else bad = middle;
  }
  return good;
}

/** `stream` lets a character be cut off at the end without calling it invalid. */
function startsValid(bytes: Uint8Array, length: number): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
    return true;
  } catch {
    return false;
  }
}
