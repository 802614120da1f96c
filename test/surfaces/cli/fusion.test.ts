import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { agentWorkspace } from "../../rig/fake-agent";
import { sayIn } from "../../rig/fake-shell";
import { changes, commitAll, gitIn, makeRepository } from "../../rig/repository";
import { seqctlArgv } from "../../rig/seqctl";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const text = "one\ntwo\nthree\n";
const line = (to: string) => ["sh", "-c", `sed -i.old s/two/${to}/ f.txt && rm f.txt.old`];
const isolated = { type: "f", isolation: "worktree" } as const;
const join = (candidates: string[], command = ["true"]) => ({
  id: "join",
  command,
  fusion_synth: true,
  fusion_candidates: candidates,
});

/** Each candidate edits the same file in its own way; `b` makes a file and commits, too. */
const answer = `
case "$prompt" in
*"Do a"*) sed -i.old s/two/A/ f.txt; cost=0.01 ;;
*"Do b"*) sed -i.old s/two/B/ f.txt; echo new > "a new file.txt"
  git -c user.name=b -c user.email=b@example.org add "a new file.txt"
  git -c user.name=b -c user.email=b@example.org commit -qm "b's own"; cost=0.02 ;;
*"Do c"*) sed -i.old s/two/B/ f.txt; cost=0.03 ;;
esac
rm -f f.txt.old
init; say m1 hello 10 5; done_with done 1 100 50 "$cost"
`;

async function threeAgents() {
  const candidates = ["a", "b", "c"].map((id) => ({ id, ...isolated }));
  const paths = `process.stdout.write(require("fs").readFileSync(process.env.THREADOS_INPUTS))`;
  const steps = [...candidates, join(["a", "b", "c"], [process.execPath, "-e", paths])];
  const defaults = { worktree: { test: ["grep", "-q", "B", "f.txt"] } };
  const made = await agentWorkspace(Workspace.make, steps, [answer, answer, answer], { defaults });
  makeRepository(made.at, { "f.txt": text });
  return made;
}

describe("a fusion of agents in worktrees", () => {
  test("is run, tested, compared, and one candidate's changes are picked and nothing else", async () => {
    const { at, agent } = await threeAgents();
    const ran = await at.json(["run", "--yes"], { env: agent.env });
    expect(ran).toMatchObject({ exit: 0, doc: { counts: { DONE: 4 } } });
    expect(at.read("f.txt")).toBe(text);
    expect(changes(at)).toEqual([]);

    const { doc } = await at.json(["fusion", "compare", "join"]);
    const base = gitIn(at, "rev-parse", "HEAD").trim();
    const row = (id: string, cost: number, passed: boolean, files: number, insertions: number) => ({
      id,
      status: "DONE",
      base,
      duration_ms: expect.any(Number),
      diff: { files, insertions, deletions: 1, bytes: expect.any(Number) },
      test: { passed, exit_code: passed ? 0 : 1, duration_ms: expect.any(Number) },
      usage: { cost_usd: cost, tokens_in: 100, tokens_out: 50 },
    });
    expect(doc.candidates).toMatchObject([
      row("a", 0.01, false, 1, 1),
      row("b", 0.02, true, 2, 2),
      row("c", 0.03, true, 1, 1),
    ]);
    expect(doc).toMatchObject({ synth: "join", picked: null, agreement: 0 });
    const shown = await sayIn(at, ["fusion", "compare", "join"]);
    expect(shown.out).toMatch(/✓ DONE {2}b .*2 files \+2 -1 +test ✓ +100 in 50 out \$0\.0200/);
    expect(shown.out).toMatch(/a .*1 file \+1 -1 +test ✗ exit 1/);
    expect(shown.out).toContain("all patches differ; the test of a failed; take one");

    const inputs = JSON.parse((await at.seqctl(["logs", "join"])).out);
    for (const id of ["a", "b", "c"])
      expect(fs.readFileSync(inputs[id].files["diff.patch"], "utf8")).toStartWith("diff --git");

    const listed = await at.json(["worktree", "list"]);
    expect(listed.doc.worktrees).toMatchObject(
      ["a", "b", "c"].map((step) => ({ step, attempt: 1, state: "kept", bytes: expect.any(Number) })),
    );
    const picked = await at.json(["fusion", "pick", "b", "--yes"]);
    expect(picked).toMatchObject({ exit: 0, doc: { changed: true } });
    expect(changes(at)).toEqual([" M f.txt", '?? "a new file.txt"']);
    expect(at.read("f.txt")).toBe("one\nB\nthree\n");
    expect(at.read("a new file.txt")).toBe("new\n");
    expect((await at.json(["worktree", "list"])).doc.worktrees).toEqual([]);
    for (const tree of listed.doc.worktrees) expect(fs.existsSync(tree.path)).toBe(false);
    expect(gitIn(at, "worktree", "list").trim().split("\n")).toHaveLength(1);
    const patch = doc.candidates[1].diff.sha256;
    expect(at.audit().at(-1)).toMatchObject({
      action: "fusion.pick",
      target: "b",
      result: "success",
      payload: { promised: { facts: [{ type: "fusion.picked", candidate: "b", patch }] } },
    });
    expect((await at.json(["fusion", "compare", "b"])).doc.picked).toBe("b");
    expect((await at.json(["runs", "show"])).doc.metrics.fusions).toEqual([
      { synth: "join", candidates: 3, agreement: 0, picked: "b" },
    ]);
    expect((await sayIn(at, ["runs", "show"])).out).toContain("3 candidates, all patches differ, b picked");
  });
});

