import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { createConnection } from "node:net";
import { until } from "../rig/deadline";
import { argvOf, kill, processesWith } from "../rig/processes";
import { Sitting } from "../rig/sitting";
import { cleanUp, ended, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const dialog =
  'test -t 0 -a -t 1 -a -t 2 && echo three; while read -r line; do case $line in size) stty size;; bye) exit 3;; *) echo "<$line>";; esac; done';
const talking = (more: object = {}) => ({ id: "a", tty: true, command: ["sh", "-c", dialog], ...more });
const started = async (...steps: { id: string }[]) => {
  const at = await Workspace.make({ steps: steps as never });
  await at.seqctl(["run", "--yes", "--detach"]);
  return at;
};
const log = (at: Workspace, attempt = 1) => {
  const file = `${at.attempt("a", attempt)}/stdout.log`;
  return fs.existsSync(at.path(file)) ? at.read(file) : "";
};
const socketOf = (at: Workspace) => JSON.parse(at.read(`${at.attempt("a")}/tty.json`)).socket as string;

describe("a step with tty: true", () => {
  test("runs on a terminal; what it prints is kept to the byte, and its exit code is the command's", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "a", tty: true, command: ["sh", "-c", "stty -opost; test -t 1 && seq 1 30000; exit 7"] },
        { id: "killed", tty: true, command: ["sh", "-c", "kill -9 $$"] },
        { id: "none", tty: true, command: ["./not-there"] },
      ],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    const numbers = Array.from({ length: 30_000 }, (_, i) => `${i + 1}\n`).join("");
    expect(log(at)).toBe(numbers);
    const codes = Object.fromEntries((await at.status()).steps.map((step) => [step.id, step.exit_code]));
    expect(codes).toEqual({ a: 7, killed: 137, none: 126 });
    expect(at.read(`${at.attempt("none")}/stderr.log`)).toContain("not-there");
    expect(fs.existsSync(socketOf(at))).toBe(false);
  });

  test("is refused where an agent would run it", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", tty: true, model: "claude-code" }] });
    expect(await at.json(["run", "--yes"])).toMatchObject({ exit: 2, doc: { code: "sequence.invalid" } });
  });

  test("has its result although the engine died, and `run` adopts it as any other", async () => {
    const at = await started(talking());
    await until("it to be up", () => log(at).includes("three"));
    await at.killEngine();
    const again = at.seqctl(["run", "--yes"]);
    await until("it to be adopted", () => at.facts().some((fact) => fact.type === "attempt.adopted"));
    const person = await Sitting.start(at, ["attach", "a"]);
    await person.sees("three");
    person.type("bye\r");
    expect(await person.ended()).toBe(3);
    expect((await again).exit).toBe(1);
    expect(await at.standing()).toEqual({ a: "FAILED exit 1" });
  });

  test("is stopped with all that got away from its terminal, before it is said to be", async () => {
    const brood = `
(trap '' TERM HUP; echo ignoring >> up; while :; do sleep 600; done) &
nohup sh -c 'echo nohup >> up; exec sleep 600' >/dev/null 2>&1 &
setsid sh -c 'trap "" TERM HUP INT; echo stubborn >> up; while :; do sleep 600; done' &
echo parent >> up
trap '' TERM HUP
while :; do sleep 600; done`;
    const at = await started({ id: "a", tty: true, command: ["sh", "-c", brood] } as never);
    await until("all to be up", () => at.lines("up").length === 4);
    const living = () => processesWith("THREADOS_STEP_ID", "a").filter((pid) => at.processes().includes(pid));
    expect(living().length).toBeGreaterThanOrEqual(4);
    const stopping = at.seqctl(["stop", "a"]);
    await until("the end to be recorded", () => {
      const isRecorded = at.facts().some((fact) => fact.type === "attempt.exited");
      if (isRecorded) expect(living()).toEqual([]);
      return isRecorded;
    });
    expect((await stopping).exit).toBe(0);
    expect(await at.standing()).toEqual({ a: "FAILED stopped 1" });
    expect(at.facts().find((fact) => fact.type === "attempt.exited")).toMatchObject({ tree: "gone" });
    expect(fs.existsSync(socketOf(at))).toBe(false);
  });

  test("ends what its command left behind in its terminal", async () => {
    const left =
      "(trap '' HUP TERM; echo $$ > up; while :; do sleep 600; done) & while [ ! -e up ]; do sleep 0.02; done";
    const at = await Workspace.make({ steps: [{ id: "a", tty: true, command: ["sh", "-c", left] }] });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(processesWith("THREADOS_STEP_ID", "a").filter((pid) => at.processes().includes(pid))).toEqual([]);
  });
});

