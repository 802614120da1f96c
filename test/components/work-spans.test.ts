import { expect, test } from "bun:test";
import { drawnOf, stretchesOf } from "../../components/dock/work-spans";

const running = { status: "RUNNING", reason: "running", why: "runs", attempt: 1, from: 10, to: 50 };
const stopping = { status: "STOPPING", reason: "stopping", why: "stops", attempt: 1, from: 50, to: 61 };
const stopped = { status: "FAILED", reason: "stopped", why: "was stopped", attempt: 1, from: 61 };
const outcome = { status: "FAILED", reason: "stopped" };

test("an attempt that was stopped is one stretch that came out as stopped, and tells since when", () => {
  const spans = [
    { ...running, outcome: { status: "STOPPING", reason: "stopping" } },
    { ...stopping, outcome },
    stopped,
  ];
  expect(stretchesOf(spans)).toEqual([{ ...running, to: 61, stoppingFrom: 50, outcome }, stopped]);
});

test("while it is being stopped the stretch is open, and says so", () => {
  const { to: _, ...open } = stopping;
  expect(stretchesOf([running, open])).toEqual([
    { status: "STOPPING", reason: "stopping", why: "stops", attempt: 1, from: 10, stoppingFrom: 50 },
  ]);
});

test("another attempt, and what is no work, stay stretches of their own", () => {
  const waits = { status: "QUEUED", reason: "limit", why: "waits", attempt: 0, from: 0, to: 10 };
  const next = { ...stopping, attempt: 2 };
  expect(stretchesOf([waits, running, next])).toEqual([waits, running, next]);
});

test("of waits that are too short to be told apart each stretch that is drawn has what was waited for last", () => {
  const wait = (on: string, from: number, to?: number) => ({
    ...{ status: "BLOCKED", reason: "waiting_deps", why: `waits for ${on}`, attempt: 0, from },
    ...(to === undefined ? {} : { to }),
  });
  const other = { ...wait("a place", 30, 31), reason: "limit" };
  const waits = [wait("a", 0, 1), wait("b", 1, 3), wait("c", 3, 9), wait("d", 9, 30), other, wait("e", 31)];
  const drawn = drawnOf(waits, ({ from, to = 100 }) => to - from);
  expect(drawn).toEqual([wait("c", 0, 9), wait("d", 9, 30), other, wait("e", 31)]);
});
