import type { Json } from "../json";

/** What stands where a secret stood. */
export const scrubbed = "•••";

const patterns = [
  /\b(?:sk|pk|rk)-[A-Za-z0-9_-]{16,}/g,
  /\bsk-ant-[A-Za-z0-9_-]{16,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}/g,
  /\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\bglpat-[A-Za-z0-9_-]{16,}/g,
  /\bnpm_[A-Za-z0-9]{30,}/g,
  /\bxox[abprs]-[A-Za-z0-9-]{10,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g,
  /\bAIza[A-Za-z0-9_-]{30,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}/g,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/g,
];

const assignment =
  /((?:password|passwd|secret|token|api[_-]?key|access[_-]?key|key)["']?\s*[=:]\s*["']?)(?!secret:)[^\s"',;&]+/gi;
const bearer = /\b(bearer\s+)[A-Za-z0-9._~+/-]{8,}=*/gi;
const userinfo = /\b([a-z][a-z0-9+.-]*:\/\/[^\s/:@]+:)[^\s/@]+@/gi;
const secretKey = /(?:^|[_-])(?:password|passwd|secret|token|api_?key|access_?key|private_?key)$/i;

/** Replaces known secret values first, then what looks like a secret. Encoded or reversed secrets are not recognised. */
export function scrubText(text: string, known: readonly string[]): string {
  let clean = text;
  for (const value of known)
    if (value.length >= 6 && clean.includes(value)) clean = clean.split(value).join(scrubbed);
  for (const pattern of patterns) clean = clean.replace(pattern, scrubbed);
  return clean
    .replace(assignment, `$1${scrubbed}`)
    .replace(bearer, `$1${scrubbed}`)
    .replace(userinfo, `$1${scrubbed}@`);
}

/** The same for a whole value; texts under a key that names a secret go altogether (`secret:NAME` references stay). */
export function scrubJson(value: Json, known: readonly string[]): Json {
  if (typeof value === "string") return scrubText(value, known);
  if (Array.isArray(value)) return value.map((item) => scrubJson(item, known));
  if (typeof value !== "object" || value === null) return value;
  const clean: { [key: string]: Json } = {};
  for (const [key, item] of Object.entries(value)) {
    const hide = typeof item === "string" && secretKey.test(key) && !item.startsWith("secret:");
    clean[scrubText(key, known)] = hide ? scrubbed : scrubJson(item, known);
  }
  return clean;
}
