import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import { ask } from "./git.mjs";
import { parseJson } from "./manifests.mjs";

const MAX_PACKAGES = 3000;
const FAMILIES = [
  ["strong copyleft", /^(A?GPL|SSPL|OSL|EUPL)/i],
  ["weak copyleft", /^(LGPL|MPL|EPL|CDDL)/i],
  [
    "permissive",
    /^(MIT|ISC|0?BSD|Apache|CC0|CC-BY-\d|Unlicense|WTFPL|Zlib|BlueOak|Python|PSF|BSL-1|Artistic|X11|OFL)/i,
  ],
];
const ORDER = ["permissive", "weak copyleft", "strong copyleft", "unknown"];

/** How much a licence asks of its user. `A OR B` is the easier of the two, `A AND B` the harder. */
export function family(licence) {
  const expression = String(licence ?? "")
    .replace(/[()]/g, " ")
    .trim();
  const parts = (separator) =>
    expression
      .split(separator)
      .map(family)
      .sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
  if (/\sOR\s/i.test(expression)) return parts(/\sOR\s/i)[0];
  if (/\sAND\s/i.test(expression)) return parts(/\sAND\s/i).at(-1);
  return FAMILIES.find(([, pattern]) => pattern.test(expression))?.[0] ?? "unknown";
}

/**
 * The npm packages that are installed, with version, licence and depth (0: what the repository itself sees), from
 * the node_modules of this folder, of one above it, or of the local repository this one was cloned from (a clone
 * has no node_modules of its own yet).
 */
export function installedPackages() {
  const folders = [];
  for (let folder = process.cwd(); ; folder = dirname(folder)) {
    folders.push(folder);
    if (folder === dirname(folder)) break;
  }
  const origin = ask("config", "--get", "remote.origin.url")?.replace(/^file:\/\//, "");
  if (origin && isAbsolute(origin)) folders.push(origin.replace(/\/\.git\/?$/, ""));
  const root = folders.map((folder) => join(folder, "node_modules")).find((folder) => existsSync(folder));
  return root ? collect(root, 0, []) : [];
}

function collect(folder, depth, found) {
  for (const entry of entries(folder)) {
    if (found.length >= MAX_PACKAGES || entry.name.startsWith(".")) continue;
    const path = join(folder, entry.name);
    if (entry.name.startsWith("@")) {
      collect(path, depth, found);
      continue;
    }
    const manifest = read(join(path, "package.json"));
    if (typeof manifest?.name !== "string") continue;
    const version = String(manifest.version ?? "");
    found.push({ name: manifest.name, version, licence: licenceOf(manifest), depth });
    // A link may lead back to where we came from.
    if (entry.isDirectory()) collect(join(path, "node_modules"), depth + 1, found);
  }
  return found;
}

function entries(folder) {
  try {
    return readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    return [];
  }
}

function read(path) {
  try {
    return parseJson(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

function licenceOf({ license, licenses }) {
  const named = license ?? licenses;
  const list = (Array.isArray(named) ? named : [named]).map((one) => one?.type ?? one);
  const known = list.filter((one) => typeof one === "string" && one);
  return known.length > 0 ? known.join(" OR ") : null;
}

const TEXTS = [
  ["MIT", /\bMIT License\b|Permission is hereby granted, free of charge/i],
  ["Apache-2.0", /Apache License\s+Version 2\.0/i],
  ["AGPL-3.0", /GNU AFFERO GENERAL PUBLIC LICENSE/i],
  ["LGPL", /GNU LESSER GENERAL PUBLIC LICENSE/i],
  ["GPL", /GNU GENERAL PUBLIC LICENSE/i],
  ["MPL-2.0", /Mozilla Public License/i],
  ["ISC", /\bISC License\b|Permission to use, copy, modify, and\/or distribute/i],
  ["BSD", /Redistribution and use in source and binary forms/i],
  ["Unlicense", /This is free and unencumbered software/i],
];

/** The name of the licence whose text this is, or null. */
export const licenceOfText = (text) => TEXTS.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
