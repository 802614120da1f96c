import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { until } from "../rig/deadline";
import { sayIn } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const bytes = (at: Workspace, name: string) => new Uint8Array(fs.readFileSync(at.path(name)));

describe("what a command prints", () => {
  test("is kept byte for byte, each stream by itself", async () => {
    const every = Uint8Array.from({ length: 256 }, (_, i) => i);
    const large = Uint8Array.from({ length: 5_000_000 }, (_, i) => (i * 31) % 251);
    const at = await Workspace.make({
      steps: [
        { id: "binary", command: ["sh", "-c", "cat every; cat large >&2"] },
        { id: "none", command: ["true"] },
        { id: "cut", command: ["printf", "no newline"] },
      ],
    });
    at.write("every", every);
    at.write("large", large);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(bytes(at, `${at.attempt("binary")}/stdout.log`)).toEqual(every);
    expect(Bun.hash(bytes(at, `${at.attempt("binary")}/stderr.log`))).toBe(Bun.hash(large));
    expect(bytes(at, `${at.attempt("none")}/stdout.log`)).toHaveLength(0);
    expect(at.read(`${at.attempt("cut")}/stdout.log`)).toBe("no newline");
    expect((await at.seqctl(["logs", "cut"])).out).toBe("no newline");
    const { doc } = await at.json(["logs", "binary", "--stream", "stderr", "--from", "-5", "--limit", "3"]);
    expect(doc).toMatchObject({
      step: "binary",
      attempt: 1,
      stream: "stderr",
      size: 5_000_000,
      from: 4_999_995,
      bytes: 3,
    });
  });

  test("goes into a file whole; at a terminal a long one begins with a whole line, and says what is left out", async () => {
    const script = "seq 20000; echo oops >&2";
    const at = await Workspace.make({ steps: [{ id: "long", command: ["sh", "-c", script] }] });
    await at.seqctl(["run", "--yes"]);
    const all = Array.from({ length: 20_000 }, (_, index) => `${index + 1}\n`).join("");
    expect((await at.seqctl(["logs", "long"])).out).toBe(`── stdout\n${all}── stderr\noops\n`);
    expect((await at.seqctl(["logs", "long", "--stream", "stdout"])).out).toBe(all);
    const seen = await sayIn(at, ["logs", "long", "--stream", "stdout"]);
    const first = Number(seen.out.split("\n")[0]);
    expect(seen.out).toBe(all.slice(all.indexOf(`\n${first}\n`) + 1));
    expect(first).toBeGreaterThan(5000);
    expect(seen.err).toBe(
      "… whole lines of the last 65,536 of 108,894 bytes; `seqctl logs long --stream stdout -f` prints all\n",
    );
    expect((await sayIn(at, ["logs", "long", "--from", "0", "--limit", "3"])).out).toStartWith(
      "── stdout\n1\n2",
    );
  });

  test("is shown from both outputs, each named where both were used, or from the one that is asked for", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "both", command: ["sh", "-c", "printf out; echo err >&2"] },
        { id: "error", command: ["sh", "-c", "echo err >&2"] },
      ],
    });
    await at.seqctl(["run", "--yes"]);
    expect((await at.seqctl(["logs", "both"])).out).toBe("── stdout\nout\n── stderr\nerr\n");
    expect((await at.seqctl(["logs", "error"])).out).toBe("err\n");
    expect((await at.seqctl(["logs", "both", "--stream", "stdout"])).out).toBe("out");
    expect(await at.seqctl(["logs", "both", "-f"])).toMatchObject({ out: "out", err: "err\n" });
    expect((await at.json(["logs", "both"])).doc).toMatchObject({
      stream: "stdout",
      text: "out",
      stderr: { text: "err\n", size: 4, from: 0, bytes: 4 },
    });
    expect((await at.json(["logs", "both", "--stream", "stderr"])).doc).not.toContainKey("stderr");
  });

  test("of an earlier attempt or run stays where it was, and the step's own links lead to the newest", async () => {
    const at = await Workspace.make({
      steps: [{ id: "a", command: ["sh", "-c", "echo again >> n; wc -l < n; test $(wc -l < n) -gt 1"] }],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect((await at.seqctl(["logs", "a", "--attempt", "1"])).out.trim()).toBe("1");
    expect((await at.seqctl(["logs", "a"])).out.trim()).toBe("2");
    const { run } = await at.status();
    const step = `.threados/runs/${run}/a`;
    expect(fs.readlinkSync(at.path(`${step}/stdout.log`))).toBe("attempts/2/stdout.log");
    expect(JSON.parse(at.read(`${step}/status.json`))).toMatchObject({
      attempt: 2,
      status: "DONE",
      exit_code: 0,
      reason: null,
    });
    await at.seqctl(["run", "--yes"]);
    expect((await at.seqctl(["logs", "a", "--run", run as string, "--attempt", "1"])).out.trim()).toBe("1");
  });

  test.each([
    [["logs", "b"], "step.never_ran"],
    [["logs", "nobody"], "step.unknown"],
    [["logs", "a", "--attempt", "9"], "artifact.unknown"],
    [["logs", "a", "--run", "01ARZ3NDEKTSV4RRFFQ69G5FAV"], "run.unknown"],
    [["logs", "a", "--run", "../.."], "run.unknown"],
    [["artifacts", "b"], "step.never_ran"],
  ])("%j is refused with %s", async (line, code) => {
    const at = await Workspace.make({
      steps: [
        { id: "a", command: ["true"] },
        { id: "b", command: ["true"] },
      ],
    });
    await at.seqctl(["run", "step", "a", "--yes"]);
    const refused = await at.json(line);
    expect({ exit: refused.exit, code: refused.doc.code }).toEqual({ exit: 2, code });
  });
});

