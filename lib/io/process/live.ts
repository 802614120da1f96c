import { insideSandbox } from "../sandbox/step";
import { mark } from "./attempt";
import { canSeeProcesses, groupAlive, groupOf, markedProcesses, signalIfThere } from "./tree";

const leftoverGraceMs = 2000;

/** An attempt whose shim runs, or whose processes still do. */
export interface Live {
  run: string;
  step: string;
  attempt: number;
  folder: string;
  spawn: number;
  pid: number;
  /** Known where this engine started it: most steps run no agent, and asking the disk for a note costs as much as reading one. */
  isAgent?: boolean;
  /** The same for most steps without a worktree. */
  isIsolated?: boolean;
  /** The same of a terminal. */
  isTty?: boolean;
  /** The same of a door, which only attempts in a sandbox have. */
  hasDoor?: boolean;
  /** Another engine's child: its end is looked for. Of an own child the system tells, which may not even have claimed yet. */
  isAdopted?: boolean;
  /** A stop was sent: the whole tree must be proven gone before the end is reported. */
  stopping: boolean;
  /** Its group is another user's (what `sudo` left), or its number may be somebody else's by now: it is neither signalled nor waited for. */
  isForeignGroup?: boolean;
}

/** What is left of a tree whose shim is gone. Only marks prove whose a process is: the group's number may be another's by now. */
export function leftOf(live: Live): "some" | "nothing" | "unknown" {
  const marked = markedProcesses(mark(live));
  const inGroup = marked.some((pid) => groupOf(pid) === live.pid);
  live.isForeignGroup = live.pid === 0 || (!inGroup && groupAlive(live.pid));
  if (marked.length > 0) return "some";
  return canSeeProcesses && !live.isForeignGroup ? "nothing" : "unknown";
}

/** Sends a signal to all of an attempt's processes; what runs in a sandbox gets its chance to end well. */
export function signalTree(live: Live, signal: "TERM" | "KILL"): void {
  live.stopping = true;
  const marked = markedProcesses(mark(live));
  const inside = signal === "TERM" ? insideSandbox(marked) : undefined;
  for (const pid of inside ?? marked) signalIfThere(pid, `SIG${signal}`);
  if (!inside) signalGroup(live, `SIG${signal}`);
}

function signalGroup(live: Live, signal: NodeJS.Signals): void {
  if (live.isForeignGroup !== true && !signalIfThere(-live.pid, signal)) live.isForeignGroup = true;
}

/** Ends what an attempt whose shim is gone left running, then says how many processes that were. */
export function endLeftovers(live: Live, done: (leftovers: number) => void): void {
  const survivors = () => (live.stopping ? markedProcesses(mark(live)) : []);
  const groupLives = () => live.isForeignGroup !== true && groupAlive(live.pid);
  if (!groupLives() && survivors().length === 0) {
    done(0);
    return;
  }
  const leftovers = Math.max(1, markedProcesses(mark(live)).length);
  const deadline = performance.now() + leftoverGraceMs;
  const end = (signal: NodeJS.Signals) => {
    signalGroup(live, signal);
    for (const pid of markedProcesses(mark(live))) signalIfThere(pid, signal);
  };
  end("SIGTERM");
  const timer = setInterval(() => {
    if (performance.now() > deadline) end("SIGKILL");
    if (groupLives() || survivors().length > 0) return;
    clearInterval(timer);
    done(leftovers);
  }, 20);
}
