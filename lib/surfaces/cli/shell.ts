import type { Result } from "../../core/result";
import type { Threados } from "../../threados";

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
  /** Asks a person for one line. */
  ask(question: string): Promise<string>;
  now(): number;
  open(dir: string): Promise<Result<Threados>>;
  init(
    dir: string,
    options: { name?: string; from?: string },
  ): Promise<Result<{ root: string; name: string; steps: number }>>;
  runEngine(threados: Threados): Promise<Result<string>>;
  serve(
    threados: Threados,
    options: { port?: number },
  ): Promise<Result<{ url: string; port: number; closed: Promise<void> }>>;
  openBrowser(url: string): void;
}
