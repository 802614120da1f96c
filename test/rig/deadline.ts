const patienceMs = 45_000;
const lookEveryMs = 5;

/** Waits until `look` finds something; says what was waited for if it never comes. Tests wait by this alone. */
export async function until<T>(
  what: string,
  look: () => T | undefined | null | false | Promise<T | undefined | null | false>,
  withinMs = patienceMs,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited ${withinMs / 1000} s in vain: ${what}`);
    await Bun.sleep(lookEveryMs);
  }
}
