import { expect, test } from "bun:test";
import { stretchesOf } from "../../components/dock/work-spans";

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
