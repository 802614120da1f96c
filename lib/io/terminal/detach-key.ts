const controlBackslash = 0x1c;

/** Watches what is typed for Ctrl-\ twice in a row: the way out, which is never passed on. */
export class DetachKey {
  /** A first Ctrl-\ is held back until the next key says what it was. */
  private isHeld = false;

  /** The bytes to pass on, and whether the person wants to leave. */
  read(bytes: Uint8Array): { pass: Uint8Array; detach: boolean } {
    const pass: number[] = [];
    for (const byte of bytes) {
      if (byte === controlBackslash) {
        if (this.isHeld) return { pass: Uint8Array.from(pass), detach: true };
        this.isHeld = true;
        continue;
      }
      if (this.isHeld) pass.push(controlBackslash);
      this.isHeld = false;
      pass.push(byte);
    }
    return { pass: Uint8Array.from(pass), detach: false };
  }
}
