import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { createServer } from "node:net";
import { until } from "../rig/deadline";
import { processesWith } from "../rig/processes";
import { makeRepository } from "../rig/repository";
import { why, works } from "../rig/sandbox";
import { Sitting } from "../rig/sitting";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const confined = { sandbox: "required" };
const shell = (script: string) => ["sh", "-c", script];

/** Runs one step in a sandbox to its end; how the run ended. */
async function runOne(at: Workspace, env = {}): Promise<{ exit: number; out: string; err: string }> {
  const { exit } = await at.seqctl(["run", "--yes"], { env });
  const folder = at.attempt("a");
  return { exit, out: at.read(`${folder}/stdout.log`), err: at.read(`${folder}/stderr.log`) };
}

describe.skipIf(!works)(`a step in a sandbox${why}`, () => {
  test("works in the workspace, is told what it builds on, and hands on what it made", async () => {
    const at = await Workspace.make({
      rules: confined,
      steps: [
        { id: "b", command: shell(`echo '{"n":1}' > "$THREADOS_OUTPUT_DIR/output.json"`) },
        {
          id: "a",
          command: shell(
            'cat "$THREADOS_INPUTS"; echo made > made; echo x | tee /tmp/t-sandbox > ~/.profile; pwd',
          ),
          depends_on: ["b"],
        },
      ],
    });
    const { exit, out } = await runOne(at);
    expect(exit).toBe(0);
    expect(out).toContain('"outputs":{"n":1}');
    expect(out).toEndWith(`${at.root}\n`);
    expect(at.read("made")).toBe("made\n");
    // It has a home and a /tmp of its own, which end with it.
    expect(fs.existsSync("/tmp/t-sandbox")).toBe(false);
    expect(fs.existsSync(`${at.home}/.profile`)).toBe(false);
  });

  test.each([
    ["change the rules", "echo 'mode: POWER' > .threados/policy.yaml"],
    ["change the definition", "echo x >> .threados/sequence.yaml"],
    ["write into the record", "echo x >> .threados/audit.log"],
    ["move the workspace's folder away", "mv .threados gone"],
    ["read a person's keys", 'cat "$HOME/.ssh/id"'],
    ["add a hook", "mkdir -p .git/hooks; echo 'touch hooked' > .git/hooks/post-checkout"],
    ["have git run a program", "git config core.fsmonitor 'touch watched'"],
    ["put a repository of its own in place of the one that is there", "mv .git gone"],
    ["put attributes of its own in place of those that are there", "mv .git/info gone"],
    ["write outside", "echo x > /etc/threados-was-here"],
    ["see other processes", "test $(ls /proc | grep -c '^[0-9]') -gt 20"],
    ["mount something", "mount -t tmpfs none /mnt"],
  ])("can't %s", async (_, script) => {
    const at = await Workspace.make({ rules: confined, steps: [{ id: "a", command: shell(script) }] });
    fs.mkdirSync(`${at.home}/.ssh`);
    fs.writeFileSync(`${at.home}/.ssh/id`, "key\n");
    Bun.spawnSync(["git", "init", "-q"], { cwd: at.root });
    const kept = ["policy.yaml", "sequence.yaml"].map((name) => at.read(`.threados/${name}`));
    const { exit, out } = await runOne(at);
    expect(exit).toBe(1);
    expect(out).not.toContain("key");
    expect(["policy.yaml", "sequence.yaml"].map((name) => at.read(`.threados/${name}`))).toEqual(kept);
    expect(fs.existsSync("/etc/threados-was-here")).toBe(false);
    expect(fs.existsSync(`${at.root}/.git/hooks/post-checkout`)).toBe(false);
    expect((await at.seqctl(["audit", "verify"])).exit).toBe(0);
  });

  test.each(["none", "worktree"] as const)("commits in its repository, isolation: %s", async (isolation) => {
    const commit = "echo more >> f && git -c user.name=n -c user.email=e@example.org commit -qam more";
    const at = await Workspace.make({
      rules: confined,
      steps: [{ id: "a", isolation, command: shell(`${commit} && git log --format=%s`) }],
    });
    makeRepository(at, { f: "text\n" });
    const { exit, out } = await runOne(at);
    expect([exit, out.split("\n")[0]]).toEqual([0, "more"]);
  });

  test("sees the programs of a folder in the home folder, and nothing else that stands there", async () => {
    const at = await Workspace.make({
      rules: confined,
      steps: [{ id: "a", command: shell('greet; cat "$HOME/.ssh/id"') }],
    });
    fs.mkdirSync(`${at.home}/.ssh`);
    fs.writeFileSync(`${at.home}/.ssh/id`, "key\n");
    fs.mkdirSync(`${at.home}/bin`);
    fs.writeFileSync(`${at.home}/bin/greet`, "#!/bin/sh\necho hello\n", { mode: 0o755 });
    await at.seqctl(["run", "--yes"], { env: { PATH: `${at.home}/bin:${at.home}/:${at.env.PATH}` } });
    expect(at.read(`${at.attempt("a")}/stdout.log`)).toBe("hello\n");
    expect(at.read(`${at.attempt("a")}/stderr.log`)).toContain("No such file");
  });

  test.each([
    [false, 1],
    [true, 0],
  ])("reaches a port of this machine only with the network: %p", async (network, exit) => {
    const server = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const at = await Workspace.make({
      rules: confined,
      steps: [{ id: "a", command: ["bash", "-c", `exec 3<>/dev/tcp/127.0.0.1/${port}`], network }],
    });
    expect((await runOne(at)).exit).toBe(exit);
    server.close();
  });

  const look = "find temp run config link/ -type f -exec cat {} + 2>&1; echo looked > looked";
  test.each([
    ["the temp folder", { TMPDIR: "temp", XDG_RUNTIME_DIR: "" }],
    ["a temp folder behind a link", { TMPDIR: "link", XDG_RUNTIME_DIR: "" }],
    ["the runtime folder", { TMPDIR: "temp", XDG_RUNTIME_DIR: "run" }],
  ])(
    "sees no secret of ThreadOS and of its user, even where %s stands in the workspace",
    async (_, places) => {
      const at = await Workspace.make({ rules: confined, steps: [{ id: "a", command: shell(look) }] });
      for (const name of ["temp", "run", "config/threados/secrets"])
        fs.mkdirSync(at.path(name), { recursive: true, mode: 0o700 });
      fs.symlinkSync("temp", at.path("link"));
      at.write("config/threados/secrets/KEY", "key of mine\n");
      at.write("run/bus", "somebody's\n");
      at.write("temp/plain", "for all to see\n");
      const env = Object.fromEntries(
        Object.entries({ ...places, XDG_CONFIG_HOME: "config" }).map(([name, place]) => [
          name,
          place === "" ? "" : at.path(place),
        ]),
      );
      const { exit, out } = await runOne(at, env);
      const secrets = [...new Bun.Glob("{temp,run}/**/step-secret").scanSync(at.root)];
      expect(secrets).toHaveLength(1);
      expect([exit, at.read("looked")]).toEqual([0, "looked\n"]);
      expect(out).toContain("for all to see");
      expect(out).not.toContain(at.read(secrets[0] as string));
      expect(out).not.toContain("key of mine");
      if (env.XDG_RUNTIME_DIR !== "") expect(out).not.toContain("somebody's");
    },
  );

  test("hands on what it made also where that stands beside such secrets", async () => {
    const script = `echo '{"n":1}' > "$THREADOS_OUTPUT_DIR/output.json"; ls "$XDG_RUNTIME_DIR/threados"/*`;
    const at = await Workspace.make({ rules: confined, steps: [{ id: "a", command: shell(script) }] });
    const { exit, out } = await runOne(at, { XDG_RUNTIME_DIR: at.env.XDG_CACHE_HOME });
    expect(exit).toBe(0);
    // Its own door stands there, too.
    expect(out).toMatch(/^d-[0-9a-f]{16}\nout\n$/);
    expect(JSON.parse(at.read(`${at.attempt("a")}/output.json`))).toEqual({ n: 1 });
  });

  const stubborn = `setsid sh -c 'trap "" TERM; while :; do sleep 0.05; done' &`;
  test.each<[string, object, string]>([
    ["and leaves nobody behind", {}, stubborn],
    ["on a terminal, too", { tty: true }, ""],
  ])("takes its leave in time when stopped, %s", async (_, more, beside) => {
    const polite = `trap 'echo tidied > tidied; exit 0' TERM; ${beside} echo up > up; while :; do sleep 0.05; done`;
    const at = await Workspace.make({
      rules: confined,
      steps: [{ id: "a", command: shell(polite), ...more }],
    });
    await at.seqctl(["run", "--yes", "--detach"]);
    await until("it to be up", () => at.lines("up").length === 1);
    expect((await at.seqctl(["stop", "a"])).exit).toBe(0);
    expect(at.read("tidied")).toBe("tidied\n");
    expect(processesWith("THREADOS_STEP_ID", "a").filter((pid) => at.processes().includes(pid))).toEqual([]);
    expect(await at.standing()).toEqual({ a: "FAILED stopped 1" });
  });

  test("may stand on a terminal, whose holder stays outside of it", async () => {
    const tell =
      "test -t 0 -a -t 1 && echo three; while read -r line; do case $line in bye) exit 3;; " +
      "*) echo x > .threados/policy.yaml; stty size;; esac; done";
    const at = await Workspace.make({
      rules: confined,
      steps: [{ id: "a", tty: true, command: shell(tell) }],
    });
    const rules = at.read(".threados/policy.yaml");
    await at.seqctl(["run", "--yes", "--detach"]);
    const person = await Sitting.start(at, ["attach", "a"]);
    await person.sees("three");
    person.type("size\r");
    await person.sees("30 90");
    person.type("bye\r");
    expect(await person.ended()).toBe(3);
    expect(at.read(".threados/policy.yaml")).toBe(rules);
  });

  test("may be asked for by a step alone", async () => {
    const script = "echo x >> .threados/sequence.yaml";
    const at = await Workspace.make({
      steps: [{ id: "a", command: shell(script), sandbox: "required" }],
    });
    expect((await runOne(at)).exit).toBe(1);
  });
});

test("a sandbox that is required and not there is a refusal, and nothing runs", async () => {
  const at = await Workspace.make({ rules: confined, steps: [{ id: "a", command: ["touch", "ran"] }] });
  const bin = `${at.home}/bin`;
  fs.mkdirSync(bin);
  for (const name of ["touch", "sh"]) fs.symlinkSync(Bun.which(name) as string, `${bin}/${name}`);
  const { exit } = await at.seqctl(["run", "--yes"], { env: { PATH: bin } });
  expect(exit).toBe(1);
  expect((await at.json(["why", "a"])).doc.why).toContain("bubblewrap");
  expect(fs.existsSync(at.path("ran"))).toBe(false);
});
