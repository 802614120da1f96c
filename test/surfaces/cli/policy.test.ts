import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { sayIn } from "../../rig/fake-shell";
import { cleanUp, type Doc, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const explained = async (at: Workspace, words: string[], options = {}) =>
  JSON.parse((await at.seqctl(["--json", "policy", "explain", ...words], options)).out) as Doc;

/** Writes the user's own policy, as it stands in the home of the workspace's processes. */
function userPolicy(at: Workspace, text: string): void {
  const path = join(at.home, ".config/threados/policy.yaml");
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

describe("policy explain", () => {
  test("says which rule decides over words that stand behind --, flags among them", async () => {
    const at = await Workspace.make();
    const { exit, out } = await at.seqctl(["policy", "explain", "--", "git", "-c", "x=y", "status"]);
    expect(exit).toBe(3);
    expect(out).toContain('? asked  ["git","-c","x=y","status"]\n');
    expect(out).toContain("builtin.git.config-flag\n");
    const { doc } = await at.json(["-C", at.root, "policy", "explain", "--step", "nobody"]);
    expect(doc.code).toBe("step.unknown");
    const own = await sayIn(at, ["policy", "explain", "--", "ls", "--json"]);
    expect(own.out).toStartWith('? asked  ["ls","--json"]\n');
  });

  test("ends with the exit code that a start of the command would have", async () => {
    const at = await Workspace.make({ rules: { mode: "POWER", allowed_commands: ["ls", "rm"] } });
    const exit = async (...words: string[]) => (await at.seqctl(["policy", "explain", ...words])).exit;
    expect(await exit("--", "ls")).toBe(0);
    expect(await exit("--", "rm", "-r", "x")).toBe(3);
    expect(await exit("--yes", "--", "rm", "-r", "x")).toBe(0);
    expect(await exit("--", "curl", "x")).toBe(4);
    expect(await exit("--yes", "--json", "--", "curl", "x")).toBe(4);
  });

  test("takes one word with blanks for a line, and a step as it would be started", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["rm", "-r", "x"] }] });
    expect(await explained(at, ["--", "ls | sh"])).toMatchObject({
      verdict: "ask",
      rule: "builtin.shell.line",
    });
    expect(await explained(at, ["--step", "a"])).toMatchObject({ class: "destructive", rule: "builtin.rm" });
    expect((await at.json(["policy", "explain"])).doc.code).toBe("input.invalid");
  });

  test("follows links to where the program really is", async () => {
    const at = await Workspace.make({ rules: { allowed_commands: ["ls", "./own"] } });
    mkdirSync(at.path("bin"));
    symlinkSync("/bin/sh", at.path("bin/ls"));
    at.script("own", "#!/bin/sh\n");
    const shadowed = { env: { PATH: `${at.path("bin")}:${at.env.PATH}` } };
    expect(await explained(at, ["--", "ls"])).toMatchObject({ verdict: "ask", rule: "builtin.reader" });
    expect(await explained(at, ["--", "ls"], shadowed)).toMatchObject({
      verdict: "deny",
      rule: "policy.yaml:allowed_commands[0].executable",
      class_rule: "builtin.executable.in-workspace",
    });
    expect(await explained(at, ["--", "./own"])).toMatchObject({ verdict: "ask" });
  });

  test("judges paths by what their links lead to, be it there yet or not", async () => {
    const rules = {
      mode: "POWER",
      confirmation_required: ["arbitrary-code"],
      allowed_commands: [{ command: "cp", flags: ["-t"], args: "paths" }, "tee"],
    };
    const at = await Workspace.make({ rules });
    mkdirSync(at.path("src"));
    symlinkSync(".threados", at.path("rules"));
    symlinkSync("../rules/new.yaml", at.path("src/new"));
    symlinkSync("/etc", at.path("out"));
    symlinkSync("/proc/self/cwd", at.path("self"));
    symlinkSync("round", at.path("round"));
    symlinkSync(at.path("src"), at.path("inside"));
    const verdict = async (...words: string[]) => (await explained(at, ["--", ...words])).verdict;
    const judged: Record<string, unknown> = {};
    for (const path of [
      "rules/policy.yaml",
      "rules/no/such",
      "src/new",
      "out/passwd",
      "self/f",
      "round",
      "inside/new",
    ])
      judged[path] = await verdict("cp", "f", path);
    expect(new Set(Object.values(judged))).toEqual(new Set(["deny"]));
    expect(await verdict("cp", "f", "inside/f")).toBe("allow");
    expect(await verdict("cp", "f", "src/no/such")).toBe("allow");
    expect(await explained(at, ["--cwd", "src", "--", "cp", "f", "new"])).toMatchObject({
      rule: "policy.yaml:allowed_commands[0].args",
      why: "'new' is part of what ThreadOS or git obey",
      class_rule: "builtin.path.protected",
    });
    expect(await explained(at, ["--", "tee", "-orules/x"])).toMatchObject({
      verdict: "ask",
      class_rule: "builtin.path.protected",
    });
    expect(await verdict("tee", "src/x")).toBe("allow");
  });

  test("looks at links again right before a start: a step may have made one", async () => {
    const at = await Workspace.make({
      rules: { mode: "POWER", allowed_commands: ["./link", { command: "cp", args: "paths" }] },
      steps: [
        { id: "link", command: ["./link"] },
        { id: "copy", command: ["cp", "f", "t/policy.yaml"], depends_on: ["link"] },
      ],
    });
    at.script("link", "#!/bin/sh\nln -s .threados t\n");
    at.write("f", "mode: POWER\n");
    const before = at.read(".threados/policy.yaml");
    const { exit } = await at.seqctl(["run", "--yes"]);
    expect(exit).not.toBe(0);
    expect((await at.standing()).link).toBe("DONE 1");
    expect((await at.seqctl(["why", "copy"])).out).toContain(
      "'t/policy.yaml' is part of what ThreadOS or git obey",
    );
    expect(at.read(".threados/policy.yaml")).toBe(before);
  });

  test("knows folders by their real path, patterns and the length of what is typed", async () => {
    const rules = {
      allowed_cwd: [".", "packages/*"],
      forbidden_patterns: ["(a+)+$", "curl.*\\|"],
      max_command_bytes: 100,
    };
    const at = await Workspace.make({ rules });
    mkdirSync(at.path("packages/one/deep"), { recursive: true });
    mkdirSync(at.path("other"));
    symlinkSync("../other", at.path("packages/link"));
    const rule = async (words: string[]) => (await explained(at, words)).rule;
    expect(await rule(["--cwd", "packages/one", "--", "ls"])).toBe("builtin.reader");
    expect(await rule(["--cwd", "packages/one/deep", "--", "ls"])).toBe("policy.yaml:allowed_cwd");
    expect(await rule(["--cwd", "packages/link", "--", "ls"])).toBe("policy.yaml:allowed_cwd");
    expect(await rule(["--", "curl x | sh"])).toBe("policy.yaml:forbidden_patterns[1]");
    expect(await rule(["--", "ls", `${"a".repeat(60)}`])).toBe("policy.yaml:forbidden_patterns[0]");
    expect(await rule(["--", "ls", "b".repeat(200)])).toBe("policy.yaml:max_command_bytes");
  });
});

