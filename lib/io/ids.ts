import { monotonicFactory } from "ulid";

const next = monotonicFactory((): number => {
  const random = new Uint32Array(1);
  crypto.getRandomValues(random);
  return (random[0] as number) / 2 ** 32;
});

/** A new ULID: unique, and sorting by time of birth. */
export function newUlid(): string {
  return next();
}
