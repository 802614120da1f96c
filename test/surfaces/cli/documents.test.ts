import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { grammar } from "../../../lib/surfaces/cli/grammar";
import { shapeOf } from "../../../scripts/cli-documents";
import { type Setting, sayIn } from "../../rig/fake-shell";
import { Held } from "../../rig/held";
import { cleanUp, type Doc, onlyDocument, Workspace } from "../../rig/workspace";

setDefaultTimeout(120_000);
afterEach(cleanUp);

const made: Parameters<typeof Workspace.make>[0] = {
  steps: [
    { id: "a", command: ["sh", "-c", 'echo out; echo {} > "$THREADOS_OUTPUT_DIR/note.json"'] },
    { id: "b", command: ["true"], depends_on: ["g"], group_id: "team" },
    { id: "c", model: "claude-code", depends_on: ["h"] },
    { id: "d", command: ["true"] },
    { id: "e", command: ["true"] },
  ],
  gates: [
    { id: "g", name: "Fine?", depends_on: ["a"] },
    { id: "h", name: "Sure?" },
  ],
};

/** Lines that succeed one after the other in one workspace, each with its command's words in front. */
const lines: [words: string, ...rest: string[]][] = [
  ["status"],
  ["validate"],
  ["schema", "policy"],
  ["doctor"],
  ["step add", "extra", "--command", '["true"]'],
  ["step edit", "extra", "--name", "More"],
  ["undo"],
  ["redo"],
  ["diff"],
  ["step clone", "extra", "twin"],
  ["step show", "twin"],
  ["step rm", "twin"],
  ["dep add", "extra", "a"],
  ["dep rm", "extra", "a"],
  ["gate insert", "late", "--name", "Late?", "--depends-on", "b"],
  ["gate edit", "late", "--name", "Later?"],
  ["sequence edit", "--name", "Whole"],
  ["change", "--calls", JSON.stringify([{ action: "step.edit", input: { id: "d", name: "D" } }])],
  ["layout show"],
  ["layout place", "--direction", "down"],
  ["gate list"],
  ["gate show", "g"],
  ["group parallelize", "d", "e", "--group-id", "pair"],
  ["group list"],
  ["template list"],
  ["template show", "base"],
  ["template apply", "chained", "--id", "made", "--phases", "one,two"],
  ["prompt edit", "c", "--text", "do it"],
  ["prompt show", "c"],
  ["agents list"],
  ["policy show"],
  ["policy explain", "--step", "a"],
  ["policy test"],
  ["policy mode", "SAFE"],
  ["policy sandbox", "off"],
  ["run step", "a"],
  ["why", "a"],
  ["logs", "a"],
  ["attach", "a"],
  ["mprocs open", "--print-config"],
  ["artifacts", "a"],
  ["artifact", "a", "note.json"],
  ["rerun", "a"],
  ["restart", "a"],
  ["gate block", "g"],
  ["gate reject", "g", "--reason", "no"],
  ["gate approve", "g"],
  ["run group", "team"],
  ["fusion create", "--candidates", "d,e", "--synth", "extra"],
  ["fusion compare", "extra"],
  ["worktree list"],
  ["worktree gc"],
  ["gate rm", "late"],
  ["inbox"],
  ["runs list"],
  ["runs show"],
  ["engine status"],
  ["engine stop"],
  ["audit tail"],
  ["audit read"],
  ["audit verify"],
  ["audit export", "--out", "exported.jsonl"],
  ["audit accept"],
  ["completion bash"],
  ["completion zsh"],
  ["completion fish"],
  ["completion words", "--", "st"],
  ["skill"],
  ["cancel"],
];

/** Commands with a test of their own below. */
const others = [
  ...["init", "run all", "run runnable", "stop", "runs diff", "approve", "reject", "write"],
  ...["ui", "mcp", "chat", "engine run"],
  // Their own tests: test/surfaces/cli/fusion.test.ts, and what runs inside an attempt.
  ...["fusion pick", "worktree run", "engine watch", "engine door"],
  // And what the panes of mprocs and terminals run: test/runtime/mprocs.test.ts, test/runtime/terminals.test.ts.
  ...["mprocs select", "mprocs start", "mprocs watch", "exec-step"],
];

/** The one document that a line prints, with its exit code. */
async function say(at: Workspace, words: string, rest: string[] = [], setting: Setting = {}) {
  const said = await sayIn(
    at,
    [...words.split(" "), ...rest.filter((word) => word !== "--"), "--json", "--yes"],
    {
      canAsk: false,
      ...setting,
    },
  );
  return { exit: said.exit, doc: onlyDocument(said.out, said.err) as Doc };
}