describe("the user's own policy", () => {
  test("bounds every repository, which may only narrow it; what is wider is warned about", async () => {
    const at = await Workspace.make({
      steps: [{ id: "a", command: ["echo", "a"] }],
      rules: { mode: "POWER", max_concurrent: 20, allowed_commands: ["echo", "true"] },
      policy: { max_fanout: 2, allowed_commands: ["echo"] },
    });
    userPolicy(at, "mode: SAFE\nmax_concurrent: 4\nallowed_commands: ['true']\n");
    const { doc } = await at.json(["policy", "show"]);
    expect(doc).toMatchObject({
      mode: "SAFE",
      max_concurrent: 4,
      max_fanout: 2,
      sources: {
        mode: "user",
        max_concurrent: "user",
        max_fanout: "sequence",
        allowed_commands: "user, policy.yaml, sequence",
      },
      warnings: [
        "policy.yaml asks for POWER, but the user's policy says SAFE: SAFE holds",
        "policy.yaml asks for max_concurrent: 20, but 4 is the limit: 4 holds",
      ],
    });
    const run = await at.json(["run", "--yes"]);
    expect({ exit: run.exit, rule: run.doc.error.rule }).toEqual({ exit: 4, rule: "user:allowed_commands" });
    // The mode that holds is told and recorded, not the one that policy.yaml asks for.
    expect((await at.json(["doctor"])).doc.checks).toContainEqual(
      expect.objectContaining({ name: "policy", detail: "mode SAFE" }),
    );
    expect(at.audit().at(-1)).toMatchObject({ result: "denied", policy_mode: "SAFE" });
  });

  test("stops everything while it can't be read, and says where it is wrong", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["echo", "a"] }] });
    userPolicy(at, "allowed_commands:\n  - {command: git, subcomands: [status]}\n");
    const { exit, doc } = await at.json(["run", "--yes"]);
    expect({ exit, code: doc.code }).toEqual({ exit: 2, code: "policy.invalid" });
    expect(doc.error.problem).toContain(
      "allowed_commands[0].subcomands is no key of it; did you mean 'subcommands'?",
    );
  });
});

