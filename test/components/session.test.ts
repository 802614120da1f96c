import { afterEach, beforeEach, expect, test } from "bun:test";
import { openSession, type Session } from "../../components/state/session";

/** As a browser has it: what one tab says reaches all others, and not itself. */
class Channel {
  static open = new Set<Channel>();
  onmessage: ((event: { data: unknown }) => void) | null = null;
  constructor() {
    Channel.open.add(this);
  }
  postMessage(data: unknown) {
    for (const other of Channel.open) if (other !== this) other.onmessage?.({ data });
  }
  close() {
    Channel.open.delete(this);
  }
}

const real = { ...globalThis };
const names = ["BroadcastChannel", "sessionStorage", "location", "history", "window"] as const;

beforeEach(() => {
  Object.assign(globalThis, {
    BroadcastChannel: Channel,
    sessionStorage: { getItem: () => null, setItem: () => {}, removeItem: () => {} },
    location: { hash: "", pathname: "/", search: "" },
    history: { state: null, replaceState: () => {} },
    window: {
      addEventListener: () => {},
      removeEventListener: () => {},
      setTimeout: () => 1,
      clearTimeout: () => {},
    },
  });
});
afterEach(() => {
  Channel.open.clear();
  for (const name of names) Reflect.set(globalThis, name, Reflect.get(real, name));
});

/** A tab that was opened with a link, or without one. */
function tab(token?: string) {
  location.hash = token === undefined ? "" : `#token=${token}`;
  const seen: Session[] = [];
  const session = openSession((now) => seen.push(now));
  return { ...session, now: () => seen.at(-1) };
}

test("a tab goes on with the key of another", () => {
  tab("new");
  expect(tab().now()).toEqual({ phase: "ready", token: "new" });
});

test("one that finds out late that its key is old gets the new one of a tab that has it", () => {
  const old = tab("old");
  tab("new");
  expect(old.now()).toEqual({ phase: "ready", token: "old" });
  old.expire("old");
  expect(old.now()).toEqual({ phase: "ready", token: "new" });
});

test("a key that was refused is not taken again from a tab that does not know yet", () => {
  const [first, second] = [tab("old"), tab("old")];
  first.expire("old");
  expect(first.now()).toEqual({ phase: "expired" });
  tab("new");
  expect(first.now()).toEqual({ phase: "ready", token: "new" });
  second.expire("old");
  expect(second.now()).toEqual({ phase: "ready", token: "new" });
});

test("a late answer to what was asked with the old key does not end the new one", () => {
  const old = tab("old");
  old.expire("old");
  tab("new");
  old.expire("old");
  expect(old.now()).toEqual({ phase: "ready", token: "new" });
});
