import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { until } from "../../rig/deadline";
import { sayIn } from "../../rig/fake-shell";
import { Held } from "../../rig/held";
import { seqctlArgv } from "../../rig/seqctl";
import { cleanUp, ended, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const esc = "\u001b";
const one = { steps: [{ id: "a", command: ["sh", "-c", "echo out; echo err >&2"] }] };

describe("at a terminal", () => {
  test.each(["y", "Y", "yes", " yes "])(
    "`run` asks once, shows what it will start, and %j starts it",
    async (answer) => {
      const at = await Workspace.make(one);
      const said = await sayIn(at, ["run"], { answers: [answer] });
      expect(said.exit).toBe(0);
      expect(said.questions).toEqual(["  Go ahead? [y/N] "]);
      expect(said.err).toBe(
        '? run the sequence (1 step: a) (mode SAFE)\n  · a: ["sh","-c","echo out; echo err >&2"]  (arbitrary-code, rule builtin.shell)\n',
      );
      expect(said.out).toMatch(/^(?:▶ a +running\n)?✓ a +done [\d.]+ m?s\n✓ done {2}1 of 1 step\n$/);
    },
  );

  test.each(["n", "", "no", "yess", "j"])("%j is no yes: nothing was done", async (answer) => {
    const at = await Workspace.make(one);
    const said = await sayIn(at, ["run"], { answers: [answer] });
    expect(said).toMatchObject({ exit: 3, out: "" });
    expect(said.err).toEndWith("nothing was done\n");
    expect((await at.status()).run).toBeNull();
    expect((await at.json(["inbox"])).doc.proposals).toEqual([]);
  });

  test("removing and loosening ask twice, and both answers count", async () => {
    const at = await Workspace.make(one);
    expect(await sayIn(at, ["step", "rm", "a"], { answers: ["y", "n"] })).toMatchObject({ exit: 3 });
    expect((await at.status()).steps).toHaveLength(1);
    const removed = await sayIn(at, ["step", "rm", "a"], { answers: ["y", "y"] });
    expect(removed).toMatchObject({ exit: 0, out: "✓ remove step a\n" });
    expect(removed.questions[1]).toBe("  Really? This is asked twice on purpose. [y/N] ");
    expect(await sayIn(at, ["policy", "mode", "POWER"], { answers: ["y", "y"] })).toMatchObject({ exit: 0 });
    expect(await sayIn(at, ["policy", "mode", "SAFE"])).toMatchObject({ exit: 0, questions: [] });
  });

  test("--yes answers beforehand, and --json never asks", async () => {
    const at = await Workspace.make(one);
    expect(await sayIn(at, ["run", "--yes"])).toMatchObject({ exit: 0, questions: [] });
    const asked = await sayIn(at, ["run", "--json"]);
    expect(asked).toMatchObject({ exit: 3, questions: [] });
    expect(JSON.parse(asked.out)).toMatchObject({ code: "approval.pending" });
  });

  test("what changed while the question stood is not done", async () => {
    const at = await Workspace.make(one);
    const said = await sayIn(at, ["run"], {
      ask: async () => {
        at.write(".threados/sequence.yaml", at.definition.replace("echo out", "echo other"));
        return "y";
      },
    });
    expect(said).toMatchObject({ exit: 5, out: "" });
    expect(said.err).toContain("what was confirmed is not what 'run.start' would do now");
    expect((await at.status()).run).toBeNull();
  });

  test("a gate is approved by a yes", async () => {
    const at = await Workspace.make({ gates: [{ id: "g", name: "Look" }] });
    expect(await sayIn(at, ["gate", "approve", "g"], { answers: ["n"] })).toMatchObject({ exit: 3 });
    expect(await sayIn(at, ["gate", "approve", "g"], { answers: ["y"] })).toMatchObject({
      exit: 0,
      out: "✓ approve gate g\n",
    });
    expect((await at.status()).gates).toMatchObject([{ status: "APPROVED" }]);
  });

  test("a proposal is shown with its calls before one says yes", async () => {
    const at = await Workspace.make(one);
    const { doc } = await at.json(["run"]);
    const said = await sayIn(at, ["approve", doc.error.proposal], { answers: ["y"] });
    expect(said.exit).toBe(0);
    expect(said.err).toContain("? run the sequence (1 step: a) (it was proposed)");
    expect(said.err).toContain("run.start");
  });

  test("a command that hides control characters is shown with them made visible", async () => {
    const at = await Workspace.make({
      steps: [{ id: "a", command: ["echo", `${esc}[2K\rrm -rf ~\u202e`] }],
    });
    const said = await sayIn(at, ["run"], { answers: ["n"] });
    expect(said.err).not.toContain(esc);
    expect(said.err).not.toContain("\u202e");
    expect(said.err).not.toContain("\r");
  });
});

describe("colour", () => {
  test("is for terminals, and NO_COLOR, TERM=dumb and FORCE_COLOR have their say", async () => {
    const at = await Workspace.make(one);
    const has = async (env: Record<string, string>, outIsTerminal = true) =>
      (await sayIn(at, ["status"], { env, outIsTerminal })).out.includes(esc);
    expect(await has({})).toBe(true);
    expect(await has({ NO_COLOR: "1" })).toBe(false);
    expect(await has({ TERM: "dumb" })).toBe(false);
    expect(await has({}, false)).toBe(false);
    expect(await has({ FORCE_COLOR: "1" }, false)).toBe(true);
    expect(await has({ FORCE_COLOR: "0" }, false)).toBe(false);
  });
});

describe("text from elsewhere", () => {
  const evil = `${esc}]0;owned\u0007${esc}[2Jx\u202ey`;

  test("never reaches a terminal as it is: names, logs, reasons", async () => {
    const at = await Workspace.make({
      name: `n${evil}`,
      steps: [
        { id: "a", name: `a${evil}`, command: ["printf", "%s\n", `${evil}${esc}[31mred${esc}[0m`] },
        { id: "b", command: ["true"], cwd: `no${evil}` },
      ],
      gates: [{ id: "g", name: `g${evil}` }],
    });
    await at.seqctl(["run", "--yes"]);
    const lines = [
      ["status"],
      ["gate", "list"],
      ["inbox"],
      ["why", "b"],
      ["step", "show", "a"],
      ["step", "show", "b"],
      ["audit", "tail"],
      ["logs", "a"],
      ["logs", "a", "-f"],
      ["run", "--yes"],
      ["gate", "block", "g"],
    ];
    for (const line of lines) {
      const { out, err } = await sayIn(at, line);
      expect([
        line,
        (out + err)
          .replaceAll(`${esc}[31m`, "")
          .replaceAll(`${esc}[0m`, "")
          .match(/\p{Cc}(?<!\n)|\u202e/gu),
      ]).toEqual([line, null]);
    }
    expect((await sayIn(at, ["logs", "a"])).out).toContain(`${esc}[31mred${esc}[0m`);
    expect((await at.seqctl(["logs", "a"])).out).toContain(evil);
  });
});

describe("status", () => {
  test("fits the terminal's width, and wide characters count twice", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "a", name: "漢字の名前".repeat(10) },
        { id: "a-rather-long-id-of-a-step-that-goes-on-and-on-and-on-to-sixty", name: "x".repeat(150) },
      ],
    });
    for (const columns of [80, 100, 200]) {
      const { out } = await sayIn(at, ["status"], { columns, outIsTerminal: true });
      const table = out.split("\n").slice(2, 4);
      for (const line of table) expect([columns, Bun.stringWidth(line) <= columns]).toEqual([columns, true]);
    }
    const narrow = await sayIn(at, ["status"], { columns: 10, outIsTerminal: true });
    expect(narrow.exit).toBe(0);
  });

  test("never cuts what it says of a step: it goes on below at a terminal, and is whole where none is", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "a", command: ["true"] },
        { id: `b-${"x".repeat(60)}`, command: ["true"], depends_on: ["a"], when: "steps.a.exit_code == 0" },
      ],
      gates: [{ id: "g", name: "G", depends_on: ["a", `b-${"x".repeat(60)}`] }],
    });
    const said = `waits for 'a' and 'b-${"x".repeat(60)}', which are not done yet`;
    const piped = await sayIn(at, ["status"], { columns: 80, outIsTerminal: false });
    expect(piped.out).toContain(said);
    expect(piped.out).toContain(`b-${"x".repeat(60)}  BLOCKED`);
    const shown = await sayIn(at, ["status"], { columns: 80, outIsTerminal: true });
    for (const line of shown.out.split("\n").slice(2)) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(80);
    const words = (text: string) => text.replace(/\s+/g, "");
    expect(words(shown.out)).toContain(words(said));
  });

  test("of an empty workspace says how to begin", async () => {
    const at = await Workspace.make();
    expect((await sayIn(at, ["status"])).out).toContain("no steps yet; add one: seqctl step add hello");
  });

  test("columns line up, and each status has its glyph", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "good", command: ["true"] },
        { id: "bad", command: ["false"] },
        { id: "behind", command: ["true"], depends_on: ["bad"] },
      ],
      gates: [{ id: "g", name: "G" }],
    });
    await at.seqctl(["run", "--yes"]);
    const rows = (await sayIn(at, ["status"])).out.split("\n").filter((line) => /^ {2}[✓✗◌◇]/.test(line));
    expect(rows.map((row) => row.trim()[0])).toEqual(["✓", "✗", "◌", "◇"]);
    expect(new Set(rows.map((row) => row.search(/DONE|FAILED|BLOCKED|PENDING/))).size).toBe(1);
  });
});