test("a step that did not run says why, instead of asking to be run", async () => {
  const at = await Workspace.make({
    steps: [
      { id: "no", command: ["true"], when: "1 == 2" },
      { id: "a", command: ["true"] },
      { id: "late", command: ["true"], depends_on: ["ok"] },
    ],
    gates: [{ id: "ok", name: "Fine?", depends_on: ["a"] }],
  });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(3);
  const { run } = await at.status();
  const skipped = "'no' was skipped because its condition does not hold: 1 == 2";
  for (const line of [
    ["logs", "no"],
    ["logs", "no", "-f"],
    ["artifacts", "no"],
    ["rerun", "no", "--yes"],
  ])
    expect((await at.seqctl(line)).err).toStartWith(`error ${skipped}\n hint so it printed nothing`);
  expect((await at.seqctl(["logs", "late"])).err).toStartWith(
    "error 'late' has not run yet: it waits for a person to approve 'ok'\n hint watch it",
  );
  expect((await at.seqctl(["run", "--new", "--only", "a", "--yes"])).exit).toBe(0);
  expect((await at.seqctl(["logs", "no"])).err).toContain(
    "'no' has not run yet\n hint run it: seqctl run step no",
  );
  expect((await at.seqctl(["logs", "no", "--run", run as string])).err).toContain(
    "'no' was skipped in that run\n",
  );
});

describe("what a command leaves in its output folder", () => {
  test("is imported if it is a plain file, and named where it is left out", async () => {
    const script = [
      'cd "$THREADOS_OUTPUT_DIR"',
      `echo '{"passed":true}' > output.json`,
      "printf 'a\\0b' > data.bin",
      "ln -s /etc/passwd link",
      "ln output.json hard 2>/dev/null; ln -f data.bin twin",
      "mkfifo pipe",
      "mkdir folder && echo x > folder/x",
      "echo forged > status.json",
      "echo forged > stdout.log",
      "echo x > 'odd name'",
      "echo x > .hidden",
    ].join("\n");
    const at = await Workspace.make({ steps: [{ id: "a", command: ["sh", "-c", script] }] });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    const folder = at.attempt("a");
    const status = JSON.parse(at.read(`${folder}/status.json`));
    expect(status).toMatchObject({ status: "DONE", exit_code: 0 });
    expect(status.outputs_left_out.sort()).toEqual(
      [
        ".hidden",
        "data.bin",
        "folder",
        "hard",
        "link",
        "odd name",
        "output.json",
        "pipe",
        "status.json",
        "stdout.log",
        "twin",
      ].sort(),
    );
    expect(at.read(`${folder}/stdout.log`)).toBe("");
  });

  test("is listed with its size, and nothing is left in the folder outside", async () => {
    const script = `cd "$THREADOS_OUTPUT_DIR"; printf '{"n":1}' > output.json; head -c 3000000 /dev/zero > big.bin`;
    const at = await Workspace.make({ steps: [{ id: "a", command: ["sh", "-c", script] }] });
    await at.seqctl(["run", "--yes"]);
    expect((await at.json(["artifacts", "a"])).doc.files).toEqual([
      { name: "big.bin", size: 3_000_000 },
      { name: "output.json", size: 7 },
      { name: "status.json", size: expect.any(Number) },
      { name: "stderr.log", size: 0 },
      { name: "stdout.log", size: 0 },
    ]);
    expect((await at.seqctl(["artifacts", "a"])).out).toMatch(/ 3000000 {2}big\.bin\n/);
    const outside = fs.readdirSync(`${at.home}/cache`, { recursive: true, withFileTypes: true });
    expect(outside.filter((entry) => entry.isFile())).toEqual([]);
  });
});

