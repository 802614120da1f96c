import { until } from "./deadline";
import { seqctlArgv } from "./seqctl";
import type { Workspace } from "./workspace";

/** A person who sits at a terminal of their own and has started seqctl there. */
export class Sitting {
  /** Everything that has appeared on the screen. */
  seen = "";
  readonly process: Bun.Subprocess;
  private readonly terminal: Bun.Terminal;

  private constructor(argv: string[], at: Workspace) {
    this.terminal = new Bun.Terminal({
      cols: 90,
      rows: 30,
      data: (_, bytes) => {
        this.seen += Buffer.from(bytes).toString("utf8");
      },
    });
    this.process = Bun.spawn(argv, {
      cwd: at.root,
      env: { ...at.env, TERM: "xterm", NO_COLOR: "1" },
      terminal: this.terminal,
    });
  }

  static async start(at: Workspace, args: string[]): Promise<Sitting> {
    return new Sitting([...(await seqctlArgv()), ...args], at);
  }

  type(text: string): void {
    this.terminal.write(text);
  }

  resize(cols: number, rows: number): void {
    this.terminal.resize(cols, rows);
    // Not every kernel that tests run on tells the program by itself.
    this.process.kill("SIGWINCH");
  }

  async sees(text: string): Promise<void> {
    await until(`'${text}' to appear; so far: ${JSON.stringify(this.seen.slice(-500))}`, () =>
      this.seen.includes(text),
    );
  }

  /** The exit code, once it has ended. */
  async ended(): Promise<number> {
    const code = await this.process.exited;
    this.terminal.close();
    return code;
  }
}
