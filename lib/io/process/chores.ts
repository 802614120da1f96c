import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { linkNewest } from "./attempt";

const pauseMs = 100;
const limitMs = 2000;
/** How long the empty output folder of an ended attempt stands, in ms. */
const keptMs = 3_600_000;

/** Work on files that no step waits for: done once a while passes without more of it, and not put off for ever. */
export class Chores {
  /** Output folders of ended attempts. */
  private readonly left: string[] = [];
  private readonly unneeded: string[] = [];
  /** Newest attempts that `<step>/stdout.log` and its siblings are yet to point at, by the step's folder. */
  private readonly links = new Map<string, { folder: string; attempt: number }>();
  private latest = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Has the output folder of an ended attempt emptied. */
  empty(folder: string): void {
    this.left.push(folder);
    this.later();
  }

  /** Has a file removed. */
  remove(file: string): void {
    this.unneeded.push(file);
    this.later();
  }

  /** Has the links of a step point at its newest attempt. */
  link(folder: string, attempt: number): void {
    this.links.set(dirname(folder), { folder, attempt });
    this.later();
  }

  /** Makes the links that were put off. */
  linkAll(): void {
    for (const { folder, attempt } of this.links.values()) ifItCanBe(() => linkNewest(folder, attempt));
    this.links.clear();
  }

  /** Does all that was put off. */
  finish(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.linkAll();
    // File systems like ext4 pass over what was lately removed with each file they make: an empty folder, as most leave
    // it, stands until `sweep` rather than slow all that runs by then.
    for (const folder of this.left.splice(0))
      ifItCanBe(() => {
        if (fs.readdirSync(folder).length > 0) this.unneeded.push(folder);
      });
    for (const path of this.unneeded.splice(0))
      ifItCanBe(() => fs.rmSync(path, { recursive: true, force: true }));
  }

  /** Removes the output folders below `outputs` that have not been touched for an hour, but for the named ones. */
  sweep(outputs: string, inUse: ReadonlySet<string>): void {
    const before = Date.now() - keptMs;
    ifItCanBe(() => {
      for (const name of fs.readdirSync(outputs)) {
        const folder = join(outputs, name);
        if (inUse.has(folder)) continue;
        const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
        if (stat?.isDirectory() && stat.mtimeMs < before) fs.rmSync(folder, { recursive: true, force: true });
      }
    });
  }

  private later(): void {
    const now = performance.now();
    if (!this.timer) this.latest = now + limitMs;
    else if (now + pauseMs > this.latest) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.finish(), pauseMs).unref();
  }
}

/** A convenience that the disk refuses (it is full, the run's folder was removed) must not end the engine. */
function ifItCanBe(work: () => void): void {
  try {
    work();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
  }
}