describe("status --watch", () => {
  test("redraws when something changes, until it is interrupted", async () => {
    const at = await Workspace.make(one);
    let drawn = "";
    const watching = sayIn(at, ["status", "--watch"], { onOut: (text) => (drawn += text) });
    await until("the first picture", () => drawn.includes("READY"));
    await at.seqctl(["run", "--yes"]);
    await until("the second picture", () => drawn.includes("DONE"));
    process.emit("SIGINT", "SIGINT");
    const said = await watching;
    expect(said.exit).toBe(0);
    expect(said.out).toStartWith(`${esc}[H${esc}[2J`);
  });

  test("as a process prints plain pictures without a terminal, and documents with --json", async () => {
    const at = await Workspace.make(one);
    const child = await at.start(["status", "--watch", "--json"]);
    const reader = child.stdout.getReader();
    let text = "";
    await until("the first document", async () => {
      text += new TextDecoder().decode((await reader.read()).value);
      return text.includes("\n");
    });
    expect(JSON.parse(text.split("\n")[0] as string)).toMatchObject({ steps: [{ id: "a" }] });
    child.kill("SIGINT");
    await reader.cancel();
    expect(await child.exited).toBe(0);
  });
});

describe("logs -f", () => {
  test("prints from the beginning, goes on as it grows, and ends with the attempt", async () => {
    const at = await Workspace.make();
    const held = new Held(at);
    const script = `echo one; sh held/hold x; echo two; sh held/hold y; printf three`;
    held.command("x");
    held.command("y");
    at.write(
      ".threados/sequence.yaml",
      JSON.stringify({ version: 1, name: "n", steps: [{ id: "a", command: ["sh", "-c", script] }] }),
    );
    await at.seqctl(["run", "--yes", "--detach"]);
    await held.hasBegun("x");
    const process = ended(await at.start(["logs", "a", "-f"]));
    let printed = "";
    const here = sayIn(at, ["logs", "a", "--follow"], { onOut: (text) => (printed += text) });
    await until("the first line", () => printed === "one\n");
    await held.release("x");
    await until("the second line", () => printed === "one\ntwo\n");
    await held.release("y");
    expect(await here).toMatchObject({ exit: 0, out: "one\ntwo\nthree" });
    expect(await process).toMatchObject({ exit: 0, out: "one\ntwo\nthree" });
  });

  test("cuts no character in two, however long the log is", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["cat", "text"] }] });
    const text = "€ü漢🙂".repeat(80_000);
    at.write("text", `x${text}`);
    await at.seqctl(["run", "--yes"]);
    const { out } = await at.seqctl(["logs", "a", "-f"]);
    expect(Bun.hash(out)).toBe(Bun.hash(`x${text}`));
    expect((await at.seqctl(["logs", "a"])).out).not.toContain("\ufffd");
  });

  test("of a step that never ran is refused", async () => {
    const at = await Workspace.make(one);
    expect(await at.json(["logs", "a", "-f"])).toMatchObject({ exit: 2, doc: { code: "step.never_ran" } });
  });
});

