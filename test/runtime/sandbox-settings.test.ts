import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { allowEnv } from "../rig/allow-env";
import { why, works } from "../rig/sandbox";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const kept = "as it was\n";
const ownAgents = ".config/threados/agents.yaml";

/** A sandboxed workspace with one step, whose agent is a script in place of the program that it extends. */
async function withAgent(base: string, script: string, there: Record<string, string> = {}) {
  const at = await Workspace.make({ rules: { sandbox: "required" }, steps: [{ id: "a", model: "mine" }] });
  at.write(".threados/prompts/a.md", "Do it.\n");
  at.write(".threados/agents.yaml", `agents:\n  mine: {extends: ${base}, executable: ./mine}\n`);
  at.script("mine", `#!/bin/sh\ncat > /dev/null\n${script}\n`);
  for (const [name, text] of Object.entries(there)) put(join(at.home, name), text);
  return at;
}

function put(path: string, text: string): void {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(path, text);
}

/** All files below a folder with their text. */
function textsIn(folder: string): Record<string, string> {
  const names = [...new Bun.Glob("**").scanSync({ cwd: folder, dot: true })].sort();
  return Object.fromEntries(names.map((name) => [name, fs.readFileSync(join(folder, name), "utf8")]));
}

const run = (at: Workspace, env = {}) => at.seqctl(["run", "--yes"], { env });

/** The folder that Claude Code keeps a working folder's sessions in. */
const projectOf = (at: Workspace) => `projects/${at.root.replace(/[^A-Za-z0-9]/g, "-")}`;

const places: [agent: string, folder: string, names: string, login: string][] = [
  [
    "claude-code",
    ".claude",
    "settings.json settings.local.json CLAUDE.md .config.json hooks/x commands/x.md agents/x.md skills/x/SKILL.md plugins/x rules/x.md local/claude daemon.json",
    ".credentials.json",
  ],
  [
    "codex",
    ".codex",
    "config.toml AGENTS.md AGENTS.override.md hooks.json prompts/x.md rules/x.rules skills/x/SKILL.md memories/x.md .env",
    "auth.json",
  ],
  [
    "gemini",
    ".gemini",
    "settings.json GEMINI.md .env commands/x.toml extensions/x/x policies/x.toml trustedFolders.json tmp/bin/rg history/x/config",
    "oauth_creds.json",
  ],
  [
    "opencode",
    ".config/opencode",
    "opencode.json opencode.jsonc config.json AGENTS.md agent/x.md command/x.md plugin/x.js skill/x tool/x.ts",
    "",
  ],
  [
    "opencode",
    ".local/share/opencode",
    "snapshot/x/config repos/x/hooks worktree/x/file bin/rg",
    "auth.json",
  ],
  ["opencode", ".local/state/opencode", "plugin-meta.json session.json", ""],
];

