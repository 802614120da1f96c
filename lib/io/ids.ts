let next: (() => string) | undefined;

/** Loaded with the first one: it brings node:crypto along, which costs more than most commands, and most make none. */
function load(): () => string {
  const { monotonicFactory } = require("ulid") as typeof import("ulid");
  return monotonicFactory((): number => {
    const random = new Uint32Array(1);
    crypto.getRandomValues(random);
    return (random[0] as number) / 2 ** 32;
  });
}

/** A new ULID: unique, and sorting by time of birth. */
export function newUlid(): string {
  next ??= load();
  return next();
}
