import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { gitIn, makeRepository } from "../rig/repository";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const hooks = [
  "post-checkout",
  "post-index-change",
  "reference-transaction",
  "pre-commit",
  "fsmonitor-watchman",
  "post-rewrite",
  "pre-auto-gc",
];

/** Everything in git's configuration that names a program, each leaving its name in a file when it is run. */
function config(evil: (name: string) => string): string {
  return `
[core]
  fsmonitor = ${evil("fsmonitor")}
  hooksPath = HOOKS
  pager = ${evil("pager")}
  editor = ${evil("editor")}
  sshCommand = ${evil("ssh")}
  gitProxy = ${evil("proxy")}
  alternateRefsCommand = ${evil("alternates")}
  askPass = ${evil("askpass")}
[filter "evil"]
  clean = ${evil("clean")}
  smudge = ${evil("smudge")}
  process = ${evil("process")}
  required = true
[diff]
  external = ${evil("external")}
[diff "evil"]
  textconv = ${evil("textconv")}
  command = ${evil("command")}
[merge "evil"]
  driver = ${evil("driver")}
[credential]
  helper = !${evil("credential")}
[gpg]
  program = ${evil("gpg")}
[alias]
  worktree = !${evil("alias")}
  diff-index = !${evil("alias")}
[extensions]
  worktreeConfig = true
  partialClone = evil
[remote "evil"]
  url = ext::${evil("remote")}
  promisor = true
[protocol]
  allow = always
[protocol "ext"]
  allow = always
`;
}

test("what a step or a repository plants in git's configuration, attributes and hooks is never run by ThreadOS", async () => {
  const at = await Workspace.make();
  const marks = join(at.home, "marks");
  fs.mkdirSync(marks);
  const evil = (name: string) => {
    const path = join(at.home, `evil-${name}`);
    fs.writeFileSync(path, `#!/bin/sh\necho ran > '${marks}/${name}'\ncat\n`, { mode: 0o755 });
    return path;
  };
  const attributes = "* filter=evil diff=evil merge=evil\n";
  makeRepository(at, {
    f: "one\ntwo\nthree\n",
    ".gitattributes": attributes,
    ".worktreeinclude": "secret\n",
  });
  at.write(".gitignore", "secret\n");
  at.write("secret", "s\n");
  gitIn(at, "add", ".gitignore");
  gitIn(at, "commit", "-qm", "more");

  const planted = join(at.home, "planted");
  fs.mkdirSync(planted);
  for (const name of hooks) fs.copyFileSync(evil(`hook-${name}`), join(planted, name));
  const text = config(evil).replace("HOOKS", planted);
  const file = join(at.home, "planted-config");
  fs.writeFileSync(file, text);
  // Both ways in: there before the run begins, and written by the step itself, in its worktree and in a repository within.
  const plant = (folder: string) =>
    `cat '${file}' >> "${folder}/config" && mkdir -p "${folder}/hooks" && cp '${planted}'/* "${folder}/hooks"`;
  const elsewhere = join(at.home, "elsewhere");
  fs.cpSync(at.path(".git"), elsewhere, { recursive: true });
  fs.writeFileSync(join(elsewhere, "config"), text);
  const inWorktree = [
    'common="$THREADOS_WORKSPACE/.git"',
    "git init -q within",
    "(cd within && echo x > x && git add x && git -c user.name=n -c user.email=e@example.org commit -qm x)",
    plant("within/.git"),
    "echo dirty > within/x",
    plant("$common"),
    `for own in "$common"/worktrees/*; do cp '${file}' "$own/config.worktree"; done`,
    // Git takes the configuration and the hooks of a worktree from where this file leads.
    `for own in "$common"/worktrees/*; do echo '${elsewhere}' > "$own/commondir"; done`,
    "sed -i.old s/two/2/ f && rm f.old",
    `printf '${attributes.replace("\n", "\\n")}new text eol=crlf\\n' > .gitattributes`,
    "echo new > new",
  ].join(" && ");
  const steps = [
    { id: "b", isolation: "worktree", command: ["sh", "-c", inWorktree], type: "f" },
    { id: "c", isolation: "worktree", command: ["sh", "-c", "echo c >> f"], type: "f", depends_on: ["b"] },
    { id: "join", command: ["true"], fusion_synth: true, fusion_candidates: ["b", "c"] },
  ];
  at.write(".threados/sequence.yaml", JSON.stringify({ version: 1, name: "hostile", steps }));
  expect((await at.seqctl(["run", "--yes"])).err).not.toContain("FAILED");
  expect(await at.standing()).toEqual({ b: "DONE 1", c: "DONE 1", join: "DONE 1" });
  for (const words of [
    ["fusion", "compare", "join"],
    ["worktree", "list"],
    ["fusion", "pick", "c", "--dry-run"],
  ])
    expect((await at.seqctl(words)).exit).toBe(0);
  const picked = await at.json(["fusion", "pick", "b", "--yes"]);
  expect(picked.doc).toMatchObject({ changed: true });
  expect((await at.seqctl(["worktree", "gc", "--all", "--yes"])).exit).toBe(0);
  expect(fs.readdirSync(marks)).toEqual([]);
  expect(at.read("f")).toBe("one\n2\nthree\n");

  // The trap was armed: the user's own git, without the care that ThreadOS takes, walks into it.
  try {
    gitIn(at, "status");
  } catch {
    // What it ran may well have made it fail.
  }
  expect(fs.readdirSync(marks).length).toBeGreaterThan(0);
});
