import { expect, test } from "bun:test";
import { joiningOf } from "../../components/forms/joining";
import type { StatusDocument } from "../../components/state/wire";

const status = (change: object = {}) =>
  ({
    takes_in: true,
    engine: { running: true, pid: 1 },
    steps: [
      { id: "done", status: "DONE", stale: false },
      { id: "old", status: "DONE", stale: true },
      { id: "busy", status: "RUNNING", stale: false },
    ],
    gates: [
      { id: "yes", status: "APPROVED" },
      { id: "open", status: "PENDING" },
    ],
    ...change,
  }) as unknown as StatusDocument;

test.each([
  [[], "now"],
  [["done", "yes"], "now"],
  [["done", "busy"], "later"],
  [["old"], "later"],
  [["open"], "later"],
])("a step that is added to a run of everything at work, and waits for %j, starts %s", (needs, wanted) => {
  expect(joiningOf(status(), needs)).toBe(wanted as never);
  expect(joiningOf(status({ takes_in: undefined }), needs)).toBe("asked");
  expect(joiningOf(status({ engine: { running: false, pid: null } }), needs)).toBe("asked");
});
