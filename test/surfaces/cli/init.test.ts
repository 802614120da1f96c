import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { works } from "../../rig/sandbox";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

describe("init", () => {
  test("makes a workspace named after its folder, and nothing else beside it", async () => {
    const at = Workspace.empty();
    const { exit, doc } = await at.json(["init"]);
    expect(exit).toBe(0);
    expect(doc).toEqual({ root: at.root, name: "project", steps: 0, sandbox: "off" });
    expect(fs.readdirSync(at.root)).toEqual([".threados"]);
    const made = [
      ".gitignore",
      "audit.log",
      "lock",
      "policy.yaml",
      "prompts",
      "revisions",
      "sequence.yaml",
      "state",
    ];
    expect(fs.readdirSync(at.path(".threados")).sort()).toEqual(made);
    expect(at.audit()).toMatchObject([{ seq: 1, action: "workspace.init", result: "success" }]);
    expect((await at.seqctl(["audit", "verify"])).exit).toBe(0);
  });

  test("takes a name, whatever characters it holds", async () => {
    const at = Workspace.empty();
    const name = `it's "odd": # yes\u00e9`;
    expect((await at.seqctl(["init", "--name", name])).exit).toBe(0);
    const { doc } = await at.json(["status"]);
    expect(doc).toMatchObject({ name, run: null, mode: "SAFE", steps: [], gates: [], counts: { total: 0 } });
  });

  test.each([
    [[], "off"],
    [["--sandbox", "off"], "off"],
    ...(works ? [[["--sandbox", "required"], "required"] as const] : []),
  ] as const)("%p records whether steps run in a sandbox", async (flags, sandbox) => {
    const at = Workspace.empty();
    const { doc } = await at.json(["init", ...flags]);
    expect(doc.sandbox).toBe(sandbox);
    expect(at.read(".threados/policy.yaml")).toEndWith(`sandbox: ${sandbox === "off" ? '"off"' : sandbox}\n`);
    expect((await at.status()).sandbox).toBe(sandbox);
    const other = sandbox === "off" ? "required" : "off";
    expect((await at.seqctl(["policy", "sandbox", other, "--yes"])).exit).toBe(0);
    expect((await at.status()).sandbox).toBe(other);
    expect(at.audit().at(-1)).toMatchObject({ action: "policy.sandbox", result: "success" });
  });

  test("--sandbox required makes nothing where no sandbox holds, and says what to do", async () => {
    const at = Workspace.empty();
    const env = { PATH: `${at.home}/nothing` };
    const { exit, doc } = await at.json(["init", "--sandbox", "required"], { env });
    expect({ exit, made: fs.readdirSync(at.root) }).toEqual({ exit: 2, made: [] });
    expect(doc.error.message).toContain("no sandbox holds here");
    expect((await at.seqctl(["init"], { env })).exit).toBe(0);
    expect(at.read(".threados/policy.yaml")).toContain(
      "# When this file was made: there is no sandbox on this machine",
    );
  });

  test("follows the user's own policy, which requires a sandbox everywhere", async () => {
    const at = Workspace.empty();
    fs.mkdirSync(`${at.home}/.config/threados`, { recursive: true });
    fs.writeFileSync(`${at.home}/.config/threados/policy.yaml`, "sandbox: required\n");
    expect((await at.json(["init"])).doc.sandbox).toBe("required");
    expect((await at.status()).warnings).toEqual([]);
  });

  test.each([
    [
      "comments, odd quoting, blank lines",
      '# one\n\nversion: 1\nname:   "x"  # two\n\nsteps:\n- {id: a,   command: [ "true" ]}\n\n\n# end',
    ],
    ["Windows line ends", "version: 1\r\nname: x\r\nsteps: []\r\n"],
    ["a byte order mark", "\u{feff}version: 1\nname: x\n"],
  ])("--from copies an authored sequence byte for byte: %s", async (_, text) => {
    const at = Workspace.empty();
    at.write("authored.yaml", text);
    expect((await at.seqctl(["init", "--from", "authored.yaml"])).exit).toBe(0);
    expect(fs.readFileSync(at.path(".threados/sequence.yaml"))).toEqual(Buffer.from(text));
    expect((await at.seqctl(["step", "add", "z"])).exit).toBe(0);
    expect((await at.seqctl(["undo"])).exit).toBe(0);
    expect(fs.readFileSync(at.path(".threados/sequence.yaml"))).toEqual(Buffer.from(text));
    expect(at.audit().map((entry) => entry.action)).not.toContain("sequence.edited_outside");
  });

  test("a second init changes nothing", async () => {
    const at = await Workspace.make({ steps: [{ id: "a" }] });
    const before = at.definition;
    const { exit, doc } = await at.json(["init"]);
    expect(exit).toBe(2);
    expect(doc).toMatchObject({
      code: "workspace.exists",
      error: { code: "workspace.exists", hint: expect.any(String) },
    });
    expect(at.definition).toBe(before);
  });

  test("refuses what it can't start from, and leaves nothing behind", async () => {
    const at = Workspace.empty();
    at.write(
      "cycle.yaml",
      "version: 1\nname: x\nsteps:\n  - {id: a, depends_on: [b]}\n  - {id: b, depends_on: [a]}\n",
    );
    for (const [from, code] of [
      ["missing.yaml", "file.missing"],
      ["cycle.yaml", "dep.cycle"],
      [".", "file.unreadable"],
    ] as const) {
      const { exit, doc } = await at.json(["init", "--from", from]);
      expect({ exit, code: doc.code }).toEqual({ exit: 2, code });
    }
    const cycle = await at.seqctl(["init", "--from", "cycle.yaml"]);
    expect(cycle.err).toContain("cycle.yaml:4:");
    expect(fs.readdirSync(at.root)).toEqual(["cycle.yaml"]);
    expect((await at.json(["-C", "nowhere", "init"])).doc.code).toBe("file.missing");
  });

  test.each([
    ["a file", (path: string) => fs.writeFileSync(path, "")],
    ["a link", (path: string) => fs.symlinkSync("/tmp", path)],
  ])("%s in the workspace's place is refused by every command", async (_, plant) => {
    const at = Workspace.empty();
    plant(at.path(".threados"));
    expect((await at.json(["init"])).doc.code).toBe("workspace.exists");
    const { exit, doc } = await at.json(["status"]);
    expect({ exit, code: doc.code }).toEqual({ exit: 2, code: "workspace.unusable" });
  });
});

