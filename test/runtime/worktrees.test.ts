import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import type { Step } from "../../lib/core/sequence/schema";
import { until } from "../rig/deadline";
import { agentWorkspace } from "../rig/fake-agent";
import { changes, gitIn, makeRepository } from "../rig/repository";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const isolated = (id: string, script: string, more: Partial<Step> = {}): Step => ({
  id,
  isolation: "worktree",
  command: ["sh", "-c", script],
  ...more,
});

/** A repository with one file whose isolated step `a` runs a script. */
async function withStep(script: string, more: Partial<Step> = {}, files: Record<string, string> = {}) {
  const at = await Workspace.make({ steps: [isolated("a", script, more)] });
  makeRepository(at, { f: "text\n", ...files });
  return at;
}

const record = (at: Workspace, attempt = 1) =>
  JSON.parse(at.read(`${at.attempt("a", attempt)}/worktree.json`));
const why = async (at: Workspace) => (await at.json(["why", "a"])).doc.why;
const trees = async (at: Workspace) => (await at.json(["worktree", "list"])).doc.worktrees;

describe("an isolated step", () => {
  test("works in a worktree at the commit that is checked out, and is told where", async () => {
    const tell = 'pwd; echo "$THREADOS_WORKTREE"; echo "$THREADOS_BASE"; cat "$0"; ls';
    const at = await withStep(tell, { command: ["sh", "-c", tell, "f"], cwd: "sub" }, { "sub/f": "below\n" });
    at.write("sub/f", "not committed\n");
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    const base = gitIn(at, "rev-parse", "HEAD").trim();
    const [{ path }] = await trees(at);
    expect((await at.seqctl(["logs", "a"])).out).toBe(
      [`${path}/sub`, path, base, "below", "f", ""].join("\n"),
    );
    expect(record(at)).toMatchObject({ path, base, problem: null, diff: { files: 0, bytes: 0 } });
    expect(path).toStartWith(join(at.home, "cache"));
    const exited = at.facts().find((fact) => fact.type === "attempt.exited");
    expect(exited?.worktree).toMatchObject({ base, files: 0, treeBytes: expect.any(Number) });
  });

  test("is made again where git met one of another step that was half made", async () => {
    const at = await withStep("echo ran");
    const real = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
    const met = join(at.home, "met");
    const notes = join(at.root, ".git/worktrees/other/commondir");
    const script = [
      "#!/bin/sh",
      `case " $* " in *" worktree add "*) [ -e ${met}3 ] || {`,
      `  for n in 1 2 3; do [ -e ${met}$n ] || { : > ${met}$n; break; }; done`,
      `  echo "fatal: failed to read ${notes}: Success" >&2; exit 128; } ;;`,
      "esac",
      `exec ${real} "$@"`,
    ];
    const bin = join(at.home, "bin");
    fs.mkdirSync(bin);
    fs.writeFileSync(join(bin, "git"), script.join("\n"), { mode: 0o755 });
    const ran = await at.seqctl(["run", "--yes"], { env: { PATH: `${bin}:${process.env.PATH}` } });
    expect([ran.exit, fs.existsSync(`${met}3`)]).toEqual([0, true]);
    expect((await at.seqctl(["logs", "a"])).out).toBe("ran\n");
  });

  test("in a workspace below the top of its repository works in the same folder there", async () => {
    const at = await Workspace.make({ steps: [isolated("a", "pwd; echo more >> here; echo up >> ../top")] });
    at.write("here", "here\n");
    fs.writeFileSync(join(at.home, "top"), "top\n");
    const git = (...args: string[]) => execFileSync("git", args, { cwd: at.home, stdio: "pipe" });
    git("init", "-q");
    git("add", "top", "project");
    git("-c", "user.name=n", "-c", "user.email=e@example.org", "commit", "-qm", "base");
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    const [{ path }] = await trees(at);
    expect((await at.seqctl(["logs", "a"])).out).toBe(`${path}/project\n`);
    const patch = at.read(`${at.attempt("a")}/diff.patch`);
    expect(patch.match(/^diff --git .*$/gm)).toEqual([
      "diff --git a/project/here b/project/here",
      "diff --git a/top b/top",
    ]);
  });

  test("leaves one patch of all it did: commits, changes, new files, what it forced in; not what is ignored", async () => {
    const commit = "git -c user.name=n -c user.email=e@example.org commit -qm own";
    const script = [
      "echo committed > c && git add c",
      "mkdir dist && echo forced > dist/kept && echo ignored > dist/left && git add -f dist/kept",
      commit,
      "git clone -q . within && git init -q empty",
      "echo changed >> f && rm gone && echo new > n && printf 'a\\0b' > binary",
      "echo 'name: forged' > .threados/sequence.yaml",
    ].join(" && ");
    const at = await withStep(script, {}, { gone: "x\n", ".gitignore": "dist/\n" });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    const patch = at.read(`${at.attempt("a")}/diff.patch`);
    const names = [...patch.matchAll(/^diff --git a\/(\S+) /gm)].map((found) => found[1]);
    expect(names).toEqual(["binary", "c", "dist/kept", "f", "gone", "n"]);
    expect(record(at).diff).toMatchObject({ files: 6, insertions: 4, deletions: 1, bytes: patch.length });
    expect(record(at).diff.left_out).toEqual(["within", "empty"]);
    // It fits a fresh checkout, bytes and all.
    const other = join(at.home, "other");
    gitIn(at, "clone", "-q", at.root, other);
    const apply = ["-C", other, "apply", at.path(`${at.attempt("a")}/diff.patch`)];
    execFileSync("git", apply);
    expect(fs.readFileSync(join(other, "binary"), "latin1")).toBe("a\0b");
    expect(changes(at)).toEqual([]);
  });

  test("that fails leaves its patch too; another attempt begins anew", async () => {
    const at = await withStep("echo more >> f; exit 3", { retry: { limit: 1, backoff_ms: 0 } });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(await at.standing()).toEqual({ a: "FAILED exit 2" });
    expect([record(at, 1), record(at, 2)]).toMatchObject([
      { diff: { insertions: 1 } },
      { diff: { insertions: 1 } },
    ]);
    expect(record(at, 1).path).not.toBe(record(at, 2).path);
  });

  test("that goes on with its agent's session does so in that session's worktree", async () => {
    const quota = `echo half > half; init; fail_with 429 "You have hit your usage limit. It resets at $(soon 0)" rate_limit`;
    const rest = `cat half; init; done_with done 1 1 1 0.01`;
    const steps = [{ id: "a", isolation: "worktree", resume: { auto: true } }];
    const { at, agent } = await agentWorkspace(Workspace.make, steps, [quota, rest]);
    makeRepository(at, { f: "text\n" });
    expect((await at.seqctl(["run", "--yes"], { env: agent.env })).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "DONE 2" });
    expect(record(at, 2).path).toBe(record(at, 1).path);
    expect(at.read(`${at.attempt("a", 2)}/diff.patch`)).toContain("+half");
    expect((await at.seqctl(["logs", "a"])).out).toStartWith("half\n");
  });

  test("has its worktree where the folder for it is reached through a link", async () => {
    const at = await withStep('cd "$THREADOS_WORKTREE" && pwd && echo more >> f');
    fs.mkdirSync(join(at.home, "elsewhere"));
    fs.symlinkSync(join(at.home, "elsewhere"), join(at.home, "cache"));
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect((await at.seqctl(["logs", "a"])).out).toStartWith(join(at.home, "elsewhere"));
    expect(record(at).diff.files).toBe(1);
    expect((await at.json(["worktree", "gc"])).doc.changed).toBe(true);
    expect(gitIn(at, "worktree", "list").trim().split("\n")).toHaveLength(1);
  });

  test("calls its own workspace, not the copy of it in its worktree", async () => {
    const at = await Workspace.make();
    const seqctl = await import("../rig/seqctl").then((rig) => rig.seqctlArgv());
    const words = ["status", "--json"];
    const step = { id: "a", isolation: "worktree" as const, command: [...seqctl, ...words] };
    at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "s", steps: [step] }));
    makeRepository(at);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    const said = JSON.parse((await at.seqctl(["logs", "a"])).out);
    expect(said.run).toBe(at.runs()[0]);
  });
});

