// Makes a fresh checkout runnable with nothing but Node >= 20 and npm: Bun, packages, build. Done again, it does nothing.
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { build } from "./build.mjs";
import { bringBun, bunVersion, cacheEnv, dropBootstrap, installedBun, npmNetwork } from "./bun.mjs";
import { root, run } from "./process.mjs";
import { asProgram, explain, SetupError } from "./setup-error.mjs";
import { digest, isDone, markDone } from "./stamp.mjs";

const INSTALL_TIMEOUT_MS = 900_000;
const LOCK_POLL_MS = 200;
const LOCK_MAX_AGE_MS = 1_800_000;

/** Sets up what is missing and resolves to the path of Bun. Throws a SetupError that says what to do. */
export async function setup({ say = (line) => console.error(`setup: ${line}`) } = {}) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 9)) {
    throw new SetupError(
      `Node.js ${process.versions.node} is too old: 20.9 or newer is needed (https://nodejs.org).`,
    );
  }
  return await alone(async () => {
    await installPackages(say);
    await build({ say });
    const bun = installedBun();
    if (!bun) throw new SetupError("Bun vanished during the set-up. Remove node_modules and run it again.");
    return bun;
  }, say);
}

async function installPackages(say) {
  const value = digest(["bun.lock", "package.json"], [bunVersion, process.platform, process.arch]);
  if (isDone("installed", value) && installedBun()) return;

  const start = performance.now();
  say(`installing the packages of bun.lock with Bun ${bunVersion} …`);
  const bun = await bringBun();
  let { code, output } = await install(bun);
  if (code !== 0 && !/frozen/i.test(output)) {
    // Bun reads .npmrc files, but not every place where npm keeps a registry or a certificate.
    const { registry, cafile } = await npmNetwork();
    const again = await install(
      bun,
      registry && { BUN_CONFIG_REGISTRY: registry },
      cafile && [`--cafile=${cafile}`],
    );
    if (again.code === 0) ({ code, output } = again);
  }
  if (code !== 0)
    throw explain("The packages could not be installed (`bun install --frozen-lockfile`)", output);
  // Where Bun's own install script was held back, it is run here.
  if (!installedBun()) await run(process.execPath, [join(root, "node_modules", "bun", "install.js")]);
  if (!installedBun())
    throw new SetupError(
      `The installed Bun is not ${bunVersion} or does not run on ${process.platform}-${process.arch}.`,
    );
  dropBootstrap();
  markDone("installed", value);
  say(`installed (${((performance.now() - start) / 1000).toFixed(1)} s)`);
}

function install(bun, extra = {}, flags = []) {
  const env = { ...process.env, ...cacheEnv(), ...extra };
  return run(bun, ["install", "--frozen-lockfile", ...flags], { env, timeoutMs: INSTALL_TIMEOUT_MS });
}

// `npm test` in one terminal and `npm run demo` in another must not install over each other.
async function alone(work, say) {
  const lock = join(root, "node_modules", ".threados-setup", "lock");
  mkdirSync(dirname(lock), { recursive: true });
  for (let waiting = false; !take(lock); waiting = true) {
    if (!waiting) say("waiting for another set-up of this checkout to finish …");
    await sleep(LOCK_POLL_MS);
  }
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

function take(lock) {
  try {
    writeFileSync(lock, String(process.pid), { flag: "wx" });
    return true;
  } catch (error) {
    if (error.code !== "EEXIST") throw error;
    if (!isAbandoned(lock)) return false;
    rmSync(lock, { force: true });
    return take(lock);
  }
}

function isAbandoned(lock) {
  try {
    if (Date.now() - statSync(lock).mtimeMs > LOCK_MAX_AGE_MS) return true;
    const pid = Number(readFileSync(lock, "utf8"));
    if (pid > 0) process.kill(pid, 0);
    return false;
  } catch (error) {
    return error.code === "ESRCH";
  }
}

await asProgram(import.meta.url, "setup", async () => {
  await setup();
  console.error("setup: ready. bin/seqctl runs from any folder.");
});
