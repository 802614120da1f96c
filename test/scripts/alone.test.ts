import { afterEach, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

setDefaultTimeout(60_000);

const script = join(import.meta.dir, "..", "..", "scripts", "alone.mjs");
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

function scratch(): string {
  const folder = fs.mkdtempSync(join(tmpdir(), "threados-alone-"));
  folders.push(folder);
  return folder;
}

/** A process that runs this with what the script offers; the lines that it prints. */
async function lines(folder: string, body: string): Promise<string[]> {
  const source = `import { alone, take, release } from ${JSON.stringify(script)}; import * as fs from "node:fs"; const folder = ${JSON.stringify(folder)}; ${body}`;
  const child = Bun.spawn([process.execPath, "-e", source], { cwd: "/", stdout: "pipe", stderr: "inherit" });
  const said = await new Response(child.stdout).text();
  expect(await child.exited).toBe(0);
  return said.split("\n").slice(0, -1);
}

/** The pid of a process that has ended. */
async function endedPid(): Promise<number> {
  const child = Bun.spawn([process.execPath, "-e", ""]);
  await child.exited;
  return child.pid;
}

test("what somebody left behind is taken by one process alone, however many want it at once", async () => {
  const folder = scratch();
  fs.writeFileSync(join(folder, "lock-3"), String(await endedPid()));
  // Whoever is in there while another is finds its mark there already, and fails.
  const body = `
    const mark = folder + "/inside";
    for (let n = 0; n < 3; n++)
      await alone(folder, async () => {
        fs.writeFileSync(mark, "", { flag: "wx" });
        await new Promise((resume) => setImmediate(resume));
        fs.rmSync(mark);
        console.log("was alone");
      }, () => undefined);`;
  const all = await Promise.all(Array.from({ length: 4 }, () => lines(folder, body)));
  expect(all.flat()).toEqual(Array.from({ length: 12 }, () => "was alone"));
  expect(fs.readdirSync(folder)).toEqual(["lock-15"]);
});

test("a lock is not taken while its holder lives, and is once that has let go of it", async () => {
  const folder = scratch();
  const body =
    "const a = take(folder); console.log([a, take(folder)].map((lock) => lock !== undefined)); release(a);";
  expect(await lines(folder, body)).toEqual(["[ true, false ]"]);
  expect(await lines(folder, body)).toEqual(["[ true, false ]"]);
  fs.writeFileSync(join(folder, "lock-9"), String(process.pid));
  expect(await lines(folder, "console.log(take(folder) === undefined)")).toEqual(["true"]);
});