describe("ui", () => {
  const serving = { url: "http://127.0.0.1:7777/#token=t", port: 7777, closed: Promise.resolve() };

  test("prints the link and opens the browser; --no-open and --json do not", async () => {
    const at = await Workspace.make();
    const opened: string[] = [];
    const setting = {
      serve: async () => ({ ok: true, value: serving }) as const,
      openBrowser: (url: string) => opened.push(url),
    };
    const plain = await sayIn(at, ["ui", "--port", "7777"], setting);
    expect(plain).toMatchObject({ exit: 0 });
    expect(plain.out).toContain(serving.url);
    expect(opened).toEqual([serving.url]);
    await sayIn(at, ["ui", "--no-open"], setting);
    const json = await sayIn(at, ["ui", "--json"], setting);
    expect(JSON.parse(json.out)).toEqual({ url: serving.url, port: 7777, pid: process.pid });
    expect(opened).toHaveLength(1);
  });
});

describe("a second ui", () => {
  const up = { url: "http://127.0.0.1:7777/#token=t", port: 7777, pid: 4321 };
  const other = { url: "http://127.0.0.1:8888/#token=u", port: 8888, closed: Promise.resolve() };

  test("opens the one that is up, unless another is asked for", async () => {
    const at = await Workspace.make();
    const opened: string[] = [];
    const setting = {
      served: async () => up,
      serve: async () => ({ ok: true, value: other }) as const,
      openBrowser: (url: string) => opened.push(url),
    };
    for (const line of [["ui"], ["ui", "--port", "7777"]]) {
      const { exit, out } = await sayIn(at, line, setting);
      expect(exit).toBe(0);
      expect(out).toContain(`the workbench is up already at\n\n  ${up.url}\n\n  Process 4321 serves it`);
    }
    expect(opened).toEqual([up.url, up.url]);
    expect(JSON.parse((await sayIn(at, ["ui", "--json"], setting)).out)).toEqual(up);
    for (const line of [
      ["ui", "--new"],
      ["ui", "--port", "8888"],
      ["ui", "--port", "0"],
    ])
      expect((await sayIn(at, line, setting)).out).toContain(`the workbench is at\n\n  ${other.url}`);
    expect(opened.slice(2)).toEqual([other.url, other.url, other.url]);
  });
});

