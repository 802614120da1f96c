import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { argvOf } from "./processes";
import type { Workspace } from "./workspace";

const found = (name: string) => Bun.which(name) !== null;
const native = join(import.meta.dir, "../../node_modules/mprocs");

/** Why tests with a real mprocs can't run here; undefined if they can. */
export const missing =
  process.platform !== "linux"
    ? "it looks into /proc"
    : !found("tmux")
      ? "tmux is not installed"
      : !(process.env.THREADOS_MPROCS || fs.existsSync(native) || found("mprocs"))
        ? "mprocs 0.9.6 is not installed"
        : undefined;

/** Where seqctl finds mprocs in a test. */
export function mprocsEnv(): Record<string, string> {
  const given = process.env.THREADOS_MPROCS;
  if (given) return { THREADOS_MPROCS: given };
  if (!fs.existsSync(native)) return {};
  return { THREADOS_MPROCS: require(native) as string };
}

/** A real mprocs in a tmux of its own, with a person's keys and eyes. */
export class Window {
  readonly session: string;

  private constructor(session: string) {
    this.session = session;
  }

  static async open(at: Workspace): Promise<Window> {
    const { exit, doc, err } = await at.json(["mprocs", "open"], { env: mprocsEnv() });
    if (exit !== 0) throw new Error(JSON.stringify(doc) + err);
    return new Window(doc.session);
  }

  keys(...keys: string[]): void {
    this.tmux("send-keys", ...keys);
  }

  screen(): string {
    return this.tmux("capture-pane", "-p");
  }

  /** The process of mprocs itself. */
  pid(at: Workspace): number {
    return at.processes().find((pid) => /\/mprocs$/.test(argvOf(pid)[0] ?? "")) as number;
  }

  private tmux(...words: string[]): string {
    return execFileSync("tmux", ["-L", this.session, ...words], { encoding: "utf8" });
  }
}

/** Resident memory of a process, in MiB. */
export function memoryOf(pid: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(fs.readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kib) / 1024;
}
