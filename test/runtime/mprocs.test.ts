import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { until } from "../rig/deadline";
import { Held } from "../rig/held";
import { memoryOf, missing, mprocsEnv, Window } from "../rig/mprocs";
import { isAlive, kill, processesWith } from "../rig/processes";
import { works } from "../rig/sandbox";
import { Sitting } from "../rig/sitting";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(120_000);
afterEach(cleanUp);

const living = (at: Workspace, step: string) =>
  processesWith("THREADOS_STEP_ID", step).filter((pid) => at.processes().includes(pid));

/** The inodes of the sockets that listen at a port of this machine. */
const listeningSockets = () =>
  ["/proc/net/tcp", "/proc/net/tcp6"].flatMap((file) =>
    fs
      .readFileSync(file, "utf8")
      .split("\n")
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[3] === "0A")
      .map((columns) => columns[9] as string),
  );

function linkOf(path: string): string[] {
  try {
    return /^socket:\[(\d+)\]$/.exec(fs.readlinkSync(path))?.slice(1) ?? [];
  } catch {
    return [];
  }
}

const brood = `
(trap '' TERM; echo ignoring >> up; while :; do sleep 600; done) &
nohup sh -c 'echo nohup >> up; exec sleep 600' >/dev/null 2>&1 &
setsid sh -c 'trap "" TERM HUP INT; echo stubborn >> up; while :; do sleep 600; done' &
echo parent >> up
trap '' TERM
while :; do sleep 600; done`;

