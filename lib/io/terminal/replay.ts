/** The newest bytes of a terminal's output, for those who come later; never more than `limit` bytes are kept. */
export class Replay {
  private kept: Buffer[] = [];
  private size = 0;
  private readonly limit: number;

  constructor(limit: number) {
    this.limit = limit;
  }

  add(bytes: Uint8Array): void {
    this.kept.push(Buffer.from(bytes.subarray(Math.max(0, bytes.length - this.limit))));
    this.size += Math.min(bytes.length, this.limit);
    // Joined now and then, so that a program that prints a byte at a time costs no more than its bytes.
    if (this.size > 2 * this.limit || this.kept.length > 1024) this.join();
  }

  /** What is kept; where something is missing before it, from the beginning of a line if there is one. */
  bytes(): Uint8Array {
    this.join();
    const all = this.kept[0] ?? Buffer.alloc(0);
    if (all.length < this.limit) return all;
    const line = all.indexOf(10);
    return line < 0 ? all : all.subarray(line + 1);
  }

  private join(): void {
    const all = Buffer.concat(this.kept);
    const newest = all.length > this.limit ? Buffer.from(all.subarray(all.length - this.limit)) : all;
    this.kept = [newest];
    this.size = newest.length;
  }
}
