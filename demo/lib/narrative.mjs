import { classify } from "./files.mjs";
import { isoDay } from "./history.mjs";
import { tally } from "./judgement.mjs";
import { code, count, many, percent, words } from "./markdown.mjs";

const DAY = 86_400;
const WORK = [
  [
    "repairs",
    /^(fix|bug|hotfix|revert)|\b(fix(es|ed)?|bugs?|regressions?|revert(s|ed)?|crash(es)?|broken)\b/i,
  ],
  ["releases", /^(release|bump version|v?\d+\.\d+)/i],
  ["tests", /^tests?\b|\b(add|more) tests?\b/i],
  ["documentation", /^docs?\b|\b(readme|documentation|changelog|typos?)\b/i],
  [
    "upkeep",
    /^(chore|build|ci|refactor|style|lint|perf)\b|\b(bump|upgrade|dependenc(y|ies)|clean ?up|refactor|rename|move)/i,
  ],
  ["new work", /^(feat|add|new|support|implement|introduce|initial|create|allow)\b/i],
];

/** A commit with what kind of work it is, what kinds of files it touches, and its size in hand-written lines. */
export function understand(commit) {
  const work = WORK.find(([, pattern]) => pattern.test(commit.subject))?.[0] ?? "other work";
  const files = commit.files.map(([path, added, removed]) => ({
    path,
    added,
    removed,
    kind: classify(path).kind,
  }));
  const own = files.filter(({ kind }) => kind !== "generated");
  return { ...commit, work, files, size: own.reduce((sum, file) => sum + file.added + file.removed, 0) };
}

/** The story of a repository, told from its understood commits, oldest first: one paragraph each entry. */
export const tell = (commits, history, repository) =>
  [opening(commits, history, repository), ...chapters(commits), team(history.authors)].filter(Boolean);

function opening(commits, { first, last, capped }, { name, shallow }) {
  if (commits.length === 0) return `The history of ${words(name)} holds no commit of its own.`;
  const cut = shallow || capped ? " Older history is not here, so the story begins in the middle." : "";
  if (first === last)
    return `All of the history of ${words(name)} is from ${first}: ${many(commits.length, "commit")}.${cut}`;
  const end = commits.at(-1).time;
  const within = (days, before = 0) =>
    commits.filter(({ time }) => time > end - (days + before) * DAY && time <= end - before * DAY).length;
  const [now, earlier] = [within(90), within(90, 90)];
  const long = end - commits[0].time > 180 * DAY;
  const pace = long
    ? ` Its last 90 days saw ${many(now, "commit")}, the 90 before them ${count(earlier)}.`
    : "";
  return `The history of ${words(name)} runs from ${first} to ${last}, in ${many(commits.length, "commit")}.${pace}${cut}`;
}

function chapters(commits) {
  const parts = commits.length >= 40 ? 4 : commits.length >= 12 ? 3 : commits.length >= 4 ? 2 : 1;
  const size = Math.ceil(commits.length / parts);
  return Array.from({ length: parts }, (_, i) => commits.slice(i * size, (i + 1) * size))
    .filter((part) => part.length > 0)
    .map(chapter);
}

function chapter(commits) {
  const files = commits.flatMap((commit) => commit.files);
  const sum = (key) => files.reduce((total, file) => total + file[key], 0);
  const kinds = tally(commits.map((commit) => commit.work)).slice(0, 2);
  const work = kinds.map(({ name, times }) => `${name} (${times})`).join(" and ");
  const places = busiest(files).map((folder) => (folder === "." ? "the top folder" : code(folder)));
  const where = places.length > 0 ? `, most of them in ${places.join(" and ")}` : "";
  const largest = commits.reduce((most, commit) => (commit.size > most.size ? commit : most));
  const days = [...new Set([isoDay(commits[0].time), isoDay(commits.at(-1).time)])].join(" to ");
  return [
    `**${days}, ${many(commits.length, "commit")}.**`,
    commits.length > 1 && `Mostly ${work}.`,
    `${many(sum("added"), "line")} came and ${count(sum("removed"))} went${where}.`,
    `The largest step was “${words(largest.subject, 90)}”.`,
  ]
    .filter(Boolean)
    .join(" ");
}

// The two folders with the most changed lines, at most two levels deep.
function busiest(files) {
  const lines = new Map();
  for (const { path, added, removed } of files) {
    const folder = path.split("/").slice(0, -1).slice(0, 2).join("/") || ".";
    lines.set(folder, (lines.get(folder) ?? 0) + added + removed);
  }
  const ranked = [...lines].filter(([, changed]) => changed > 0).sort((a, b) => b[1] - a[1]);
  return ranked.slice(0, 2).map(([folder]) => folder);
}

function team(authors) {
  const all = authors.reduce((sum, { commits }) => sum + commits, 0);
  if (authors.length < 2) return authors[0] && "One person wrote all of it.";
  const writtenBy = (people) => authors.slice(0, people).reduce((sum, { commits }) => sum + commits, 0);
  const core = authors.findIndex((_, index) => writtenBy(index + 1) >= all / 2) + 1;
  const lead = `${words(authors[0].name, 40)} wrote ${percent(authors[0].commits / all)} of the commits`;
  return `${lead}; half of them come from ${many(core, "person", "people")} of ${count(authors.length)}.`;
}
