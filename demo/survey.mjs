// What is here: files, languages, history. Everything later reads the two lists that this step leaves
// (files.json, commits.json) and never asks for them again.
import { basename } from "node:path";
import { classify, isOwn, readText } from "./lib/files.mjs";
import { ask, git } from "./lib/git.mjs";
import { byPeriod, isoDay, readHistory } from "./lib/history.mjs";
import { parseJson } from "./lib/manifests.mjs";
import { count, many, percent, plain } from "./lib/markdown.mjs";
import { Refusal, runStep, say } from "./lib/step.mjs";

const MAX_FILES = 50_000;

await runStep(() => {
  if (git("rev-parse", "--is-inside-work-tree").trim() !== "true")
    throw new Refusal("this git repository is bare: it has no files to look at");
  if (!ask("rev-parse", "--verify", "HEAD")) throw new Refusal("this git repository has no commits yet");

  const paths = git("ls-files", "-z")
    .split("\0")
    .filter((path) => path && isOwn(path));
  const files = [...new Set(paths)].slice(0, MAX_FILES).map(inspect);
  const repository = describe();
  const { commits, capped } = readHistory(repository);
  const output = {
    repository,
    files: { ...totals(files), capped: paths.length > MAX_FILES },
    kinds: groupLines(files, "kind"),
    languages: languages(files),
    history: { ...summarise(commits), capped },
  };
  report(output);
  return { output, files: { "files.json": files, "commits.json": commits } };
});

function inspect(path) {
  const { text, bytes, skipped } = readText(path);
  const kind = classify(path, text?.slice(0, 100).split("\n")[0]);
  return { path, bytes, lines: text ? countLines(text) : 0, ...kind, ...(skipped && { skipped }) };
}

function countLines(text) {
  let lines = text.endsWith("\n") ? 0 : 1;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines += 1;
  return lines;
}

function describe() {
  return {
    name: nameOf(ask("config", "--get", "remote.origin.url") ?? ""),
    folder: (ask("rev-parse", "--show-prefix") ?? "").replace(/\/$/, ""),
    branch: ask("symbolic-ref", "--short", "-q", "HEAD"),
    head: ask("rev-parse", "--short=12", "HEAD"),
    shallow: ask("rev-parse", "--is-shallow-repository") === "true",
  };
}

// By the address it came from, by its manifest, or by its folder: a local clone may stand in any folder.
function nameOf(origin) {
  const remote = /^(?!file:)[^/\\]+:/i.test(origin) && basename(origin.replace(/(\/|\.git)+$/, ""));
  const manifest = parseJson(readText("package.json").text ?? "null")?.name;
  return remote || (typeof manifest === "string" && manifest) || basename(process.cwd());
}

function totals(files) {
  const skipped = (reason) => files.filter((file) => file.skipped === reason).length;
  return {
    total: files.length,
    lines: files.reduce((sum, file) => sum + file.lines, 0),
    bytes: files.reduce((sum, file) => sum + file.bytes, 0),
    binary: skipped("binary"),
    large: skipped("large"),
    unread: skipped("special") + skipped("missing"),
  };
}

function groupLines(files, key) {
  const groups = new Map();
  for (const file of files) {
    const group = groups.get(file[key]) ?? { name: file[key], files: 0, lines: 0 };
    group.files += 1;
    group.lines += file.lines;
    groups.set(file[key], group);
  }
  return [...groups.values()].sort(
    (a, b) => b.lines - a.lines || b.files - a.files || (a.name < b.name ? -1 : 1),
  );
}

// The languages people program in; a repository without any is measured by whatever text it holds.
function languages(files) {
  const read = files.filter((file) => !file.skipped && file.kind !== "generated" && file.lines > 0);
  const programmed = read.filter(({ kind }) => kind === "code" || kind === "test");
  const measured = groupLines(programmed.length > 0 ? programmed : read, "language");
  const all = measured.reduce((sum, { lines }) => sum + lines, 0);
  return measured.map((language) => ({ ...language, share: language.lines / all }));
}

function summarise(commits) {
  const authors = new Map();
  for (const { author, merge } of commits) if (!merge) authors.set(author, (authors.get(author) ?? 0) + 1);
  const times = commits.map(({ time }) => time);
  return {
    commits: commits.length,
    merges: commits.filter(({ merge }) => merge).length,
    first: times.length ? isoDay(Math.min(...times)) : null,
    last: times.length ? isoDay(Math.max(...times)) : null,
    authors: [...authors]
      .map(([name, written]) => ({ name, commits: written }))
      .sort((a, b) => b.commits - a.commits),
    perPeriod: byPeriod(commits),
  };
}

function report({ repository, files, languages: found, history }) {
  const top = found.slice(0, 4).map(({ name, share }) => `${name} ${percent(share)}`);
  say([
    ["repository", plain(repository.name), `${repository.branch ?? "no branch"} at ${repository.head}`],
    ["files", count(files.total), `${count(files.lines)} lines, ${count(files.binary)} binary`],
    ["languages", top.join(", ") || "none"],
    [
      "history",
      many(history.commits, "commit"),
      [...new Set([history.first, history.last])].join(" to "),
      many(history.authors.length, "author"),
    ],
  ]);
  if (repository.shallow) console.log("The clone is shallow: older history is not here.");
}