describe("policy.yaml", () => {
  test.each([
    ["forbidden_patterns: ['(?<=a)b']", "forbidden_patterns[0] is no pattern of RE2"],
    ["forbidden_patterns: ['(']", "forbidden_patterns[0] is no pattern of RE2"],
    ["confirmation_required: [step.ad]", "did you mean 'step.add'?"],
    ["confirmation_required: [everything]", "confirmation_required[0] is no action"],
    ["allowed_cwd: [../x]", "allowed_cwd[0] must be a folder inside the workspace"],
    ["allowed_commands: [true]", "allowed_commands[0] must be a first word, or a map with 'command'"],
    ["env_allow: [a-b]", "env_allow[0] is no name of a variable"],
  ])("that says %s is refused", async (text, problem) => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["echo", "a"] }] });
    at.write(".threados/policy.yaml", `${text}\n`);
    const { exit, doc } = await at.json(["run", "--yes"]);
    expect({ exit, code: doc.code }).toEqual({ exit: 2, code: "policy.invalid" });
    expect(doc.error.problem).toContain(problem);
  });

  test.each([
    ["mode: power", "1:7", "mode must be one of SAFE, POWER; did you mean 'POWER'?", 5],
    ["# mine\nmax_concurent: 3", "2:1", "max_concurent is no key of it; did you mean 'max_concurrent'?", 13],
    [
      "allowed_commands:\n  - {command: git, subcomands: [status]}",
      "2:20",
      "allowed_commands[0].subcomands is no key of it; did you mean 'subcommands'?",
      10,
    ],
    ["limits:\n  memry_mb: 3", "2:3", "limits.memry_mb is no key of it; did you mean 'memory_mb'?", 8],
    ["forbidden_patterns: [a, '(']", "1:25", "forbidden_patterns[1] is no pattern of RE2", 3],
    ["confirmation_required:\n  - step.ad", "2:5", "names no action 'step.ad'; did you mean 'step.add'?", 7],
    ["- SAFE", "1:1", "policy.yaml: must be a map of keys such as `mode: SAFE`", 6],
  ])("that says %j is pointed at as sequence.yaml would be", async (text, where, said, length) => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["echo", "a"] }] });
    at.write(".threados/policy.yaml", `${text}\n`);
    const { err } = await at.seqctl(["run", "--yes"]);
    expect(err).toStartWith(`.threados/policy.yaml:${where}\n`);
    expect(err).toContain(said);
    expect(err).toMatch(new RegExp(`\\| *\\^{${length}}\\n`));
  });

  test("of the user's own is pointed at in its own file", async () => {
    const at = await Workspace.make();
    userPolicy(at, "version: 1\nmod: SAFE\n");
    expect((await at.json(["run", "--yes"])).doc.error.place).toMatchObject({
      file: "~/.config/threados/policy.yaml",
      line: 2,
      column: 1,
    });
  });

  test("is switched by `policy mode` in whatever case, and by nothing that is no mode", async () => {
    const at = await Workspace.make();
    expect((await at.seqctl(["policy", "mode", "power", "--yes"])).exit).toBe(0);
    expect((await at.status()).mode).toBe("POWER");
    expect((await at.seqctl(["policy", "mode", "Safe"])).exit).toBe(0);
    expect((await at.status()).mode).toBe("SAFE");
    expect(await at.json(["policy", "mode", "fast"])).toMatchObject({
      exit: 2,
      doc: { error: { message: "policy.mode, 'mode': must be one of SAFE, POWER" } },
    });
  });

  test("can have an action, a risk or a class confirmed that would go ahead by itself", async () => {
    const at = await Workspace.make({
      steps: [{ id: "a", command: ["echo", "a"] }],
      rules: { mode: "POWER", confirmation_required: ["step.add", "stop", "read-only"] },
    });
    const asked = async (argv: string[]) => (await sayIn(at, argv, { answers: ["n"] })).err;
    expect(await asked(["step", "add", "b"])).toContain("(policy.yaml:confirmation_required[0] says so)");
    expect(await asked(["run"])).toContain("('a' is read-only, rule policy.yaml:confirmation_required[2])");
    expect((await sayIn(at, ["dep", "rm", "a", "b"])).questions).toEqual([]);
  });

  test("has an action confirmed within a change of several, too", async () => {
    const at = await Workspace.make({
      steps: [{ id: "a", command: ["echo", "a"] }],
      rules: { mode: "POWER", confirmation_required: ["step.add"] },
    });
    const calls = (...names: string[]) =>
      JSON.stringify(names.map((action) => ({ action, input: { id: "b", command: ["true"] } })));
    const adding = ["change", "--calls", calls("step.add", "step.edit")];
    const { err } = await sayIn(at, adding, { answers: ["n"] });
    expect(err).toContain("(policy.yaml:confirmation_required[0] says so)");
    expect(at.definition).not.toContain("id: b");
    expect((await sayIn(at, [...adding, "--yes"])).exit).toBe(0);
    expect((await sayIn(at, ["change", "--calls", calls("step.edit")])).questions).toEqual([]);
  });

  test("bounds how large and how deep a sequence may be that is run", async () => {
    const steps = ["a", "b", "c"].map((id, at, all) => ({
      id,
      command: ["true"],
      ...(at > 0 ? { depends_on: [all[at - 1] as string] } : {}),
    }));
    const rule = async (rules: Record<string, unknown>) => {
      const at = await Workspace.make({ steps, rules });
      return (await at.json(["run", "--yes", "--dry-run"])).doc.error?.rule;
    };
    expect(await rule({ max_steps: 2 })).toBe("policy.yaml:max_steps");
    expect(await rule({ max_depth: 2 })).toBe("policy.yaml:max_depth");
    expect(await rule({ max_steps: 3, max_depth: 3 })).toBeUndefined();
  });
});

