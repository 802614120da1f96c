import { expect, test } from "bun:test";
import { liveTerminals, terminalTarget } from "../../components/dock/terminal-target";
import type { StatusDocument } from "../../components/state/wire";

const step = (id: string, status: string, started_at: number | null, of?: string) => ({
  id,
  status,
  started_at,
  depends_on: [],
  ...(of === undefined ? {} : { of }),
});
const status = (...steps: ReturnType<typeof step>[]) => ({ steps, gates: [] }) as unknown as StatusDocument;
const ttys = new Set(["repl", "shell"]);

const both = status(step("repl", "RUNNING", 1), step("shell", "RUNNING", 2), step("tests", "FAILED", 3));

test("without a selection the terminal that runs is shown, not the step that started last", () => {
  expect(terminalTarget(both, ttys, null, null)).toBe("shell");
});

test("whoever ends the selection stays at the terminal as long as it runs", () => {
  expect(terminalTarget(both, ttys, null, "repl")).toBe("repl");
  const over = status(step("repl", "DONE", 1), step("shell", "RUNNING", 2));
  expect(terminalTarget(over, ttys, null, "repl")).toBe("shell");
});

test("where none runs the last one is shown, and nobody's where none ever began", () => {
  const over = status(step("repl", "DONE", 4), step("shell", "DONE", 2), step("tests", "DONE", 5));
  expect(terminalTarget(over, ttys, null, "shell")).toBe("repl");
  expect(terminalTarget(status(step("repl", "BLOCKED", null)), ttys, null, null)).toBeNull();
});

test("a selected step is shown whether it has one or not, and those that run are named", () => {
  expect(terminalTarget(both, ttys, "tests", "repl")).toBe("tests");
  expect(liveTerminals(both, ttys).map(({ id }) => id)).toEqual(["repl", "shell"]);
  const instances = status(step("repl-a", "RUNNING", 1, "repl"), step("repl", "DONE", 1));
  expect(liveTerminals(instances, ttys).map(({ id }) => id)).toEqual(["repl-a"]);
});
