// What this repository builds on: declared dependencies of any common ecosystem, whether they are locked, and
// the licences of what is installed.
import { readText } from "./lib/files.mjs";
import { family, installedPackages, licenceOfText } from "./lib/licences.mjs";
import { lockAt, manifestAt, parseJson } from "./lib/manifests.mjs";
import { many } from "./lib/markdown.mjs";
import { runStep, say } from "./lib/step.mjs";

const MAX_LOCK_BYTES = 32 * 1024 * 1024;
const MAX_MANIFESTS = 100;
const SCOPES = ["runtime", "peer", "development"];
const SAMPLE = /(^|\/)(tests?|fixtures|examples?|testdata|__tests__)\//;
// Ranges that let anything in, or that no registry vouches for.
const LOOSE = /^(\*|x|latest|next|>=?\s*[\d.]+|)$|^(git|https?|github:)/;

await runStep((inputs) => {
  const paths = inputs
    .need("survey", "files.json")
    .map(({ path }) => path)
    .filter((path) => !SAMPLE.test(path));
  const manifests = paths.filter(manifestAt).slice(0, MAX_MANIFESTS).map(readManifest);
  const locks = paths.flatMap(readLock);
  const installed = manifests.some(({ ecosystem }) => ecosystem === "npm") ? installedPackages() : [];
  const own = new Set(manifests.map(({ name }) => name));
  const direct = manifests
    .flatMap((manifest) => declared(manifest, installed))
    .filter(({ name }) => !own.has(name));
  direct.sort((a, b) => SCOPES.indexOf(a.scope) - SCOPES.indexOf(b.scope));

  const output = {
    ownLicence: ownLicence(paths, manifests),
    manifests: manifests.map(({ path, ecosystem, dependencies }) => ({
      path,
      ecosystem,
      dependencies: dependencies.length,
    })),
    locks,
    direct,
    installed: installed.length,
    licences: tally(installed.map(({ licence }) => licence ?? "not stated")),
    concerns: installed
      .map((one) => ({ ...one, family: family(one.licence) }))
      .filter((one) => one.family === "strong copyleft" || one.family === "unknown"),
  };
  report(output);
  return { output };
});

function readManifest(path) {
  const { ecosystem, read } = manifestAt(path);
  const text = readText(path).text ?? "";
  const json = ecosystem === "npm" ? parseJson(text) : null;
  return { path, ecosystem, dependencies: read(text), name: json?.name, licence: json?.license };
}

function readLock(path) {
  const countPackages = lockAt(path);
  if (!countPackages) return [];
  const { text } = readText(path, MAX_LOCK_BYTES);
  return [{ path, packages: text === undefined ? null : countPackages(text) }];
}

function declared({ path, ecosystem, dependencies }, installed) {
  return dependencies.map(({ name, range, scope }) => {
    const found =
      ecosystem === "npm" ? installed.find((one) => one.depth === 0 && one.name === name) : undefined;
    const licence = found?.licence ?? null;
    const loose = LOOSE.test(range) && !range.startsWith("workspace:");
    return { name, range, scope, ecosystem, manifest: path, version: found?.version ?? null, licence, loose };
  });
}

function ownLicence(paths, manifests) {
  const file = paths.find((path) => /^(LICEN[CS]E|COPYING|UNLICENSE)(\.(md|txt))?$/i.test(path));
  const named = file ? licenceOfText(readText(file).text ?? "") : null;
  const stated = manifests.find(({ path }) => path === "package.json")?.licence;
  return { file: file ?? null, name: named ?? (typeof stated === "string" ? stated : null) };
}

function tally(names) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts]
    .map(([name, packages]) => ({ name, packages, family: family(name) }))
    .sort((a, b) => b.packages - a.packages || (a.name < b.name ? -1 : 1));
}

function report({ ownLicence: own, manifests, locks, direct, installed, licences }) {
  const ecosystems = [...new Set(manifests.map(({ ecosystem }) => ecosystem))].join(", ");
  const top = licences.slice(0, 4).map(({ name, packages }) => `${name} ${packages}`);
  say([
    ["own licence", own.name ?? "not stated"],
    ["manifests", manifests.length, ecosystems],
    ["declared", many(direct.length, "dependency", "dependencies")],
    [
      "locked",
      ...(locks.length
        ? locks.map(({ path, packages }) => `${path}: ${packages ?? "not read"}`)
        : ["no lock file"]),
    ],
    [
      "licences",
      installed
        ? `${many(installed, "package")} installed: ${top.join(", ")}`
        : "nothing installed to read them from",
    ],
  ]);
}
