import { afterEach, expect, test } from "bun:test";
import { createServer, type Server, type Socket } from "node:net";
import { join } from "node:path";
import { noteSocket } from "../../../lib/io/terminal/place";
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
