// Counts what bun test reported in its JUnit file.
import { existsSync, readFileSync } from "node:fs";

/** Counts of a report, the test files it mentions and the failed tests with what they said; a missing report counts as nothing run. */
export function readJunit(path) {
  if (!existsSync(path)) return { passed: 0, failed: 0, skipped: 0, files: [], failures: [] };
  const xml = readFileSync(path, "utf8");
  const total = xml.match(/<testsuites\b[^>]*>/)?.[0] ?? "";
  const count = (name) => Number(total.match(new RegExp(`\\b${name}="(\\d+)"`))?.[1] ?? 0);
  const failed = count("failures") + count("errors");
  const skipped = count("skipped");
  const files = [...xml.matchAll(/<testsuite\b[^>]*\bfile="([^"]+)"/g)].map((match) => match[1]);
  const failures = [...xml.matchAll(/<testcase\b([^>]*[^/])>\s*<(?:failure|error)\b[^>]*>([^<]*)/g)].map(
    ([, named, said]) => `${nameOf(named)}\n${indented(plain(said))}`,
  );
  return { passed: Math.max(0, count("tests") - failed - skipped), failed, skipped, files, failures };
}

/** `file: group > test` of a test case's attributes. */
function nameOf(attributes) {
  const value = (name) => attributes.match(new RegExp(`\\b${name}="([^"]*)"`))?.[1] ?? "";
  return plain(`${value("file")}: ${[value("classname"), value("name")].filter(Boolean).join(" > ")}`);
}

/** The text that stands in XML. */
function plain(xml) {
  const entities = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&", "#10": "\n", "#9": "\t" };
  return xml.replace(/&(lt|gt|quot|apos|amp|#10|#9);/g, (_, name) => entities[name]);
}

/** The first lines of what a test said. */
function indented(text) {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  return lines
    .slice(0, 15)
    .map((line) => `    ${line}`)
    .join("\n");
}
