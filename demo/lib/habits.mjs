import { median, tally } from "./judgement.mjs";
import { lockAt, manifestAt } from "./manifests.mjs";
import { code, many, percent } from "./markdown.mjs";

const DAY = 86_400;
const FEW = 5;
const ENOUGH = 30;

/** How each area reads by the way people have worked: `{reading, evidence, advice}`. */
export const habits = { tests, size, debt, dependencies, change };

/** How far a history of so many commits can be trusted: none, low or good. */
export const judgeConfidence = (commits, shallow) =>
  commits < FEW ? "none" : commits < ENOUGH || shallow ? "low" : "good";

const touches = (commit, ...kinds) => commit.files.some(({ kind }) => kinds.includes(kind));
const rated = (value, good, fair) => (value >= good ? "good" : value >= fair ? "fair" : "poor");

function tests(commits) {
  const coding = commits.filter((commit) => touches(commit, "code"));
  if (coding.length < FEW) return { reading: "unknown", evidence: "hardly any commit touches code" };
  const share = coding.filter((commit) => touches(commit, "test")).length / coding.length;
  return {
    reading: rated(share, 0.5, 0.2),
    evidence: `${percent(share)} of the commits that change code change a test as well`,
    advice: {
      do: "Change a test with each change of code",
      why: `only ${percent(share)} of such commits do`,
    },
  };
}

function size(commits) {
  const middle = median(commits.map(({ size }) => size));
  return {
    reading: rated(-middle, -100, -400),
    evidence: `half of the commits change ${many(middle, "line")} or fewer`,
    advice: {
      do: "Commit in smaller pieces",
      why: `the middle commit changes ${many(middle, "line")}, more than a reviewer can weigh`,
    },
  };
}

function debt(commits) {
  const half = Math.floor(commits.length / 2);
  const share = (list) => list.filter(({ work }) => work === "repairs").length / list.length;
  const [all, before, lately] = [share(commits), share(commits.slice(0, half)), share(commits.slice(half))];
  const trend = Math.abs(lately - before) < 0.05 ? "steady" : lately > before ? "and rising" : "and falling";
  return {
    reading: rated(-all, -0.25, -0.45),
    evidence: `${percent(all)} of the commits repair something, ${trend} (${percent(before)}, then ${percent(lately)})`,
    advice: {
      do: "Look for what the repairs have in common",
      why: `${percent(lately)} of the newer commits repair something`,
    },
  };
}

function dependencies(commits) {
  const touching = commits.filter(({ files }) => files.some(({ path }) => manifestAt(path) || lockAt(path)));
  if (touching.length === 0)
    return { reading: "unknown", evidence: "no commit touches a manifest or a lock file" };
  const days = Math.round((commits.at(-1).time - touching.at(-1).time) / DAY);
  return {
    reading: rated(-days, -90, -365),
    evidence: `manifests and lock files changed in ${many(touching.length, "commit")}, last ${many(days, "day")} before the end`,
    advice: {
      do: "Bring the dependencies up to date",
      why: `nobody has touched them for ${many(days, "day")}`,
    },
  };
}

function change(commits) {
  const recent = commits.slice(-Math.max(FEW, Math.ceil(commits.length / 3)));
  const [top] = tally(
    recent.flatMap(({ files }) =>
      files.filter(({ kind }) => kind === "code" || kind === "test").map(({ path }) => path),
    ),
  );
  if (!top) return { reading: "unknown", evidence: "the newest commits touch no code" };
  const share = top.times / recent.length;
  return {
    reading: rated(-share, -0.25, -0.5),
    evidence: `${code(top.name)} is in ${percent(share)} of the newest ${recent.length} commits`,
    advice: {
      do: `Find out why ${code(top.name)} keeps changing`,
      why: `it is in ${percent(share)} of the newest commits`,
    },
  };
}