describe.skipIf(missing !== undefined)(
  `mprocs${missing === undefined ? "" : ` (skipped: ${missing})`}`,
  () => {
    test("200 steps with a pane each: codes and bytes are right, its memory is bounded, its death loses nothing", async () => {
      const many = Array.from({ length: 200 }, (_, i) => ({
        id: `s${i}`,
        command: ["sh", "-c", `seq 1 ${i}; echo "err ${i} 'q'" >&2; exit ${i % 3}`],
      }));
      const at = await Workspace.make();
      const held = new Held(at);
      const steps = [...many, { id: "held", command: held.command("held") }];
      at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "many", steps }));
      const window = await Window.open(at);
      await at.seqctl(["run", "--yes", "--detach"]);
      // On a busy machine so many take longer than one thing is waited for.
      for (const part of [50, 100, 150, 200])
        await until(`${part} panes to be told`, async () => {
          const { counts } = await at.status();
          return (counts.DONE ?? 0) + (counts.FAILED ?? 0) >= part;
        });
      await held.hasBegun("held");
      const map = JSON.parse(at.read(".threados/state/mprocs-map.json"));
      expect(Object.keys(map.panes)).toHaveLength(201);
      const mprocs = window.pid(at);
      expect(memoryOf(mprocs)).toBeLessThan(512);
      kill(mprocs);
      await until("mprocs to be gone", () => !isAlive(mprocs));
      await held.release("held", 4);
      await until("the engine to leave", () => at.enginePid() === undefined);
      const codes = Object.fromEntries((await at.status()).steps.map((step) => [step.id, step.exit_code]));
      expect(codes).toEqual({ ...Object.fromEntries(many.map(({ id }, i) => [id, i % 3])), held: 4 });
      for (const [i, { id }] of many.entries()) {
        const numbers = Array.from({ length: i }, (_, n) => `${n + 1}\n`).join("");
        expect(at.read(`${at.attempt(id)}/stdout.log`)).toBe(numbers);
        expect(at.read(`${at.attempt(id)}/stderr.log`)).toBe(`err ${i} 'q'\n`);
      }
      expect(await at.json(["mprocs", "select", "held"])).toMatchObject({
        exit: 2,
        doc: { code: "mprocs.closed" },
      });
    });

    test("to stop a pane is to stop its step with all descendants, to start it is to run the step, to quit is neither", async () => {
      const at = await Workspace.make({
        steps: [
          { id: "a", command: ["sh", "-c", brood] },
          { id: "b", tty: true, command: ["sh", "-c", 'read -r x; echo "<$x>"; read -r y'] },
        ],
      });
      const window = await Window.open(at);
      expect(await at.json(["mprocs", "open"], { env: mprocsEnv() })).toMatchObject({
        exit: 0,
        doc: { was_open: true, panes: 2, session: window.session },
      });
      await at.seqctl(["step", "add", "late", "--command", '["true"]', "--yes"]);
      expect((await at.json(["mprocs", "open"], { env: mprocsEnv() })).doc.unshown).toEqual(["late"]);
      expect((await at.seqctl(["mprocs", "open"], { env: mprocsEnv() })).out).toContain(
        "! it has no pane for 'late', added since it was opened; close its window",
      );
      const unshown = await at.json(["mprocs", "select", "late"]);
      expect(unshown).toMatchObject({ exit: 2, doc: { code: "input.invalid" } });
      expect(unshown.doc.error).toMatchObject({
        message: "the mprocs that is open has no pane for 'late', which was added since it was opened",
        hint: expect.stringContaining("`seqctl attach late`"),
      });
      expect((await at.json(["mprocs", "select", "nobody"])).doc.code).toBe("step.unknown");
      await at.seqctl(["step", "rm", "late", "--yes"]);

      await at.seqctl(["run", "--yes", "--detach"]);
      await until("all to be up", () => at.lines("up").length === 4);

      expect((await at.json(["mprocs", "select", "a"])).doc).toEqual({ step: "a", pane: 1 });
      await until("its pane to be selected", () => window.screen().includes("•a"));
      window.keys("x");
      await until("the end to be recorded", () => {
        const isRecorded = at.facts().some((fact) => fact.type === "attempt.exited");
        if (isRecorded) expect(living(at, "a")).toEqual([]);
        return isRecorded;
      });
      expect(await at.standing()).toMatchObject({ a: "FAILED stopped 1", b: "RUNNING running 1" });
      expect(at.audit().findLast((line) => line.action === "run.stop")).toMatchObject({
        actor: "user",
        surface: "cli",
        target: "a",
      });

      await until("its pane to be down", () => /•a +DOWN/.test(window.screen()));
      window.keys("s");
      await until("the question in the pane", () => window.screen().includes("Go ahead? [y/N]"));
      window.keys("C-a");
      window.keys("y", "Enter");
      await until("the second attempt", async () => (await at.standing()).a === "RUNNING running 2");
      window.keys("C-a");

      await at.seqctl(["mprocs", "select", "b"]);
      await until("its pane to be selected", () => window.screen().includes("•b"));
      window.keys("C-a");
      window.keys("typed", "Enter");
      await until("the step's answer in its pane", () => window.screen().includes("<typed>"));
      await at.seqctl(["restart", "b", "--yes", "--detach"]);
      await until("its pane to show the next attempt", async () => {
        window.keys("again", "Enter");
        return at.lines(`${at.attempt("b", 2)}/stdout.log`).some((line) => line.includes("<again>"));
      });
      window.keys("C-a");

      const mprocs = window.pid(at);
      window.keys("q");
      await until("mprocs to be gone", () => !isAlive(mprocs));
      await until("its panes to be gone", async () => (await at.json(["mprocs", "select", "a"])).exit === 2);
      expect(await at.standing()).toMatchObject({ a: "RUNNING running 2" });
      expect((await at.seqctl(["stop", "a"])).exit).toBe(0);
      expect(living(at, "a")).toEqual([]);
    });

    test.skipIf(!works)("takes no commands that a step in a sandbox could send", async () => {
      const at = await Workspace.make({ rules: { sandbox: "required" } });
      const held = new Held(at);
      await at.seqctl(["step", "add", "a", "--command", JSON.stringify(held.command("a"))]);
      const first = await Window.open(at);
      expect(JSON.parse(at.read(".threados/state/mprocs-map.json")).port).toBeGreaterThan(0);
      await until("the panes to be up", () => fs.existsSync(at.path(".threados/state/panes/pid")));
      await at.seqctl(["step", "edit", "a", "--network", "--yes"]);
      await at.seqctl(["run", "--yes"]);
      expect(await at.standing()).toEqual({ a: "FAILED refused 1" });
      expect((await at.json(["why", "a"])).doc.why).toContain("mprocs is open and takes commands");
      const before = first.pid(at);
      first.keys("q");
      await until("mprocs to be gone", () => !isAlive(before));
      await until("its panes to be gone", async () => (await at.json(["mprocs", "select", "a"])).exit === 2);

      const again = await Window.open(at);
      expect(JSON.parse(at.read(".threados/state/mprocs-map.json")).port).toBeNull();
      await until("the panes to be up", () => fs.existsSync(at.path(".threados/state/panes/pid")));
      const fds = `/proc/${again.pid(at)}/fd`;
      const listening = new Set(listeningSockets());
      const own = fs.readdirSync(fds).flatMap((fd) => linkOf(`${fds}/${fd}`));
      expect(own.filter((inode) => listening.has(inode))).toEqual([]);
      const { exit, doc } = await at.json(["mprocs", "select", "a"]);
      expect({ exit, said: doc.error.message }).toMatchObject({
        exit: 2,
        said: expect.stringContaining("this mprocs takes no commands"),
      });
      await at.seqctl(["run", "--yes", "--new", "--detach"]);
      await held.hasBegun("a");
      await held.release("a");
      await until("the step to end", async () => (await at.standing()).a === "DONE 1");
      again.keys("q");
    });

    test.skipIf(!works)("takes no commands of a step in a sandbox of another workspace either", async () => {
      const [mine, theirs] = [
        await Workspace.make(),
        await Workspace.make({ rules: { sandbox: "required" } }),
      ];
      // The same person's, who has one home folder.
      const env = { HOME: mine.home, XDG_RUNTIME_DIR: mine.env.XDG_RUNTIME_DIR };
      await mine.seqctl(["step", "add", "x", "--command", '["true"]']);
      await theirs.seqctl(["step", "add", "a", "--command", '["true"]', "--network", "--yes"]);
      const first = await Window.open(mine);
      expect(JSON.parse(mine.read(".threados/state/mprocs-map.json")).port).toBeGreaterThan(0);
      await until("the panes to be up", () => fs.existsSync(mine.path(".threados/state/panes/pid")));
      await theirs.seqctl(["run", "--yes"], { env });
      expect(await theirs.standing()).toEqual({ a: "FAILED refused 1" });
      expect((await theirs.json(["why", "a"])).doc.why).toContain(`mprocs is open for ${mine.root}`);
      const before = first.pid(mine);
      first.keys("q");
      await until("mprocs to be gone", () => !isAlive(before));
      await until(
        "its panes to be gone",
        async () => (await mine.json(["mprocs", "select", "x"])).exit === 2,
      );

      const again = await Window.open(mine);
      expect(JSON.parse(mine.read(".threados/state/mprocs-map.json")).port).toBeNull();
      await until("the panes to be up", () => fs.existsSync(mine.path(".threados/state/panes/pid")));
      await theirs.seqctl(["run", "--yes", "--new"], { env });
      expect(await theirs.standing()).toEqual({ a: "DONE 1" });
      again.keys("q");
    });

    test.skipIf(!works)("keeps a step in a sandbox from the network while it is being opened", async () => {
      const at = await Workspace.make({ rules: { sandbox: "required" } });
      await at.seqctl(["step", "add", "x", "--command", '["true"]']);
      // Stands in for tmux at the moment between the look at the note and mprocs' start, then starts it.
      at.script(
        "bin/tmux",
        `#!/bin/sh\necho $$ > ${at.root}/asked; read go < ${at.root}/go; shift 13; exec "$@"\n`,
      );
      at.script("bin/mprocs", `#!/bin/sh\necho up > ${at.root}/up; exec sleep 600 "$@"\n`);
      execFileSync("mkfifo", [at.path("go")]);
      const env = { THREADOS_MPROCS: at.path("bin/mprocs"), PATH: `${at.path("bin")}:${at.env.PATH}` };
      const opener = await at.start(["mprocs", "open", "--json"], { env });
      await until("tmux to be asked", () => at.lines("asked").length === 1);
      expect(JSON.parse(at.read(".threados/state/mprocs-map.json")).port).toBeGreaterThan(0);
      await at.seqctl(["step", "edit", "x", "--network", "--yes"]);
      await at.seqctl(["run", "--yes"]);
      expect(await at.standing()).toEqual({ x: "FAILED refused 1" });
      expect((await at.json(["why", "x"])).doc.why).toContain("mprocs is open and takes commands");

      // Killed, it keeps nobody from the network any more: so what it has asked for doesn't begin.
      opener.kill("SIGKILL");
      await opener.exited;
      await at.seqctl(["run", "--yes", "--new"]);
      expect(await at.standing()).toEqual({ x: "DONE 1" });
      const asked = Number(at.read("asked"));
      fs.writeFileSync(at.path("go"), "\n");
      await until("tmux to be gone", () => !isAlive(asked));
      expect(fs.existsSync(at.path("up"))).toBe(false);
    });

    test.skipIf(!works)("counts as open before its panes are up, and without them", async () => {
      const at = await Workspace.make({ rules: { sandbox: "required" } });
      await at.seqctl(["step", "add", "x", "--command", '["true"]']);
      at.script("bin/mprocs", "#!/bin/sh\nwhile :; do sleep 600; done\n");
      const env = { THREADOS_MPROCS: at.path("bin/mprocs") };
      const opened = await at.json(["mprocs", "open"], { env });
      expect(opened).toMatchObject({ exit: 0, doc: { port: expect.any(Number) } });
      expect(fs.existsSync(at.path(".threados/state/panes/pid"))).toBe(false);
      const { port, session } = opened.doc;
      expect((await at.json(["mprocs", "open"], { env })).doc).toMatchObject({
        was_open: true,
        port,
        session,
      });
      await at.seqctl(["step", "edit", "x", "--network", "--yes"]);
      await at.seqctl(["run", "--yes"]);
      expect(await at.standing()).toEqual({ x: "FAILED refused 1" });
      execFileSync("tmux", ["-L", session, "kill-server"]);
      await at.seqctl(["run", "--yes", "--new"]);
      expect(await at.standing()).toEqual({ x: "DONE 1" });
    });

    test("its own way of quitting, which tells every pane to stop, stops no step", async () => {
      const at = await Workspace.make();
      const held = new Held(at);
      await at.seqctl(["step", "add", "a", "--command", JSON.stringify(held.command("a"))]);
      const window = await Window.open(at);
      await at.seqctl(["run", "--yes", "--detach"]);
      await held.hasBegun("a");
      const { port } = JSON.parse(at.read(".threados/state/mprocs-map.json"));
      const mprocs = window.pid(at);
      const socket = await Bun.connect({ hostname: "127.0.0.1", port, socket: { data: () => undefined } });
      socket.end('{"c":"quit"}');
      await until("mprocs to be gone", () => !isAlive(mprocs));
      await until("its panes to be gone", () =>
        processesWith("TMUX_PANE", "%0").every((pid) => !at.processes().includes(pid)),
      );
      expect(await at.standing()).toEqual({ a: "RUNNING running 1" });
      expect(at.audit().some((line) => line.action === "run.stop")).toBe(false);
      await held.release("a");
      await until("the step to end", async () => (await at.standing()).a === "DONE 1");
    });
  },
);

