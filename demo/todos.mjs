// Promises left in comments: where they are, how urgent they sound, and how long they have been waiting.
import { readText } from "./lib/files.mjs";
import { lineTimes } from "./lib/git.mjs";
import { isoDay } from "./lib/history.mjs";
import { many, plain } from "./lib/markdown.mjs";
import { runStep, say } from "./lib/step.mjs";

const MAX_KEPT = 500;
const MAX_DATED_FILES = 24;
const DAY = 86_400;

// The word must open a comment: that leaves out names, strings and prose that merely mention it.
const MARKER =
  /(?:^|\s)(?:\/\/+|\/\*+|\*+|#+|<!--|--|;+|%+|\{\/\*)\s*@?(TODO|FIXME|HACK|XXX)\b(?:\(([^)]{0,60})\))?(?!\w)[:\s-]*(.{0,200})/;

await runStep(async (inputs) => {
  const files = inputs
    .need("survey", "files.json")
    .filter(({ skipped, kind }) => !skipped && kind !== "generated");
  const commits = inputs.need("survey", "commits.json");
  const found = files.flatMap(scan);
  const kept = found.slice(0, MAX_KEPT);
  await date(kept, inputs.need("survey").repository.shallow);

  const now = Math.max(0, ...commits.map(({ time }) => time));
  const items = kept.map(({ time, ...item }) => ({
    ...item,
    since: time === null ? null : isoDay(time),
    days: time === null ? null : Math.max(0, Math.floor((now - time) / DAY)),
  }));
  items.sort((a, b) => (b.days ?? -1) - (a.days ?? -1) || (a.path < b.path ? -1 : 1) || a.line - b.line);
  const output = {
    total: found.length,
    byMarker: tally(found, "marker"),
    byFile: tally(found, "path").slice(0, 10),
    items,
  };
  report(output, files.length);
  return { output };
});

function scan({ path, kind }) {
  const { text } = readText(path);
  if (!text) return [];
  return text.split("\n").flatMap((row, index) => {
    const match = MARKER.exec(row.slice(0, 2000));
    if (!match || (kind !== "docs" && inString(row.slice(0, match.index)))) return [];
    const note = match[3].replace(/\s*(\*\/\}?|-->)\s*$/, "").trim();
    return [
      { path, line: index + 1, kind, marker: match[1], owner: match[2] ?? null, note: plain(note, 160) },
    ];
  });
}

// An odd number of quotes before the comment: the comment is part of a text.
function inString(before) {
  return ['"', "'", "`"].some((quote) => before.split(quote).length % 2 === 0);
}

// Asking git who wrote a line is the slow part: only the files with the most notes are asked about, a few at once.
async function date(items, shallow) {
  for (const item of items) item.time = null;
  const files = tally(items, "path")
    .slice(0, MAX_DATED_FILES)
    .map(({ name }) => name);
  const worker = async () => {
    for (let path = files.shift(); path !== undefined; path = files.shift()) {
      const here = items.filter((item) => item.path === path);
      const lines = here.map(({ line }) => line);
      const times = await lineTimes(path, lines, shallow);
      for (const item of here) item.time = times.get(item.line) ?? null;
    }
  };
  await Promise.all([worker(), worker(), worker(), worker()]);
}

function tally(items, key) {
  const counts = new Map();
  for (const item of items) counts.set(item[key], (counts.get(item[key]) ?? 0) + 1);
  return [...counts]
    .map(([name, total]) => ({ name, total }))
    .sort((a, b) => b.total - a.total || (a.name < b.name ? -1 : 1));
}

function report({ total, byMarker, items }, scanned) {
  const oldest = items.find(({ days }) => days !== null);
  say([
    ["scanned", many(scanned, "file")],
    ["markers", total, byMarker.map(({ name, total: times }) => `${name} ${times}`).join(", ")],
    ...(oldest ? [["oldest", `${plain(oldest.path, 60)}:${oldest.line}`, `since ${oldest.since}`]] : []),
  ]);
}
