import { spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";

/** The folder of this checkout. */
export const root = join(import.meta.dir, "..", "..");

/** The address of a script of the demo, for a dynamic import: plain JavaScript, so what comes back is untyped. */
export const demoScript = (name: string): string => join(root, "demo", name);

/** What one step left behind. */
export interface Left {
  exitCode: number;
  stdout: string;
  stderr: string;
  files: Record<string, string>;
}

interface Node {
  id: string;
  command: string[];
  depends_on?: string[];
}

const sequence: { steps: Node[]; gates: Node[] } = parse(readFileSync(join(root, "sequence.yaml"), "utf8"));
const gates = new Map(sequence.gates.map((gate) => [gate.id, gate.depends_on ?? []]));

/** A fresh folder that `end` removes. */
export class Rig {
  readonly home = mkdtempSync(join(tmpdir(), "threados-demo-"));
  readonly repository = join(this.home, "repository");
  #clock = Date.UTC(2026, 0, 5, 12) / 1000;

  constructor() {
    mkdirSync(this.repository);
  }

  end(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  git(...args: string[]): string {
    const who = [
      "-c",
      "user.name=Ada | Lovelace",
      "-c",
      "user.email=ada@example.org",
      "-c",
      "commit.gpgsign=false",
    ];
    const date = `${this.#clock} +0000`;
    const env = {
      PATH: process.env.PATH,
      HOME: this.home,
      GIT_AUTHOR_DATE: date,
      GIT_COMMITTER_DATE: date,
    } as unknown as NodeJS.ProcessEnv;
    const child = spawnSync("git", [...who, ...args], { cwd: this.repository, env, encoding: "utf8" });
    if (child.status !== 0) throw new Error(`git ${args.join(" ")}: ${child.stderr}`);
    return child.stdout;
  }

  write(path: string, content: string | Uint8Array): void {
    mkdirSync(dirname(join(this.repository, path)), { recursive: true });
    writeFileSync(join(this.repository, path), content);
  }

  /** Commits all there is, a day after the commit before. */
  commit(subject: string): void {
    this.git("add", "-A", "-f");
    this.git("commit", "-q", "-m", subject);
    this.#clock += 86_400;
  }

  /** Runs one step's command the way the engine does, with what its dependencies left. */
  runStep(step: { id: string; command: string[] }, inputs: object, cwd = this.repository): Left {
    const folder = join(mkdtempSync(join(this.home, "step-")), "outputs");
    mkdirSync(folder);
    writeFileSync(join(folder, "..", "inputs.json"), JSON.stringify(inputs));
    const [program = "", script = "", ...rest] = step.command;
    const child = spawnSync(program, [join(root, script), ...rest], {
      cwd,
      encoding: "utf8",
      input: "",
      env: {
        PATH: process.env.PATH,
        HOME: this.home,
        THREADOS_WORKSPACE: cwd,
        THREADOS_RUN_ID: "01J00000000000000000000000",
        THREADOS_STEP_ID: step.id,
        THREADOS_OUTPUT_DIR: folder,
        THREADOS_INPUTS: join(folder, "..", "inputs.json"),
      } as unknown as NodeJS.ProcessEnv,
    });
    const files = Object.fromEntries(readdirSync(folder).map((name) => [name, join(folder, name)]));
    return { exitCode: child.status ?? -1, stdout: child.stdout, stderr: child.stderr, files };
  }

  /** Runs the whole of sequence.yaml in order, each step seeing its direct dependencies only; `broken` ones fail. */
  runSequence(options: { cwd?: string; broken?: string[] } = {}): Map<string, Left> {
    const done = new Map<string, Left>();
    const waiting = [...sequence.steps];
    while (waiting.length > 0) {
      const next = waiting.findIndex((step) => needsOf(step).every((id) => done.has(id)));
      const [step] = waiting.splice(next, 1);
      if (next === -1 || !step) throw new Error("sequence.yaml has a circle");
      const failed = { exitCode: 1, stdout: "", stderr: "", files: {} };
      const inputs = Object.fromEntries(needsOf(step).map((id) => [id, inputOf(done.get(id) ?? failed)]));
      done.set(step.id, options.broken?.includes(step.id) ? failed : this.runStep(step, inputs, options.cwd));
    }
    return done;
  }

  read(path: string): string {
    return readFileSync(join(this.repository, path), "utf8");
  }

  has(path: string): boolean {
    return existsSync(join(this.repository, path));
  }
}

/** The step's structured result. */
export function outputOf(done: Map<string, Left>, id: string) {
  const path = done.get(id)?.files["output.json"];
  if (!path) throw new Error(`${id} left no output.json: ${done.get(id)?.stderr}`);
  return JSON.parse(readFileSync(path, "utf8"));
}

// A gate in between stands for what it depends on itself.
const needsOf = (step: Node): string[] => [
  ...new Set((step.depends_on ?? []).flatMap((id) => gates.get(id) ?? [id])),
];

const inputOf = ({ exitCode, files }: Left) => ({
  status: exitCode === 0 ? "DONE" : "FAILED",
  output: files["output.json"] ?? null,
  files,
});
