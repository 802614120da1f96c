import * as fs from "node:fs";
import { asker } from "../lib/surfaces/cli/asking";
import { main } from "../lib/surfaces/cli/main";
import { type Shell, standardOutput } from "../lib/surfaces/cli/shell";
import type { Seat } from "../lib/threados";
import { version } from "../package.json";

/** Writes to a descriptor at once; a reader that has gone away (`seqctl … | head`) ends the program quietly. */
function write(fd: number, text: string | Uint8Array): void {
  const bytes = typeof text === "string" ? Buffer.from(text) : text;
  for (let at = 0; at < bytes.length; ) {
    try {
      at += fs.writeSync(fd, bytes, at);
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === "EPIPE") process.exit(0);
      if (code !== "EAGAIN") {
        // Whatever can't be said has no other place to be said at.
        if (fd === 2) return;
        throw Object.assign(error as Error, { path: standardOutput });
      }
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** What a program on the other side may have switched on, switched off: another screen, hidden cursor, mouse, pasting, colours. */
const calm =
  "\u001b[?1049l\u001b[?1000l\u001b[?1002l\u001b[?1003l\u001b[?1006l\u001b[?2004l\u001b[?25h\u001b[0m";

const endedBySignal = 143;

/** The terminal this program runs at, as a seat at another one. */
function seat(): Seat {
  const { stdin, stdout } = process;
  const size = () => (outIsTerminal ? { cols: stdout.columns, rows: stdout.rows } : undefined);
  const onResize = (changed: () => void) => {
    stdout.on("resize", changed);
    return () => void stdout.off("resize", changed);
  };
  const show = (bytes: Uint8Array) => write(1, bytes);
  if (!(isTerminal(0) && outIsTerminal)) return { show, size, onResize };
  const typed: Seat["typed"] = (onKeys) => {
    const leave = () => {
      stdin.setRawMode(false);
      write(1, calm);
    };
    stdin.setRawMode(true);
    stdin.on("data", onKeys);
    stdin.resume();
    // Somebody else's terminal must not stay without echo when this program is ended.
    const end = () => process.exit(endedBySignal);
    process.once("exit", leave);
    process.once("SIGTERM", end);
    return () => {
      process.off("exit", leave);
      process.off("SIGTERM", end);
      stdin.off("data", onKeys);
      stdin.pause();
      leave();
    };
  };
  return { show, size, onResize, typed };
}

/** `node:tty` brings the network stack with it; a character device that is not `/dev/null` is a terminal. */
function isTerminal(fd: number): boolean {
  try {
    return fs.fstatSync(fd).isCharacterDevice() && fs.fstatSync(fd).rdev !== fs.statSync("/dev/null").rdev;
  } catch {
    return false;
  }
}

/** Whether somebody sends a line, rather than going away. */
async function lineOnStandardInput(): Promise<boolean> {
  const byte = new Uint8Array(1);
  for (;;) {
    try {
      // There is nothing else to do meanwhile, and a stream over it takes longer to set up than a short step to run.
      return fs.readSync(0, byte) > 0;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") return false;
      await new Promise((resume) => setTimeout(resume, 1));
    }
  }
}

// The launcher's own flags keep a workspace's bunfig.toml and .env out of this program; the engine needs them too.
const program = [process.execPath, ...process.execArgv, fs.realpathSync(process.argv[1] as string)];
const outIsTerminal = isTerminal(1);

/** Loaded only by what works on a workspace: help and version need none of it. */
const workspaces = () => import("../lib/threados");

/** Where this program stands. */
const home = () => fs.realpathSync(process.argv[1] as string).replace(/[^/]*$/, "");

const buildHere = async () => (await import("../lib/surfaces/http/build-id")).buildIn(home(), version);

/** Serves the built page beside this program until the process is asked to end. */
const serve: Shell["serve"] = async (threados, options) => {
  const { startServer } = await import("../lib/surfaces/http/serve");
  const { openRuntimeFolder, servedPortOf } = await workspaces();
  const folder = openRuntimeFolder(threados.root);
  if (!folder.ok) return folder;
  const build = await buildHere();
  const serving = await startServer({
    ...{ threados, uiDir: `${home()}ui`, folder: folder.value, build, former: servedPortOf(threados.root) },
    ...options,
  });
  if (!serving.ok) return serving;
  const { url, port, close } = serving.value;
  const closed = new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => void close().then(resolve));
  });
  return { ok: true, value: { url, port, closed } };
};

