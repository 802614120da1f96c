import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { scrubbed } from "../../lib/core/audit/scrub";
import type { ProblemDoc } from "../../lib/core/views/problem";
import type { ReplayDoc } from "../../lib/core/views/replay";
import { pictureAt } from "../../lib/core/views/replay";
import type { HistoryDoc } from "../../lib/runtime/history";
import { query } from "../../lib/runtime/query";
import { textDoc } from "../../lib/runtime/text-doc";
import { openWorkspace } from "../../lib/threados";
import { opened } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

/** Asks a view of a workspace; a refusal comes back as its code. */
async function ask<T>(at: Workspace, view: string, input: object = {}): Promise<T> {
  const found = openWorkspace(at.root, []);
  if (!found.ok) throw new Error(found.failure.code);
  const answer = await found.value.query(view, input);
  return (answer.ok ? answer.value : answer.failure.code) as T;
}

const key = "-----BEGIN PRIVATE KEY-----\\nabc\\ndef\\n-----END PRIVATE KEY-----";

async function ran(): Promise<Workspace> {
  const at = await Workspace.make({
    steps: [
      {
        id: "say",
        command: ["sh", "-c", `seq 1 1000; printf '%b' '${key}\\nA \\033[1mred\\033[0m Apple\\nno end'`],
      },
      { id: "next", command: ["true"], depends_on: ["say"] },
    ],
  });
  await at.seqctl(["run", "--yes"]);
  return at;
}

interface Found {
  matches: [number, number, number][];
  size: number;
  bytes: number;
  lines: number;
}

