import { capital, code, count, many, percent, section, table, words } from "./markdown.mjs";

const TOP = 10;
const MAX_LISTED = 30;

const absent = (title, step) => section(title, `Step \`${step}\` left no result in this run.`);

/** What the repository consists of. */
export function files({ survey: { kinds, languages, files: found, history: past }, hotspots: hot }) {
  const notes = [
    found.binary && `${many(found.binary, "binary file")}`,
    found.large && `${many(found.large, "file")} over 1 MiB`,
    found.unread &&
      `${many(found.unread, "link, submodule or missing file", "links, submodules or missing files")}`,
  ].filter(Boolean);
  const cut =
    (found.capped || past.capped) &&
    "The repository is very large: only the first 50,000 files and the newest 5,000 commits were read.";
  return section(
    "Files and languages",
    table(
      ["Language", "Files:", "Lines:", "Share:"],
      languages
        .slice(0, TOP)
        .map((one) => [one.name, count(one.files), count(one.lines), percent(one.share)]),
    ),
    table(
      ["Kind of file", "Files:", "Lines:"],
      kinds.map((kind) => [capital(kind.name), count(kind.files), count(kind.lines)]),
    ),
    notes.length > 0 && `Not read for their lines: ${notes.join(", ")}.`,
    cut,
    hot &&
      hot.largest.length > 0 &&
      `### Largest source files\n\n${table(
        ["File", "Language", "Lines:"],
        hot.largest.map((file) => [code(file.path), file.language, count(file.lines)]),
      )}`,
  );
}

/** The test inventory. */
export function tests({ tests: found }) {
  if (!found) return absent("Tests", "tests");
  if (found.files === 0) return section("Tests", "No tests were found.");
  const ci =
    found.ci.length > 0
      ? `Continuous integration: ${found.ci.map((path) => code(path)).join(", ")}.`
      : "No continuous integration was found.";
  return section(
    "Tests",
    `${many(found.cases, "case")} in ${many(found.files, "file")}, ${many(found.testLines, "line")}; ${found.skipped} switched off, ${found.focused} focused. ${ci}`,
    table(
      ["Folder", "Files:", "Cases:", "Lines:"],
      found.byFolder.map((one) => [code(one.folder), one.files, count(one.cases), count(one.lines)]),
    ),
    found.unnamed.length > 0 &&
      `### Largest code that no test names\n\n${table(
        ["File", "Lines:"],
        found.unnamed.map((file) => [code(file.path), count(file.lines)]),
      )}`,
  );
}

/** Where change gathers. */
export function hotspots({ hotspots: found }) {
  if (!found) return absent("Hotspots", "hotspots");
  if (found.changed.length === 0)
    return section("Hotspots", "No file has changed more than once: there is nothing to rank yet.");
  const hot = found.hotspots.map((file) => [
    code(file.path),
    file.commits,
    count(file.churn),
    count(file.lines),
    file.authors,
    file.score,
  ]);
  const pairs = found.coupling.map(({ a, b, together, share }) => [
    code(a, 45),
    code(b, 45),
    together,
    percent(share),
  ]);
  return section(
    "Hotspots",
    "Files that are long and change often, with the heat of the hottest set to 100.",
    hot.length > 0 && table(["File", "Commits:", "Changed lines:", "Lines:", "Authors:", "Heat:"], hot),
    `### Most changed files\n\n${table(
      ["File", "Commits:", "Changed lines:", "Mostly by"],
      found.changed.map((file) => [
        code(file.path),
        file.commits,
        count(file.churn),
        words(file.mainAuthor ?? "", 30),
      ]),
    )}`,
    pairs.length > 0 &&
      `### Files that change together\n\n${table(["File", "and file", "Times:", "Of the rarer one:"], pairs)}`,
  );
}

/** What comments say is still to be done. */
export function todos({ todos: found }) {
  if (!found) return absent("Unfinished work", "todos");
  if (found.total === 0) return section("Unfinished work", "No comment notes any unfinished work.");
  const rows = found.items
    .slice(0, TOP)
    .map((one) => [
      code(`${one.path}:${one.line}`),
      one.marker,
      one.since ?? "–",
      words(one.note, 80) || "–",
    ]);
  const kinds = found.byMarker.map(({ name, total }) => `${name} ${total}`).join(", ");
  return section(
    "Unfinished work",
    `${many(found.total, "note")} in comments (${kinds}). ${found.items[0].since ? "The oldest:" : "The first:"}`,
    table(["Where", "Mark", "Since", "What it says"], rows),
  );
}

/** What the repository builds on, and under which licences. */
export function dependencies({ dependencies: found }) {
  if (!found) return absent("Dependencies and licences", "dependencies");
  const own = `The repository's own licence: ${found.ownLicence.name ? words(found.ownLicence.name, 40) : found.ownLicence.file ? code(found.ownLicence.file) : "not stated"}.`;
  if (found.manifests.length === 0)
    return section("Dependencies and licences", own, "No manifest declares any dependency.");
  const locks = found.locks.map(
    ({ path, packages }) =>
      `${code(path)} pins ${packages === null ? "packages" : many(packages, "package")}`,
  );
  const listed = found.direct.slice(0, MAX_LISTED);
  const direct = listed.map((one) => [
    ...[code(one.name, 40), one.ecosystem, one.scope, code(one.range || "any", 24)],
    ...(found.installed > 0
      ? [one.version ? code(one.version, 24) : "–", one.licence ? words(one.licence, 30) : "–"]
      : []),
  ]);
  const heads = [
    "Dependency",
    "From",
    "For",
    "Range",
    ...(found.installed > 0 ? ["Installed", "Licence"] : []),
  ];
  const licences = found.licences.slice(0, TOP).map((one) => [words(one.name, 40), one.packages, one.family]);
  const concerns = found.concerns
    .slice(0, TOP)
    .map((one) => [code(one.name, 40), words(one.licence ?? "not stated", 40), one.family]);
  return section(
    "Dependencies and licences",
    own,
    `${many(found.direct.length, "dependency", "dependencies")} declared in ${found.manifests
      .map(({ path }) => code(path))
      .slice(0, 5)
      .join(", ")}. ${locks.length > 0 ? `${locks.join(", ")}.` : "No lock file."}`,
    direct.length > 0 && table(heads, direct),
    found.direct.length > listed.length && `And ${count(found.direct.length - listed.length)} more.`,
    licences.length > 0 &&
      `### Licences of the ${many(found.installed, "installed package")}\n\n${table(["Licence", "Packages:", "Family"], licences)}`,
    concerns.length > 0 && `### Licences to look at\n\n${table(["Package", "Licence", "Family"], concerns)}`,
  );
}
