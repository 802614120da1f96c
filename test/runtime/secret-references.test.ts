import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const value = "hunter2-correct-horse";
const leaky = {
  id: "a",
  command: [
    "sh",
    "-c",
    'echo "it is $KEY" && echo "{\\"said\\": \\"$KEY!\\"}" > "$THREADOS_OUTPUT_DIR/output.json"',
  ],
  env: { KEY: "secret:MY_KEY" },
};
const make = () => Workspace.make({ steps: [leaky, { id: "b", command: ["true"], depends_on: ["a"] }] });

function put(at: Workspace, text: string, mode = 0o600): string {
  const folder = join(at.home, ".config/threados/secrets");
  fs.mkdirSync(folder, { recursive: true });
  fs.writeFileSync(join(folder, "MY_KEY"), text, { mode });
  return join(folder, "MY_KEY");
}

/** Every file below a folder that holds the secret. */
function holding(folder: string): string[] {
  return fs
    .readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => fs.statSync(join(folder, name)).isFile())
    .filter((name) => fs.readFileSync(join(folder, name), "utf8").includes(value))
    .map((name) => name.replace(/^runs\/[^/]+\//, ""))
    .sort();
}

test("a reference that only a description speaks of makes nothing a secret, one in a broken definition does", async () => {
  const plain = { id: "b", name: "says secret:PLAIN_WORD", command: ["echo", "an-everyday-word"] };
  const at = await Workspace.make({ steps: [leaky, plain] });
  const env = { PLAIN_WORD: "an-everyday-word", MY_KEY: value };
  await at.seqctl(["run", "--yes"], { env });
  expect((await at.seqctl(["logs", "b"], { env })).out).toContain("an-everyday-word");
  at.write(".threados/sequence.yaml", `${at.definition}\nsurely: [broken\n`);
  const { out } = await at.seqctl(["logs", "a"], { env });
  expect(out).toContain("•••");
  expect(out).not.toContain(value);
});

test.each<[string, (at: Workspace) => Record<string, string>]>([
  ["THREADOS_SECRET_MY_KEY", () => ({ THREADOS_SECRET_MY_KEY: value })],
  ["a variable of that name", () => ({ MY_KEY: value })],
  [
    "its file",
    (at) => {
      put(at, `${value}\n`);
      return {};
    },
  ],
])("a secret is taken from %s, reaches the step, and is written down nowhere", async (_, given) => {
  const at = await make();
  const env = given(at);
  const ran = await at.seqctl(["run", "--yes"], { env });
  expect(ran.exit).toBe(0);
  expect(at.facts().find((fact) => fact.type === "attempt.exited")?.outputs).toEqual({ said: "•••!" });
  // What the step itself wrote stays as it is; links to its newest output are files too, and stand when `run` ends.
  expect(holding(at.path(".threados"))).toEqual([
    "a/attempts/1/output.json",
    "a/attempts/1/stdout.log",
    "a/stdout.log",
  ]);
  for (const line of [["status"], ["step", "show", "a"], ["logs", "a"], ["audit", "read"], ["why", "a"]]) {
    const { out, err } = await at.seqctl([...line, "--json"], { env });
    expect(`${out}${err}`).not.toContain(value);
  }
  expect((await at.json(["logs", "a"], { env })).doc.text).toBe("it is •••\n");
  expect(JSON.parse(at.read(`${at.attempt("b")}/inputs.json`)).a.outputs).toEqual({ said: "•••!" });
});

test("without it the attempt is refused, and everybody says where to put it", async () => {
  const at = await make();
  expect((await at.json(["validate"])).doc).toMatchObject({
    ok: true,
    warnings: [expect.stringContaining("secret:MY_KEY is nowhere")],
  });
  const { doc } = await at.json(["doctor"]);
  expect(doc.checks.find((check: { name: string }) => check.name === "secret MY_KEY")).toMatchObject({
    state: "missing",
    detail: expect.stringContaining("THREADOS_SECRET_MY_KEY"),
  });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
  const { why } = (await at.json(["why", "a"])).doc;
  expect(why).toContain("secret:MY_KEY is nowhere: set THREADOS_SECRET_MY_KEY where the engine is started");
  expect(why).toContain(".config/threados/secrets/MY_KEY (mode 600)");
  put(at, value);
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
  expect((await at.json(["validate"])).doc.warnings).toEqual([]);
});

test("a file that others may read, or a link, is not used", async () => {
  const at = await make();
  const path = put(at, value, 0o644);
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
  expect((await at.json(["why", "a"])).doc.why).toContain("is open to others; chmod 600 it");
  fs.renameSync(path, `${path}.real`);
  fs.chmodSync(`${path}.real`, 0o600);
  fs.symlinkSync(`${path}.real`, path);
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
  expect((await at.json(["why", "a"])).doc.why).toContain("can't be read (ELOOP)");
});

test("what looks like a reference and is none is an error with its place", async () => {
  const at = await make();
  at.write(".threados/sequence.yaml", at.definition.replace("secret:MY_KEY", "secret:my key"));
  const { exit, doc } = await at.json(["validate"]);
  expect([exit, doc.error.place.line]).toEqual([2, expect.any(Number)]);
  expect(doc.error.message).toContain("a reference looks like secret:API_KEY");
});
