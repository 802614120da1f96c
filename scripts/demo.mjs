// Runs the demo sequence on this very repository in a scratch workspace: no keys, no network, no questions.
// `npm run demo` stops at the gate and serves the workbench; `npm run demo -- --once` approves it and ends.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, realpathSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { setup } from "./setup.mjs";
import { asProgram, SetupError } from "./setup-error.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const seqctl = join(root, "bin", "seqctl");

/** A new folder whose path holds no spaces, so that it can be printed alone on a line and pasted anywhere. */
function scratchFolder() {
  const base = /\s/.test(tmpdir()) ? "/tmp" : realpathSync(tmpdir());
  return mkdtempSync(join(base, "threados-demo-"));
}

/** The repository as it is committed, with its history, where the demo can do no harm. */
function cloneInto(folder) {
  const workspace = join(folder, "workspace");
  const made = spawnSync("git", ["clone", "--quiet", root, workspace], { encoding: "utf8" });
  if (made.error) throw new SetupError("git was not found\n  Install git, then run this again.");
  if (made.status !== 0) {
    throw new SetupError(
      `the repository could not be cloned: ${made.stderr.trim()}\n  Run the demo in a git checkout with a commit.`,
    );
  }
  if (!existsSync(join(workspace, "sequence.yaml"))) {
    throw new SetupError("the last commit holds no sequence.yaml\n  Commit it, then run this again.");
  }
  return workspace;
}

/** Runs seqctl in the workspace with the person's terminal; its exit code. */
function run(workspace, ...args) {
  process.stdout.write(`\n$ seqctl ${args.join(" ")}\n`);
  const done = spawnSync(seqctl, ["-C", workspace, ...args], { stdio: ["ignore", "inherit", "inherit"] });
  return done.status ?? 70;
}

function expectExit(code, wanted, what) {
  if (code !== wanted)
    throw new SetupError(`${what} ended with exit code ${code}, expected ${wanted}; the lines above say why`);
}

async function demo(once) {
  await setup();
  const folder = scratchFolder();
  const workspace = cloneInto(folder);
  expectExit(run(workspace, "init", "--from", join(workspace, "sequence.yaml")), 0, "making the workspace");
  if (!once) return live(workspace);
  expectExit(run(workspace, "run", "--yes"), 3, "the run up to the gate");
  expectExit(run(workspace, "gate", "approve", "review", "--yes", "--follow"), 0, "the run behind the gate");
  run(workspace, "status");
  expectExit(run(workspace, "audit", "verify"), 0, "verifying the record");
  process.stdout.write(`\nthe report:\n${join(workspace, "report.md")}\n`);
}

/** Serves the workbench first, so that the run can be watched from its first step; then stops at the gate. */
async function live(workspace) {
  const server = spawn(seqctl, ["-C", workspace, "ui", "--no-open", "--json"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => server.kill());
  const line = await new Promise((resolve, reject) => {
    let text = "";
    server.stdout.on("data", (chunk) => {
      text += chunk;
      if (text.includes("\n")) resolve(text);
    });
    server.once("exit", () => reject(new SetupError(`the workbench did not start: ${text.trim()}`)));
  });
  const { url } = JSON.parse(line);
  process.stdout.write(`\nthe workbench is at\n\n  ${url}\n`);
  expectExit(run(workspace, "run", "--yes"), 3, "the run up to the gate");
  process.stdout.write(
    `\nThe report waits for you. Look at the findings in the workbench, then approve the gate from another terminal:\n\n` +
      `  ${seqctl} -C ${workspace} gate approve review\n\n` +
      `The report will be ${join(workspace, "report.md")}. Ctrl-C stops serving; the run goes on without it.\n`,
  );
  await new Promise((resolve) => server.once("exit", resolve));
}

await asProgram(import.meta.url, "demo", () => demo(process.argv.includes("--once")));
