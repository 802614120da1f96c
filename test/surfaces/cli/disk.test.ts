import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { thrownFailure } from "../../../lib/core/failure-thrown";
import { seqctlArgv } from "../../rig/seqctl";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const made = () => Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
const file = "a file stands where a folder belongs; move it away and repeat the command";
const folder = "a folder stands where a file belongs; move it away and repeat the command";

describe("what stands in the way on the disk is told with its place and what helps, and is no bug", () => {
  test.each<[string, "file" | "folder", string[], string, string]>([
    ["state", "file", ["run", "--yes"], "mkdir failed (EEXIST)", file],
    ["chat", "file", ["chat", "status"], "mkdir failed (EEXIST)", file],
    ["lock", "folder", ["step", "add", "b"], "open failed (EISDIR)", folder],
    ["audit.log", "folder", ["doctor"], "read failed (EISDIR)", folder],
  ])(".threados/%s being a %s", async (name, kind, line, problem, hint) => {
    const at = await made();
    const path = at.path(`.threados/${name}`);
    fs.rmSync(path, { recursive: true, force: true });
    if (kind === "file") fs.writeFileSync(path, "");
    else fs.mkdirSync(path);
    const { exit, doc } = await at.json(line);
    expect({ exit, ...doc.error }).toMatchObject({
      exit: 1,
      code: "io.failed",
      message: `${path}: ${problem}`,
      hint,
    });
  });

  test("a file given as the folder", async () => {
    const at = await made();
    at.write("notes", "");
    const { exit, doc } = await at.json(["status", "-C", "notes"]);
    expect({ exit, ...doc.error }).toMatchObject({
      exit: 1,
      code: "io.failed",
      message: `${join(at.root, "notes", ".threados")}: lstat failed (ENOTDIR)`,
    });
  });

  test.skipIf(!fs.existsSync("/dev/full")).each([[["status"]], [["status", "--json"]], [["--help"]]])(
    "a full disk behind %j",
    async (line) => {
      const at = await made();
      const full = fs.openSync("/dev/full", "w");
      const child = Bun.spawn([...(await seqctlArgv()), ...line], {
        ...{ cwd: at.root, env: { ...at.env, NO_COLOR: "1" }, stdin: "ignore", stdout: full, stderr: "pipe" },
      });
      const said = await new Response(child.stderr as ReadableStream).text();
      await child.exited;
      fs.closeSync(full);
      expect({ exit: child.exitCode, said }).toEqual({
        exit: 1,
        said: "error standard output: write failed (ENOSPC)\n hint the disk is full; free some room and repeat the command\n",
      });
    },
  );
});

test("what is thrown for other reasons stays a bug", () => {
  const system = (code: string, syscall: string) => Object.assign(new Error("x"), { code, syscall });
  expect(thrownFailure(system("EROFS", "open"))).toMatchObject({
    code: "io.failed",
    hint: "the file system is read-only",
  });
  for (const thrown of [
    new TypeError("x"),
    "x",
    undefined,
    system("ECONNREFUSED", "connect"),
    system("EBADF", "read"),
    Object.assign(new Error("x"), { code: "ERR_INVALID_ARG_TYPE" }),
  ])
    expect(thrownFailure(thrown).code).toBe("internal");
});
