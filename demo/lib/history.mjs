import { git } from "./git.mjs";

const MAX_COMMITS = 5000;

/**
 * The newest commits that touch this folder, newest first: `{hash, time, author, merge, root, subject, files}` with
 * `files` as `[path, added, removed]`. Paths follow renames, so that a file keeps the history of its old names.
 */
export function readHistory({ folder, shallow }) {
  const here = folder ? ["--relative", "--", "."] : [];
  const text = git(
    ...["log", `-n${MAX_COMMITS}`, "-z", "--numstat", "-M", "-l400", "--no-ext-diff", "--no-textconv"],
    ...["--format=%x1e%H%x1f%ct%x1f%aN%x1f%P%x1f%s", ...here],
  );
  const commits = parseLog(text);
  // Where a shallow clone is cut off, git shows a commit as if it had added every file there was.
  if (shallow) for (const commit of commits) if (commit.root) commit.files = [];
  return { commits, capped: commits.length === MAX_COMMITS };
}

function parseLog(text) {
  const tokens = text.split("\0");
  const today = new Map();
  const commits = [];
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i];
    if (token.startsWith("\x1e")) {
      const [hash, time, author, parents, ...subject] = token.slice(1).split("\x1f");
      const merge = parents.includes(" ");
      const root = parents === "";
      commits.push({ hash, time: Number(time), author, merge, root, subject: subject.join(" "), files: [] });
      continue;
    }
    const stat = /^\n?(\d+|-)\t(\d+|-)\t([\s\S]*)$/.exec(token);
    if (!stat) continue;
    let path = stat[3];
    if (path === "") {
      const [before, after] = [tokens[i + 1], tokens[i + 2]];
      i += 2;
      path = today.get(after) ?? after;
      today.set(before, path);
    }
    const lines = (count) => (count === "-" ? 0 : Number(count));
    commits.at(-1)?.files.push([today.get(path) ?? path, lines(stat[1]), lines(stat[2])]);
  }
  return commits;
}

const DAY = 86_400;
const LIMIT = 48;

/** Commits and changed lines per day, week, month, quarter or year: the finest that needs at most 48 bars. */
export function byPeriod(commits) {
  if (commits.length === 0) return { unit: "day", buckets: [] };
  const times = commits.map(({ time }) => time);
  const [first, last] = [Math.min(...times), Math.max(...times)];
  const unit = Object.keys(STARTS).find((name) => periodStarts(name, first, last).length <= LIMIT) ?? "year";
  const starts = periodStarts(unit, first, last).slice(-LIMIT);
  const buckets = starts.map((start) => ({ start: isoDay(start), commits: 0, added: 0, removed: 0 }));
  for (const { time, files } of commits) {
    const bucket = buckets[starts.findLastIndex((start) => start <= time)];
    if (!bucket) continue;
    bucket.commits += 1;
    for (const [, added, removed] of files) {
      bucket.added += added;
      bucket.removed += removed;
    }
  }
  return { unit, buckets };
}

/** The day of a time in seconds, as 2026-01-31 (UTC). */
export const isoDay = (time) => new Date(time * 1000).toISOString().slice(0, 10);

const monthStart = (date, months, step) =>
  Date.UTC(date.getUTCFullYear(), Math.floor(months / step) * step) / 1000;
const STARTS = {
  day: (time) => Math.floor(time / DAY) * DAY,
  week: (time) => Math.floor((time + 3 * DAY) / (7 * DAY)) * 7 * DAY - 3 * DAY,
  month: (time) => inMonths(time, 1),
  quarter: (time) => inMonths(time, 3),
  year: (time) => inMonths(time, 12),
};
const inMonths = (time, step) => {
  const date = new Date(time * 1000);
  return monthStart(date, date.getUTCMonth(), step);
};

// The next period starts in the one that holds a moment safely past the end of this one.
const NEXT_DAYS = { day: 1, week: 7, month: 32, quarter: 95, year: 370 };

function periodStarts(unit, first, last) {
  const starts = [];
  for (let start = STARTS[unit](first); start <= last; start = STARTS[unit](start + NEXT_DAYS[unit] * DAY)) {
    starts.push(start);
    if (starts.length > 400) break;
  }
  return starts;
}