describe("a log, read in parts,", () => {
  test("is counted by lines, with the place of every 256th", async () => {
    const at = await ran();
    const counted = await ask<{ lines: number; ended: boolean; size: number; marks: number[][] }>(
      at,
      "logs.lines",
      { id: "say" },
    );
    expect([counted.lines, counted.ended, counted.size]).toEqual([1005, false, 3981]);
    expect(counted.marks.map(([line]) => line)).toEqual([256, 512, 768]);
    const [line = 0, from = 0] = counted.marks[1] ?? [];
    const { text } = await ask<{ text: string }>(at, "logs", { id: "say", stream: "stdout", from, limit: 8 });
    expect(text).toBe(`${line + 1}\n${line + 2}\n`);
    const rest = await ask<{ lines: number }>(at, "logs.lines", { id: "say", from });
    expect(rest.lines).toBe(1005 - line);
  });

  test("keeps its line numbers where a secret of several lines is left out", async () => {
    const at = await ran();
    const { text } = await ask<{ text: string }>(at, "logs", { id: "say", stream: "stdout", from: 0 });
    const lines = text.split("\n");
    expect(lines.slice(1000, 1006)).toEqual([
      scrubbed,
      scrubbed,
      scrubbed,
      scrubbed,
      "A \x1b[1mred\x1b[0m Apple",
      "no end",
    ]);
  });

  test("is searched as it is shown: without colours, and never in a secret", async () => {
    const at = await ran();
    const find = (text: string, more: object = {}) =>
      ask<Found>(at, "logs.search", { id: "say", text, ...more });
    expect((await find("a red apple")).matches).toEqual([[1004, 0, 11]]);
    expect((await find("a red apple", { match_case: true })).matches).toEqual([]);
    expect((await find("PRIVATE")).matches).toEqual([]);
    expect((await find("^99\\d$", { pattern: true })).matches).toHaveLength(10);
    expect((await find("red apple|END", { pattern: true })).matches).toEqual([
      [1004, 2, 9],
      [1005, 3, 3],
    ]);
    expect(await find("(", { pattern: true })).toMatchObject({
      problem: expect.stringContaining("RE2"),
      matches: [],
    });
    const part = await find("99", { from: 2, limit: 20 });
    expect([part.matches.length, part.bytes]).toEqual([0, 20]);
  });

  test("is searched on from where an answer was full, and nothing is lost or found twice", async () => {
    const script = `for i in 1 2 3; do seq -f 'ee %.0f e' 1 3000; printf '%b' '${key}\\n'; done; printf 'no e'`;
    const at = await Workspace.make({ steps: [{ id: "say", command: ["sh", "-c", script] }] });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    const whole = { id: "say", stream: "stdout", from: 0, limit: 1_000_000 };
    const { text } = await ask<{ text: string }>(at, "logs", whole);
    const all = text
      .split("\n")
      .flatMap((words, line) => Array.from(words.matchAll(/e/gi), ({ index }) => [line, index, 1]));
    expect(all.length).toBeGreaterThan(20_000);
    const found: number[][] = [];
    let [from, line, answers] = [0, 0, 0];
    for (;;) {
      const part = await ask<Found & { capped: boolean }>(at, "logs.search", { id: "say", text: "e", from });
      answers += 1;
      for (const [below, column, length] of part.matches) found.push([line + below, column, length]);
      if (!part.capped) break;
      [from, line] = [from + part.bytes, line + part.lines];
    }
    expect(answers).toBe(3);
    expect(found).toEqual(all);
  });

  test.each([19_999, 20_000, 20_001, 20_002])(
    "loses nothing where it is full at the end of a part of %i bytes",
    async (limit) => {
      const at = await Workspace.make({
        steps: [{ id: "say", command: ["sh", "-c", "yes e | head -n 10000; printf 'e e'"] }],
      });
      expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
      const places: number[] = [];
      let [from, size] = [0, 1];
      while (from < size) {
        const part = await ask<Found>(at, "logs.search", { id: "say", text: "e", from, limit });
        // Each line takes two bytes, the first of a part that begins within it one.
        for (const [line, column] of part.matches)
          places.push(from + 2 * line - (line > 0 ? from % 2 : 0) + column);
        expect(part.bytes).toBeGreaterThan(0);
        [from, size] = [from + part.bytes, part.size];
      }
      expect(size).toBe(20_003);
      expect(places).toEqual([...Array.from({ length: 10_001 }, (_, line) => 2 * line), 20_002]);
    },
  );

  test("is marked where it stands behind letters whose small form is longer", async () => {
    const at = await Workspace.make({
      steps: [{ id: "say", command: ["printf", "%s\n", "İİ Error 😀 error", "İSTANBUL"] }],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    const find = async (text: string, more: object = {}) =>
      (await ask<Found>(at, "logs.search", { id: "say", text, ...more })).matches;
    const both: Found["matches"] = [
      [0, 3, 5],
      [0, 12, 5],
    ];
    expect(await find("ERROR")).toEqual(both);
    expect(await find("error", { pattern: true })).toEqual(both);
    expect(await find("istanbul")).toEqual([[1, 0, 8]]);
    expect(await find("İ")).toEqual([
      [0, 0, 1],
      [0, 1, 1],
      [1, 0, 1],
    ]);
  });

  test("of a stream on which nothing was printed has no lines", async () => {
    const at = await ran();
    expect(await ask(at, "logs.lines", { id: "say", stream: "stderr" })).toMatchObject({ lines: 0, size: 0 });
    expect(await ask(at, "logs.search", { id: "say", stream: "stderr", text: "x" })).toMatchObject({
      matches: [],
    });
  });
});

test("a run is replayed from its facts, whatever stands in the file by now", async () => {
  const at = await ran();
  const doc = await ask<ReplayDoc>(at, "runs.replay");
  await at.seqctl(["step", "rm", "next", "--yes"]);
  await at.seqctl(["run", "--new", "--yes"]);
  const old = await ask<ReplayDoc>(at, "runs.replay", { run: doc.run });
  expect([doc.newest, old.newest]).toEqual([true, false]);
  const completed = old.facts.find((fact) => fact.type === "run.completed");
  const shown = pictureAt(old, Date.parse(completed?.ts ?? ""), {
    root: "",
    mode: "SAFE",
    sandbox: "off",
    warnings: [],
  });
  expect(shown.steps.map(({ id, status }) => `${id} ${status}`)).toEqual(["say DONE", "next DONE"]);
  const begun = old.facts.find((fact) => fact.type === "attempt.intended");
  const then = pictureAt(old, Date.parse(begun?.ts ?? ""), {
    root: "",
    mode: "SAFE",
    sandbox: "off",
    warnings: [],
  });
  expect(then.steps.map(({ status }) => status)).toEqual(["RUNNING", "BLOCKED"]);
  const last = old.facts.at(-1)?.seq ?? 0;
  expect((await ask<ReplayDoc>(at, "runs.replay", { run: doc.run, after: last - 1 })).facts).toHaveLength(1);
  expect(await ask<string>(at, "runs.replay", { run: "nothing" })).toBe("run.unknown");
});

describe("the audit log", () => {
  interface Page {
    entries: { seq: number; action: string; result: string }[];
    next: number | null;
  }
  test("is read newest first, a page at a time, and by what is looked for", async () => {
    const at = await ran();
    await at.seqctl(["step", "add", "say", "--command", '["x"]', "--yes"]);
    const pages: Page[] = [await ask<Page>(at, "audit.find", { limit: 2 })];
    for (let page = pages[0]; page?.next != null; page = pages.at(-1))
      pages.push(await ask<Page>(at, "audit.find", { limit: 2, before: page.next }));
    const seqs = pages.flatMap(({ entries }) => entries.map(({ seq }) => seq));
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, index) => seqs.length - index));
    const of = async (input: object) =>
      (await ask<Page>(at, "audit.find", input)).entries.map(({ action }) => action);
    expect(await of({ refused: true })).toEqual(["step.add"]);
    expect(await of({ action: "RUN.START" })).toEqual(["run.start"]);
    expect(await of({ target: "say", actor: "user" })).toEqual(["step.add", "workspace.init"]);
    expect(await of({ actor: "nobody" })).toEqual([]);
    expect(await of({ actor: "engine" })).toEqual(["run.completed"]);
    const run = at.audit().find(({ action }) => action === "run.completed")?.target as string;
    expect(await of({ target: `run ${run.slice(-6)}` })).toEqual(["run.completed", "run.start"]);
  });

  test("finds every change of a step: by its own call, a batch, undo, and by hand", async () => {
    const at = await Workspace.make();
    const add = (id: string) => ({ action: "step.add", input: { id, command: ["true"] } });
    await at.seqctl(["step", "add", "a", "--command", '["true"]', "--yes"]);
    const change = JSON.stringify([add("b"), { action: "step.edit", input: { id: "a", name: "A" } }]);
    expect((await at.seqctl(["change", "--calls", change, "--yes"])).exit).toBe(0);
    expect((await at.seqctl(["undo"])).exit).toBe(0);
    const [file, text] = [".threados/sequence.yaml", at.read(".threados/sequence.yaml")];
    at.write(file, text.replace("name: A\n", "").replace("- id: a", "- id: a\n    name: By hand"));
    expect((await at.seqctl(["step", "add", "c", "--command", '["true"]', "--yes"])).exit).toBe(0);
    const of = async (target: string) =>
      (await ask<Page>(at, "audit.find", { target })).entries.map(({ action }) => action);
    expect(await of("a")).toEqual([
      ...["sequence.edited_outside", "sequence.undo", "sequence.change", "step.add"],
    ]);
    expect(await of("b")).toEqual(["sequence.undo", "sequence.change"]);
    expect(await of("c")).toEqual(["step.add"]);
    const { out } = await at.seqctl(["audit", "read", "--target", "b", "--json"]);
    expect(JSON.parse(out)).toMatchObject({
      total: 2,
      entries: [{ action: "sequence.change" }, { action: "sequence.undo" }],
    });
  });
});