test("policy test replays what has run against the present rules, or against others", async () => {
  const at = await Workspace.make({
    steps: [
      { id: "a", command: ["echo", "a"] },
      { id: "b", command: ["true"], fanout: 2 },
    ],
  });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
  expect((await at.seqctl(["step", "edit", "a", "--command", '["printf","x"]'])).exit).toBe(0);
  expect((await at.seqctl(["rerun", "a", "--yes"])).exit).toBe(0);
  const present = await at.json(["policy", "test"]);
  expect(present.doc).toMatchObject({ attempts: 4, asked: 4, allowed: 0, unknown: 0, stopped: [] });
  writeFileSync(join(at.home, "other.yaml"), "mode: POWER\nallowed_commands: ['true', printf]\n");
  const other = await at.json<Doc>(["policy", "test", "--policy", join(at.home, "other.yaml")]);
  expect(other.doc).toMatchObject({
    attempts: 4,
    allowed: 3,
    mode: "POWER",
    stopped: [{ step: "a", attempt: 1, command: ["echo", "a"], rule: "policy.yaml:allowed_commands" }],
  });
  const said = await at.seqctl(["policy", "test", "--policy", join(at.home, "other.yaml")]);
  expect(said.out).toStartWith("would have stopped 1 of 4 commands of 1 run:\n");
  expect((await at.json(["policy", "test", "--policy", "none.yaml"])).doc.code).toBe("file.missing");
  const journal = `.threados/runs/${at.runs().at(-1)}/events.jsonl`;
  at.write(journal, `${at.read(journal)}no fact\n`);
  expect((await at.json(["policy", "test"])).doc).toMatchObject({ runs: 0, unreadable: 1, attempts: 0 });
  expect((await at.seqctl(["policy", "test"])).out).toBe(
    "would have stopped 0 of 0 commands of 0 runs; 1 run can't be read\n",
  );
});
