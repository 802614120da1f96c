import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { grammar } from "../../../lib/surfaces/cli/grammar";
import { say } from "../../rig/fake-shell";
import { cleanUp, ended, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const commands = grammar.map((spec) => spec.words.split(" "));
const nouns = [...new Set(commands.filter((words) => words.length > 1).map((words) => words[0] as string))];

/** Long flags that a help text offers, with a value where they take one. */
function offered(help: string): { flag: string; takes: boolean }[] {
  return [...help.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)( <[^>]+>)?/gm)].map((match) => ({
    flag: match[1] as string,
    takes: match[2] !== undefined,
  }));
}

const helpOf = async (words: string[]) => (await say([...words, "--help"])).out;

/** A value that the flag's own kind accepts. */
function valueFor(help: string, flag: string): string {
  const placeholder = new RegExp(`${flag} <([^>]+)>`).exec(help)?.[1] ?? "";
  if (placeholder.includes("|")) return placeholder.split("|")[0] as string;
  return { n: "5", json: '["x"]', "a,b": "name", "name=value": "a=b" }[placeholder] ?? "x";
}

/** The command with a word for each of its positionals. */
function complete(words: string[], help: string): string[] {
  const usage = /^Usage: (.*)$/m.exec(help)?.[1] ?? "";
  return [...words, ...[...usage.matchAll(/<[^>]+>/g)].map(() => "SAFE")];
}

describe("--help", () => {
  test.each([[], ...nouns.map((noun) => [noun]), ...commands])(
    "of `%s %s` exits 0 with text on stdout",
    async (...words) => {
      const said = await say([...words.filter(Boolean), "--help"]);
      expect(said).toMatchObject({ exit: 0, err: "" });
      expect(said.out).toStartWith(`Usage: seqctl${words.map((word) => ` ${word}`).join("")}`);
    },
  );

  test("and --version are one document with --json", async () => {
    const help = await helpOf(["gate", "approve"]);
    expect(JSON.parse((await say(["gate", "approve", "--help", "--json"])).out)).toEqual({ help });
    expect(JSON.parse((await say(["--json", "--version"])).out)).toEqual({ version: "1.2.3" });
  });

  test.each(["run", "step add", "gate approve"])("of `%s` is what the word help says, too", async (line) => {
    const [noun = "", verb] = line.split(" ");
    // A word behind the noun is that noun's own business: `seqctl step help add`.
    const asked = verb === undefined ? ["help", noun] : [noun, "help", verb];
    expect((await say(asked)).out).toBe(await helpOf(line.split(" ")));
  });

  test("of the whole names every command that is not hidden", async () => {
    const help = await helpOf([]);
    for (const spec of grammar.filter(({ words, hidden }) => !hidden || words.includes(" ")))
      expect(help).toMatch(new RegExp(`^  ${spec.words.split(" ")[0]}\\b`, "m"));
    for (const noun of nouns) {
      const listed = [...(await helpOf([noun])).matchAll(/^ {2}([a-z]+)\b/gm)].map((match) => match[1]);
      const verbs = grammar
        .filter((spec) => spec.words.startsWith(`${noun} `) && !spec.hidden)
        .map((spec) => spec.words.split(" ")[1]);
      expect(listed.filter((verb) => verb !== "help")).toEqual(verbs);
    }
  });

  test("every flag that a command's help offers works, and no other command's flag does", async () => {
    const helps = await Promise.all(commands.map(helpOf));
    const all = [...new Set(helps.flatMap((help) => offered(help).map(({ flag }) => flag)))];
    expect(all).toContain("--depends-on");
    for (const [index, words] of commands.entries()) {
      const help = helps[index] as string;
      const line = complete(words, help);
      const own = new Map(offered(help).map(({ flag, takes }) => [flag, takes]));
      for (const flag of all.filter((name) => !["--help", "--version", "--json"].includes(name))) {
        const value = own.get(flag) ? [valueFor(help, flag)] : [];
        const said = await say([...line, flag, ...value, "--json"], {
          runEngine: async () => ({ ok: true, value: "" }),
        });
        const unknown = said.out.includes(`unknown option '${flag}'`);
        expect([words.join(" "), flag, unknown]).toEqual([words.join(" "), flag, !own.has(flag)]);
        // It takes the place of a step's command, and says nothing itself.
        if (words[0] === "exec-step") continue;
        const missing = ["skill", "schema", "doctor", "completion"].includes(words[0] ?? "")
          ? undefined
          : "workspace.missing";
        if (!unknown)
          expect([words.join(" "), flag, JSON.parse(said.out).code]).toEqual([
            words.join(" "),
            flag,
            missing,
          ]);
      }
    }
  });

  test("lists the flags that may stand anywhere", async () => {
    for (const words of commands) {
      const help = await helpOf(words);
      for (const flag of ["-C <dir>", "--json", "--yes"])
        expect([words.join(" "), help]).toEqual([words.join(" "), expect.stringContaining(flag)]);
    }
  });

  test("of `run` shows the flags of `run all`, which it stands for", async () => {
    expect(offered(await helpOf(["run"])).map(({ flag }) => flag)).toContain("--detach");
    expect(await say(["run", "--attach", "--detach"])).toMatchObject({
      exit: 2,
      err: expect.stringContaining("--detach"),
    });
  });
});