describe("the history", () => {
  const words = async (at: Workspace) => {
    const { undo, redo } = await ask<HistoryDoc>(at, "sequence.history");
    return [undo?.change, redo?.change];
  };

  test("says what undo and redo would do, and nothing where there is nothing", async () => {
    const at = await Workspace.make();
    expect(await words(at)).toEqual([undefined, undefined]);
    await at.seqctl(["step", "add", "a", "--command", '["true"]', "--yes"]);
    await at.seqctl(["step", "add", "b", "--command", '["true"]', "--yes"]);
    expect(await words(at)).toEqual(["add step b", undefined]);
    await at.seqctl(["undo"]);
    expect(await words(at)).toEqual(["add step a", "add step b"]);
    await at.seqctl(["undo"]);
    expect(await words(at)).toEqual([undefined, "add step a"]);
    await at.seqctl(["redo"]);
    await at.seqctl(["step", "edit", "a", "--name", "A", "--yes"]);
    expect((await words(at))[1]).toBeUndefined();
  });

  test("says whose change it is, and that a file that is gone is given back", async () => {
    const at = await Workspace.make();
    await at.seqctl(["step", "add", "a", "--command", '["true"]', "--yes"]);
    expect((await ask<HistoryDoc>(at, "sequence.history")).undo?.by).toBe("user");
    rmSync(join(at.root, ".threados", "sequence.yaml"));
    expect((await ask<HistoryDoc>(at, "sequence.history")).undo).toEqual({
      change: "what made the file unreadable",
      by: "somebody outside ThreadOS",
      proposal: null,
    });
  });
});

