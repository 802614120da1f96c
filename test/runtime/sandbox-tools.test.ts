import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { dirname } from "node:path";
import type { Step } from "../../lib/core/sequence/schema";
import { why, works } from "../rig/sandbox";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const sh = (script: string) => ["sh", "-c", script];

/** A sandboxed workspace with one step. */
const confined = (command: string[], more: Partial<Step> = {}) =>
  Workspace.make({ rules: { sandbox: "required" }, steps: [{ id: "a", command, ...more }] });

function put(path: string, text: string, mode = 0o755): void {
  fs.mkdirSync(dirname(path), { recursive: true });
  fs.writeFileSync(path, text, { mode });
}

/** Runs the step to its end, with more folders before the search path. */
async function run(at: Workspace, folders: string[] = []) {
  const { exit } = await at.seqctl(["run", "--yes"], { env: { PATH: [...folders, at.env.PATH].join(":") } });
  const folder = at.attempt("a");
  return { exit, out: at.read(`${folder}/stdout.log`), err: at.read(`${folder}/stderr.log`) };
}

function repositoryIn(folder: string): void {
  for (const words of [
    ["init", "-q", "-b", "main"],
    ["config", "user.name", "A"],
    ["config", "user.email", "a@b.c"],
  ])
    Bun.spawnSync(["git", ...words], { cwd: folder });
}

