// The one way in which the scripts start other programs.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const KILL_GRACE_MS = 5000;

/** The repository's folder, wherever a script was started from. */
export const root = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

/** This environment without the extra certificates: node parses that bundle at every start (~100 ms), tests need none. */
export function leanEnv(extra = {}) {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  return { ...env, ...extra };
}

/**
 * Runs a command to its end and resolves to `{code, output, timedOut}`; never rejects.
 * With `show` its output goes to our terminal, otherwise it is kept and returned.
 */
export function run(command, args, { cwd = root, env = process.env, show = false, timeoutMs = 0 } = {}) {
  return new Promise((resolve) => {
    const stream = show ? "inherit" : "pipe";
    // A process group of its own: a timeout has to end the grandchildren too.
    const child = spawn(command, args, { cwd, env, detached: true, stdio: ["ignore", stream, stream] });
    let output = "";
    let timedOut = false;
    let interrupted = 0;
    let killTimer;

    const signalGroup = (signal) => {
      try {
        process.kill(-child.pid, signal);
      } catch {
        child.kill(signal);
      }
    };
    const stop = () => {
      signalGroup("SIGTERM");
      killTimer ??= setTimeout(signalGroup, KILL_GRACE_MS, "SIGKILL");
    };
    const onSignal = (signal) => {
      interrupted = signal === "SIGINT" ? 130 : 143;
      stop();
    };
    const onTimeout = () => {
      timedOut = true;
      stop();
    };
    const timer = timeoutMs > 0 ? setTimeout(onTimeout, timeoutMs) : undefined;
    process.on("SIGINT", onSignal).on("SIGTERM", onSignal);

    const finish = (code) => {
      clearTimeout(timer);
      clearTimeout(killTimer);
      process.off("SIGINT", onSignal).off("SIGTERM", onSignal);
      if (interrupted) process.exit(interrupted);
      resolve({ code, output, timedOut });
    };
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout?.on("data", keep);
    child.stderr?.on("data", keep);
    child.on("error", (error) => {
      keep(`${error.message}\n`);
      finish(127);
    });
    // "close" waits for the last output, but also for any grandchild that holds the pipe: not wanted where nothing is piped.
    child.on(show ? "exit" : "close", (code) => finish(code ?? 1));
  });
}