describe("a worktree is made ready", () => {
  test("with the ignored files that .worktreeinclude names, and nothing else", async () => {
    const ignored = {
      ".gitignore": ".env*\nkeys/\nlink\n",
      ".worktreeinclude": "# ours\n.env*\n!.env.not\nkeys/\nlink\nplain\n",
    };
    const at = await withStep("ls -A . keys", {}, ignored);
    for (const name of [".env", ".env.local", ".env.not", "keys/one", "plain"]) at.write(name, name);
    fs.symlinkSync("/etc/hosts", at.path("link"));
    fs.symlinkSync("/etc/hosts", at.path("keys/link"));
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(record(at).included).toEqual([".env", ".env.local", "keys/one"]);
    const { out } = await at.seqctl(["logs", "a"]);
    expect(out.split("\n")).toContain("one");
    for (const name of ["link", "plain", ".env.not"]) expect(out.split("\n")).not.toContain(name);
    expect(record(at).diff.files).toBe(0);
  });

  test("by its setup, whose failure is the attempt's and says so", async () => {
    const worktree = { setup: ["sh", "-c", "echo preparing; cat ready || exit 4"] };
    const at = await withStep("echo ran", { worktree });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(await at.standing()).toEqual({ a: "FAILED worktree 1" });
    expect(await why(at)).toContain("exited with 4; stderr.log has what it printed");
    expect((await at.seqctl(["logs", "a", "--stream", "stderr"])).out).toContain("preparing\n");
    expect((await at.seqctl(["logs", "a", "--stream", "stdout"])).out).toBe("");
    at.write("ready", "ready\n");
    gitIn(at, "add", "ready");
    gitIn(at, "commit", "-qm", "ready");
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect((await at.seqctl(["logs", "a", "--stream", "stdout"])).out).toBe("ran\n");
    expect(record(at, 2).setup).toMatchObject({ command: worktree.setup, exit_code: 0 });
  });

  test("by commands that policy allows and a person has seen", async () => {
    const worktree = { setup: ["touch", "made"], test: "exit 0" };
    const at = await withStep("true", { worktree });
    const asked = await at.json(["run"]);
    expect(asked.exit).toBe(3);
    const { sayIn } = await import("../rig/fake-shell");
    const said = await sayIn(at, ["run"], { answers: ["n"] });
    expect(said.err).toContain('a (setup): ["touch","made"]');
    expect(said.err).toContain("a (test): exit 0");
    at.write(".threados/policy.yaml", "version: 1\nallowed_commands: [sh]\n");
    const denied = await at.json(["run", "--yes"]);
    expect(denied).toMatchObject({ exit: 4, doc: { code: "policy.denied" } });
    expect(denied.doc.error.message).toContain("'a (setup)' runs 'touch'");
  });

  test.each([
    ["no repository", (_: Workspace) => undefined, "is not in a git repository"],
    ["a repository without a commit", (at: Workspace) => gitIn(at, "init", "-q"), "has no commit yet"],
    [
      "a bare repository",
      (at: Workspace) => gitIn(at, "init", "-q", "--bare", "."),
      "is a bare git repository",
    ],
  ])("not in %s: the attempt is refused before it starts", async (_, make, said) => {
    const at = await Workspace.make({ steps: [isolated("a", "echo ran > ran")] });
    make(at);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(await at.standing()).toEqual({ a: "FAILED refused 1" });
    expect(await why(at)).toContain(said);
    expect(fs.existsSync(at.path("ran"))).toBe(false);
  });

  test("not where its folder is not in the commit, or leads out of it", async () => {
    const at = await withStep("true", { cwd: "later" });
    fs.mkdirSync(at.path("later"));
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(await why(at)).toContain("cwd 'later' is no folder of the commit");
    const out = await withStep("true", { cwd: "out" });
    fs.symlinkSync(at.home, out.path("out"));
    gitIn(out, "add", "out");
    gitIn(out, "commit", "-qm", "a link");
    expect((await out.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(await why(out)).toContain("cwd 'out' leads out of the worktree");
  });

  test("of a repository with a submodule: its folder is empty, and the patch says nothing of it", async () => {
    const at = await withStep("ls -A sub > seen; echo more >> f; git init -q sub/deep");
    const other = join(at.home, "other");
    gitIn(at, "clone", "-q", at.root, other);
    gitIn(at, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", other, "sub");
    gitIn(at, "commit", "-qm", "a submodule");
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(record(at).diff).toMatchObject({ files: 2, insertions: 1 });
  });
});

describe("seqctl worktree gc", () => {
  test("removes what nothing needs, never what lives; the user's own worktrees stay", async () => {
    const hold =
      'echo up >> "$THREADOS_WORKSPACE/up"; while ! [ -e "$THREADOS_WORKSPACE/go" ]; do sleep 0.02; done';
    const at = await Workspace.make({
      steps: [
        isolated("a", "true"),
        isolated("held", hold, { depends_on: ["a"] }),
        isolated("cand", "true"),
        {
          id: "join",
          command: ["true"],
          depends_on: ["held"],
          fusion_synth: true,
          fusion_candidates: ["cand"],
        },
      ],
    });
    makeRepository(at, { f: "text\n" });
    gitIn(at, "worktree", "add", "-q", "--detach", join(at.home, "mine"));
    await at.seqctl(["run", "--yes", "--detach"]);
    await until("the held one to be up", () => at.lines("up").length === 1);
    await until("the candidate's end", async () => (await at.standing()).cand === "DONE 1");
    const states = async () =>
      Object.fromEntries(
        (await trees(at)).map((tree: { step: string; state: string }) => [tree.step, tree.state]),
      );
    expect(await states()).toEqual({ a: "unneeded", held: "living", cand: "kept" });
    const note = [
      "1 of 3 worktrees",
      "cand stays: no candidate of its fusion has been picked",
      "held stays: its step is under way",
      "`--all` removes what is kept, too",
    ].join("; ");
    expect((await at.json(["worktree", "gc", "--dry-run"])).doc.note).toBe(note);
    expect(await at.json(["worktree", "gc"])).toMatchObject({ exit: 0, doc: { note } });
    expect(await at.json(["worktree", "gc", "--all", "--yes"])).toMatchObject({
      exit: 0,
      doc: { changed: true },
    });
    expect(await states()).toEqual({ held: "living" });
    at.write("go", "");
    await until("the end", async () => (await at.standing()).join === "DONE 1");
    expect((await at.json(["worktree", "gc"])).doc.changed).toBe(true);
    expect(await trees(at)).toEqual([]);
    expect(gitIn(at, "worktree", "list").trim().split("\n")).toHaveLength(2);
    expect(at.audit().findLast((entry) => entry.action === "worktree.gc")).toMatchObject({
      result: "success",
    });
  });
});
