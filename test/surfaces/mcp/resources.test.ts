import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { cleanUp, Workspace } from "../../rig/workspace";
import { agentIn } from "./client";

setDefaultTimeout(60_000);
afterEach(cleanUp);

async function afterRun(script: string) {
  const at = await Workspace.make({ steps: [{ id: "a", command: ["sh", "-c", script] }] });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
  const { client } = await agentIn(at);
  const { run } = await at.status();
  const read = async (uri: string) =>
    (await client.readResource({ uri })).contents[0] as { text: string; _meta: object };
  return { at, client, read, base: `threados://runs/${run}/a/1` };
}

test("logs and artifacts of the newest run are listed and read", async () => {
  const { client, read, base, at } = await afterRun(
    `echo hello; echo '{"n":1}' > "$THREADOS_OUTPUT_DIR/output.json"`,
  );
  const { resources } = await client.listResources();
  const uris = resources.map(({ uri }) => uri);
  expect(uris).toContain("threados://sequence");
  expect(uris).toContain(`${base}/stdout.log`);
  expect(uris).toContain(`${base}/output.json`);
  expect(await read(`${base}/stdout.log`)).toMatchObject({
    text: "hello\n",
    mimeType: "text/plain",
    _meta: { size: 6 },
  });
  expect(JSON.parse((await read(`${base}/output.json`)).text)).toEqual({ n: 1 });
  expect((await read("threados://sequence")).text).toBe(at.definition);
  const { resourceTemplates } = await client.listResourceTemplates();
  expect(resourceTemplates).toMatchObject([{ uriTemplate: "threados://runs/{run}/{step}/{attempt}/{file}" }]);
});

test("of a large log the end is shown, of a large artifact the beginning", async () => {
  const { read, base } = await afterRun(
    `echo first; head -c 400000 /dev/zero | tr '\\0' x; echo last; { echo first; head -c 400000 /dev/zero | tr '\\0' x; } > "$THREADOS_OUTPUT_DIR/big.txt"`,
  );
  const log = await read(`${base}/stdout.log`);
  expect(log.text).toEndWith("last\n");
  expect(log.text).not.toContain("first");
  expect(log).toMatchObject({ _meta: { size: 400_011, bytes: 262_144 } });
  const artifact = await read(`${base}/big.txt`);
  expect(artifact.text).toStartWith("first\n");
  expect(artifact).toMatchObject({ _meta: { from: 0, bytes: 262_144 } });
});

test("what is no text, a secret or outside the attempt is not shown", async () => {
  const { read, base, at } = await afterRun(
    `echo "key sk-ant-abcdefghijklmnopqrstuvwxyz012345"; printf 'a\\0b' > "$THREADOS_OUTPUT_DIR/blob.bin"`,
  );
  expect((await read(`${base}/stdout.log`)).text).not.toContain("abcdefghijklmnop");
  fs.symlinkSync("/etc/passwd", at.path(`${at.attempt("a")}/link.txt`));
  const [, , , run] = base.split("/");
  for (const uri of [
    `${base}/blob.bin`,
    `${base}/link.txt`,
    `${base}/nothing.txt`,
    `${base}/../../../../../audit.log`,
    `${base}/..%2f..%2f..%2fevents.jsonl`,
    `${base}/.`,
    `${base}/`,
    `threados://runs/${run}/../events.jsonl/1/x`,
    `threados://runs/${run}/a/0/stdout.log`,
    `threados://runs/${run}/a/01/stdout.log`,
    `threados://runs/${run}/a/9/stdout.log`,
    `threados://runs/${run}/nobody/1/stdout.log`,
    `threados://runs/01JUNKNOWN/a/1/stdout.log`,
    `threados://runs/../a/1/stdout.log`,
    "threados://policy",
    "file:///etc/passwd",
    "",
  ]) {
    await expect(read(uri), uri).rejects.toMatchObject({ code: -32_002 });
  }
});

test("many steps are listed a page at a time", async () => {
  const steps = Array.from({ length: 60 }, (_, index) => ({ id: `s${index}`, command: ["true"] }));
  const at = await Workspace.make({ steps });
  expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
  const { client } = await agentIn(at);
  const first = await client.listResources();
  expect(first.nextCursor).toBeDefined();
  const second = await client.listResources({ cursor: first.nextCursor ?? "" });
  expect(second.nextCursor).toBeUndefined();
  const logs = [...first.resources, ...second.resources].filter(({ uri }) => uri.endsWith("/1/stdout.log"));
  expect(logs).toHaveLength(60);
  await expect(client.listResources({ cursor: "../1" })).rejects.toMatchObject({ code: -32_602 });
});