describe("docs/mprocs.md", () => {
  const page = fs.readFileSync(join(import.meta.dir, "../../docs/mprocs.md"), "utf8");
  const shown = /^```yaml\n([\s\S]*?)^```/m.exec(page)?.[1] ?? "";

  test("shows a sequence that runs as it says, and whose panes bear the names it gives", async () => {
    const at = await Workspace.make();
    at.write(".threados/sequence.yaml", shown);
    const { out } = await at.seqctl(["mprocs", "open", "--print-config"]);
    expect(Object.keys(parse(out).procs)).toEqual(["run", "ask", "checks · build", "checks · lint"]);
    expect(page).toContain("`checks · build`");
    expect(fs.existsSync(at.path(".threados/state/mprocs.yaml"))).toBe(false);
    expect((await at.json(["mprocs", "open", "--print-config"])).doc.config).toContain("checks · build");
    await at.seqctl(["run", "--yes", "--detach"]);
    const person = await Sitting.start(at, ["attach", "ask"]);
    await person.sees("your name? ");
    person.type("you\r");
    await person.sees("hello you");
    expect(await person.ended()).toBe(0);
  });

  test("says what `mprocs open` and `select` say where something is missing", async () => {
    const at = await Workspace.make();
    const env = { THREADOS_MPROCS: "/not/there" };
    for (const [args, said] of [
      [["mprocs", "open"], "mprocs was not found on this machine"],
      [["mprocs", "select", "a"], "no mprocs of this workspace is open"],
    ] as const) {
      const { exit, doc } = await at.json([...args], { env });
      expect({ exit, said: doc.error.message }).toEqual({ exit: 2, said });
      expect(page).toContain(said);
    }
    const inside = { ...env, THREADOS_ATTEMPT: "01ARZ3NDEKTSV4RRFFQ69G5FAV/a/1" };
    expect(await at.json(["mprocs", "open"], { env: inside })).toMatchObject({ exit: 4 });
  });
});
