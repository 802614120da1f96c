import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { dispatch } from "../../lib/runtime/dispatch";
import { opened, sayIn } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const token = "hunter2-correct-horse";
const key = `sk-${"a1".repeat(12)}`;
const step = { id: "a", command: ["true"], env: { DEPLOY_TOKEN: token, PLAIN: "yes", NOTE: key } };
const other = {
  id: "b",
  command: ["true"],
  env: { MONKEY: "banana", API_KEY: "secret:API_KEY", EMPTY_TOKEN: "" },
};
const make = () => Workspace.make({ steps: [step, other] });

const lineOf = (at: Workspace, part: string) =>
  at.definition.split("\n").findIndex((l) => l.includes(part)) + 1;

describe("a secret that stands in a step's env in clear is warned about, with its place,", () => {
  const told = (at: Workspace, warnings: string[]) => {
    const secrets = warnings.filter((text) => text.includes("in clear"));
    expect(secrets).toHaveLength(2);
    for (const [index, name] of ["DEPLOY_TOKEN", "NOTE"].entries()) {
      expect(secrets[index]).toStartWith(`.threados/sequence.yaml:${lineOf(at, `${name}:`)}:`);
      expect(secrets[index]).toContain(`step 'a', env.${name} looks like a secret`);
      expect(secrets[index]).toContain(`"secret:${name}"`);
    }
    expect(JSON.stringify(warnings)).not.toContain(token);
  };

  test("by validate, of the workspace and of any file", async () => {
    const at = await make();
    const own = await at.json(["validate"]);
    expect(own.exit).toBe(0);
    told(at, own.doc.warnings);
    const file = await at.json(["validate", ".threados/sequence.yaml"]);
    told(at, file.doc.warnings);
  });

  test("by a run of that step, and not by that of another", async () => {
    const at = await make();
    const ran = await at.json(["run", "--yes", "--dry-run"]);
    expect(ran.exit).toBe(0);
    told(at, ran.doc.warnings);
    expect((await at.json(["run", "step", "b", "--yes", "--dry-run"])).doc.warnings).toEqual([]);
    expect((await sayIn(at, ["run", "--yes", "--dry-run"])).err).toContain("env.DEPLOY_TOKEN looks like");
  });

  test("by the edit that brings it, and by no later one; it is never refused", async () => {
    const at = await Workspace.make();
    const env = JSON.stringify(step.env);
    const added = await at.json(["step", "add", "a", "--command", '["true"]', "--env", env]);
    expect(added.exit).toBe(0);
    told(at, added.doc.warnings);
    expect((await at.json(["step", "edit", "a", "--name", "A"])).doc.warnings).toEqual([]);
    const edited = await at.json(["step", "edit", "a", "--env", env.replace(token, `${token}-two`)]);
    expect(edited.doc.warnings).toHaveLength(1);
  });
});