test("where there is none, what may have been meant is named", async () => {
  const at = Workspace.empty();
  const hint = async (...words: string[]) => (await at.json([...words, "status"])).doc.error.hint;
  expect(await hint()).toBe("make one here with `seqctl init`, or name its folder with -C DIR");
  expect((await at.json(["-C", "nowhere", "status"])).doc.error).toMatchObject({
    message: `there is no folder ${at.path("nowhere")}`,
    hint: "check the path behind -C",
  });
  for (const name of ["web", "api", "empty"]) fs.mkdirSync(at.path(name));
  for (const name of ["web", "api"]) expect((await at.seqctl(["-C", name, "init"])).exit).toBe(0);
  expect(await hint()).toBe(
    "there is one in api, and in web: `seqctl -C api …`; or make one here with `seqctl init`",
  );
  at.write("empty/sequence.yaml", "version: 1\nname: mine\n");
  expect(await hint("-C", "empty")).toStartWith(
    `make one here with \`seqctl init --from ${at.path("empty/sequence.yaml")}\``,
  );
});

test("the workspace is the nearest folder above that holds one", async () => {
  const at = await Workspace.make({ name: "outer" });
  fs.mkdirSync(at.path("deep/er"), { recursive: true });
  expect((await at.json(["status"], { cwd: at.path("deep/er") })).doc.name).toBe("outer");
  expect((await at.seqctl(["-C", "deep", "init", "--name", "inner"])).exit).toBe(0);
  expect((await at.json(["status"], { cwd: at.path("deep/er") })).doc.name).toBe("inner");
  const { exit, doc } = await at.json(["status"], { cwd: at.home });
  expect({ exit, code: doc.code }).toEqual({ exit: 2, code: "workspace.missing" });
});
