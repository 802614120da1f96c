import { along } from "./judgement.mjs";
import { code, count, many, percent } from "./markdown.mjs";

const LONG_FILE_LINES = 400;
const MIN_COMMITS = 10;
const OLD_DAYS = 180;

/** How each area scores by what is there today: `{score, reasons, advice}`, score null where it can't be told. */
export const measures = { tests, size, debt, dependencies, change };

const notJudged = (why) => ({ score: null, reasons: [why] });

// Collects reasons with the points they cost.
function scored(start, ...findings) {
  const kept = findings.filter(Boolean);
  return {
    score: start - kept.reduce((sum, [cost]) => sum + cost, 0),
    reasons: kept.map(([, reason]) => reason),
  };
}

function tests({ tests: found }) {
  if (!found) return notJudged("the test inventory is missing");
  if (found.codeLines === 0) return notJudged("there is no code to test");
  if (found.files === 0) {
    return {
      score: 0,
      reasons: ["no tests were found"],
      advice: { do: "Write the first test", why: "nothing guards any change today" },
    };
  }
  const ratio = found.testLines / found.codeLines;
  const base = along(ratio, [
    [0, 0],
    [0.1, 45],
    [0.25, 65],
    [0.5, 82],
    [0.8, 95],
    [1, 100],
  ]);
  const [largest] = found.unnamed;
  const advice = largest && {
    do: `Test ${code(largest.path)}`,
    why: `at ${many(largest.lines, "line")} it is the largest code that no test names`,
  };
  return {
    ...scored(
      base,
      [
        0,
        `${many(found.cases, "test case")} in ${many(found.files, "file")}; ${percent(ratio)} as many lines of tests as of code`,
      ],
      found.unnamedShare > 0 && [
        25 * found.unnamedShare,
        `${percent(found.unnamedShare)} of the code files are named in no test`,
      ],
      found.skipped > 0 && [
        Math.min(15, (60 * found.skipped) / Math.max(1, found.cases)),
        `${many(found.skipped, "test is", "tests are")} switched off`,
      ],
      found.focused > 0 && [
        10,
        `${many(found.focused, "test is", "tests are")} focused, which hides all others`,
      ],
      found.ci.length === 0 && [10, "no continuous integration is set up"],
    ),
    advice:
      found.focused > 0
        ? { do: "Remove the focus from tests", why: "focused tests keep all others from running" }
        : advice,
  };
}

function size({ survey, files, dependencies: licences }) {
  const source = files.filter(({ kind, skipped }) => !skipped && (kind === "code" || kind === "test"));
  const long = source.filter(({ lines }) => lines > LONG_FILE_LINES).sort((a, b) => b.lines - a.lines);
  const lines = (list) => list.reduce((sum, file) => sum + file.lines, 0);
  const share = lines(source) === 0 ? 0 : lines(long) / lines(source);
  const has = (pattern) => files.some(({ path }) => pattern.test(path));
  const longest = long[0] && `the longest is ${code(long[0].path)} (${count(long[0].lines)})`;
  return {
    ...scored(
      100,
      long.length > 0
        ? [
            60 * share,
            `${percent(share)} of the source is in ${many(long.length, "file")} of over ${LONG_FILE_LINES} lines; ${longest}`,
          ]
        : [
            0,
            `no source file is longer than ${LONG_FILE_LINES} lines, of ${many(survey.files.total, "file")} in all`,
          ],
      !has(/^readme(\.|$)/i) && [15, "there is no README"],
      licences && !licences.ownLicence.name && !licences.ownLicence.file && [10, "no licence is stated"],
    ),
    advice: long[0] && {
      do: `Split ${code(long[0].path)}`,
      why: `${count(long[0].lines)} lines in one file are hard to hold in the head`,
    },
  };
}