describe("of many", () => {
  const steps = Array.from({ length: 25 }, (_, i) => ({
    id: `s${i}`,
    command: ["true"],
    env: { DB_PASS: `pw-${i}` },
  }));

  test("twenty are listed, and how many more there are: by validate, a run, the edit and the problems", async () => {
    const at = await Workspace.make({ steps });
    const told = (texts: string[]) => {
      expect(texts).toHaveLength(21);
      expect(texts[19]).toContain("step 's19', env.DB_PASS looks like a secret");
      expect(texts[20]).toBe("and 5 more variables of steps that look like secrets in clear");
    };
    told((await at.json(["validate"])).doc.warnings);
    const ran = (await at.json(["run", "--yes", "--dry-run"])).doc.warnings;
    told(ran);
    expect(ran[19]).toStartWith(`.threados/sequence.yaml:${lineOf(at, "pw-19")}:`);
    const asked = await (await opened(at)).query("sequence.problems", {});
    const { problems } = (asked.ok ? asked.value : {}) as {
      problems: { message: string; line: number | null }[];
    };
    told(problems.map(({ message }) => message));
    expect(problems.map(({ line }) => line).slice(18)).toEqual([
      lineOf(at, "pw-18"),
      lineOf(at, "pw-19"),
      null,
    ]);
    const text = at.definition.replaceAll("pw-", "new-").replace("new-24", "pw-24");
    expect((await at.json(["write", text, "--yes"])).doc.warnings.at(-1)).toStartWith("and 4 more variables");
  });

  test("the places are looked for when nobody else is kept waiting any more", async () => {
    const at = await Workspace.make({ steps });
    const { ports } = await opened(at);
    let held = false;
    const reads: boolean[] = [];
    const watched: typeof ports = {
      ...ports,
      withLock: (waitMs, work) =>
        ports.withLock(waitMs, () => {
          held = true;
          const result = work();
          held = false;
          return result;
        }),
      definition: {
        ...ports.definition,
        load: () => {
          const loaded = ports.definition.load();
          if (!loaded.ok) return loaded;
          const { text, ...rest } = loaded.value;
          const definition = Object.defineProperty({ ...rest, text }, "text", {
            get: () => {
              reads.push(held);
              return text;
            },
          });
          return { ok: true, value: definition };
        },
      },
    };
    const caller = { actor: "user", surface: "cli" } as const;
    const call = { action: "run.start", input: { scope: "all" } };
    const ran = await dispatch(watched, call, caller, { yes: true, dryRun: true });
    if (!ran.ok) throw new Error(JSON.stringify(ran.failure));
    expect(ran.value.warnings).toHaveLength(21);
    expect(Object.keys(ran.value)).not.toContain("inClear");
    expect(reads).toEqual([false]);
  });
});

describe("what is shown of it", () => {
  test("by `step show` is •••, in the definition and in the file's lines, and nothing else is", async () => {
    const at = await make();
    const { doc } = await at.json(["step", "show", "a"]);
    expect(doc.definition.env).toEqual({ DEPLOY_TOKEN: "•••", PLAIN: "yes", NOTE: "•••" });
    expect(doc.yaml).toContain("DEPLOY_TOKEN: •••\n");
    expect(doc.yaml).toContain("PLAIN: yes");
    for (const secret of [token, key]) {
      expect(JSON.stringify(doc)).not.toContain(secret);
      expect((await sayIn(at, ["step", "show", "a"])).out).not.toContain(secret);
    }
    expect((await at.json(["step", "show", "b"])).doc.definition.env).toEqual(other.env);
  });

  test.each([
    ["a block of lines", "|\n        first-of-it\n        second-of-it", ["first-of-it", "second-of-it"]],
    ["a quoted text", `"say \\"${token}\\""`, [token]],
    ["a short word", "abc", [": abc\n", ': abc"']],
  ])("is ••• as %s, too", async (_, written, hidden) => {
    const at = await Workspace.make();
    const head = "version: 1\nname: n\nsteps:\n  - id: abcde\n    command: [x]\n    env:\n";
    at.write(".threados/sequence.yaml", `${head}      A_SECRET: ${written}\n`);
    const { yaml } = (await at.json(["step", "show", "abcde"])).doc;
    for (const part of hidden) expect(`${yaml}\n`).not.toContain(part);
    expect(yaml).toContain("id: abcde\n");
  });

  test("by `diff` is •••, but that it changed is seen", async () => {
    const at = await make();
    const env = JSON.stringify({ ...step.env, DEPLOY_TOKEN: `${token}-two` });
    await at.seqctl(["step", "edit", "a", "--env", env]);
    const shown = { DEPLOY_TOKEN: "•••", PLAIN: "yes", NOTE: "•••" };
    expect((await at.json(["diff"])).doc.nodes).toEqual([
      { kind: "step", id: "a", change: "changed", fields: [{ field: "env", before: shown, after: shown }] },
    ]);
    expect((await at.seqctl(["diff"])).out).not.toContain(token);
  });

  test("and sent back in an edit of the others leaves it as it stands", async () => {
    const at = await make();
    const { env } = (await at.json(["step", "show", "a"])).doc.definition;
    const edited = JSON.stringify({ ...env, PLAIN: "no" });
    expect((await at.seqctl(["step", "edit", "a", "--env", edited])).exit).toBe(0);
    expect(at.definition).toContain(`DEPLOY_TOKEN: ${token}`);
    expect(at.definition).toContain('PLAIN: "no"');
    expect(at.definition).not.toContain("•••");
  });
});