test("the F thread runs end to end from its template", async () => {
  const at = await Workspace.make();
  makeRepository(at, { "f.txt": text });
  const own = `echo "$THREADOS_STEP_ID" >> f.txt`;
  const command = JSON.stringify(["sh", "-c", own]);
  const shape = ["--candidates", "3", "--test", '["grep","-q","fix-[bc]","f.txt"]'];
  const made = await at.json(["template", "apply", "fusion", "--id", "fix", ...shape, "--command", command]);
  expect(made.exit).toBe(0);
  expect((await at.json(["run", "--yes"])).doc).toMatchObject({ outcome: "done", counts: { DONE: 4 } });
  commitAll(at, "the sequence");
  const { doc } = await at.json(["fusion", "compare", "fix-synth"]);
  expect(doc.candidates).toMatchObject([
    { id: "fix-a", test: { passed: false } },
    { id: "fix-b", test: { passed: true } },
    { id: "fix-c", test: { passed: true } },
  ]);
  expect((await at.json(["fusion", "pick", "fix-c", "--yes"])).exit).toBe(0);
  expect(at.read("f.txt")).toBe(`${text}fix-c\n`);
  expect(changes(at)).toEqual([" M f.txt"]);
});

describe("fusion pick", () => {
  const shells = (more: object = {}) =>
    Workspace.make({
      steps: [
        { id: "a", ...isolated, command: line("A"), ...more },
        { id: "b", command: ["true"] },
        join(["a", "b"]),
      ],
    });

  /** A workspace whose candidates have run. */
  async function ran(more: object = {}, files: Record<string, string> = {}): Promise<Workspace> {
    const at = await shells(more);
    makeRepository(at, { "f.txt": text, ...files });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    return at;
  }

  test("asks once in SAFE and shows what it would change; a dry run changes nothing", async () => {
    const at = await ran();
    const dry = await at.json(["fusion", "pick", "a", "--dry-run"]);
    expect(dry).toMatchObject({ exit: 0, doc: { note: "changed: f.txt" } });
    const refused = await sayIn(at, ["fusion", "pick", "a"], { answers: ["n"] });
    expect(refused.questions).toHaveLength(1);
    expect(refused.err).toContain("a: f.txt");
    expect(changes(at)).toEqual([]);
    const said = await sayIn(at, ["fusion", "pick", "a"], { answers: ["y"] });
    expect([said.exit, said.questions.length]).toEqual([0, 1]);
    expect(at.read("f.txt")).toBe("one\nA\nthree\n");
  });

  test("says before anything else that the candidate's test failed, in a dry run too", async () => {
    const at = await ran({ worktree: { test: ["grep", "-q", "B", "f.txt"] } });
    const told = "the test of 'a' failed (exit 1)";
    const dry = await at.json(["fusion", "pick", "a", "--dry-run"]);
    expect(dry).toMatchObject({ exit: 0, doc: { note: `${told}; changed: f.txt` } });
    expect((await sayIn(at, ["fusion", "pick", "a"], { answers: ["n"] })).err).toContain(told);
    expect((await at.seqctl(["fusion", "pick", "a", "--yes"])).out).toContain(told);
    expect(at.read("f.txt")).toBe("one\nA\nthree\n");
  });

  test("says whose changes stand there already, and the lines that take them back", async () => {
    const making = (id: string) => [
      "sh",
      "-c",
      `sed -i.old s/two/${id}/ f.txt; rm f.txt.old; echo ${id} > 'n w'`,
    ];
    const steps = ["a", "b"].map((id) => ({ id, ...isolated, command: making(id) }));
    const at = await Workspace.make({ steps: [...steps, join(["a", "b"])] });
    makeRepository(at, { "f.txt": text });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect((await at.seqctl(["fusion", "pick", "b", "--yes"])).exit).toBe(0);
    const back = "git restore -- f.txt && rm -- 'n w'";
    for (const candidate of ["a", "b"]) {
      const again = await sayIn(at, ["fusion", "pick", candidate, "--yes"]);
      expect(again).toMatchObject({ exit: 5 });
      expect(again.err).toContain("'b' was picked already: its changes stand in 'f.txt', 'n w'");
      expect(again.err).toContain(back);
      expect(at.read("f.txt")).toBe("one\nb\nthree\n");
    }
    execFileSync("sh", ["-c", back], { cwd: at.root });
    expect((await at.seqctl(["fusion", "pick", "a", "--yes"])).exit).toBe(0);
    expect(at.read("n w")).toBe("a\n");
  });

  test("is not undone by undo, which says so and stops before the change that came earlier", async () => {
    const at = await ran();
    await at.seqctl(["step", "add", "late", "--command", '["true"]']);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect((await at.seqctl(["fusion", "pick", "a", "--yes"])).exit).toBe(0);
    const before = at.definition;
    const refused = await sayIn(at, ["undo"]);
    expect(refused).toMatchObject({ exit: 5 });
    expect(refused.err).toContain("brought the changes of 'a' into your files, and that is not undone here");
    expect(refused.err).toContain("the change of the sequence before it: add step late");
    expect(at.definition).toBe(before);
    expect(at.read("f.txt")).toBe("one\nA\nthree\n");
    expect((await sayIn(at, ["undo", "--any"])).out).toBe("✓ undo the last change (add step late)\n");
    expect(at.read("f.txt")).toBe("one\nA\nthree\n");
    expect((await at.seqctl(["redo"])).exit).toBe(0);
    expect((await at.seqctl(["undo"])).exit).toBe(0);
  });

  test("leaves files alone that somebody has changed, and all others with them", async () => {
    const two = ["sh", "-c", "echo more >> f.txt; echo more >> g.txt; mkdir d; echo new > d/n"];
    const at = await ran({ command: two }, { "g.txt": "g\n" });
    at.write("g.txt", "mine\n");
    const refused = await at.json(["fusion", "pick", "a", "--yes"]);
    expect(refused).toMatchObject({ exit: 5, doc: { code: "fusion.conflict", error: { files: ["g.txt"] } } });
    gitIn(at, "checkout", "-q", "g.txt");
    at.write("d/n", "mine, not known to git\n");
    expect((await at.json(["fusion", "pick", "a", "--yes"])).doc.error).toMatchObject({ files: ["d/n"] });
    expect(changes(at)).toEqual(["?? d/n"]);
    fs.rmSync(at.path("d"), { recursive: true });
    at.write("f.txt", `${text}staged\n`);
    gitIn(at, "add", "f.txt");
    at.write("f.txt", text);
    expect((await at.json(["fusion", "pick", "a", "--yes"])).doc.error).toMatchObject({ files: ["f.txt"] });
    expect(at.read("g.txt")).toBe("g\n");
  });

  test("fits its changes to a commit made meanwhile, or refuses and changes nothing", async () => {
    const lines = Array.from({ length: 30 }, (_, i) => `${i}\n`).join("");
    const at = await ran(
      { command: ["sh", "-c", "sed -i.old s/^25/A/ g.txt; rm g.txt.old"] },
      { "g.txt": lines },
    );
    at.write("g.txt", `first\n${lines}`);
    at.write("other", "mine\n");
    gitIn(at, "add", "other");
    gitIn(at, "commit", "-qm", "meanwhile", "g.txt");
    expect((await at.json(["fusion", "pick", "a", "--yes"])).exit).toBe(0);
    expect(at.read("g.txt")).toBe(`first\n${lines.replace("25", "A")}`);
    // The index holds what it held.
    expect(changes(at)).toEqual([" M g.txt", "A  other"]);

    const clash = await ran();
    clash.write("f.txt", "one\nmine\nthree\n");
    commitAll(clash, "meanwhile");
    const refused = await clash.json(["fusion", "pick", "a", "--yes"]);
    expect(refused).toMatchObject({ exit: 5, doc: { code: "fusion.conflict" } });
    expect(changes(clash)).toEqual([]);
  });

  test("brings over binary files, links, modes and removals as they are", async () => {
    const script = [
      "head -c 4096 /dev/urandom > 'b i n'",
      "chmod +x f.txt",
      "ln -s f.txt link",
      "rm -r gone",
      "rm file && mkdir file && echo in > file/in",
      "rm -r folder && echo a file > folder",
    ].join(" && ");
    const at = await ran(
      { command: ["sh", "-c", script] },
      { "gone/deep/x": "x\n", file: "a file\n", "folder/deep/x": "x\n", "b i n": "text\n" },
    );
    const tree = (await at.json(["worktree", "list"])).doc.worktrees[0].path;
    const wanted = fs.readFileSync(`${tree}/b i n`);
    expect((await at.json(["fusion", "pick", "a", "--yes"])).exit).toBe(0);
    expect(fs.readFileSync(at.path("b i n")).equals(wanted)).toBe(true);
    expect(fs.statSync(at.path("f.txt")).mode & 0o111).toBe(0o111);
    expect(fs.readlinkSync(at.path("link"))).toBe("f.txt");
    expect(fs.existsSync(at.path("gone"))).toBe(false);
    expect(at.read("file/in")).toBe("in\n");
    expect(at.read("folder")).toBe("a file\n");
  });

  test("takes only what is done, has a patch, and left it as it is", async () => {
    const at = await shells();
    makeRepository(at, { "f.txt": text });
    expect((await at.json(["fusion", "pick", "a", "--yes"])).doc.code).toBe("fusion.no_patch");
    expect((await at.json(["fusion", "pick", "join", "--yes"])).doc.code).toBe("fusion.unknown");
    expect((await at.json(["fusion", "pick", "x", "--yes"])).doc.code).toBe("step.unknown");
    expect((await at.json(["fusion", "compare", "x"])).doc.code).toBe("fusion.unknown");
    await at.seqctl(["run", "--yes"]);
    const without = await at.json(["fusion", "pick", "b", "--yes"]);
    expect(without.doc.error.message).toContain("it ran without a worktree of its own");
    fs.appendFileSync(at.path(`${at.attempt("a")}/diff.patch`), "\n");
    const forged = await at.json(["fusion", "pick", "a", "--yes"]);
    expect(forged.doc.error.message).toContain("is not what its attempt left");
    expect(changes(at)).toEqual([]);
  });

  test("by a step is left as a proposal, which a person approves", async () => {
    const at = await Workspace.make();
    const seqctl = await seqctlArgv();
    const steps = [
      { id: "a", ...isolated, command: line("A") },
      { id: "b", ...isolated, command: line("B") },
      join(["a", "b"], ["sh", "-c", '"$@" || [ $? = 3 ]', "sh", ...seqctl, "fusion", "pick", "a"]),
    ];
    at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "s", steps }));
    makeRepository(at, { "f.txt": text });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(changes(at)).toEqual([]);
    const [proposal] = (await at.json(["inbox"])).doc.proposals;
    expect(proposal).toMatchObject({ actor: "agent:join", calls: [{ action: "fusion.pick" }] });
    expect(await at.json(["approve", proposal.id, "--yes"])).toMatchObject({ exit: 0 });
    expect(at.read("f.txt")).toBe("one\nA\nthree\n");
    expect(changes(at)).toEqual([" M f.txt"]);
  });

  test("of a candidate that changed nothing brings nothing, and settles the matter", async () => {
    const at = await ran({ command: ["true"] });
    const picked = await at.json(["fusion", "pick", "a", "--yes"]);
    expect(picked).toMatchObject({
      exit: 0,
      doc: { changed: false, note: "there was nothing to bring over" },
    });
    expect(changes(at)).toEqual([]);
    expect((await at.json(["worktree", "list"])).doc.worktrees).toEqual([]);
  });
});
