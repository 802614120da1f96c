import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import { sayIn } from "../../rig/fake-shell";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const sequence = {
  steps: [
    { id: "draft", command: ["sh", "-c", "echo Once upon a time; echo there was a line of many words"] },
    { id: "check", command: "wc -w\nexit 0", depends_on: ["draft"] },
    { id: "ship", command: ["true"], depends_on: ["check", "late"] },
  ],
  gates: [
    { id: "early", name: "E", depends_on: ["draft"] },
    { id: "late", name: "L", depends_on: ["early"] },
  ],
};

test("a dry run shows each step's command, its class, and the gates that come before it", async () => {
  const at = await Workspace.make(sequence);
  const entries = at.audit().length;
  const { exit, out } = await sayIn(at, ["run", "--dry-run"], { columns: 60 });
  expect(exit).toBe(0);
  expect(out.split("\n")).toEqual([
    "would run the sequence (3 steps: draft, check, ship)",
    '  draft  arbitrary-code  ["sh","-c","echo Once upon a time;…',
    "  check  arbitrary-code  wc -w⏎exit 0",
    '  ship   read-only       ["true"]',
    "         once a person has approved 'early', 'late'",
    "  a person is asked first: mode SAFE",
    "",
  ]);
  expect(at.audit().length).toBe(entries);
  expect((await sayIn(at, ["run", "--dry-run"], { outIsTerminal: false })).out).toContain("many words");
});

test("a program is told the same, and a gate that is approved is no longer named", async () => {
  const at = await Workspace.make(sequence);
  expect((await at.json(["run", "step", "draft", "--dry-run"])).doc).toMatchObject({
    dry_run: true,
    starts: [{ step: "draft", class: "arbitrary-code", rule: "builtin.shell", gates: [] }],
    asks: { times: 1, why: "mode SAFE" },
  });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(3);
  expect((await at.seqctl(["gate", "approve", "early", "--yes"])).exit).toBe(0);
  const { starts } = (await at.json(["gate", "approve", "late", "--dry-run"])).doc;
  expect(starts.map(({ step, gates }: { step: string; gates: string[] }) => [step, gates])).toEqual([
    ["ship", []],
  ]);
  const nothing = (await at.json(["run", "--dry-run"])).doc;
  expect(nothing).toMatchObject({
    starts_nothing: true,
    note: "nothing to start: gate 'late' (L) waits for you",
  });
  const fresh = (await at.json(["run", "--new", "--dry-run"])).doc.starts;
  expect(fresh.at(-1)).toMatchObject({ step: "ship", gates: ["early", "late"] });
  expect((await sayIn(at, ["step", "rm", "ship", "--dry-run"])).out).toBe(
    "would remove step ship\n  a person is asked first, twice: it removes something\n",
  );
});
