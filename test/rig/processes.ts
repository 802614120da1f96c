import * as fs from "node:fs";

function read(path: string): string {
  try {
    return fs.readFileSync(path, "latin1");
  } catch {
    return "";
  }
}

/** Whether a process with that id lives; a zombie does not. */
export function isAlive(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  return stat !== "" && !/\) Z /.test(stat);
}

/** Ids of the living processes whose environment holds `NAME=value`. */
export function processesWith(name: string, value: string): number[] {
  const wanted = `\0${name}=${value}\0`;
  return fs
    .readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry) && Number(entry) !== process.pid)
    .map(Number)
    .filter((pid) => `\0${read(`/proc/${pid}/environ`)}`.includes(wanted) && isAlive(pid));
}

/** A process's words. */
export function argvOf(pid: number): string[] {
  return read(`/proc/${pid}/cmdline`).split("\0").slice(0, -1);
}

/** Kills a process this test started; one that has ended already is no fault. */
export function kill(pid: number, signal: NodeJS.Signals = "SIGKILL"): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
}
