// Counts what bun test reported in its JUnit file.
import { existsSync, readFileSync } from "node:fs";

/** Counts of a report, and the test files it mentions; a missing report counts as nothing run. */
export function readJunit(path) {
  if (!existsSync(path)) return { passed: 0, failed: 0, skipped: 0, files: [] };
  const xml = readFileSync(path, "utf8");
  const total = xml.match(/<testsuites\b[^>]*>/)?.[0] ?? "";
  const count = (name) => Number(total.match(new RegExp(`\\b${name}="(\\d+)"`))?.[1] ?? 0);
  const failed = count("failures") + count("errors");
  const skipped = count("skipped");
  const files = [...xml.matchAll(/<testsuite\b[^>]*\bfile="([^"]+)"/g)].map((match) => match[1]);
  return { passed: Math.max(0, count("tests") - failed - skipped), failed, skipped, files };
}