describe("a line that can't be read", () => {
  test.each([
    [["stats"], "unknown command 'stats'", "did you mean 'status'?"],
    [["step", "ad"], "unknown command 'ad'", "did you mean 'step add'?"],
    [["gate", "aprove", "ok"], "unknown command 'aprove'", "did you mean 'gate approve'?"],
    [["shw"], "unknown command 'shw'", "did you mean 'step show', 'gate show', "],
    [["show", "a"], "unknown command 'show'", "did you mean 'step show', 'gate show', "],
    [["stp", "show", "a"], "unknown command 'stp'", "did you mean 'stop' or 'step'?"],
    [["step", "list"], "unknown command 'list'", "did you mean 'status'?"],
    [["gate", "delete", "g"], "unknown command 'delete'", "did you mean 'gate rm'?"],
    [["fusion", "xyzzy"], "unknown command 'xyzzy'", "'fusion create', 'fusion compare' or 'fusion pick'?"],
    [["start"], "unknown command 'start'", "did you mean 'run'?"],
    [["version"], "unknown command 'version'", "did you mean '--version'?"],
    [["xyzzy"], "unknown command 'xyzzy'", "`seqctl --help` says what there is"],
    [["run", "al"], "too many arguments", "did you mean 'run all'?"],
    [
      ["run", "build"],
      "too many arguments",
      "one step: seqctl run step build; a group: seqctl run group build",
    ],
    [["step", "add", "a", "--comand", "x"], "unknown option '--comand'", "did you mean '--command'?"],
    [["step", "rm", "a", "--xyzzy"], "unknown option '--xyzzy'", "`seqctl step rm --help` lists its flags"],
    [["status", "--wacth"], "unknown option '--wacth'", "did you mean '--watch'?"],
    [["status", "--jsn"], "unknown option '--jsn'", "did you mean '--json'?"],
    [["why"], "missing required argument 'id'", "seqctl why <id>; `seqctl why --help` says more"],
    [["dep", "add", "a"], "missing required argument 'dep'", "seqctl dep add <step> <dep>; "],
    [["why", "a", "b"], "too many arguments", "seqctl why <id>; "],
    [["-C"], "option '-C <dir>' argument missing", "--help"],
    [["step", "edit", "a", "--retry", "twice"], "--retry: 'twice' is not JSON", `as '{"limit":2}'`],
    [["step", "edit", "a", "--env", "{x"], "--env: '{x' is not valid JSON", `as '{"NODE_ENV":"test"}'`],
    [["ui", "--port", "99999"], "'99999' is no port", "65535"],
  ])("`%j` says what is wrong and what to do", async (argv, problem, hint) => {
    const plain = await say(argv, { open: async () => ({ ok: true, value: {} as never }) });
    expect(plain).toMatchObject({ exit: 2, out: "" });
    expect(plain.err).toContain(problem);
    expect(plain.err).toContain(hint);
    const json = await say(["--json", ...argv], { open: async () => ({ ok: true, value: {} as never }) });
    expect(json).toMatchObject({ exit: 2, err: "" });
    expect(JSON.parse(json.out)).toMatchObject({ code: "input.invalid", error: { code: "input.invalid" } });
  });

  test.each([[[]], [["step"]], [["--yes"]]])(
    "`%j` names no command: help on stderr, exit 2",
    async (argv) => {
      const plain = await say(argv);
      expect(plain).toMatchObject({ exit: 2, out: "" });
      expect(plain.err).toStartWith("Usage: seqctl");
      expect(JSON.parse((await say([...argv, "--json"])).out)).toMatchObject({ code: "input.invalid" });
    },
  );

  test.each(["-V", "--version"])("%s prints the version alone", async (flag) => {
    expect(await say([flag])).toMatchObject({ exit: 0, out: "1.2.3\n", err: "" });
  });
});