describe("what a command is told", () => {
  const tell = `cat "$THREADOS_INPUTS" > told.json; env > environment; pwd > folder`;

  test("names the results it builds on, also those behind a gate", async () => {
    const produce = (id: string) => ({
      id,
      command: ["sh", "-c", `echo out-${id}; echo '{"from":"${id}"}' > "$THREADOS_OUTPUT_DIR/output.json"`],
    });
    const at = await Workspace.make({
      steps: [
        produce("a"),
        produce("b"),
        { id: "plain", command: ["echo", "plain"] },
        { id: "use", command: ["sh", "-c", tell], depends_on: ["a", "plain", "g"], cwd: "." },
      ],
      gates: [{ id: "g", name: "G", depends_on: ["b"] }],
    });
    await at.seqctl(["run", "--yes"]);
    await at.seqctl(["gate", "approve", "g", "--yes"]);
    await until("the run's completion", async () => !(await at.status()).open);
    const told = JSON.parse(at.read("told.json"));
    expect(Object.keys(told).sort()).toEqual(["a", "b", "plain"]);
    expect(told.a).toMatchObject({
      status: "DONE",
      dir: at.path(at.attempt("a")),
      stdout: at.path(`${at.attempt("a")}/stdout.log`),
    });
    expect(fs.readFileSync(told.a.stdout, "utf8")).toBe("out-a\n");
    expect(JSON.parse(fs.readFileSync(told.b.output, "utf8"))).toEqual({ from: "b" });
    expect(told.plain.output).toBeNull();
    expect(Object.keys(told.a.files).sort()).toEqual([
      "output.json",
      "status.json",
      "stderr.log",
      "stdout.log",
    ]);
    expect(at.read("folder").trim()).toBe(at.root);
  });

  test("holds its own variables and the facts about itself, and no secret of its surroundings", async () => {
    const at = await Workspace.make({
      steps: [{ id: "a", command: ["sh", "-c", "env > environment"], env: { MINE: "yes", LANG: "tlh" } }],
    });
    const env = {
      MY_API_TOKEN: "s3cr3t-value",
      AWS_ACCESS_KEY_ID: "AKIAABCDEFGHIJKLMNOP",
      LD_PRELOAD: "",
      NODE_OPTIONS: "--no-warnings",
      BASH_ENV: "/x",
      GIT_DIR: "/y",
      RANDOM_THING: "1",
    };
    expect((await at.seqctl(["run", "--yes"], { env })).exit).toBe(0);
    const seen = Object.fromEntries(at.lines("environment").map((line) => line.split(/=(.*)/s).slice(0, 2)));
    for (const name of Object.keys(env)) expect(seen).not.toHaveProperty(name);
    const run = (await at.status()).run;
    expect(seen).toMatchObject({
      MINE: "yes",
      LANG: "tlh",
      THREADOS_WORKSPACE: at.root,
      THREADOS_RUN_ID: run,
      THREADOS_STEP_ID: "a",
      THREADOS_ATTEMPT: `${run}/a/1`,
      THREADOS_IDEMPOTENCY_KEY: `${run}/a`,
    });
    expect(seen.THREADOS_OUTPUT_DIR).not.toStartWith(at.root);
  });

  test("is told even if somebody has removed what an earlier step left", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "a", command: ["true"] },
        { id: "b", command: ["sh", "-c", 'cat "$THREADOS_INPUTS"'], depends_on: ["a"] },
      ],
    });
    await at.seqctl(["run", "step", "a", "--yes"]);
    fs.rmSync(at.path(at.attempt("a")), { recursive: true });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect(JSON.parse((await at.seqctl(["logs", "b"])).out)).toMatchObject({
      a: { output: null, files: {} },
    });
  });

  test("a step's variables can't pretend to be the facts about it", async () => {
    const at = await Workspace.make({
      steps: [
        {
          id: "a",
          command: ["sh", "-c", "env > environment"],
          env: { THREADOS_STEP_ID: "b", THREADOS_ATTEMPT: "x/y/1" },
        },
      ],
    });
    await at.seqctl(["run", "--yes"]);
    expect(at.lines("environment")).toContain("THREADOS_STEP_ID=a");
  });

  test("its input is empty, and its folder is where it says", async () => {
    const at = await Workspace.make({
      steps: [
        { id: "a", command: ["sh", "-c", "cat; pwd"], cwd: "sub" },
        { id: "line", command: "echo $((1+1)); pwd" },
      ],
    });
    fs.mkdirSync(at.path("sub"));
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect((await at.seqctl(["logs", "a"])).out).toBe(`${at.root}/sub\n`);
    expect((await at.seqctl(["logs", "line"])).out).toBe(`2\n${at.root}\n`);
  });

  test("words reach the program unchanged, and no shell looks at them", async () => {
    const words = ["%s|", "a b", "$HOME", "`id`", "*", "", "'\"", "ü\n2", "-n"];
    const at = await Workspace.make({ steps: [{ id: "a", command: ["printf", ...words] }] });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    expect((await at.seqctl(["logs", "a"])).out).toBe(
      words
        .slice(1)
        .map((word) => `${word}|`)
        .join(""),
    );
  });
});