function debt({ survey, todos }) {
  if (!todos) return notJudged("the scan of comments is missing");
  const weights = { FIXME: 2, HACK: 1.5 };
  const weight = todos.byMarker.reduce((sum, { name, total }) => sum + total * (weights[name] ?? 1), 0);
  const source = survey.kinds
    .filter(({ name }) => name === "code" || name === "test")
    .reduce((sum, { lines }) => sum + lines, 0);
  const density = (1000 * weight) / Math.max(1000, source);
  const old = todos.items.filter(({ days }) => days !== null && days > OLD_DAYS);
  const [oldest] = old;
  return {
    ...scored(
      along(density, [
        [0, 100],
        [1, 90],
        [3, 70],
        [8, 45],
        [20, 10],
      ]),
      [
        0,
        todos.total === 0
          ? "no unfinished work is noted in comments"
          : `${many(todos.total, "note")} of unfinished work, ${density.toFixed(1)} weighted per 1,000 lines`,
      ],
      old.length > todos.items.length / 2 && [10, `most have waited for over ${OLD_DAYS} days`],
    ),
    advice: oldest && {
      do: `Settle ${code(`${oldest.path}:${oldest.line}`)}`,
      why: `it has been waiting since ${oldest.since}: do it or delete it`,
    },
  };
}

function dependencies({ dependencies: found }) {
  if (!found) return notJudged("the list of dependencies is missing");
  if (found.manifests.length === 0) return notJudged("no manifest declares any dependency");
  const loose = found.direct.filter((one) => one.loose);
  const copyleft = found.concerns.filter(({ family }) => family === "strong copyleft");
  const unknown = found.concerns.length - copyleft.length;
  const names = (list) =>
    list
      .slice(0, 3)
      .map(({ name }) => code(name, 40))
      .join(", ");
  const unlocked = found.direct.length > 0 && found.locks.length === 0;
  const npm = found.direct.some(({ ecosystem }) => ecosystem === "npm");
  return {
    ...scored(
      100,
      [
        0,
        `${many(found.direct.length, "dependency", "dependencies")} declared in ${many(found.manifests.length, "manifest")}`,
      ],
      unlocked && [25, "no lock file: two installs may differ"],
      loose.length > 0 && [
        Math.min(20, 5 * loose.length),
        `${many(loose.length, "version")} left open (${names(loose)})`,
      ],
      copyleft.length > 0 && [20, `strong copyleft licences: ${names(copyleft)}`],
      unknown > 0 && [
        Math.min(15, 3 * unknown),
        `${many(unknown, "installed package")} with a licence we do not know`,
      ],
      npm && found.installed === 0 && [10, "licences unchecked, since nothing is installed"],
    ),
    advice: unlocked
      ? { do: "Commit a lock file", why: "without one nobody can rebuild what was tested" }
      : copyleft.length > 0 && {
          do: `Check the licence of ${names(copyleft)}`,
          why: "strong copyleft may reach the code that uses it",
        },
  };
}

function change({ survey, hotspots }) {
  const { commits } = survey.history;
  if (!hotspots) return notJudged("the list of hotspots is missing");
  if (commits < MIN_COMMITS) return notJudged(`${many(commits, "commit")} can't show where change gathers`);
  const { share, topFiles, files } = hotspots.concentration;
  const [hot] = hotspots.hotspots;
  const heavy = hot && hot.lines > LONG_FILE_LINES && hot.commits >= commits / 10;
  return {
    ...scored(
      along(share, [
        [0.1, 100],
        [0.3, 90],
        [0.5, 70],
        [0.7, 45],
        [0.9, 15],
      ]),
      [0, `${percent(share)} of all changes fall on ${many(topFiles, "file")} of ${count(files)}`],
      heavy && [15, `${code(hot.path)} is long and in ${percent(hot.commits / commits)} of the commits`],
    ),
    advice: hot && {
      do: `Take ${code(hot.path)} apart`,
      why: `${many(hot.commits, "change")} to ${count(hot.lines)} lines: work queues up there`,
    },
  };
}
