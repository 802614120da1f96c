// What goes wrong while setting up, said so that one knows what to do.
import { realpathSync, statfsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { root } from "./process.mjs";

const NEEDED_BYTES = 1.5e9;

/** A failure that is the machine's, not a bug: shown without a stack trace. */
export class SetupError extends Error {}

const remedies = [
  [
    /ENOSPC|NoSpaceLeft|no space left/i,
    "The disk is full. About 1.5 GB are needed in this folder and in the package cache.",
  ],
  [
    /EACCES|EPERM|AccessDenied|permission denied|EROFS|ReadOnlyFileSystem/i,
    "A folder can't be written. Check who owns this folder and your home folder (no sudo needed).",
  ],
  [
    /CERT|certificate|self.signed|UNABLE_TO_/i,
    "A certificate was not trusted. Behind a company proxy set NODE_EXTRA_CA_CERTS to its bundle.",
  ],
  [
    /E401|E403|\b40[13]\b/,
    "The package registry wants a login. See `npm config get registry` and your ~/.npmrc.",
  ],
  [
    /E404|ETARGET|\b404\b|No version matching/i,
    "The package registry lacks a package. See `npm config get registry`; a mirror may be out of date.",
  ],
  [/frozen/i, "package.json and bun.lock disagree. Run `node_modules/.bin/bun install` and commit bun.lock."],
  [
    /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|ConnectionRefused|ConnectionClosed|Unable to connect|DNS|network|timed? ?out|FailedToOpenSocket/i,
    "No package registry was reached. Check the network, a proxy (HTTPS_PROXY), and `npm config get registry`; then run it again.",
  ],
  [/ENOENT.*npm|npm.*ENOENT|spawn npm/i, "npm was not found on the PATH. It comes with Node.js >= 20."],
];

/** Turns the output of a failed program into one error with a remedy. */
export function explain(what, output) {
  const remedy = remedies.find(([pattern]) => pattern.test(output))?.[1];
  const free = freeBytes();
  const lines = [what];
  if (remedy) lines.push(`  ${remedy}`);
  if (free < NEEDED_BYTES) lines.push(`  Only ${(free / 1e9).toFixed(1)} GB are free on this disk.`);
  const tail = output.trim().split("\n").slice(-25).join("\n");
  if (tail) lines.push("", tail);
  return new SetupError(lines.join("\n"));
}

function freeBytes() {
  try {
    const { bavail, bsize } = statfsSync(root);
    return bavail * bsize;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** Runs `work` if the module is the program itself (not imported); a SetupError becomes a message and exit code 1. */
export async function asProgram(moduleUrl, name, work) {
  if (!process.argv[1] || realpathSync(process.argv[1]) !== fileURLToPath(moduleUrl)) return;
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    console.error(`\n${name} failed: ${error.message}`);
    process.exitCode = 1;
  }
}
