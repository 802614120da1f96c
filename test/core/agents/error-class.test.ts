import { describe, expect, test } from "bun:test";
import { classify } from "../../../lib/core/agents/error-class";
import { resetTime } from "../../../lib/core/agents/reset-time";

const now = Date.parse("2026-11-21T12:00:00Z");
const utc = { now, zone: "UTC" };
const minutes = (n: number) => now + n * 60_000;

describe("a fault", () => {
  test.each([
    ["API Error: Request rejected (429) · This request would exceed your rate limit", 429, "rate_limit"],
    ["Overloaded", 529, "rate_limit"],
    ["API Error: 529 overloaded_error", undefined, "rate_limit"],
    ["You've hit your usage limit. Try again later.", undefined, "quota"],
    ["You've hit your session limit · resets 3pm (UTC)", undefined, "quota"],
    ["Claude AI usage limit reached|1795300000", 429, "quota"],
    ["insufficient_quota: You exceeded your current quota", 429, "quota"],
    ["Credit balance is too low", 400, "quota"],
    ["RESOURCE_EXHAUSTED: You exceeded your current quota. Please retry in 37.5s.", 429, "rate_limit"],
    ["too many requests; retry-after: 7200", 429, "quota"],
    ["Invalid API key · Fix external API key", 401, "auth"],
    ["Invalid API key · Please run /login", undefined, "auth"],
    ["API key not valid. Please pass a valid API key.", undefined, "auth"],
    ["permission denied", 403, "auth"],
    ["prompt is too long: 250000 tokens > 200000 maximum", 400, "permanent"],
    ["unknown model gpt-nope", undefined, "permanent"],
    ["not found", 404, "permanent"],
    ["Internal server error", 500, null],
    ["connect ECONNREFUSED 127.0.0.1:1", undefined, null],
    ["the tests fail in 429 places", undefined, null],
  ] as const)("'%s' (%p) is classed %p", (text, status, wanted) => {
    expect(classify(text, status, utc).class).toBe(wanted);
  });
});

describe("a reset time", () => {
  test.each([
    ["resets at 2026-11-21T14:05:00Z", Date.parse("2026-11-21T14:05:00Z")],
    ["try again at 2026-11-21T15:05:00+01:00", Date.parse("2026-11-21T14:05:00Z")],
    ["usage limit reached|1795300000", 1_795_300_000_000],
    ['{"resets_at": 1795300000}', 1_795_300_000_000],
    ["resets 3pm", minutes(180)],
    ["resets 11:30am", minutes(24 * 60 - 30)],
    ["try again at 14:05", minutes(125)],
    ["resets 12am (UTC)", minutes(720)],
    ["resets 3pm (Europe/Berlin)", minutes(120)],
    ["resets at 7:30 PM (America/New_York)", minutes(12 * 60 + 30)],
    ["resets Nov 23, 9am (UTC)", Date.parse("2026-11-23T09:00:00Z")],
    ["resets Jan 2, 9am (UTC)", Date.parse("2027-01-02T09:00:00Z")],
    ["Please retry in 37.5s.", now + 37_500],
    ["try again in 2 hours and 5 minutes", minutes(125)],
    ["try again in 1 day 3 hours", minutes(27 * 60)],
    ["retry-after: 30", now + 30_000],
    ['"retryDelay": "37s"', now + 37_000],
    ["resets_in_seconds: 600", minutes(10)],
    ["Try again later.", null],
    ["it happened in 3 files", null],
    ["resets at 99:99", null],
  ] as const)("in '%s' is understood", (text, wanted) => {
    expect(resetTime(text, utc)).toBe(wanted);
  });

  test("without a zone is meant in the machine's, and an unknown zone falls back to it", () => {
    const at = { now, zone: "Asia/Tokyo" };
    expect(resetTime("resets 11pm", at)).toBe(minutes(120));
    expect(resetTime("resets 11pm (Nowhere/Else)", at)).toBe(minutes(120));
  });
});
