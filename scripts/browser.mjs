// Finds a Chromium for the end-to-end tests, or installs Debian's where that needs no question (root, apt-get).
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { run } from "./process.mjs";

const APT_TIMEOUT_MS = 420_000;
const names = [
  "chromium",
  "chromium-browser",
  "google-chrome",
  "google-chrome-stable",
  "chrome",
  "microsoft-edge",
];
const macApps = ["Google Chrome", "Chromium", "Microsoft Edge"];

/** Resolves to `{path}` of a browser that starts, or to `{reason}` why there is none. */
export async function findOrInstallBrowser(say) {
  const asked = process.env.THREADOS_BROWSER;
  if (asked) return starts(asked) ? { path: asked } : { reason: `THREADOS_BROWSER=${asked} does not start` };
  const found = find();
  if (found) return { path: found };
  if (process.platform !== "linux" || process.getuid?.() !== 0 || !onPath("apt-get")) {
    return { reason: "no Chromium or Chrome was found (set THREADOS_BROWSER to one)" };
  }
  say("no browser found: installing Debian's chromium (about 110 MB) …");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args) => run("apt-get", args, { env, timeoutMs: APT_TIMEOUT_MS });
  const updated = await apt("-q", "update");
  const installed = await apt(
    "-q",
    "-y",
    "-o",
    "DPkg::Lock::Timeout=120",
    "install",
    "--no-install-recommends",
    "chromium",
  );
  const path = find();
  if (path) return { path };
  const last = (installed.output || updated.output).trim().split("\n").at(-1) ?? "";
  return { reason: `apt-get could not install chromium (${last})` };
}

function find() {
  const apps = macApps.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  return [...names.map(onPath), ...apps].find((path) => path && existsSync(path) && starts(path));
}

function onPath(name) {
  const folders = (process.env.PATH ?? "").split(":").filter(Boolean);
  return folders.map((folder) => `${folder}/${name}`).find((path) => existsSync(path));
}

// A snap's stub or a half-installed package is on the PATH without being a browser.
function starts(path) {
  return spawnSync(path, ["--version"], { timeout: 30_000, stdio: "ignore" }).status === 0;
}
