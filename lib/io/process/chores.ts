import * as fs from "node:fs";
import { dirname } from "node:path";
import { linkNewest } from "./attempt";

const pauseMs = 100;
const limitMs = 2000;

/** Work on files that no step waits for: done once a while passes without more of it, and not put off for ever. */
export class Chores {
  /** Output folders of ended attempts: taken over by the next ones. */
  private readonly spares: string[] = [];
  private readonly unneeded: string[] = [];
  /** Newest attempts that `<step>/stdout.log` and its siblings are yet to point at, by the step's folder. */
  private readonly links = new Map<string, { folder: string; attempt: number }>();
  private latest = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * Makes an attempt's empty folder out of one that an ended attempt left empty, if there is one. File systems like ext4
   * pass over what was lately removed with each file they make, so to remove and make a folder a step slows all.
   */
  makeFolder(wanted: string): void {
    const spare = this.spares.pop();
    // Under its new name nobody who knew the old one can add to it any more: now is the time to see that it is empty.
    if (spare !== undefined && isMoved(spare, wanted)) {
      if (fs.readdirSync(wanted).length === 0) return;
      fs.rmSync(wanted, { recursive: true, force: true });
    }
    fs.mkdirSync(wanted, { recursive: true, mode: 0o700 });
  }

  /** Takes a folder back that `makeFolder` made. */
  giveBack(folder: string): void {
    this.spares.push(folder);
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

  /** Does all that was put off. */
  finish(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    for (const { folder, attempt } of this.links.values()) ifItCanBe(() => linkNewest(folder, attempt));
    this.links.clear();
    for (const path of [...this.spares.splice(0), ...this.unneeded.splice(0)])
      ifItCanBe(() => fs.rmSync(path, { recursive: true, force: true }));
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

/** False if there is nothing to move, or something stands where it would go. */
function isMoved(from: string, to: string): boolean {
  try {
    fs.renameSync(from, to);
    return true;
  } catch {
    return false;
  }
}
