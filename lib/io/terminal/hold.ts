import * as fs from "node:fs";
import { canSeeProcesses, groupAlive, signalIfThere } from "../process/tree";
import { TerminalClients } from "./clients";

const leftoverGraceMs = 2_000;
/** Where something that left the terminal holds it open, in ms; on Linux the end of the command closes it. */
const drainMs = 2_000;
/** As in sysexits.h: an error in input or output. */
const unwritableCode = 74;
/** What a shell reports of a command that can't be run. */
const notStartedCode = 126;
const pause = (ms: number) => new Promise<void>((resume) => setTimeout(resume, ms));
const size = { cols: 80, rows: 24 };

/**
 * Runs a command on a terminal of its own, reachable over a socket, with all its output copied to standard output as it
 * comes. Returns the command's exit code. The one file that needs Bun for it.
 */
export async function holdTerminal(socket: string, command: readonly string[]): Promise<number> {
  let child: Bun.Subprocess | undefined;
  const clients = new TerminalClients(socket, {
    input: (bytes) => child?.terminal?.write(bytes),
    resize: (cols, rows) => {
      child?.terminal?.resize(cols, rows);
      // Whoever has just come sees the whole picture only if the program draws it again.
      if (child) signalIfThere(-child.pid, "SIGWINCH");
    },
  });
  await listening(clients, socket);
  let ended: () => void = () => undefined;
  const drained = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const terminal: Bun.TerminalOptions = {
    ...size,
    data: (_, bytes) => {
      writeAll(bytes);
      clients.output(bytes);
    },
    exit: () => ended(),
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"] as const) {
    process.on(signal, () => {
      // Where processes can be looked into, whoever stops a step reaches all of it himself.
      if (!canSeeProcesses && child) signalIfThere(-child.pid, signal);
    });
  }
  try {
    child = Bun.spawn([...command], { terminal, env: process.env });
  } catch (error) {
    fs.writeSync(2, `seqctl exec-step: ${(error as Error).message}\n`);
    await clients.exit(notStartedCode);
    return notStartedCode;
  }
  const code = await child.exited;
  await endGroup(child.pid);
  await Promise.race([drained, pause(drainMs)]);
  await clients.exit(code);
  child.terminal?.close();
  return code;
}

/** A terminal that nobody can reach still runs its command. */
async function listening(clients: TerminalClients, socket: string): Promise<void> {
  try {
    await clients.listen();
  } catch (error) {
    fs.writeSync(2, `seqctl exec-step: nobody can attach, ${socket}: ${(error as Error).message}\n`);
  }
}

/** What the command left behind in the foreground of its terminal ends with it, but for what is another user's alone. */
async function endGroup(group: number): Promise<void> {
  const deadline = performance.now() + leftoverGraceMs;
  if (!groupAlive(group) || !signalIfThere(-group, "SIGTERM")) return;
  while (groupAlive(group)) {
    if (performance.now() > deadline && !signalIfThere(-group, "SIGKILL")) return;
    await pause(20);
  }
}

/** Standard output is the attempt's log. A disk that takes no more ends the step rather than losing what it says. */
function writeAll(bytes: Uint8Array): void {
  try {
    for (let at = 0; at < bytes.length; ) at += fs.writeSync(1, bytes, at);
  } catch (error) {
    fs.writeSync(2, `seqctl exec-step: the output can't be kept: ${(error as Error).message}\n`);
    process.exit(unwritableCode);
  }
}
