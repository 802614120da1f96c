import type { Result } from "../../core/result";
import type { Sequence } from "../../core/sequence/schema";
import type { CheckedText } from "../../core/sequence/validate";
import type { Check } from "../../core/views/check";
import type { Opened, Shown } from "../../io/mprocs/session";
import type { VisitEnd } from "../../io/terminal/visit";
import type { Made, Threados } from "../../threados";
import type { Asking } from "./asking";

type MprocsShown = Pick<Shown, "steps" | "listens">;

/** What a failure to print is told to be about. */
export const standardOutput = "standard output";

/** The outside of the command line: everything it may touch besides the workspace's door. */
export interface Shell {
  argv: readonly string[];
  cwd: string;
  env: Record<string, string | undefined>;
  version: string;
  out(text: string): void;
  err(text: string): void;
  outIsTerminal: boolean;
  /** Whether a person can be asked: standard input and error are a terminal. */
  canAsk: boolean;
  columns: number;
  /** Asks a person for one line; undefined if none is to come any more. */
  ask(question: string, how?: Asking): Promise<string | undefined>;
  now(): number;
  /** Starts an engine that waits to be needed, where none lives in the workspace around a folder. */
  warm(dir: string): Promise<void>;
  open(dir: string): Promise<Result<Threados>>;
  init(
    dir: string,
    options: { name?: string; from?: string; sandbox?: "required" | "off" | "try" },
  ): Promise<Result<Made>>;
  /** Runs one attempt in its worktree; its exit code. */
  runInWorktree(folder: string): Promise<number>;
  /** Answers the calls of steps in sandboxes that the engine hands on, until it has gone. */
  serveDoor(threados: Threados): Promise<void>;
  /** Is the engine until nothing is left to do; `held` waits for a line on standard input first. */
  runEngine(threados: Threados, held: boolean): Promise<Result<string>>;
  serve(
    threados: Threados,
    options: { port?: number },
  ): Promise<Result<{ url: string; port: number; closed: Promise<void> }>>;
  /** The server of the workspace that answers already, if it is of this build. */
  served(threados: Threados): Promise<{ url: string; port: number; pid: number } | undefined>;
  openBrowser(url: string): void;
  terminal: {
    /** Runs a command on a terminal of its own that is reached over a socket; the command's exit code. */
    hold(socket: string, command: readonly string[]): Promise<number>;
    /** Sits down at the terminal of an attempt, given its folder; undefined if it has none. */
    visit(folder: string): Promise<VisitEnd | undefined>;
  };
  mprocs: {
    /** The configuration that `open` would write. */
    config(threados: Threados, shown: MprocsShown): Promise<string>;
    /** Opens mprocs: at this terminal, until it is closed, or in a tmux of its own. */
    open(threados: Threados, shown: MprocsShown, hasTerminal: boolean): Promise<Result<Opened>>;
    select(threados: Threados, step: string): Promise<Result<{ index: number }>>;
    /** Tells a step's pane what to show; false if it does not listen. */
    wake(threados: Threados, step: string, what: { attempt: number } | { text: string }): Promise<boolean>;
  };
  machine: {
    /** Reads a file as a sequence. */
    check(path: string): Promise<CheckedText>;
    /** The secrets that a sequence refers to and that are not here, each with what to do. */
    lackingSecrets(sequence: Sequence): Promise<string[]>;
    /** Looks at the machine, and at the workspace around a folder. */
    examine(dir: string): Promise<Check[]>;
  };
  mcp: {
    /** Serves MCP on standard input and output until the client is gone. */
    serve(threados: Threados): Promise<void>;
    /** What a client's configuration needs, and how many tools it will find, with the digest of their list. */
    config(threados: Threados): Promise<{ config: object; tools: number; digest: string }>;
  };
}