describe.skipIf(!works)(`programs in a sandbox${why}`, () => {
  test("are found on the search path, with their installation, and the home folder stays closed", async () => {
    const at = await confined(sh("tool; linked; cat ~/private ~/bin/../private; true"));
    const nvm = `${at.home}/.nvm/versions/node/v1`;
    put(`${at.home}/private`, "key\n");
    put(`${nvm}/lib/part`, "a part\n");
    put(`${nvm}/bin/tool`, `#!/bin/sh\ncat "$(dirname "$0")/../lib/part"\n`);
    put(
      `${at.home}/.local/share/pack/node_modules/linked/run.sh`,
      `#!/bin/sh\ncat "$(dirname "$(readlink -f "$0")")/text"\n`,
    );
    put(`${at.home}/.local/share/pack/node_modules/linked/text`, "linked\n");
    fs.mkdirSync(`${at.home}/bin`);
    fs.symlinkSync("../.local/share/pack/node_modules/linked/run.sh", `${at.home}/bin/linked`);
    const { out, err } = await run(at, [`${nvm}/bin`, `${at.home}/bin`]);
    expect(out).toBe("a part\nlinked\n");
    expect(err.match(/No such file/g)).toHaveLength(2);
  });

  test("are there without the keys that stand beside them", async () => {
    const at = await confined(
      sh("tool; kit; made; linked; cat ~/.tool/credentials.json ~/.kit/token ~/pack/.env ~/.fly/config.yml"),
    );
    const says = (word: string) => `#!/bin/sh\necho ${word}\n`;
    put(`${at.home}/.tool/bin/tool`, says("tool"));
    put(`${at.home}/.tool/credentials.json`, "key-1\n", 0o600);
    put(`${at.home}/.kit/bin/kit`, says("kit"));
    put(`${at.home}/.kit/lib/part`, "");
    put(`${at.home}/.kit/token`, "key-2\n", 0o600);
    put(`${at.home}/pack/package.json`, "{}\n");
    put(`${at.home}/pack/.env`, "key-3\n", 0o600);
    put(`${at.home}/pack/bin/run`, '#!/bin/sh\ncat "$(dirname "$(readlink -f "$0")")/../package.json"\n');
    put(`${at.home}/.fly/linked`, says("linked"));
    put(`${at.home}/.fly/config.yml`, "key-4\n", 0o600);
    fs.mkdirSync(`${at.home}/bin`);
    fs.symlinkSync("../pack/bin/run", `${at.home}/bin/made`);
    fs.symlinkSync("../.fly/linked", `${at.home}/bin/linked`);
    const { out } = await run(
      at,
      [".tool/bin", ".kit/bin", "bin"].map((name) => `${at.home}/${name}`),
    );
    expect(out).toBe("tool\nkit\n{}\nlinked\n");
  });

  test("below a temporary folder are there if the step names them, and what stands beside is not", async () => {
    const kit = fs.mkdtempSync("/tmp/threados-kit-");
    const other = fs.mkdtempSync("/tmp/threados-other-");
    put(`${kit}/bin/tool`, `#!/bin/sh\ncat "$1" ${kit}/share/text; ls ${other}\n`);
    put(`${kit}/share/text`, "shared\n");
    put(`${other}/data/in`, "given\n");
    const at = await confined([`${kit}/bin/tool`, `${other}/data/in`]);
    const { out } = await run(at);
    expect(out).toBe("given\nshared\ndata\n");
    const again = await confined(sh(`ls ${kit} ${other}`));
    expect((await run(again)).exit).toBe(1);
    for (const folder of [kit, other]) fs.rmSync(folder, { recursive: true });
  });

  test("see a person's settings without the keys in them", async () => {
    const at = await confined(sh("cat ~/.npmrc; git config user.name; cat ~/.cargo/credentials.toml"));
    put(`${at.home}/.npmrc`, "registry=https://r.example/\n//r.example/:_authToken=hidden-1\n", 0o600);
    put(
      `${at.home}/.gitconfig`,
      "[user]\n\tname = Ada\n[http]\n\textraheader = Authorization: hidden-2\n",
      0o600,
    );
    put(`${at.home}/.cargo/credentials.toml`, 'token = "hidden-3"\n', 0o600);
    const { out } = await run(at);
    expect(out).toBe("registry=https://r.example/\n\nAda\n".replace("\n\n", "\n"));
    fs.writeFileSync(`${at.home}/.npmrc`, "registry=https://s.example/\n");
    await at.seqctl(["run", "--yes", "--new"]);
    expect(at.read(`${at.attempt("a")}/stdout.log`)).toContain("s.example");
  });

  test("share caches of their own from step to step, which the person's programs never see", async () => {
    const script =
      "ls ~/.npm $XDG_CACHE_HOME/pip; echo x > ~/.npm/package; echo x > $XDG_CACHE_HOME/pip/wheel; echo x > ~/.other";
    const at = await confined(sh(script));
    expect((await run(at)).out).not.toContain("package");
    await at.seqctl(["run", "--yes", "--new"]);
    const out = at.read(`${at.attempt("a")}/stdout.log`);
    expect(out).toContain("package");
    expect(out).toContain("wheel");
    for (const name of [".npm", "cache/pip", ".other"])
      expect(fs.existsSync(`${at.home}/${name}`)).toBe(false);
  });

  test("commit in a repository, in a worktree of its own too, but can't move its rules away", async () => {
    const commit = "echo b > b && git add b && git commit -qm two && git log --oneline | wc -l";
    for (const isolation of ["none", "worktree"] as const) {
      const at = await confined(
        sh(`${commit}; mv .git gone || mv "$(git rev-parse --git-common-dir)/hooks" gone`),
        {
          isolation,
        },
      );
      repositoryIn(at.root);
      Bun.spawnSync(["git", "config", "commit.gpgSign", "true"], { cwd: at.root });
      at.write("a", "a\n");
      Bun.spawnSync(["git", "add", "a"], { cwd: at.root });
      Bun.spawnSync(["git", "-c", "commit.gpgSign=false", "commit", "-qm", "one"], { cwd: at.root });
      const { out, err } = await run(at);
      expect({ isolation, out: out.trim() }).toEqual({ isolation, out: "2" });
      expect(err).toContain("mv:");
      expect(fs.existsSync(at.path(".git/hooks"))).toBe(true);
    }
  });

  test("can't choose what the next step may write to by a `.git` of their own", async () => {
    const at = await Workspace.make({
      rules: { sandbox: "required" },
      steps: [
        { id: "b", command: sh(`echo "gitdir: $HOME/target" > .git`) },
        { id: "a", command: sh('echo x > "$HOME/target/planted"'), depends_on: ["b"] },
      ],
    });
    fs.mkdirSync(`${at.home}/target`);
    await run(at);
    expect(fs.readdirSync(`${at.home}/target`)).toEqual([]);
  });

  test.each([
    [".git itself", 'ln -s "$HOME/.ssh" .git', ".git"],
    [
      "the hooks of a submodule",
      'git init -q; mkdir -p .git/modules/x; touch .git/modules/x/config; ln -s "$HOME/.ssh" .git/modules/x/hooks',
      ".git/modules/x/hooks",
    ],
  ])("can't show the next step what they like by a link: %s", async (_, script, link) => {
    const at = await Workspace.make({
      rules: { sandbox: "required" },
      steps: [
        { id: "b", command: sh(script) },
        { id: "a", command: sh("find . -name id"), depends_on: ["b"] },
      ],
    });
    put(`${at.home}/.ssh/id`, "key\n");
    await at.seqctl(["run", "--yes"]);
    expect(await at.standing()).toMatchObject({ b: "DONE 1", a: "FAILED refused 1" });
    expect((await at.json(["why", "a"])).doc.why).toContain(`${at.root}/${link} is a link`);
  });

  test("start nothing in a linked worktree whose repository has a link among what is guarded", async () => {
    const at = await confined(["true"]);
    const main = `${at.home}/main`;
    fs.mkdirSync(main);
    repositoryIn(main);
    Bun.spawnSync(["git", "commit", "-qm", "one", "--allow-empty"], { cwd: main });
    Bun.spawnSync(["git", "worktree", "add", "-q", "--no-checkout", `${at.home}/linked`], { cwd: main });
    fs.renameSync(`${at.home}/linked/.git`, at.path(".git"));
    fs.writeFileSync(`${main}/.git/worktrees/linked/gitdir`, `${at.root}/.git\n`);
    put(`${at.home}/.ssh/id`, "key\n");
    fs.rmSync(`${main}/.git/hooks`, { recursive: true });
    fs.symlinkSync("../../.ssh", `${main}/.git/hooks`);
    await at.seqctl(["run", "--yes"]);
    expect(await at.standing()).toMatchObject({ a: "FAILED refused 1" });
    expect((await at.json(["why", "a"])).doc.why).toContain(`${main}/.git/hooks is a link`);
  });

  test.each<[string, string, string[]]>([
    ["on the search path", "bin/tool", ["sh", "-c", "cat bin/tool"]],
    ["that it names", "tool", ["./tool"]],
  ])("can't show the next step a key by a link %s", async (_, name, command) => {
    const at = await Workspace.make({
      rules: { sandbox: "required" },
      steps: [
        { id: "b", command: sh(`rm -f ${name}; ln -s "$HOME/.ssh/id" ${name}`) },
        { id: "a", command, depends_on: ["b"] },
      ],
    });
    put(`${at.home}/.ssh/id`, "#!/bin/sh\necho key\n");
    put(at.path("bin/tool"), "");
    const { out } = await run(at, [at.path("bin")]);
    expect(out).not.toContain("key");
    expect(await at.standing()).toMatchObject({ b: "DONE 1", a: expect.stringContaining("FAILED") });
  });

  test("of an agent write to its own settings, wherever it keeps them, and have the network unless the step says no", async () => {
    const at = await Workspace.make({
      rules: { sandbox: "required" },
      steps: [
        { id: "on", model: "mine" },
        { id: "off", model: "mine", network: false, depends_on: ["on"] },
      ],
    });
    for (const id of ["on", "off"]) at.write(`.threados/prompts/${id}.md`, "Do it.\n");
    put(
      `${at.home}/.config/threados/agents.yaml`,
      `agents:\n  mine: {executable: ${at.path("mine")}, env: [MINE_CONFIG_DIR]}\n`,
    );
    at.script(
      "mine",
      '#!/bin/sh\ncat; echo x >> "$MINE_CONFIG_DIR/session"; tail -n +3 /proc/net/dev | wc -l >> interfaces\n',
    );
    const config = `${at.home}/elsewhere`;
    fs.mkdirSync(config);
    expect((await at.seqctl(["run", "--yes"], { env: { MINE_CONFIG_DIR: config } })).exit).toBe(0);
    expect(fs.readFileSync(`${config}/session`, "utf8")).toBe("x\nx\n");
    expect(Number(at.lines("interfaces")[0])).toBeGreaterThan(1);
    expect(at.lines("interfaces")[1]).toBe("1");
  });
});
