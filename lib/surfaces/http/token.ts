import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { isStepToken } from "../../core/step-token";
import { type Headers, valuesOf } from "./guard";
import { type Refusal, refuse } from "./refusal";

const BEARER = /^Bearer +([\x21-\x7e]+)$/i;
const WINDOW_MS = 1000;
const MAX_BAD_PER_WINDOW = 10;

/** A new server session's secret: 256 random bits. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** Answers a challenge as only a holder of the token can; the port keeps the answer from counting for another server. */
export function proofOf(token: string, port: number, challenge: string): string {
  return createHmac("sha256", token).update(`threados ${port} ${challenge}`).digest("base64url");
}

/** Says why a request may not use the API, or nothing if it bears the token. */
export type Authorize = (headers: Headers) => Refusal | undefined;

/**
 * Checks bearer tokens in constant time. Guesses beyond ten a second are told to wait; the right token always passes,
 * or anybody on the machine could lock its owner out. The token of a living attempt passes too, as that step's.
 */
export function authorizer(
  token: string,
  now: () => number = Date.now,
  isHeld: (stepToken: string) => boolean = () => false,
): Authorize {
  const expected = digest(token);
  let bad: number[] = [];
  return (headers) => {
    const values = valuesOf(headers, "authorization");
    if (values.length === 0)
      return refuse(401, "the request bears no token; open the link that `seqctl ui` prints");
    const given = bearerOf(headers);
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return undefined;
    if (given !== undefined && isStepToken(given) && isHeld(given)) return undefined;
    const since = now() - WINDOW_MS;
    bad = [...bad.filter((time) => time > since), now()].slice(-MAX_BAD_PER_WINDOW - 1);
    if (bad.length > MAX_BAD_PER_WINDOW) return refuse(429, "too many wrong tokens; wait a second");
    return refuse(401, "the token is wrong: the link is from an earlier start; open the link of this one");
  };
}

/** The one token that a request bears. */
function bearerOf(headers: Headers): string | undefined {
  const values = valuesOf(headers, "authorization");
  return values.length === 1 ? BEARER.exec(values[0] ?? "")?.[1] : undefined;
}

/** The step's token that a request bears instead of the server's; the door finds out whose it is. */
export function stepTokenOf(headers: Headers): { token?: string } {
  const given = bearerOf(headers);
  return given !== undefined && isStepToken(given) ? { token: given } : {};
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
