import * as fs from "node:fs";
import { shimName } from "./shim";

const proc = "/proc";

/** Whether processes can be looked into here (Linux). */
export const canSeeProcesses = fs.existsSync(`${proc}/self/environ`);

function read(path: string): string | undefined {
  try {
    return fs.readFileSync(path, "latin1");
  } catch {
    return undefined;
  }
}

/** A process's argv, or undefined if it is gone or belongs to somebody else. */
export function argvOf(pid: number): string[] | undefined {
  if (canSeeProcesses) return read(`${proc}/${pid}/cmdline`)?.split("\0").slice(0, -1);
  const ps = process
    .getBuiltinModule("node:child_process")
    .spawnSync("ps", ["-ww", "-o", "command=", "-p", String(pid)]);
  return ps.status === 0 ? [ps.stdout.toString("utf8").trim()] : undefined;
}

/** Whether the process is the shim of the attempt in that folder; a reused pid never is. */
export function isShimOf(pid: number, folder: string): boolean {
  const argv = argvOf(pid);
  if (!argv || argv.length === 0) return false;
  return canSeeProcesses
    ? argv.includes(shimName) && argv.includes(Buffer.from(folder).toString("latin1"))
    : (argv[0] ?? "").includes(folder);
}

/** Whether anybody is left in a process group. */
export function groupAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  // The dead count as members until their parent buries them, and the first process of many a container never does.
  // Looked at twice, since one that forks and ends meanwhile can slip through a single look.
  return !canSeeProcesses || holdsLiving(group) || holdsLiving(group);
}

function holdsLiving(group: number): boolean {
  return fs.readdirSync(proc).some((name) => {
    if (!/^\d+$/.test(name)) return false;
    const { state, group: its } = standing(name);
    return its === group && state !== "Z";
  });
}

function standing(pid: number | string): { state: string | undefined; group: number } {
  const stat = /\) (\S) \d+ (\d+) [^)]*$/.exec(read(`${proc}/${pid}/stat`) ?? "");
  return { state: stat?.[1], group: Number(stat?.[2]) };
}

/** The group of a process; NaN if that can't be told (Linux). */
export function groupOf(pid: number): number {
  return standing(pid).group;
}

/** Sends a signal to a process or (negative) group; one that is gone is no fault. False where it is another user's alone. */
export function signalIfThere(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EPERM") return false;
    if (code !== "ESRCH") throw error;
  }
  return true;
}

/** Processes that carry the attempt's mark in their environment, wherever they went (Linux). */
export function markedProcesses(mark: string): number[] {
  if (!canSeeProcesses) return [];
  const wanted = `THREADOS_ATTEMPT=${mark}\0`;
  return fs
    .readdirSync(proc)
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .map(Number)
    .filter((pid) => {
      const environ = read(`${proc}/${pid}/environ`);
      return (
        environ !== undefined &&
        (environ.startsWith(wanted) || environ.includes(`\0${wanted}`)) &&
        !isZombie(pid)
      );
    });
}

function isZombie(pid: number): boolean {
  return / Z /.test(read(`${proc}/${pid}/stat`)?.replace(/\(.*\)/, "") ?? " Z ");
}

/** The step whose shim is an ancestor of this process; an environment can be emptied, ancestors can't. */
export function enclosingStep(): string | undefined {
  let pid = process.pid;
  for (let hops = 0; canSeeProcesses && pid > 1 && hops < 64; hops++) {
    const parent = Number(/\) . (\d+)/.exec(read(`${proc}/${pid}/stat`) ?? "")?.[1] ?? 0);
    const argv = parent > 1 ? argvOf(parent) : undefined;
    const at = argv?.indexOf(shimName) ?? -1;
    const step = at >= 0 ? /\/([^/]+)\/attempts\/\d+$/.exec(argv?.[at + 1] ?? "")?.[1] : undefined;
    if (step) return step;
    pid = parent;
  }
  return process.env.THREADOS_ATTEMPT?.split("/")[1];
}
