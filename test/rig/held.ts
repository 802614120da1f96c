import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { until } from "./deadline";
import type { Workspace } from "./workspace";

const program = `#!/bin/sh
here=\${0%/*}
echo "$1" >> "$here/began"
read -r code < "$here/$1.fifo"
echo "$1" >> "$here/ended"
exit "$code"
`;

/** Commands that announce themselves in a file and then wait, without using any time, until the test releases them. */
export class Held {
  private readonly workspace: Workspace;

  constructor(workspace: Workspace) {
    this.workspace = workspace;
    workspace.script("held/hold", program);
  }

  /** The command of a step to be held under that name. */
  command(name: string): string[] {
    const fifo = this.workspace.path(`held/${name}.fifo`);
    if (!fs.existsSync(fifo)) execFileSync("mkfifo", [fifo]);
    return ["held/hold", name];
  }

  /** Names in the order in which their commands began, once for each attempt. */
  began(): string[] {
    return this.workspace.lines("held/began");
  }

  /** Names in the order in which their commands were released. */
  ended(): string[] {
    return this.workspace.lines("held/ended");
  }

  /** Waits until the command has begun `times` times. */
  async hasBegun(name: string, times = 1): Promise<void> {
    const count = () => this.began().filter((line) => line === name).length;
    await until(`'${name}' to begin (${times})`, () => count() >= times);
  }

  /** Lets a command that has begun end with an exit code. */
  async release(name: string, code = 0): Promise<void> {
    await this.hasBegun(name);
    const { O_WRONLY, O_NONBLOCK } = fs.constants;
    // Without a reader the opening fails: the command is between its announcement and its waiting.
    const fd = await until(`'${name}' to wait`, () => {
      try {
        return fs.openSync(this.workspace.path(`held/${name}.fifo`), O_WRONLY | O_NONBLOCK);
      } catch {
        return undefined;
      }
    });
    fs.writeSync(fd, `${code}\n`);
    fs.closeSync(fd);
  }
}