test("the text of the definition comes with its own fault, not with that of a later one", async () => {
  const at = await Workspace.make();
  const { ports } = await opened(at);
  const text = at.definition;
  const loadText = () => {
    const read = ports.definition.loadText();
    at.write(".threados/sequence.yaml", "version: 1\nname: [\n");
    return read;
  };
  const changed = { ...ports, definition: { ...ports.definition, loadText } };
  expect(textDoc(changed)).toMatchObject({ ok: true, value: { text, fault: null } });
  expect(textDoc(changed)).toMatchObject({ ok: true, value: { fault: { code: "sequence.syntax" } } });
});

describe("the problems", () => {
  const problems = async (at: Workspace) =>
    (await ask<{ problems: ProblemDoc[] }>(at, "sequence.problems")).problems;

  test("are none in a sound workspace", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
    expect(await problems(at)).toEqual([]);
  });

  test("name the line, the column and the step of a fault in the file", async () => {
    const at = await Workspace.make();
    at.write(".threados/sequence.yaml", "version: 1\nname: n\nsteps:\n  - id: a\n    commandd: [x]\n");
    const [first] = await problems(at);
    expect(first).toMatchObject({
      severity: "error",
      code: "sequence.unknown_key",
      node: "a",
      file: ".threados/sequence.yaml",
      line: 5,
      column: 5,
      excerpt: "    commandd: [x]",
    });
  });

  test("are all faults of the file that can be known at once", async () => {
    const at = await Workspace.make();
    at.write(
      ".threados/sequence.yaml",
      "version: 1\nname: n\nsteps:\n  - {id: a, x: 1}\n  - {id: b, y: 1}\n",
    );
    expect((await problems(at)).map(({ node, line }) => [node, line])).toEqual([
      ["a", 4],
      ["b", 5],
    ]);
  });

  test("are an agent's missing prompt, a missing secret and a broken policy too", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "plan", model: "claude-code" },
        { id: "b", command: ["true"], env: { KEY: "secret:NOWHERE_TO_BE_FOUND" } },
      ],
    });
    const found = await problems(at);
    expect(found.map(({ severity, code, node }) => [severity, code, node])).toEqual([
      ["error", "prompt.missing", "plan"],
      ["warning", "secret.missing", null],
    ]);
    expect(found[0]?.line).toBeGreaterThan(0);
    at.write(".threados/policy.yaml", "version: 1\nmodus: SAFE\n");
    expect(await problems(at)).toContainEqual(
      expect.objectContaining({ code: "policy.invalid", file: ".threados/policy.yaml", line: 2, column: 1 }),
    );
  });
});

test("agents that nobody knows are looked for once in a text, and anew in another one", async () => {
  const at = await Workspace.make({ steps: [{ id: "a", model: "claud-code" }] });
  const { ports } = await opened(at);
  let looks = 0;
  const names = () => {
    const known = ["claude-code"];
    known.includes = (name) => {
      looks += 1;
      return name === "claude-code";
    };
    return { ok: true as const, value: known };
  };
  const problems = async () => {
    const answer = await query({ ...ports, agents: { ...ports.agents, names } }, "sequence.problems", {});
    const { problems: all } = (answer.ok ? answer.value : { problems: [] }) as { problems: ProblemDoc[] };
    return all.filter(({ code }) => code === "agent.unknown").map(({ node, line }) => [node, line]);
  };
  expect(await problems()).toEqual([["a", 5]]);
  expect(await problems()).toEqual([["a", 5]]);
  expect(looks).toBe(1);
  at.write(".threados/sequence.yaml", `# moved\n${at.definition}`);
  expect(await problems()).toEqual([["a", 6]]);
  expect(looks).toBe(2);
});