test("secrets in what is printed are not shown, and never reach the audit log", async () => {
  const at = await Workspace.make({
    steps: [
      {
        id: "a",
        command: ["printf", "%s", "token ghp_abcdefghijklmnopqrstuvwxyz0123456789 and hunter2hunter2"],
      },
    ],
  });
  const env = { MY_PASSWORD: "hunter2hunter2" };
  await at.seqctl(["run", "--yes"], { env });
  const { out } = await at.seqctl(["logs", "a"], { env });
  expect(out).toBe("token ••• and •••");
  await at.seqctl(
    ["step", "add", "b", "--env", '{"DB_PASSWORD":"correct-horse"}', "--name", "hunter2hunter2"],
    { env },
  );
  const log = at.read(".threados/audit.log");
  for (const secret of ["correct-horse", "hunter2hunter2"]) expect(log).not.toContain(secret);
  expect(
    execFileSync("grep", ["-c", "•••", at.path(".threados/audit.log")])
      .toString()
      .trim(),
  ).toBe("1");
});

describe("the folder a step leaves results in", () => {
  test("is never another attempt's: what still works in it adds nothing to what comes later", async () => {
    // What came late is removed with its folder, perhaps before anybody has seen it.
    const wait = 'until [ -e "$early/late.txt" ] || [ ! -e "$early" ]; do sleep 0.02; done';
    const at = await Workspace.make({
      steps: [
        {
          id: "early",
          command: `cd "$THREADOS_OUTPUT_DIR"; pwd > "$THREADOS_WORKSPACE/where"
            setsid sh -c 'until [ -e "$THREADOS_WORKSPACE/go" ]; do sleep 0.02; done; echo late > late.txt' >&- 2>&- &`,
        },
        {
          id: "next",
          depends_on: ["early"],
          command: `echo mine > "$THREADOS_OUTPUT_DIR/mine.txt"; early=$(cat where); touch go; ${wait}`,
        },
      ],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    const left = fs.readdirSync(at.path(at.attempt("next")));
    expect(left).toContain("mine.txt");
    expect(left).not.toContain("late.txt");
  });

  test("is removed once it is old, and no other", async () => {
    const at = await Workspace.make({
      steps: [{ id: "a", command: 'cd "$THREADOS_OUTPUT_DIR"; pwd > "$THREADOS_WORKSPACE/where"' }],
    });
    await at.seqctl(["run", "--yes"]);
    const [outputs] = at
      .read("where")
      .trim()
      .split(/\/[^/]*$/);
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    for (const [name, hours] of [
      ["old", 2],
      ["young", 0.5],
    ] as const) {
      fs.mkdirSync(`${outputs}/${name}`);
      fs.utimesSync(`${outputs}/${name}`, hoursAgo(hours), hoursAgo(hours));
    }
    await at.seqctl(["run", "--new", "--yes"]);
    // The engine tidies up in a quiet moment, so it may outlive the call that has seen the run end.
    await until("the old folder is gone", () => !fs.existsSync(`${outputs}/old`));
    expect(fs.existsSync(`${outputs}/young`)).toBe(true);
  });

  test("is left by an engine that could not take over: what it can't read may be under way", async () => {
    const at = await Workspace.make({
      steps: [{ id: "a", command: 'cd "$THREADOS_OUTPUT_DIR"; pwd > "$THREADOS_WORKSPACE/where"' }],
    });
    await at.seqctl(["run", "--yes"]);
    const old = `${at.read("where").trim()}-of-another`;
    fs.mkdirSync(old);
    const hoursAgo = new Date(Date.now() - 2 * 3_600_000);
    fs.utimesSync(old, hoursAgo, hoursAgo);
    at.write(".threados/policy.yaml", "mode: [");
    expect((await at.seqctl(["engine", "run"])).exit).toBe(2);
    expect(fs.existsSync(old)).toBe(true);
  });
});