/** Holds a document against what docs/cli-reference.md says of the command. */
function checkShape(words: string, doc: Doc): void {
  const spec = grammar.find((one) => one.words === words);
  const shape = shapeOf(words, spec?.action !== undefined);
  if (!shape) return;
  const all = [...shape.keys, ...(shape.also ?? [])];
  expect([words, shape.keys.filter((key) => !(key in doc))]).toEqual([words, []]);
  expect([words, Object.keys(doc).filter((key) => !all.includes(key))]).toEqual([words, []]);
}

describe("with --json a command that succeeds", () => {
  test("prints the one document that its reference speaks of", async () => {
    const at = await Workspace.make(made);
    for (const [words, ...rest] of lines) {
      const { exit, doc } = await say(at, words, rest);
      expect([words, exit, doc.error]).toEqual([words, 0, undefined]);
      checkShape(words, doc);
    }
  });

  test("so does a whole run, what is set beside another, and a step that is stopped", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
    for (const [words, ...rest] of [["run runnable"], ["run all", "--new", "--attach"], ["runs diff"]] as [
      string,
      ...string[],
    ][]) {
      const { exit, doc } = await say(at, words, rest);
      expect([words, exit]).toEqual([words, 0]);
      checkShape(words, doc);
    }
    const other = await Workspace.make();
    const held = new Held(other);
    await say(other, "step add", ["slow", "--command", JSON.stringify(held.command("slow"))]);
    expect((await say(other, "run all", ["--detach"])).exit).toBe(0);
    await held.hasBegun("slow");
    const { exit, doc } = await say(other, "stop", ["slow"]);
    expect(exit).toBe(0);
    checkShape("stop", doc);
  });

  test("so does writing the whole text", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
    const { exit, doc } = await say(at, "write", [`${at.definition}# said by hand\n`]);
    expect(exit).toBe(0);
    checkShape("write", doc);
  });

  test("so does a decision on a proposal", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
    for (const words of ["approve", "reject"]) {
      await at.json(["run", "--new"]);
      const { doc } = await say(at, "inbox");
      const { exit, doc: decided } = await say(at, words, [doc.proposals[0].id]);
      expect([words, exit]).toEqual([words, 0]);
      if (words === "reject") checkShape(words, decided);
    }
  });

  test("so does what begins a workspace, and what serves one", async () => {
    const at = Workspace.empty();
    const begun = await say(at, "init");
    expect(begun.exit).toBe(0);
    checkShape("init", begun.doc);
    const served = await say(at, "ui", [], {
      serve: async () => ({
        ok: true,
        value: { url: "http://127.0.0.1:1/#token=x", port: 1, closed: Promise.resolve() },
      }),
    });
    checkShape("ui", served.doc);
    const config = await say(at, "mcp", ["--print-config"]);
    expect(config.exit).toBe(0);
  });

  test("so does the chat", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
    const { exit, doc } = await say(at, "chat", ["status"]);
    expect([exit, doc.error]).toEqual([0, null]);
    checkShape("chat", doc);
  });

  test("so does what opens a window, and what selects in it", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
    const at1 = { config: "/w/mprocs.yaml", port: 1, session: "s", panes: 1 };
    const place = { ...at1, unshown: [], attach: "tmux attach -t s" };
    const mprocs: Setting["mprocs"] = {
      config: async () => "",
      wake: async () => false,
      open: async () => ({ ok: true, value: { ...place, wasOpen: false } }),
      select: async () => ({ ok: true, value: { index: 0 } }),
    };
    const opened = await say(at, "mprocs open", [], { mprocs });
    expect(opened).toEqual({ exit: 0, doc: { ...place, was_open: false } });
    checkShape("mprocs open", opened.doc);
    const selected = await say(at, "mprocs select", ["a"], { mprocs });
    expect(selected).toEqual({ exit: 0, doc: { step: "a", pane: 0 } });
    checkShape("mprocs select", selected.doc);
  });

  test("is every command there is", () => {
    const told = [...lines.map(([words]) => words), ...others];
    expect(grammar.map(({ words }) => words).filter((words) => !told.includes(words))).toEqual([]);
  });
});

describe("with --json a command that is refused", () => {
  test.each(grammar.map(({ words }) => words))("prints the refusal as one document: %s", async (words) => {
    const { exit, doc } = await say(Workspace.empty(), words, ["--no-such-flag"]);
    expect([exit, doc.code, doc.error?.code]).toEqual([2, "input.invalid", "input.invalid"]);
    expect(doc.error.message).toContain("--no-such-flag");
  });
});
