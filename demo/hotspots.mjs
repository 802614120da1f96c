// Where the work happens: the largest files, the most changed, those that are both, and files that move together.
import { count, many, percent, plain } from "./lib/markdown.mjs";
import { runStep, say } from "./lib/step.mjs";

const TOP = 10;
// A commit that touches more than this is a sweep (an import, a reformat) and says nothing about two files.
const MAX_COUPLED_FILES = 30;
const MIN_TOGETHER = 3;

await runStep((inputs) => {
  const files = inputs
    .need("survey", "files.json")
    .filter(({ skipped, kind }) => !skipped && kind !== "generated");
  const commits = inputs.need("survey", "commits.json");
  const changes = countChanges(files, commits);
  const changed = [...changes.values()].filter((file) => file.commits > 1).sort(by("commits", "churn"));
  const source = files.filter(({ kind }) => kind === "code" || kind === "test");

  const output = {
    largest: [...source]
      .sort(by("lines"))
      .slice(0, TOP)
      .map(({ path, lines, kind, language }) => ({ path, lines, kind, language })),
    changed: changed.slice(0, TOP),
    hotspots: rank(changed.filter(({ kind }) => kind === "code" || kind === "test")).slice(0, TOP),
    coupling: coupling(commits, changes).slice(0, TOP),
    concentration: concentration([...changes.values()]),
  };
  report(output);
  return { output };
});

function by(...keys) {
  return (a, b) => {
    for (const key of keys) if (b[key] !== a[key]) return b[key] - a[key];
    return a.path < b.path ? -1 : 1;
  };
}

function countChanges(files, commits) {
  const changes = new Map(
    files.map(({ path, lines, kind }) => [path, { path, kind, lines, commits: 0, churn: 0, by: new Map() }]),
  );
  for (const { author, files: touched } of commits) {
    for (const [path, added, removed] of touched) {
      const file = changes.get(path);
      // A pure rename, or a change of mode, is no change to what the file says.
      if (!file || added + removed === 0) continue;
      file.commits += 1;
      file.churn += added + removed;
      file.by.set(author, (file.by.get(author) ?? 0) + 1);
    }
  }
  for (const file of changes.values()) {
    const shares = [...file.by].sort((a, b) => b[1] - a[1]);
    file.authors = shares.length;
    file.mainAuthor = shares[0]?.[0] ?? null;
    delete file.by;
  }
  return changes;
}

// Changes times size: a long file nobody touches costs nothing, neither does a short one everybody touches.
function rank(changed) {
  const weighed = changed
    .map((file) => ({ ...file, weight: (file.commits - 1) * file.lines }))
    .sort(by("weight"));
  const most = weighed[0]?.weight || 1;
  return weighed.map(({ weight, ...file }) => ({ ...file, score: Math.round((100 * weight) / most) }));
}

function coupling(commits, changes) {
  const pairs = new Map();
  for (const { merge, files } of commits) {
    const paths = [...new Set(files.map(([path]) => path))].filter((path) => changes.has(path)).sort();
    if (merge || paths.length > MAX_COUPLED_FILES) continue;
    for (const [index, a] of paths.entries()) {
      for (const b of paths.slice(index + 1)) {
        const key = `${a}\0${b}`;
        pairs.set(key, (pairs.get(key) ?? 0) + 1);
      }
    }
  }
  return [...pairs]
    .filter(([, together]) => together >= MIN_TOGETHER)
    .map(([key, together]) => {
      const [a, b] = key.split("\0");
      return {
        a,
        b,
        path: a,
        together,
        share: together / Math.min(changes.get(a).commits, changes.get(b).commits),
      };
    })
    .filter(({ share }) => share >= 0.5)
    .sort(by("together", "share"));
}

// The share of all changes that falls on the most changed tenth of the files: 10 % would be perfectly even.
function concentration(files) {
  const counts = files
    .map(({ commits }) => commits)
    .filter((commits) => commits > 0)
    .sort((a, b) => b - a);
  const all = counts.reduce((sum, commits) => sum + commits, 0);
  const top = Math.ceil(counts.length / 10);
  const share = all === 0 ? 0 : counts.slice(0, top).reduce((sum, commits) => sum + commits, 0) / all;
  return { files: counts.length, changes: all, topFiles: top, share };
}

function report({ largest, hotspots, coupling: pairs, concentration: spread }) {
  const name = (file, words) => (file ? [plain(file.path, 60), words(file)] : ["none"]);
  say([
    ["largest", ...name(largest[0], ({ lines }) => `${count(lines)} lines`)],
    [
      "hottest",
      ...name(hotspots[0], ({ commits, lines }) => `${many(commits, "change")}, ${count(lines)} lines`),
    ],
    [
      "spread",
      `${percent(spread.share)} of changes on ${many(spread.topFiles, "file")} of ${count(spread.files)}`,
    ],
    ["coupled", many(pairs.length, "pair"), "of files that mostly change together"],
  ]);
}
