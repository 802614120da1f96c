import * as fs from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dir, "..", "..");
const cache = join(root, "node_modules", ".threados-setup");
const keptMs = 3_600_000;

function sources(): string[] {
  const lib = fs.readdirSync(join(root, "lib"), { recursive: true, encoding: "utf8" });
  return [
    ...lib.filter((name) => name.endsWith(".ts")).map((name) => `lib/${name}`),
    "bin/seqctl.ts",
    "package.json",
  ].sort();
}

async function build(): Promise<string> {
  const hash = new Bun.CryptoHasher("sha256").update(Bun.version);
  for (const path of sources()) hash.update(path).update(fs.readFileSync(join(root, path)));
  const made = join(cache, `rig-${hash.digest("hex").slice(0, 16)}`);
  if (fs.existsSync(made)) {
    fs.utimesSync(made, new Date(), new Date());
    return join(made, "seqctl.js");
  }
  const draft = `${made}.${process.pid}`;
  const external = ["@anthropic-ai/sdk", "openai"];
  const options = { target: "bun", format: "cjs", bytecode: true, naming: "seqctl.js", external } as const;
  await Bun.build({ ...options, entrypoints: [join(root, "bin/seqctl.ts")], outdir: draft });
  try {
    fs.renameSync(draft, made);
  } catch {
    // Another test file was faster.
    fs.rmSync(draft, { recursive: true, force: true });
  }
  forgetOld();
  return join(made, "seqctl.js");
}

/** Builds that no test run has used for an hour go; a younger one may be in use next door. */
function forgetOld(): void {
  const builds = fs.readdirSync(cache).filter((name) => /^rig-[0-9a-f]{16}/.test(name));
  for (const path of builds.map((name) => join(cache, name))) {
    const age = Date.now() - (fs.statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > keptMs) fs.rmSync(path, { recursive: true, force: true });
  }
}

let built: Promise<string> | undefined;

/** The argv that starts this checkout's seqctl: bundled once per state of the sources, since tests start it hundreds of times. */
export async function seqctlArgv(): Promise<string[]> {
  built ??= build();
  return [process.execPath, "--no-env-file", "--config=/dev/null", "--no-install", await built];
}