describe("attach", () => {
  test("types into the terminal, tells it the window's size and its changes, and leaves by Ctrl-\\ twice", async () => {
    const at = await started(talking());
    const person = await Sitting.start(at, ["attach", "a"]);
    await person.sees("three");
    person.type("hello\r");
    await person.sees("<hello>");
    person.type("size\r");
    await person.sees("30 90");
    person.resize(50, 20);
    await until("the new size to be told", async () => {
      person.type("size\r");
      return person.seen.includes("20 50");
    });
    person.type("\u001c\u001c");
    expect(await person.ended()).toBe(0);
    expect(person.seen).toContain("detached; the step goes on");
    expect(await at.standing()).toEqual({ a: "RUNNING running 1" });

    const [one, two] = [await Sitting.start(at, ["attach", "a"]), await Sitting.start(at, ["attach", "a"])];
    await one.sees("<hello>");
    await two.sees("<hello>");
    one.type("both\r");
    await two.sees("<both>");
    two.type("bye\r");
    expect([await one.ended(), await two.ended()]).toEqual([3, 3]);
    expect(one.seen).toContain("its command exited with 3");
  });

  test("waits for a step that has not started, and goes on with its next attempt", async () => {
    const at = await Workspace.make({ steps: [talking()] as never });
    const person = await Sitting.start(at, ["attach", "a"]);
    await person.sees("waiting: ");
    await at.seqctl(["run", "--yes", "--detach"]);
    await person.sees("three");
    person.type("first\r");
    await person.sees("<first>");
    await at.seqctl(["restart", "a", "--yes", "--detach"]);
    await until("the second attempt to be up", () => log(at, 2).includes("three"));
    await until("the second attempt to answer", () => {
      person.type("second\r");
      return log(at, 2).includes("<second>");
    });
    person.type("bye\r");
    expect(await person.ended()).toBe(3);
    expect(log(at)).not.toContain("second");
  });

  test("shows both outputs of a step without a terminal, through a retry, and ends as it did", async () => {
    const at = await Workspace.make({
      steps: [
        {
          id: "a",
          command: ["sh", "-c", "echo out; echo err >&2; test -e again || { touch again; exit 1; }; exit 5"],
          retry: { limit: 1, backoff_ms: 0 },
        },
      ],
    });
    const watching = ended(await at.start(["attach", "a"]));
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    const { exit, out, err } = await watching;
    expect({ exit, out }).toEqual({ exit: 5, out: "out\nout\n" });
    expect(err.match(/^err$/gm)).toHaveLength(2);
    expect(await at.seqctl(["attach", "a", "--attempt", "1"])).toMatchObject({ out: "out\n" });
    expect(await at.json(["attach", "a"])).toMatchObject({
      exit: 5,
      doc: { step: "a", attempt: 2, status: "FAILED", exit_code: 5 },
    });
    expect((await at.json(["attach", "nobody"])).doc).toMatchObject({ code: "step.unknown" });
    expect((await at.json(["attach", "a", "--attempt", "x"])).doc).toMatchObject({ code: "input.invalid" });
  });

  test("is refused inside a step", async () => {
    const at = await started(talking());
    await until("it to be up", () => log(at).includes("three"));
    const env = { THREADOS_ATTEMPT: `${at.runs()[0]}/a/1` };
    expect(await at.json(["attach", "a"], { env })).toMatchObject({
      exit: 4,
      doc: { code: "agent.forbidden" },
    });
  });

  test("without a terminal only looks", async () => {
    const at = await started(talking());
    const looking = await at.start(["attach", "a"]);
    await until("it to be up", () => log(at).includes("three"));
    const person = await Sitting.start(at, ["attach", "a"]);
    await person.sees("three");
    person.type("bye\r");
    expect(await person.ended()).toBe(3);
    expect(await ended(looking)).toMatchObject({ exit: 3, out: expect.stringContaining("three") });
  });
});

test("neither a client that does not read nor one that talks nonsense holds a step up", async () => {
  const noisy = "read -r x; seq 1 600000; echo end-of-it";
  const at = await started({ id: "a", tty: true, command: ["sh", "-c", noisy] } as never);
  const socket = await until("its socket", () => {
    try {
      return fs.existsSync(socketOf(at)) && socketOf(at);
    } catch {
      return undefined;
    }
  });
  const deaf = createConnection(socket);
  deaf.on("error", () => undefined);
  deaf.pause();
  for (const nonsense of [
    "GET / HTTP/1.1\r\n\r\n",
    "\u0001\u0000\u0000\u0000",
    "\u0009\u0000\u0000\u0000\u0001x",
  ]) {
    const client = createConnection(socket, () => client.end(Buffer.from(nonsense, "latin1")));
    client.on("error", () => undefined);
    await new Promise((closed) => client.on("close", closed));
  }
  const person = await Sitting.start(at, ["attach", "a"]);
  await until("it to be heard", () => {
    person.type("go\r");
    return log(at).includes("\n1\r\n") || log(at).includes("600000");
  });
  await until("the step to end", async () => (await at.standing()).a === "DONE 1");
  expect(log(at).replaceAll("\r", "")).toContain("\n599999\n600000\nend-of-it\n");
  deaf.destroy();
  expect(await person.ended()).toBe(0);
});

test("a terminal whose holder is killed is an attempt that was killed", async () => {
  const at = await started(talking());
  await until("it to be up", () => log(at).includes("three"));
  const words = (pid: number) => argvOf(pid).join(" ");
  const holder = at.processes().find((pid) => / exec-step /.test(words(pid)) && !/shim/.test(words(pid)));
  kill(holder as number);
  await until("the step to end", async () => (await at.standing()).a === "FAILED exit 1");
  await until("its command to end", () => at.processes().every((pid) => !words(pid).includes("while read")));
});
