import { afterEach, expect, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { TerminalClients } from "../../../lib/io/terminal/clients";
import { noteSocket, terminalNote } from "../../../lib/io/terminal/place";
import { type Seat, visitTerminal } from "../../../lib/io/terminal/visit";
import { until } from "../../rig/deadline";
import { scratch, sweep } from "../../rig/scratch";

let server: Server | undefined;
afterEach(() => {
  server?.close();
  sweep();
});

/** The folder of an attempt with a terminal that says nothing, and who sits there. */
async function silent() {
  const folder = scratch();
  const guests = new Set<Socket>();
  let came = 0;
  const made = createServer((guest) => {
    came += 1;
    guests.add(guest);
    guest.on("close", () => guests.delete(guest));
    guest.on("error", () => undefined);
    guest.resume();
  });
  server = made;
  await new Promise<void>((resolve) => made.listen(join(folder, "s"), resolve));
  noteSocket(folder, join(folder, "s"));
  return { folder, guests, came: () => came };
}

function seatOf(gone: AbortSignal): Seat & { keys: number } {
  return {
    keys: 0,
    show: () => undefined,
    typed() {
      this.keys += 1;
      return () => undefined;
    },
    size: () => ({ cols: 80, rows: 24 }),
    onResize: () => () => undefined,
    gone,
  };
}

test("whoever goes before the terminal is reached has left, and nobody sits there", async () => {
  const { folder, guests } = await silent();
  const leaving = new AbortController();
  const seat = seatOf(leaving.signal);
  const visit = visitTerminal(folder, seat);
  leaving.abort();
  expect(await visit).toEqual({ kind: "detached" });
  await until("an empty room", () => guests.size === 0);
  expect(seat.keys).toBe(0);
});

test("whoever has gone already does not sit down", async () => {
  const { folder, came } = await silent();
  expect(await visitTerminal(folder, seatOf(AbortSignal.abort()))).toEqual({ kind: "detached" });
  expect(came()).toBe(0);
});

test("whoever goes later leaves, too", async () => {
  const { folder, guests } = await silent();
  const leaving = new AbortController();
  const visit = visitTerminal(folder, seatOf(leaving.signal));
  await until("a guest", () => guests.size === 1);
  leaving.abort();
  expect(await visit).toEqual({ kind: "detached" });
  await until("an empty room", () => guests.size === 0);
});

/** Sits down and takes down how many were said to sit there. */
function counter(folder: string) {
  const leaving = new AbortController();
  const counts: number[] = [];
  const seat: Seat = { ...seatOf(leaving.signal), seats: (count) => void counts.push(count) };
  const visit = visitTerminal(folder, seat);
  return { visit, counts, last: () => counts.at(-1), leave: () => leaving.abort() };
}

test("whoever sits at a terminal is told how many do, as they come and go", async () => {
  const folder = scratch();
  const clients = new TerminalClients(join(folder, "s"), { input: () => {}, resize: () => {} });
  await clients.listen();
  noteSocket(folder, join(folder, "s"));
  const first = counter(folder);
  await until("one", () => first.last() === 1);
  const second = counter(folder);
  await until("two, for both", () => first.last() === 2 && second.last() === 2);
  second.leave();
  await until("one again", () => first.last() === 1);
  await clients.exit(3);
  expect(await first.visit).toEqual({ kind: "ended", code: 3 });
});

test("a terminal of an earlier version, whose note promises no answer, is not asked", async () => {
  const { folder, guests } = await silent();
  writeFileSync(join(folder, terminalNote), JSON.stringify({ socket: join(folder, "s") }));
  const heard: number[] = [];
  server?.on("connection", (guest: Socket) => guest.on("data", (bytes: Buffer) => heard.push(...bytes)));
  const { visit, counts, leave } = counter(folder);
  // The size of its picture is the first and the last thing it says.
  await until("the size", () => heard.length >= 9);
  leave();
  await visit;
  await until("an empty room", () => guests.size === 0);
  expect(heard).toHaveLength(9);
  expect(counts).toEqual([]);
});