describe("at a real terminal", () => {
  /** Runs a line on a pseudo-terminal, pressing keys at each question in its turn. */
  async function press(at: Workspace, argv: string[], ...turns: [question: string, keys: string][]) {
    let screen = "";
    let seen = 0;
    const child = Bun.spawn([...(await seqctlArgv()), ...argv], {
      cwd: at.root,
      env: { ...at.env, TERM: "xterm" },
      terminal: {
        cols: 80,
        rows: 24,
        data: (terminal, data) => {
          screen += new TextDecoder().decode(data);
          const [question, keys] = turns[0] ?? [];
          if (question === undefined || keys === undefined || !screen.slice(seen).includes(question)) return;
          seen = screen.length;
          turns.shift();
          terminal.write(keys);
        },
      },
    });
    await child.exited;
    return { exit: child.exitCode, screen };
  }

  test.each([
    ["y and return run it", "y\r", 0, true],
    ["return alone leaves it", "\r", 3, false],
    ["the end of the input leaves it", "\u0004", 3, false],
    ["an interrupt ends the program", "\u0003", 130, false],
  ])("%s", async (_, keys, code, runs) => {
    const at = await Workspace.make(one);
    const { exit, screen } = await press(at, ["run"], ["[y/N]", keys]);
    expect(exit).toBe(code);
    expect(screen).not.toContain("bug");
    expect(screen).toContain(`${esc}[35m?`);
    expect((await at.status()).run !== null).toBe(runs);
  });

  test("what a gate asks is answered, what may be left out is left out by return, and the gate is shown once", async () => {
    const at = await Workspace.make({
      steps: [{ id: "a", command: ["true"] }],
      gates: [
        {
          id: "g",
          name: "Go",
          depends_on: ["a"],
          questions: [
            { id: "env", type: "choice", options: ["dev", "prod"], ask: "Where to?" },
            { id: "note", type: "text", required: false },
            { id: "count", type: "number", required: false },
          ],
        },
      ],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(3);
    const { exit, screen } = await press(
      at,
      ["gate", "approve", "g"],
      ["m Where to? (dev, prod)", "prod\r"],
      ["note (Enter leaves it out)", "\r"],
      ["count (number; Enter leaves it out)", "3\r"],
      ["[y/N]", "y\r"],
    );
    expect(exit).toBe(0);
    expect(screen.match(/a yes is bound to/g)).toHaveLength(1);
    expect(at.facts().find(({ type }) => type === "gate.approved")).toMatchObject({
      answers: { env: "prod", count: 3 },
    });
  });
});
