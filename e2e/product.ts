import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const seqctl = join(import.meta.dir, "..", "bin", "seqctl");

/** A scratch workspace, and the built product at work in it. */
export class Product {
  readonly root: string;
  /** What its programs find in their environment beside everything else. */
  readonly env: Record<string, string> = {};
  #children: Bun.Subprocess[] = [];

  private constructor(root: string) {
    this.root = root;
  }

  /** Makes a workspace in a fresh folder outside any repository. */
  static async create(name: string): Promise<Product> {
    const product = new Product(await mkdtemp(join(tmpdir(), "threados-e2e-")));
    await product.run("init", "--name", name);
    return product;
  }

  /** Runs seqctl to its end; an exit code that was not expected is an error that carries its words. */
  async run(...args: string[]): Promise<string> {
    const child = this.start(...args);
    const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), child.exited]);
    if (code !== 0) throw new Error(`seqctl ${args.join(" ")} ended with ${code}\n${out}${err}`);
    return out;
  }

  /** Starts seqctl and leaves it running. */
  start(...args: string[]) {
    const child = Bun.spawn([seqctl, ...args], {
      cwd: this.root,
      // What a test has set in its own environment since it began, too.
      env: { ...process.env, ...this.env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    this.#children.push(child);
    return child;
  }

  /** Adds a step that runs a script in a shell. */
  async addScript(id: string, script: string, ...more: string[]): Promise<void> {
    const command = JSON.stringify(["sh", "-c", script]);
    await this.run("step", "add", id, "--model", "shell", "--command", command, ...more);
  }

  /** Adds a shell step that says its name, waits for `release`, and says goodbye. */
  async addHeldStep(id: string, ...more: string[]): Promise<void> {
    // It ends with its folder, too: a test that fails must leave nothing running.
    const held = `echo "begin ${id}"; until [ -e "go-${id}" ] || [ ! -d "$PWD" ]; do sleep 0.02; done; echo "end ${id}"`;
    await this.addScript(id, held, ...more);
  }

  /** Lets a held step go on. */
  release(id: string): Promise<void> {
    return writeFile(join(this.root, `go-${id}`), "");
  }

  /** Starts the workbench and reads the link that it prints. */
  async openUi(
    ...args: string[]
  ): Promise<{ url: string; port: number; pid: number; stop: () => Promise<void> }> {
    const child = this.start("ui", "--no-open", "--json", ...args);
    const { url, port, pid } = JSON.parse(await firstLine(child.stdout));
    const stop = async () => {
      child.kill();
      await child.exited;
    };
    return { url, port, pid, stop };
  }

  /** Ends what still runs and takes the folder away. */
  async remove(): Promise<void> {
    for (const child of this.#children) child.kill();
    await Promise.all(this.#children.map((child) => child.exited));
    await rm(this.root, { recursive: true, force: true });
  }
}

const text = (stream: ReadableStream<Uint8Array>) => new Response(stream).text();

async function firstLine(stream: ReadableStream<Uint8Array>): Promise<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let read = "";
  while (!read.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`it ended before its first line was whole: ${read}`);
    read += decoder.decode(value, { stream: true });
  }
  // Nobody reads on; the server must not be held up by a full pipe, so it is emptied.
  void (async () => {
    while (!(await reader.read()).done);
  })();
  return read.slice(0, read.indexOf("\n"));
}
