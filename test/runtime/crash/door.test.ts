import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import type { Caller } from "../../../lib/core/actor";
import { dispatch } from "../../../lib/runtime/dispatch";
import { proveAudit } from "../../rig/audit-proof";
import { Crash, crashingPorts } from "../../rig/crashing";
import { opened } from "../../rig/fake-shell";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const person: Caller = { actor: "user", surface: "cli" };

/** An action, and whether its effect is there. */
interface Case {
  action: string;
  input: object;
  yes?: boolean;
  isThere: (at: Workspace) => boolean;
}

const proposal = "01ARZ3NDEKTSV4RRFFQ69G5FAV";

/** All of the proposal's calls, or none: anything between is a fault. */
function isCarriedOut(at: Workspace): boolean {
  const traces = [
    at.definition.includes("id: c"),
    at.definition.includes("renamed"),
    fs.existsSync(at.path(".threados/prompts/a.md")),
    at.runs().length === 2 && at.facts()[0]?.type === "run.opened",
  ];
  expect(traces).toEqual(traces.map(() => traces[0] as boolean));
  return traces[0] as boolean;
}

const readIfThere = (at: Workspace, name: string) =>
  fs.existsSync(at.path(name)) ? at.read(name) : undefined;

const approved = (at: Workspace) =>
  at.facts().some((fact) => fact.type === "gate.approved" && fact.gate === "g");

/** A gate whose approval was void is approved anew: both facts, or neither. */
function isApprovedAnew(at: Workspace): boolean {
  const about = at.facts().filter((fact) => fact.gate === "v");
  const told = about.map(({ type }) => type);
  if (told.length === 3) expect(told).toEqual(["gate.approved", "gate.voided", "gate.approved"]);
  return told.length === 3;
}

const cases: Case[] = [
  { action: "step.add", input: { id: "b" }, isThere: (at) => at.definition.includes("id: b") },
  { action: "step.edit", input: { id: "a", name: "new" }, isThere: (at) => at.definition.includes("new") },
  { action: "sequence.undo", input: {}, isThere: (at) => !at.definition.includes("second") },
  { action: "gate.approve", input: { id: "g" }, yes: true, isThere: approved },
  { action: "gate.approve", input: { id: "v" }, yes: true, isThere: isApprovedAnew },
  {
    action: "policy.mode",
    input: { mode: "POWER" },
    yes: true,
    isThere: (at) => at.lines(".threados/policy.yaml").includes("mode: POWER"),
  },
  {
    action: "prompt.edit",
    input: { id: "a", text: "new words" },
    isThere: (at) => readIfThere(at, ".threados/prompts/a.md") === "new words",
  },
  { action: "proposal.approve", input: { id: proposal }, yes: true, isThere: isCarriedOut },
  {
    action: "run.start",
    input: { scope: "runnable", new: true },
    yes: true,
    isThere: (at) => at.facts()[0]?.type === "run.opened" && at.runs().length === 2,
  },
];

/** A workspace in the middle of its life, with an open run that waits at gate `g`. */
async function middleOfLife(): Promise<Workspace> {
  const at = await Workspace.make({
    steps: [
      { id: "a", command: ["true"] },
      { id: "later", command: ["true"], depends_on: ["v"] },
    ],
    gates: [
      { id: "v", name: "V", shows: ["a"] },
      { id: "g", name: "G" },
      { id: "h", name: "H" },
    ],
  });
  const { ports } = await opened(at);
  const edited = await dispatch(ports, { action: "step.clone", input: { id: "a", new: "second" } }, person);
  ports.proposals.write({
    id: proposal,
    ts: "2026-01-01T00:00:00.000Z",
    actor: "agent:a",
    surface: "cli",
    summary: "all of it",
    base: edited.ok ? (edited.value.after ?? "") : "",
    calls: [
      { action: "step.add", input: { id: "c", command: ["true"] } },
      { action: "step.edit", input: { id: "c", name: "renamed" } },
      { action: "prompt.edit", input: { id: "a", text: "new words" } },
      { action: "run.start", input: { scope: "step", id: "a", new: true } },
    ],
  });
  const run = await dispatch(ports, { action: "run.start", input: { scope: "step", id: "a" } }, person, {
    yes: true,
  });
  if (!edited.ok || !run.ok) throw new Error("the workspace could not be made");
  const { until } = await import("../../rig/deadline");
  await until(
    "its engine to leave",
    () => at.facts().at(-1)?.type === "engine.stopped" && at.processes().length === 0,
  );
  const shown = await dispatch(ports, { action: "gate.approve", input: { id: "v" } }, person, { yes: true });
  if (!shown.ok) throw new Error("the gate could not be approved");
  at.write(`${at.attempt("a")}/summary.md`, "something else");
  return at;
}

for (const when of ["before", "after"] as const) {
  test.each(cases)(
    `a process that dies ${when} any change of the disk in $action: recorded and done, or neither`,
    async ({ action, input, yes, isThere }) => {
      let outcomes = "";
      for (let change = 1; ; change++) {
        const at = await middleOfLife();
        const { ports } = await opened(at);
        const before = at.audit().length;
        const call = dispatch(crashingPorts(ports, change, when), { action, input }, person, {
          yes: yes ?? false,
        });
        const died = await call.then(
          (result) => expect(result).toMatchObject({ ok: true }) as undefined,
          (error) => error as Error,
        );
        if (died !== undefined) expect(died).toBeInstanceOf(Crash);
        // The next command of anybody finishes what was begun, and is itself carried out.
        const next = await dispatch(
          (await opened(at)).ports,
          { action: "gate.block", input: { id: "h" } },
          person,
        );
        expect(next).toMatchObject({ ok: true });
        const recorded = at
          .audit()
          .slice(before)
          .some((entry) => entry.action === action && entry.result === "success");
        expect([change, isThere(at)]).toEqual([change, recorded]);
        const waiting = (await at.json(["inbox"])).doc.proposals.map(({ id }: { id: string }) => id);
        expect(waiting).toEqual(recorded && action === "proposal.approve" ? [] : [proposal]);
        expect(fs.readdirSync(at.path(".threados")).filter((name) => name.endsWith(".tmp"))).toEqual([]);
        proveAudit(at.lines(".threados/audit.log"));
        expect(at.audit().map((entry) => entry.action)).not.toContain("sequence.edited_outside");
        const numbers = at.facts().map((fact) => fact.seq);
        expect(numbers).toEqual(numbers.map((_, i) => i + 1));
        outcomes += recorded ? "1" : "0";
        await at.end();
        if (died === undefined) break;
      }
      // There is one moment up to which nothing is there, and from which everything is.
      expect(outcomes).toMatch(when === "before" ? /^0+1+$/ : /^0*1+$/);
    },
  );
}