describe("global flags", () => {
  test("stand anywhere, before, between and behind the words", async () => {
    const at = await Workspace.make({ steps: [{ id: "a" }] });
    for (const line of [
      ["-C", at.root, "--json", "step", "show", "a"],
      ["step", "-C", at.root, "show", "--json", "a"],
      ["step", "show", "a", "--json", "-C", at.root],
      ["step", "--json", "show", "-C", at.root, "a"],
    ]) {
      const { exit, out, err } = await at.seqctl(line, { cwd: "/" });
      expect({ exit, err, id: JSON.parse(out).definition.id }).toEqual({ exit: 0, err: "", id: "a" });
    }
    for (const [index, line] of [
      ["--yes", "step", "rm", "a"],
      ["step", "--yes", "rm", "a"],
      ["step", "rm", "a", "--yes"],
    ].entries()) {
      if (index > 0) expect((await at.seqctl(["step", "add", "a"])).exit).toBe(0);
      expect((await at.seqctl(line)).exit).toBe(0);
    }
  });

  test("-C takes its folder attached, and the last one counts", async () => {
    const at = await Workspace.make({ name: "here" });
    expect((await at.json(["status", `-C${at.root}`], { cwd: "/" })).doc.name).toBe("here");
    expect((await at.json(["-C", "/nowhere", "status", "-C", at.root], { cwd: "/" })).doc.name).toBe("here");
  });

  test("a value that begins with a dash is given with an equals sign", async () => {
    const at = await Workspace.make();
    expect((await at.seqctl(["step", "add", "a", "--name=--json"])).out).toContain("add step a");
    expect((await at.json(["step", "show", "a"])).doc.definition.name).toBe("--json");
  });
});

test("a reader that goes away early ends the program quietly", async () => {
  const at = await Workspace.make();
  const many = Array.from({ length: 300 }, (_, i) => ({ id: `step-${i}`, command: ["true"] }));
  at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "n", steps: many }));
  const child = await at.start(["status", "--json"]);
  await child.stdout.cancel();
  expect(await child.exited).toBe(0);
  expect(await new Response(child.stderr).text()).toBe("");
});

test("an empty environment and an unusual terminal do no harm", async () => {
  const at = await Workspace.make({ steps: [{ id: "a" }] });
  const { exit, out } = await ended(
    await at.start(["status"], { env: { HOME: "", TERM: "dumb", COLUMNS: "20", LANG: "" } }),
  );
  expect(exit).toBe(0);
  expect(out).toContain("BLOCKED");
});
