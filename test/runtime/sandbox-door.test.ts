import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { until } from "../rig/deadline";
import { kill } from "../rig/processes";
import { why, works } from "../rig/sandbox";
import { seqctlArgv } from "../rig/seqctl";
import { cleanUp, type Doc, type Making, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

// Without links on the way: below /tmp a sandbox shows only where the program really is.
const seqctl = (await seqctlArgv())
  .map((word) => `'${fs.existsSync(word) ? fs.realpathSync(word) : word}'`)
  .join(" ");
const sh = (script: string) => ["sh", "-c", script];

/** A sandboxed workspace whose step `agent` runs a script; `$seqctl` in it is the program. */
async function confined(script: string, more: Making = {}): Promise<Workspace> {
  const { rules, steps = [], ...rest } = more;
  return Workspace.make({
    rules: { sandbox: "required", ...rules },
    steps: [{ id: "agent", type: "b", command: sh(script.replaceAll("$seqctl", seqctl)) }, ...steps],
    gates: [{ id: "g", name: "G" }],
    ...rest,
  });
}

const runAgent = (at: Workspace) => at.seqctl(["run", "step", "agent", "--yes"]);

/** The sockets by which attempts of the workspace can call. */
function doors(at: Workspace): string[] {
  const top = join(at.home, "run", "threados");
  if (!fs.existsSync(top)) return [];
  const folders = fs
    .readdirSync(top)
    .flatMap((hash) => fs.readdirSync(join(top, hash)).map((d) => join(top, hash, d)));
  return folders.map((folder) => join(folder, "s")).filter((socket) => fs.existsSync(socket));
}

/** Sends bytes to a door; what it answers. */
function knock(socket: string, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let said = "";
    const to = createConnection(socket, () => to.write(bytes));
    to.on("data", (chunk) => {
      said += chunk;
    });
    to.on("error", () => undefined);
    to.on("close", () => resolve(said));
  });
}