/** Where this build serves the workspace already. A step is not told: the link is a person's. */
const served: Shell["served"] = async (threados) => {
  if (threados.ports.enclosingStep() !== undefined) return undefined;
  const folder = (await workspaces()).openRuntimeFolder(threados.root);
  if (!folder.ok) return undefined;
  return (await import("../lib/surfaces/http/served")).findServed(folder.value, await buildHere());
};

/** The words that start this program again, for people's own configuration: its launcher, where it is installed with one. */
function launcher(): string[] {
  const main = program.at(-1) as string;
  const script = main.replace(/dist\/seqctl\.m?js$/, "bin/seqctl");
  return script !== main && fs.existsSync(script) ? [script] : program;
}

const mcp: Shell["mcp"] = {
  serve: async (threados) => {
    const { serveStdio } = await import("../lib/surfaces/mcp/stdio");
    const { mcpCaller } = await import("../lib/surfaces/mcp/workspace");
    await serveStdio(
      threados,
      mcpCaller(threados.ports.enclosingStep(), process.env.THREADOS_TOKEN),
      version,
    );
  },
  config: async ({ root, ports }) => {
    const { clientConfig } = await import("../lib/surfaces/mcp/client-config");
    const { listTools } = await import("../lib/surfaces/mcp/tools");
    const tools = listTools();
    return {
      config: clientConfig(launcher(), root),
      tools: tools.length,
      digest: ports.sha256(JSON.stringify(tools)),
    };
  },
};

const mprocs: Shell["mprocs"] = {
  config: async ({ root, program }, shown) =>
    (await (await workspaces()).mprocs()).configFor({ root, program, ...shown }),
  open: async ({ root, program }, shown, hasTerminal) =>
    (await (await workspaces()).mprocs()).openMprocs({
      ...{ root, program, ...shown },
      hasTerminal,
      env: process.env,
    }),
  select: async ({ root }, step) => (await (await workspaces()).mprocs()).selectPane(root, step),
  wake: async ({ root }, step, what) =>
    (await (await workspaces()).mprocs()).wakePane(`${root}/.threados`, step, what),
};

/** What the chat borrows from the command line: its grammar. */
const lent = {
  lineReader: async () => (await import("../lib/surfaces/cli/line-reader")).lineReader(),
};

/** The workspace whose engine was warmed. */
let early: { dir: string; opened: Awaited<ReturnType<Shell["open"]>> } | undefined;

const shell: Shell = {
  argv: process.argv.slice(2),
  cwd: process.cwd(),
  env: process.env,
  version,
  out: (text) => write(1, text),
  err: (text) => write(2, text),
  outIsTerminal,
  canAsk: isTerminal(0) && isTerminal(2),
  columns: Number(process.env.COLUMNS) || (outIsTerminal ? process.stdout.columns : 0) || 100,
  ask: asker((text) => write(2, text)),
  now: Date.now,
  warm: async (dir) => {
    early = { dir, opened: (await workspaces()).openWorkspace(dir, program, lent) };
    if (early.opened.ok) early.opened.value.ports.engine.warm();
  },
  open: async (dir) =>
    early?.dir === dir ? early.opened : (await workspaces()).openWorkspace(dir, program, lent),
  init: async (dir, options) => (await workspaces()).initWorkspace(dir, options),
  runEngine: async (threados, held) => {
    const { runEngine } = await workspaces();
    const log = (message: string) => write(2, `${message}\n`);
    return runEngine(threados, log, held ? lineOnStandardInput : undefined);
  },
  serveDoor: async (threados) => (await workspaces()).serveDoor(threados),
  runInWorktree: async (folder) => (await workspaces()).runAttemptInWorktree(folder),
  serve,
  served,
  mcp,
  terminal: {
    hold: async (socket, command) => (await workspaces()).holdTerminal(socket, command),
    visit: async (folder) => (await workspaces()).visitTerminal(folder, seat()),
  },
  mprocs,
  machine: {
    check: async (path) => (await workspaces()).checkDefinition(path),
    lackingSecrets: async (sequence) => (await workspaces()).lackingSecrets(sequence),
    examine: async (dir) => (await workspaces()).examine(dir),
  },
  openBrowser: (url) => {
    const opener = process.platform === "darwin" ? "open" : "xdg-open";
    const { spawn } = process.getBuiltinModule("node:child_process");
    spawn(opener, [url], { stdio: "ignore", detached: true })
      .on("error", () => undefined)
      .unref();
  },
};

void main(shell).then((code) => {
  process.exitCode = code;
});
