import { resetTime } from "./reset-time";

/** What kind of fault ended an agent: decides whether trying again can help. */
export type ErrorClass = "auth" | "quota" | "rate_limit" | "permanent";

/** When a text was written: ms since the epoch, and the time zone (IANA) in which clock times in it are meant. */
export interface Moment {
  now: number;
  zone: string;
}

/** A limit that resets later than this is a used-up quota, not a short-term limit, in ms. */
const quotaFromMs = 5 * 60_000;

const authWords =
  /invalid (?:x-)?api[- ]key|api key not valid|incorrect api key|missing api key|authentication[_ ](?:error|failed)|unauthori[sz]ed|not logged in|log ?in again|please run \/login|oauth token|permission_error|invalid auth method/i;
const quotaWords =
  /usage limit|hit your (?:\w+ )?limit|limit reached|insufficient_quota|exhausted your (?:\w+ )*quota|credit balance|billing_error|out of (?:extra )?(?:usage|credits)/i;
/** Said of quotas per minute as well as per day: only the time tells. */
const eitherWords = /exceeded your current quota|quota (?:exceeded|exhausted)/i;
const rateWords =
  /rate[-_ ]?limit|too many requests|overloaded|resource[_ ]exhausted|\b(?:status|error|code)\W{0,3}(?:429|529)\b/i;
const permanentWords =
  /model (?:\S+ )?(?:not found|does not exist|is not supported)|model_not_found|unknown model|invalid_request|prompt is too long|context (?:window|length)|error_max_turns|error_max_budget/i;

/** Classes a fault by HTTP status, where one is known, and by its words. */
export function classify(
  text: string,
  status: number | undefined,
  at: Moment,
): { class: ErrorClass | null; resetAt: number | null } {
  const limited = status === 429 || status === 529 || (status === undefined && rateWords.test(text));
  if (limited || quotaWords.test(text) || eitherWords.test(text)) {
    const resetAt = resetTime(text, at);
    const byTime = resetAt === null ? eitherWords.test(text) : resetAt - at.now > quotaFromMs;
    return { class: quotaWords.test(text) || byTime ? "quota" : "rate_limit", resetAt };
  }
  if (status === 401 || status === 403 || authWords.test(text)) return { class: "auth", resetAt: null };
  const refused = status !== undefined && [400, 404, 413, 422].includes(status);
  return { class: refused || permanentWords.test(text) ? "permanent" : null, resetAt: null };
}