describe.skipIf(!works)(`seqctl inside a sandbox${why}`, () => {
  test("reads, with the network off and .threados closed", async () => {
    const at = await confined(
      "$seqctl status --json > said; $seqctl why agent > why; $seqctl logs agent >> why",
    );
    expect((await runAgent(at)).exit).toBe(0);
    expect(JSON.parse(at.read("said")).steps).toMatchObject([{ id: "agent", status: "RUNNING" }]);
    expect(at.read("why")).toContain("'agent' is running");
    expect(doors(at)).toEqual([]);
    await until("engine and answerer to leave", () => at.processes().length === 0);
  });

  test("leaves a proposal as its step, which a person approves", async () => {
    const at = await confined(`$seqctl dep add other agent --json > said; echo $? > code`, {
      steps: [{ id: "other", command: ["true"] }],
    });
    await runAgent(at);
    expect(at.read("code")).toBe("3\n");
    const [proposal] = (await at.json(["inbox"])).doc.proposals;
    expect(proposal).toMatchObject({ actor: "agent:agent", surface: "cli" });
    expect((await at.seqctl(["approve", proposal.id, "--yes"])).exit).toBe(0);
  });

  test.each([
    "gate approve g --yes",
    "gate approve g",
    "policy mode POWER --yes",
    "run step other --yes",
    "step rm other --yes",
    "engine stop",
  ])("is refused `%s`, and it is on record whose try it was", async (line) => {
    const at = await confined(`$seqctl ${line} --json > said; echo $? > code`, {
      steps: [{ id: "other", command: ["true"] }],
    });
    const before = at.definition;
    await runAgent(at);
    expect(at.read("code")).toBe("4\n");
    expect(JSON.parse(at.read("said"))).toMatchObject({ code: "agent.forbidden" });
    expect(at.definition).toBe(before);
    if (line === "engine stop") return;
    const entry = at.audit().findLast((each) => each.actor === "agent:agent");
    expect(entry).toMatchObject({ surface: "cli", result: "denied", error: { code: "agent.forbidden" } });
  });

  test("lets a boss add its own worker, which runs in a sandbox too", async () => {
    const worker = `$seqctl step add w --command '["cp","in","out"]'`;
    const at = await confined(`echo x > in; ${worker} && $seqctl run step w; echo $? > code`, {
      rules: { mode: "POWER", allowed_commands: ["cp", "sh"] },
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(3);
    expect(at.read("code")).toBe("0\n");
    expect(await at.standing()).toMatchObject({ agent: "DONE 1", w: "DONE 1" });
    expect(at.audit().find(({ action }) => action === "step.add")).toMatchObject({ actor: "agent:agent" });
  });

  test("lets no worker out of the sandbox and the limits that a boss itself stands in", async () => {
    const at = await Workspace.make({
      rules: { mode: "POWER", allowed_commands: ["cp", "sh"] },
      steps: [
        {
          id: "agent",
          type: "b",
          sandbox: "required",
          limits: { cpu_s: 60 },
          command: sh(
            `seqctl step add w --command '["cp","in","out"]' --limits '{"cpu_s":90,"open_files":99}'; echo $? > code; seqctl step add n --command '["cp","in","out"]' --network; echo $? >> code; seqctl step add m --command '["cp","in","out"]'; seqctl step rm m; echo $? >> code`.replaceAll(
              "seqctl",
              seqctl,
            ),
          ),
        },
      ],
    });
    await at.seqctl(["run", "--yes"]);
    expect(at.lines("code")).toEqual(["0", "3", "0"]);
    const { definition } = (await at.json(["step", "show", "w"])).doc;
    expect(definition).toMatchObject({ sandbox: "required", limits: { cpu_s: 60, open_files: 99 } });
  });

  test("serves MCP, as the same step", async () => {
    const call = (id: number, method: string, params: object) =>
      JSON.stringify({ jsonrpc: "2.0", id, method, params });
    const hello = {
      protocolVersion: "2025-06-18",
      capabilities: {},
      clientInfo: { name: "t", version: "1" },
    };
    const at = await confined(`$seqctl mcp < asked > said`, { steps: [{ id: "other", command: ["true"] }] });
    at.write(
      "asked",
      [
        call(1, "initialize", hello),
        JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" }),
        call(2, "tools/call", { name: "status", arguments: {} }),
        call(3, "tools/call", { name: "gate_approve", arguments: { id: "g" } }),
        call(4, "tools/call", { name: "dep_add", arguments: { step: "other", dep: "agent" } }),
        "",
      ].join("\n"),
    );
    expect((await runAgent(at)).exit).toBe(0);
    const said = new Map(
      at.lines("said").map((line) => [JSON.parse(line).id, JSON.parse(line).result as Doc]),
    );
    expect(said.get(2)?.structuredContent).toMatchObject({ mode: "SAFE" });
    expect(said.get(3)?.structuredContent).toMatchObject({ code: "agent.forbidden" });
    expect(said.get(4)?.structuredContent).toMatchObject({ code: "approval.pending" });
    expect((await at.json(["inbox"])).doc.proposals).toMatchObject([
      { actor: "agent:agent", surface: "mcp" },
    ]);
  });

  test("goes on when the engine was killed and another one has taken over", async () => {
    const at = await confined(
      "echo up > up; until test -e go; do sleep 0.05; done; $seqctl status --json > said; echo $? > code",
    );
    await at.seqctl(["run", "--yes", "--detach"]);
    await until("it to be up", () => at.lines("up").length === 1);
    await at.killEngine();
    at.write("go", "");
    await at.seqctl(["run", "--yes"]);
    expect(at.read("code")).toBe("0\n");
    expect(JSON.parse(at.read("said")).steps).toMatchObject([{ id: "agent", status: "RUNNING" }]);
    expect(await at.standing()).toMatchObject({ agent: "DONE 1" });
    expect(doors(at)).toEqual([]);
  });

  test("says so where no engine is alive any more", async () => {
    const at = await confined(
      "echo up > up; until test -e go; do sleep 0.05; done; $seqctl status --json > said; echo $? > code",
    );
    await at.seqctl(["run", "--yes", "--detach"]);
    await until("it to be up", () => at.lines("up").length === 1);
    await at.killEngine();
    at.write("go", "");
    await until("its answer", () => at.lines("code").length === 1);
    expect(at.read("code")).toBe("75\n");
    expect(JSON.parse(at.read("said"))).toMatchObject({ code: "door.closed" });
  });

  test("finds agents itself: nothing it can write is started outside", async () => {
    const at = await confined("$seqctl agents list --json > said; echo $? > code");
    at.write(".threados/agents.yaml", "agents:\n  mine: {executable: ./mine}\n");
    at.script("mine", `#!/bin/sh\necho 1.0; touch '${at.home}/escaped'\n`);
    await runAgent(at);
    expect(at.read("code")).toBe("0\n");
    expect(at.read("said")).toContain("mine");
    expect(fs.existsSync(`${at.home}/escaped`)).toBe(false);
  });
});

describe.skipIf(!works)(`the door of a sandbox${why}`, () => {
  /** A step that waits, with its door and its token. */
  async function waiting(): Promise<{ at: Workspace; door: string; token: string; end(): Promise<void> }> {
    const at = await confined('echo "$THREADOS_TOKEN" > token; until test -e go; do sleep 0.05; done', {
      steps: [
        {
          id: "other",
          command: sh('echo "$THREADOS_TOKEN" > token2; until test -e go; do sleep 0.05; done'),
        },
      ],
      rules: { max_concurrent: 1 },
    });
    await at.seqctl(["run", "--yes", "--detach"]);
    await until("its token", () => at.lines("token").length === 1);
    const door = await until("its door", () => doors(at)[0]);
    const end = async () => {
      at.write("go", "");
      await until("its end", async () =>
        Object.values(await at.standing()).every((each) => /DONE/.test(each)),
      );
    };
    return { at, door, token: at.lines("token")[0] as string, end };
  }

  const asking = (token: string, more: object) => `${JSON.stringify({ token, surface: "cli", ...more })}\n`;
  const codeOf = (answer: string) => (answer === "" ? "closed" : JSON.parse(answer).failure?.code);

  test("takes its own attempt's token and no other, and no word about who asks", async () => {
    const { at, door, token, end } = await waiting();
    const status = { view: "status", input: {} };
    expect(JSON.parse(await knock(door, asking(token, status)))).toMatchObject({ ok: true });
    const forged = `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`;
    expect(codeOf(await knock(door, asking(forged, status)))).toBe("token.stale");
    expect(codeOf(await knock(door, asking("", status)))).toBe("token.stale");
    const approve = { action: "gate.approve", input: { id: "g" }, options: { yes: true } };
    expect(codeOf(await knock(door, asking(token, approve)))).toBe("agent.forbidden");
    for (const more of [
      { actor: "user" },
      { caller: { actor: "user" } },
      { surface: "http" },
      { surface: "engine" },
    ])
      expect(codeOf(await knock(door, asking(token, { ...approve, ...more })))).toBe("input.invalid");
    expect((await at.status()).gates).toMatchObject([{ status: "PENDING" }]);
    await end();
    expect(doors(at)).toEqual([]);
  });

  test("ends a line at its newline only: separators within a text cut neither a request nor an answer", async () => {
    const { door, token, end } = await waiting();
    for (const sign of ["\u2028", "\u2029", "\u0085", "\r"]) {
      const id = `other${sign}9 {"ok":true}${sign}{`;
      const answer = JSON.parse(await knock(door, asking(token, { view: "why", input: { id } })));
      expect(answer).toMatchObject({ ok: false, failure: { code: "step.unknown", id } });
      expect(codeOf(await knock(door, `${sign}\n`))).toBe("input.invalid");
    }
    expect(JSON.parse(await knock(door, asking(token, { view: "status", input: {} })))).toMatchObject({
      ok: true,
    });
    await end();
  });

  test("refuses what is too large, is no request, or comes too often, and goes on", async () => {
    const { door, token, end } = await waiting();
    const status = { view: "status", input: {} };
    const large = asking(token, { ...status, input: { pad: "x".repeat(1024 * 1024) } });
    expect(codeOf(await knock(door, large))).toBe("input.invalid");
    for (const line of ["hello\n", "[]\n", "{}\n", `${"[".repeat(50_000)}\n`, "\0\n"])
      expect(codeOf(await knock(door, line))).toBe("input.invalid");
    const silent = Array.from({ length: 8 }, () => createConnection(door));
    await until(
      "a caller too many to be turned away",
      async () => codeOf(await knock(door, asking(token, status))) === "closed",
    );
    for (const each of silent) each.destroy();
    await until("room again", async () => {
      const said = await knock(door, asking(token, status));
      return said !== "" && JSON.parse(said).ok === true;
    });
    await end();
  });

  test("outlives whoever answers", async () => {
    const { at, door, token, end } = await waiting();
    const ask = () => knock(door, asking(token, { view: "status", input: {} }));
    expect(JSON.parse(await ask())).toMatchObject({ ok: true });
    const answerer = at
      .processes()
      .find((pid) => fs.readFileSync(`/proc/${pid}/cmdline`, "utf8").endsWith("engine\0door\0"));
    kill(answerer as number);
    await until("another one to answer", async () => JSON.parse((await ask()) || "{}").ok === true);
    await end();
  });

  test("is not to be seen by another step, nor is the workspace's secret", async () => {
    const at = await confined(
      'find /tmp /run "$XDG_RUNTIME_DIR" -name step-secret 2>/dev/null > found; ls "$(dirname "$THREADOS_DOOR")/.." > beside',
    );
    await runAgent(at);
    expect(at.read("found")).toBe("");
    expect(at.lines("beside")).toHaveLength(1);
  });
});
