import * as fs from "node:fs";
import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { lstatOf, namesIn, statOf } from "../files/presence";
import { isTelling, isWithin, keyPlaces } from "./hidden";

/** What decides which programs a sandbox shows of the folders that stand empty in it. */
export interface Looking {
  root: string;
  home: string;
  /** The search path. */
  path: string;
  /** The words that are started, and those that start seqctl again. */
  words: readonly string[];
  program: readonly string[];
  /** Folders that steps may write to: no link in them is a reason to show anything. */
  theirs: readonly string[];
  /** Folders that stand empty. */
  hidden: readonly string[];
}

/** Below the home folder: whole folders of versions that what stands on the search path only points into. */
const versions = (
  ".rustup .nvm .pyenv .rbenv .nodenv .asdf .volta .sdkman .jenv .goenv .juliaup .local/lib .local/pipx " +
  ".local/share/uv .local/share/mise .local/share/fnm .local/share/pipx .local/share/pnpm .local/share/claude " +
  ".cache/ms-playwright .cache/puppeteer .cache/Cypress .elan .rye .proto"
).split(" ");

/** Below the home folder: what holds programs beside much else, so that only the programs are shown. */
const mixed = ". .local .local/share .config .cache .cargo .bun go .ssh .gnupg .aws .kube .docker".split(" ");

/** What stands beside the `bin` of an installation, and seldom beside one that a program made in its folder of settings. */
const partsOfInstallations =
  "lib lib64 libexec share gems package.json autoload.php pyvenv.cfg LICENSE LICENSE.txt LICENSE.md".split(
    " ",
  );

const mostLinks = 500;
const mostHops = 8;
const executable = 0o111;

/**
 * Programs below hidden folders that a step may call by name, with what belongs to them: what stands on the search path, where
 * its links lead, what the command itself names below a temporary folder, and seqctl.
 */
export function visibleTools(at: Looking): string[] {
  const shown = new Set<string>();
  const isTheirs = (path: string) => at.theirs.some((folder) => isWithin(resolve(path), folder));
  const isHidden = (path: string) => at.hidden.some((folder) => isWithin(path, folder));
  const isShown = (path: string) => [...shown].some((folder) => isWithin(path, folder));
  const show = (path: string) => {
    if (isHidden(path) && !isShown(path) && fs.existsSync(path) && !holdsSocket(path)) shown.add(path);
  };
  for (const name of versions) show(join(at.home, name));
  for (const folder of new Set(at.path.split(":"))) {
    if (!isAbsolute(folder) || !isHidden(folder) || isTheirs(folder)) continue;
    const place = installationOf(resolve(folder), at);
    // The home folder itself on the search path is no reason to show it.
    if (!isShared(place, at)) show(place);
    for (const target of place === resolve(folder) ? linksIn(folder, isTheirs) : []) show(toolAt(target, at));
  }
  const [first, ...others] = at.words;
  const isTemporary = (word: string) => isAbsolute(word) && !isWithin(word, at.home) && isHidden(word);
  const named = [...(first === undefined ? [] : [first]), ...others.filter(isTemporary), ...at.program];
  for (const word of named.filter((each) => isAbsolute(each)))
    for (const place of [word, ...follow(word, isTheirs)]) if (isPlain(place)) show(toolAt(place, at));
  return [...shown];
}

/** A folder that holds the workspace, the home folder or much else besides programs is never shown whole. */
function isShared(folder: string, { root, home, hidden }: Looking): boolean {
  const holds = [root, home, ...hidden].some((inner) => isWithin(inner, folder));
  return holds || mixed.some((name) => join(home, name) === folder);
}

/**
 * The folder that programs of a `bin` folder belong to: the one above if it is an installation. Many programs stand in a `bin`
 * beside what they keep of a person (`~/.pulumi/credentials.json`).
 */
function installationOf(folder: string, at: Looking): string {
  const above = dirname(folder);
  const isBin = /^(?:s?bin|shims|condabin)$/.test(basename(folder));
  return isBin && !isShared(above, at) && isInstallation(above) ? above : folder;
}

function isInstallation(folder: string): boolean {
  const names = namesIn(folder);
  return partsOfInstallations.some((part) => names.includes(part)) && !names.some(isTelling);
}

/** Whether a folder below the home folder is one of settings, by the dot of its name. */
function isOfSettings(folder: string, { home }: Looking): boolean {
  return isWithin(folder, home) && folder.slice(home.length).startsWith("/.") && !isInstallation(folder);
}

/** Keys within folders that are shown: what stands at a usual place, or bears a telling name and is no program. */
export function keysAmong(shown: readonly string[], home: string): string[] {
  const usual = keyPlaces.map((name) => join(home, name));
  const within = usual.filter((path) => shown.some((folder) => isWithin(path, folder)));
  const beside = shown.flatMap((folder) =>
    namesIn(folder)
      .filter(isTelling)
      .map((name) => join(folder, name))
      .filter((path) => ((lstatOf(path)?.mode ?? 0) & executable) === 0 && statOf(path)?.isFile()),
  );
  // A link leads to what is not shown, or covered at its own place; nothing can be laid over it.
  return [...new Set([...within, ...beside])].filter((path) => !lstatOf(path)?.isSymbolicLink());
}

/** What has to be there for a program to run: its package, its installation, or the folder beside it. */
function toolAt(path: string, at: Looking): string {
  const packages = path.indexOf("/node_modules/");
  if (packages >= 0) return path.slice(0, packages + "/node_modules".length);
  if (statOf(path)?.isDirectory()) return isShared(path, at) ? "" : path;
  const folder = installationOf(dirname(path), at);
  const above = dirname(folder);
  if (fs.existsSync(join(above, "package.json")) && !isShared(above, at)) return above;
  const isAlone = isShared(folder, at) || isOfSettings(folder, at) || /^s?bin$/.test(basename(folder));
  return isAlone || namesIn(folder).some(isTelling) ? path : folder;
}

/** A folder with a socket in it is the way to some other program, such as one that holds keys. */
function holdsSocket(path: string): boolean {
  return (
    statOf(path)?.isDirectory() === true &&
    namesIn(path).some((name) => lstatOf(join(path, name))?.isSocket())
  );
}

function isPlain(path: string): boolean {
  const stat = statOf(path);
  return stat?.isFile() === true || stat?.isDirectory() === true;
}

function linksIn(folder: string, isTheirs: (path: string) => boolean): string[] {
  const links = namesIn(folder).filter((name) => lstatOf(join(folder, name))?.isSymbolicLink());
  return links.slice(0, mostLinks).flatMap((name) => follow(join(folder, name), isTheirs));
}

/** Each place on the way of a link: all of them have to be there for it to lead anywhere. */
function follow(link: string, isTheirs: (path: string) => boolean): string[] {
  const places: string[] = [];
  for (let at = link; places.length < mostHops && !isTheirs(at); ) {
    try {
      at = resolve(dirname(at), fs.readlinkSync(at));
    } catch {
      break;
    }
    places.push(at);
  }
  return places;
}