describe.skipIf(!works)(`an agent in a sandbox${why}`, () => {
  test.each(places)(
    "%s can't change what it takes commands and memory from in %s, nor leave anything new there",
    async (base, folder, words, login) => {
      const names = words.split(" ");
      // Half of them are there before.
      const there = names.filter((_, index) => index % 2 === 0).map((name) => join(folder, name));
      const tries = names.map(
        (name) =>
          `f="$HOME/${folder}/${name}"; mkdir -p "$(dirname "$f")"; echo evil >> "$f"; rm -f "$f"; mv "$(dirname "$f")" "$HOME/gone"; mkdir -p "$(dirname "$f")"; echo evil > "$f"`,
      );
      const session = login && `echo renewed > "$HOME/${folder}/${login}"`;
      const at = await withAgent(base, `${tries.join("\n")}\n${session}\necho tried > tried`, {
        ...Object.fromEntries(there.map((name) => [name, kept])),
        ...(login ? { [join(folder, login)]: "login\n" } : {}),
      });
      expect((await run(at)).exit).toBe(0);
      expect(at.read("tried")).toBe("tried\n");
      expect(textsIn(join(at.home, folder))).toEqual({
        ...Object.fromEntries(there.map((name) => [name.slice(folder.length + 1), kept])),
        ...(login ? { [login]: "renewed\n" } : {}),
      });
    },
  );

  test("keeps the sessions of the folder it works in, and neither sees nor makes those of others", async () => {
    const at = await withAgent(
      "claude-code",
      `cd ~/.claude/projects; ls > "$THREADOS_OUTPUT_DIR/seen"; own=$(ls)
echo 1 > $own/session.jsonl; echo evil > $own/memory/MEMORY.md
mv $own/memory $own/gone; mv $own moved; mkdir -p -- -other/memory; echo evil > -other/memory/MEMORY.md
cat ~/.claude.json > "$THREADOS_OUTPUT_DIR/state"; echo '{"mcpServers":{}}' > ~/.claude.json; true`,
      { ".claude/projects/-other/session.jsonl": "theirs\n", ".claude.json": "{}\n" },
    );
    expect((await run(at)).exit).toBe(0);
    const own = projectOf(at);
    expect(at.read(`${at.attempt("a")}/seen`)).toBe(`${own.slice("projects/".length)}\n`);
    expect(at.read(`${at.attempt("a")}/state`)).toBe("{}\n");
    expect(textsIn(join(at.home, ".claude"))).toEqual({
      [`${own}/session.jsonl`]: "1\n",
      "projects/-other/session.jsonl": "theirs\n",
    });
    expect(fs.readFileSync(join(at.home, ".claude.json"), "utf8")).toBe("{}\n");
  });

  test("can't change its settings either where a variable puts them elsewhere", async () => {
    const script = `echo evil > "$CLAUDE_CONFIG_DIR/settings.json"; echo evil > "$CLAUDE_CONFIG_DIR/.config.json"
cat "$CLAUDE_CONFIG_DIR/settings.json" > "$THREADOS_OUTPUT_DIR/seen"`;
    const at = await withAgent("claude-code", script, { "mine/settings.json": kept });
    const elsewhere = { CLAUDE_CONFIG_DIR: join(at.home, "mine") };
    await allowEnv(at, elsewhere);
    expect((await run(at, elsewhere)).exit).toBe(0);
    expect(at.read(`${at.attempt("a")}/seen`)).toBe(kept);
    expect(textsIn(join(at.home, "mine"))).toEqual({ "settings.json": kept });
  });

  test("reads settings that a link leads to, and leaves the link as it is", async () => {
    const script = `cat ~/.codex/config.toml > "$THREADOS_OUTPUT_DIR/seen"; echo evil >> ~/.codex/config.toml; rm ~/.codex/config.toml; true`;
    const at = await withAgent("codex", script, { "dotfiles/codex.toml": kept });
    fs.mkdirSync(join(at.home, ".codex"));
    fs.symlinkSync("../dotfiles/codex.toml", join(at.home, ".codex/config.toml"));
    expect((await run(at)).exit).toBe(0);
    expect(at.read(`${at.attempt("a")}/seen`)).toBe(kept);
    expect(fs.readlinkSync(join(at.home, ".codex/config.toml"))).toBe("../dotfiles/codex.toml");
    expect(fs.readFileSync(join(at.home, "dotfiles/codex.toml"), "utf8")).toBe(kept);
  });

  test("is refused where its memory is a link, by which it could be shown a key", async () => {
    const at = await withAgent("claude-code", "true", { ".ssh/id": "key\n" });
    const project = join(at.home, ".claude", projectOf(at));
    fs.mkdirSync(project, { recursive: true });
    fs.symlinkSync(join(at.home, ".ssh"), join(project, "memory"));
    await run(at);
    expect(await at.standing()).toEqual({ a: "FAILED refused 1" });
    expect((await at.json(["why", "a"])).doc.why).toContain(`${project}/memory is no folder`);
  });

  test("can't change its memory of any of many projects, and is refused where there are too many", async () => {
    const memories = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, i) => [`.gemini/tmp/p${from + i}/memory/MEMORY.md`, kept]);
    const at = await withAgent(
      "gemini",
      "for p in ~/.gemini/tmp/*/memory; do echo evil > $p/MEMORY.md; done; echo tried > tried",
      Object.fromEntries(memories(0, 80)),
    );
    expect((await run(at)).exit).toBe(0);
    expect(at.read("tried")).toBe("tried\n");
    expect(new Set(Object.values(textsIn(join(at.home, ".gemini"))))).toEqual(new Set([kept]));
    for (const [name, text] of memories(80, 257)) put(join(at.home, name as string), text as string);
    await at.seqctl(["run", "--yes", "--new"]);
    expect(await at.standing()).toEqual({ a: "FAILED refused 1" });
    expect((await at.json(["why", "a"])).doc.why).toContain(`${at.home}/.gemini/tmp holds more folders`);
  });

  test("does not reach a program of the person's by a socket beside its settings", async () => {
    const at = await withAgent("codex", `ls -A ~/.codex > "$THREADOS_OUTPUT_DIR/seen"`, {
      ".codex/config.toml": kept,
    });
    fs.mkdirSync(join(at.home, ".codex/run"));
    const server = Bun.listen({
      unix: join(at.home, ".codex/run/control.sock"),
      socket: { data: () => undefined },
    });
    expect((await run(at)).exit).toBe(0);
    server.stop();
    expect(at.read(`${at.attempt("a")}/seen`)).toBe("config.toml\nsessions\n");
  });

  test("of the user's own agents.yaml reads what `settings` names, and writes to what `home` and variables name", async () => {
    const at = await withAgent("codex", "true", { ".mine/rules": kept, ".kept/state": "", "more/state": "" });
    put(
      join(at.home, ownAgents),
      `agents:\n  mine: {executable: ${at.path("mine")}, settings: [.mine], home: [.kept], env: [MORE_DIR]}\n`,
    );
    at.script(
      "mine",
      `#!/bin/sh\necho evil >> ~/.mine/rules; echo evil > ~/.mine/more; cat ~/.mine/rules > ~/.kept/state
cat ~/.mine/rules > $MORE_DIR/state\n`,
    );
    expect((await run(at, { MORE_DIR: join(at.home, "more") })).exit).toBe(0);
    expect(textsIn(join(at.home, ".mine"))).toEqual({ rules: kept });
    expect(textsIn(join(at.home, ".kept"))).toEqual({ state: kept });
    expect(textsIn(join(at.home, "more"))).toEqual({ state: kept });
  });

  test.each(["home", "settings"])(
    "is refused where the workspace's own asks for a place by `%s`",
    async (key) => {
      const at = await withAgent("codex", "true", { ".profile": kept });
      at.write(".threados/agents.yaml", `agents:\n  mine: {executable: ./mine, ${key}: [.profile]}\n`);
      await run(at);
      expect(await at.standing()).toEqual({ a: "FAILED refused 1" });
      expect((await at.json(["why", "a"])).doc.why).toContain("asks for ~/.profile");
      // The user's own of that name is the one that counts, with all that it says.
      put(join(at.home, ownAgents), "agents:\n  mine: {executable: sh, args: [-c, 'ls -A ~/.profile']}\n");
      await at.seqctl(["run", "--yes", "--new"]);
      expect(at.read(`${at.attempt("a")}/stdout.log`)).toBe("");
      expect(await at.standing()).toEqual({ a: "FAILED exit 1" });
    },
  );

  test("can't write to a folder that the workspace's own names by a variable", async () => {
    const at = await withAgent("codex", "true", { "more/state": kept });
    at.write(".threados/agents.yaml", "agents:\n  mine: {executable: ./mine, env: [MORE_DIR]}\n");
    at.script("mine", '#!/bin/sh\necho "$MORE_DIR"; echo evil > $MORE_DIR/state; true\n');
    const more = join(at.home, "more");
    await allowEnv(at, { MORE_DIR: more });
    expect((await run(at, { MORE_DIR: more })).exit).toBe(0);
    expect(at.read(`${at.attempt("a")}/stdout.log`)).toBe(`${more}\n`);
    expect(textsIn(more)).toEqual({ state: kept });
  });

  test.each([
    ["settings", ".ssh"],
    ["settings", ".config"],
    ["settings", ".config/threados/secrets"],
    ["settings", "link"],
    ["home", "."],
    ["home", ".local/state/threados"],
    ["home", "other/.threados"],
  ])("opens nobody a place of keys or of ThreadOS itself: %s: [%s]", async (key, place) => {
    const at = await withAgent("codex", "true", {
      ".ssh/id": "key\n",
      ".config/threados/secrets/A": "key\n",
    });
    fs.symlinkSync(".ssh", join(at.home, "link"));
    put(
      join(at.home, ownAgents),
      `agents:\n  mine: {executable: ${at.path("mine")}, ${key}: ["${place}"]}\n`,
    );
    await run(at);
    expect(await at.standing()).toEqual({ a: "FAILED refused 1" });
    expect((await at.json(["why", "a"])).doc.why).toContain("would be open to the agent");
  });

  test("is shown what the user's environment says, not what a step's does", async () => {
    const at = await withAgent("claude-code", "", { ".ssh/id": "key\n", "notes/a": "theirs\n" });
    const away = fs.realpathSync(fs.mkdtempSync(join(homedir(), "threados-rig-")));
    try {
      put(join(away, "id"), "key\n");
      at.script("mine", `#!/bin/sh\ncat ${away}/id ~/id ${at.home}/.ssh/id ${at.home}/notes/a; true\n`);
      const step = (id: string, env: object) => ({ id, model: "mine", prompt: "prompts/a.md", env });
      const steps = [
        step("settings", { CLAUDE_CONFIG_DIR: join(at.home, "notes") }),
        step("keys", { CLAUDE_CONFIG_DIR: join(at.home, ".ssh") }),
        step("home", { HOME: "/opt" }),
        step("path", { PATH: `${at.home}/notes:${at.env.PATH}` }),
      ];
      at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "x", steps }));
      expect(await run(at, { HOME: away })).toMatchObject({ exit: 0 });
      for (const { id } of steps) expect(at.read(`${at.attempt(id)}/stdout.log`)).toBe("");
    } finally {
      fs.rmSync(away, { recursive: true });
    }
  });
});
