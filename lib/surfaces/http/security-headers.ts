import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";

const INLINE = /<(script|style)\b([^>]*)>([\s\S]*?)<\/\1>/g;

/** The content policy of the prerendered pages: only our own files, and exactly the inline scripts they were built with. */
export function pagePolicy(uiDir: string): string {
  const pages = join(uiDir, ".next", "server", "app");
  const files = fs
    .readdirSync(pages, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".html"));
  const hashes = { script: new Set<string>(), style: new Set<string>() };
  for (const file of files) collectHashes(fs.readFileSync(join(pages, file), "utf8"), hashes);
  return [
    "default-src 'self'",
    ["script-src 'self'", ...hashes.script].join(" "),
    ["style-src 'self'", ...hashes.style].join(" "),
    // `style` attributes of prerendered markup: they can't run anything.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

/** Adds the hashes of a page's inline scripts and styles, in the form a content policy takes. */
export function collectHashes(html: string, into: { script: Set<string>; style: Set<string> }): void {
  for (const [, tag, attributes = "", text = ""] of html.matchAll(INLINE)) {
    if (/\ssrc\s*=/.test(attributes) || text === "") continue;
    into[tag as "script" | "style"].add(`'sha256-${createHash("sha256").update(text).digest("base64")}'`);
  }
}

/** Headers of every answer. There is no CORS header among them, and never will be. */
export function securityHeaders(policy: string): Record<string, string> {
  return {
    "content-security-policy": policy,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
  };
}

/** The content policy of everything that is not a page: nothing at all. */
export const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox";
