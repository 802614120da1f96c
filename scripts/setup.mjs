// Makes a fresh checkout runnable with nothing but Node >= 20 and npm: Bun, packages, build. Done again, it does nothing.
import { join } from "node:path";
import { alone } from "./alone.mjs";
import { build } from "./build.mjs";
import { bringBun, bunVersion, cacheEnv, dropBootstrap, installedBun, npmNetwork } from "./bun.mjs";
import { root, run } from "./process.mjs";
import { asProgram, explain, SetupError } from "./setup-error.mjs";
import { digest, isDone, markDone } from "./stamp.mjs";

const INSTALL_TIMEOUT_MS = 900_000;

/** Sets up what is missing and resolves to the path of Bun. Throws a SetupError that says what to do. */
export async function setup({ say = (line) => console.error(`setup: ${line}`) } = {}) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 9)) {
    throw new SetupError(
      `Node.js ${process.versions.node} is too old: 20.9 or newer is needed (https://nodejs.org).`,
    );
  }
  const work = async () => {
    await installPackages(say);
    await build({ say });
    const bun = installedBun();
    if (!bun) throw new SetupError("Bun vanished during the set-up. Remove node_modules and run it again.");
    return bun;
  };
  // `npm test` in one terminal and `npm run demo` in another must not install over each other.
  return await alone(join(root, "node_modules", ".threados-setup"), work, () =>
    say("waiting for another set-up of this checkout to finish …"),
  );
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

await asProgram(import.meta.url, "setup", async () => {
  await setup();
  console.error("setup: ready. bin/seqctl runs from any folder.");
});
