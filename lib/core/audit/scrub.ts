import type { Json } from "../json";

/** What stands where a secret stood. */
export const scrubbed = "•••";

const patterns = [
  /\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}/g,
  /\b(?:sk|pk|rk)_(?:live|test)_[A-Za-z0-9]{10,}/g,
  /\btos_[A-Za-z0-9_-]{43}/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\bhf_[A-Za-z0-9]{30,}/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  /\bya29\.[A-Za-z0-9_-]{20,}/g,
  /\beyJ[A-Za-z0-9_-]{8,1000}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

const names =
  "password|passwd|passphrase|secret|token|cookie|credentials?|api[_-]?key|access[_-]?key|private[_-]?key";

// A quoted text, its quotes escaped or not, or a bare word.
const value = String.raw`"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|\\+"[^"\n]*"?|\\+'[^'\n]*'?|[^\s"',;&]+`;
/** `name = value` and `"name": "value"`. */
const assignment = new RegExp(
  String.raw`((?:${names}|(?<=[a-z0-9]_)pass)\\*["']?\s*[=:]\s*)(${value})`,
  "gi",
);
/** `NAME_KEY: value`, as variables are named. */
const variable = new RegExp(String.raw`((?<![A-Za-z0-9_])[A-Z0-9_]*_KEY\\*["']?\s*[=:]\s*)(${value})`, "g");
/** `key=value`, and `ssh_key: value`: many keys are no secrets, so what stands behind a looser one must look like a secret. */
const keyed = new RegExp(
  String.raw`((?:(?<![A-Za-z0-9])|[_-])key(?:(=)|\\*["']?\s*[=:]\s*))(${value})`,
  "gi",
);
const random = /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9+/_=.-]{16,}$/;
/** `--name value` */
const flagged = new RegExp(String.raw`((?<![\w-])--?(?:[a-z0-9]+[_-])*(?:${names})\s+)(?!-)(${value})`, "gi");
/** `secret:NAME` says where a secret is, not what it is. */
const reference = /^secret:[A-Za-z_][\w.-]*$/;
const credentials =
  /\b((?:bearer|authorization["']?\s*[:=]\s*["']?(?:basic|token|digest))\s+)[A-Za-z0-9._~+/-]{8,}=*/gi;
const userinfo = /\b([a-z][a-z0-9+.-]{0,30}:\/\/[^\s/:@]*:)[^\s/@]+@/gi;

const secretKey = new RegExp(`(?:${names}|authorization)$`, "i");
const looseKey = /_(?:[Pp]ass|[Kk]ey|PASS|KEY)$|^(?:PASS|KEY)$/;
/** Keys that are known to everybody: what sorts, finds or checks something. */
const openKey =
  /(?:^|[_-])(?:public|publishable|sort|order|group|cache|primary|foreign|partition|shard|hash|range|index|lookup|routing|idempotency|dedup|message|object|translation|hot)_?key(?![a-z0-9])/i;

/** Whether a name says that what stands under it is a secret. */
function tellsOfSecret(name: string): boolean {
  return secretKey.test(name) || (looseKey.test(name) && !openKey.test(name));
}

/** Whether what stands under a name seems to be a secret: what `scrubJson` would not show. */
export function isSecret(name: string, value: string): boolean {
  return scrubValue(value, [], tellsOfSecret(name)) !== value;
}

const secretFlag = new RegExp(`^--?(?:[a-z0-9]+[_-])*(?:${names})$`, "i");

/** Stands for each character of a secret while one looks on, so that places stay what they were; no text holds it. */
const mask = "\uFDD0";
const masked = new RegExp(`${mask}+`, "g");
const hide = (text: string) => mask.repeat(text.length);

/** Replaces known secret values first, then what looks like a secret. Encoded or reversed secrets are not recognised. */
export function scrubText(text: string, known: readonly string[]): string {
  return maskText(text, known).replace(masked, scrubbed);
}

/**
 * The part of a text from one place to another as `scrubText` leaves it: what stands around it says what in it is a
 * secret. A secret of several lines stays as many lines, so that line numbers are those of the file.
 */
export function scrubPart(text: string, known: readonly string[], from: number, to: number): string {
  const part = text.slice(from, to);
  return maskText(text, known)
    .slice(from, to)
    .replace(masked, (run, at: number) =>
      part
        .slice(at, at + run.length)
        .split("\n")
        .map((line) => (line === "" ? "" : scrubbed))
        .join("\n"),
    );
}

/** More than any text of the property tests needed. */
const looksAllowed = 16;

function maskText(text: string, known: readonly string[]): string {
  let clean = text;
  // Longest first: of a secret that begins with another one nothing may be left over.
  for (const value of known.filter((v) => v.length >= shortest).sort((a, b) => b.length - a.length))
    if (clean.includes(value)) clean = clean.split(value).join(hide(value));
  // Odd quoting can end a value early; the next look then sees the rest stand behind the same name.
  for (let looks = 0; looks < looksAllowed; looks++) {
    const next = maskOnce(clean);
    if (next === clean) break;
    clean = next;
  }
  return clean;
}

/** A shorter value can't be told from a word. */
const shortest = 6;

function maskOnce(text: string): string {
  let clean = text;
  for (const pattern of patterns) clean = clean.replace(pattern, hide);
  return clean
    .replace(credentials, (whole: string, name: string) => name + hide(whole.slice(name.length)))
    .replace(assignment, maskAssignment)
    .replace(variable, (whole: string, name: string, given: string, at: number, all: string) =>
      openKey.test(name) ? whole : maskAssignment(whole, name, given, at, all),
    )
    .replace(
      keyed,
      (whole: string, name: string, tight: string | undefined, given: string, at: number, all: string) =>
        tight || random.test(given.replace(/^["']|["']$/g, ""))
          ? maskAssignment(whole, name, given, at, all)
          : whole,
    )
    .replace(flagged, maskAssignment)
    .replace(userinfo, (whole: string, name: string) => `${name}${hide(whole.slice(name.length, -1))}@`);
}

/** Replaces the value, not its quotes. */
function maskAssignment(whole: string, name: string, given: string, at: number, all: string): string {
  const quote = /^\\*["']/.exec(given)?.[0] ?? "";
  const isClosed = quote !== "" && given.length > quote.length && given.endsWith(quote);
  const bare = given.slice(quote.length, isClosed ? -quote.length : undefined);
  const isReference = reference.test(bare) || (reference.test(whole) && !/[\w-]/.test(all[at - 1] ?? ""));
  return isReference ? whole : `${name}${quote}${hide(bare)}${isClosed ? quote : ""}`;
}

/** A longer word without a blank in it is let go: nothing we know of is as long. */
const longestHeld = 4096;

/**
 * Where a text that is still being written should be cut, so that no secret is shown before all of it is there: before
 * its last word, or before what may be the beginning of a known value.
 */
export function holdFrom(text: string, known: readonly string[]): number {
  const word = /[^\s"',;]*$/.exec(text.slice(-longestHeld - 1))?.[0] ?? "";
  const isOpen = word.length <= longestHeld && /[A-Za-z0-9]/.test(word);
  let from = text.length - (isOpen ? word.length : 0);
  for (const value of known) {
    if (value.length < shortest) continue;
    for (let length = Math.min(value.length - 1, text.length); length > text.length - from; length--)
      if (text.endsWith(value.slice(0, length))) from = text.length - length;
  }
  return from;
}

/** The same for a whole value; what stands under a key, or behind a flag, that names a secret goes altogether (`secret:NAME` references stay). */
export function scrubJson(value: Json, known: readonly string[]): Json {
  return scrubValue(value, known, false);
}

function scrubValue(value: Json, known: readonly string[], hide: boolean): Json {
  if (typeof value === "string") {
    if (reference.test(value)) return value;
    return hide && value !== "" ? scrubbed : scrubText(value, known);
  }
  if (typeof value === "number") return hide ? scrubbed : value;
  if (Array.isArray(value)) {
    return value.map((item, index) => {
      const flag = value[index - 1];
      return scrubValue(item, known, hide || (typeof flag === "string" && secretFlag.test(flag)));
    });
  }
  if (typeof value !== "object" || value === null) return value;
  const clean: { [key: string]: Json } = {};
  for (const [key, item] of Object.entries(value))
    clean[scrubText(key, known)] = scrubValue(item, known, hide || tellsOfSecret(key));
  return clean;
}
