// Builds what users run: dist/seqctl.js (for Bun), dist/seqctl.mjs (the same for Node) and dist/ui (the workbench), and
// in dist/build-id what tells this build from another.
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bunVersion, installedBun } from "./bun.mjs";
import { leanEnv, root, run } from "./process.mjs";
import { asProgram, explain, SetupError } from "./setup-error.mjs";
import { digest, isDone, markDone } from "./stamp.mjs";

const BUILD_TIMEOUT_MS = 600_000;
const entry = "bin/seqctl.ts";
const shared = ["lib", "package.json", "bun.lock", "tsconfig.json", "scripts/build.mjs"];
const ofCli = [entry, ...shared];
const ofUi = ["app", "components", "public", "next.config.ts", "postcss.config.mjs", ...shared];

const dist = join(root, "dist");
const buildId = join(dist, "build-id");
const cliFiles = ["seqctl.mjs", "seqctl.js", "seqctl.js.jsc"];

// 19 MB for resizing images, which the workbench doesn't do.
const unneeded = /node_modules[\\/](@img|sharp)([\\/]|$)/;

/** Builds what is out of date, or everything with `force`; says so line by line. */
export async function build({ force = false, say = console.error } = {}) {
  const id = [];
  for (const part of [
    { name: "seqctl", sources: ofCli, made: join(dist, "seqctl.js"), make: buildCli },
    {
      name: "workbench",
      sources: ofUi,
      made: join(dist, "ui", ".next", "required-server-files.json"),
      make: buildUi,
    },
  ]) {
    const value = digest(part.sources, [bunVersion]);
    id.push(value.slice(0, 16));
    if (!force && existsSync(part.made) && isDone(`built-${part.name}`, value)) continue;
    const start = performance.now();
    // Without it what is half new is taken for no build at all.
    rmSync(buildId, { force: true });
    await part.make();
    markDone(`built-${part.name}`, value);
    say(`built ${part.name} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  }
  writeFileSync(buildId, id.join("-"));
}

// Bytecode halves the start of a command that reads a sequence, at the price of one CommonJS file: no top-level await
// in anything that seqctl imports. Names stay readable, for the stack trace of a bug. docs/decisions/0001-runtime.md
async function buildCli() {
  const fresh = join(root, "node_modules", ".threados-setup", `cli-${process.pid}`);
  const common = [
    "build",
    entry,
    "--minify-syntax",
    "--minify-whitespace",
    "--define",
    'process.env.NODE_ENV="production"',
    // As large as all the rest, and every start would pay for them: they stay in node_modules until a chat needs one.
    "--external=@anthropic-ai/sdk",
    "--external=openai",
  ];
  await bun([...common, "--target=bun", "--bytecode", `--outdir=${fresh}`, "--entry-naming=seqctl.js"]);
  await bun([...common, "--target=node", "--format=esm", `--outfile=${join(fresh, "seqctl.mjs")}`]);
  // In the CommonJS bundle Bun replaces import.meta.url and __dirname by the source's path on this very machine.
  if (readFileSync(join(fresh, "seqctl.js"), "utf8").includes(root)) {
    throw new SetupError(
      "dist/seqctl.js holds this folder's path: something it imports uses import.meta or __dirname.",
    );
  }
  mkdirSync(dist, { recursive: true });
  // Never new code beside old bytecode: that one goes first and comes last.
  rmSync(join(dist, "seqctl.js.jsc"), { force: true });
  for (const file of cliFiles) renameSync(join(fresh, file), join(dist, file));
  rmSync(fresh, { recursive: true, force: true });
}

async function buildUi() {
  const next = join(root, "node_modules", "next", "dist", "bin", "next");
  const env = leanEnv({ NODE_ENV: "production", NEXT_TELEMETRY_DISABLED: "1" });
  const { code, output, timedOut } = await run(process.execPath, [next, "build"], {
    env,
    timeoutMs: BUILD_TIMEOUT_MS,
  });
  if (timedOut)
    throw new SetupError(`\`next build\` did not end within ${BUILD_TIMEOUT_MS / 60_000} minutes\n${output}`);
  if (code !== 0) throw explain("The workbench could not be built (`next build`)", output);

  const standalone = join(root, ".next", "standalone");
  if (!existsSync(join(standalone, "server.js"))) {
    throw new SetupError(
      '`next build` left no .next/standalone/server.js: next.config.ts needs output: "standalone" and outputFileTracingRoot.',
    );
  }
  const fresh = join(dist, "ui.new");
  rmSync(fresh, { recursive: true, force: true });
  cpSync(standalone, fresh, { recursive: true, dereference: true, filter: (file) => !unneeded.test(file) });
  cpSync(join(root, ".next", "static"), join(fresh, ".next", "static"), { recursive: true });
  if (existsSync(join(root, "public")))
    cpSync(join(root, "public"), join(fresh, "public"), { recursive: true });
  // Next's own server listens on every address and knows nothing of our guard; `seqctl ui` is the way in.
  rmSync(join(fresh, "server.js"));
  const config = join(fresh, ".next", "required-server-files.json");
  writeFileSync(config, readFileSync(config, "utf8").replaceAll(JSON.stringify(root).slice(1, -1), "."));
  rmSync(join(dist, "ui"), { recursive: true, force: true });
  renameSync(fresh, join(dist, "ui"));
}

async function bun(args) {
  const binary = installedBun();
  if (!binary) throw new SetupError("Bun is not installed here yet. Run `npm run setup`.");
  const { code, output } = await run(binary, args, { timeoutMs: BUILD_TIMEOUT_MS });
  if (code !== 0)
    throw explain(
      "seqctl could not be built (`bun build`; a top-level await anywhere below it is an error too)",
      output,
    );
}

await asProgram(import.meta.url, "build", () => build({ force: true }));
