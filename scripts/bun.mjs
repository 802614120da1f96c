// Finds Bun in exactly the version that package.json pins, or brings it from npm.
import { spawnSync } from "node:child_process";
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { root, run } from "./process.mjs";
import { explain } from "./setup-error.mjs";

const exe = process.platform === "win32" ? "bun.exe" : "bun";
const bootstrap = join(root, "node_modules", ".bun-bootstrap");

// The binary is inside the platform's package, so Bun's install script (which npm may hold back) is not needed; npm's own
// pauses between retries would let an offline machine wait for more than a minute.
const installFlags = [
  ...["--ignore-scripts", "--no-save", "--no-package-lock", "--no-audit", "--no-fund", "--include=optional"],
  ...["--loglevel=error", "--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=8000"],
];

/** The version of Bun that package.json pins. */
export const bunVersion = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).dependencies.bun;

/** A working Bun of the pinned version among the installed packages, or undefined. */
export function installedBun() {
  return candidates(root).find(works);
}

/** Any working Bun of the pinned version, brought from npm if this machine has none. */
export async function bringBun() {
  const found = installedBun() ?? ["bun", ...candidates(bootstrap)].find(works);
  if (found) return found;

  // Not with the project's own package.json: npm would then install everything, from another lock file than ours.
  mkdirSync(bootstrap, { recursive: true });
  writeFileSync(join(bootstrap, "package.json"), '{ "private": true }\n');
  const { code, output } = await npm([
    "install",
    `--prefix=${bootstrap}`,
    ...installFlags,
    `bun@${bunVersion}`,
  ]);
  const brought = candidates(bootstrap).find(works);
  if (brought) return brought;
  throw explain(`Bun ${bunVersion} could not be brought from npm`, code === 0 ? noBinary() : output);
}

/** Forgets the Bun that was only needed to install the packages, which include Bun. */
export function dropBootstrap() {
  if (existsSync(bootstrap)) rmSync(bootstrap, { recursive: true, force: true });
}

/** What npm would use to reach its registry, for a Bun that can't find it on its own. */
export async function npmNetwork() {
  const { code, output } = await npm(["config", "get", "registry", "cafile", "--loglevel=silent"]);
  const value = (key) => output.match(new RegExp(`^${key}=(.+)$`, "m"))?.[1]?.trim();
  if (code !== 0) return {};
  const given = (text) => (text && text !== "null" && text !== "undefined" ? text : undefined);
  return { registry: given(value("registry")), cafile: given(value("cafile")) };
}

/** Bun and npm keep a cache in the home folder; where that can't be written, it is kept inside the checkout. */
export function cacheEnv() {
  try {
    accessSync(homedir(), constants.W_OK);
    return {};
  } catch {
    const cache = join(root, "node_modules", ".cache");
    return { BUN_INSTALL_CACHE_DIR: join(cache, "bun"), npm_config_cache: join(cache, "npm") };
  }
}

function npm(args) {
  const env = { ...process.env, ...cacheEnv() };
  // Inside `npm run` the script of that very npm is known, which also avoids npm.cmd on Windows.
  const script = process.env.npm_execpath;
  if (script && /npm-cli\.[cm]?js$/.test(script) && !process.versions.bun)
    return run(process.execPath, [script, ...args], { env });
  return run(process.platform === "win32" ? "npm.cmd" : "npm", args, { env });
}

function candidates(folder) {
  const modules = join(folder, "node_modules");
  const platforms = join(modules, "@oven");
  const inPlatform = existsSync(platforms)
    ? readdirSync(platforms).map((name) => join(platforms, name, "bin", exe))
    : [];
  // Before its install script has run, bun.exe is a placeholder, and after it the platform's package is empty.
  return [join(modules, "bun", "bin", "bun.exe"), ...inPlatform].filter((file) => existsSync(file));
}

function works(file) {
  const { stdout } = spawnSync(file, ["--version"], { encoding: "utf8", timeout: 20_000 });
  return stdout?.trim() === bunVersion;
}

function noBinary() {
  return `npm installed no binary of Bun that runs on ${process.platform}-${process.arch}`;
}
