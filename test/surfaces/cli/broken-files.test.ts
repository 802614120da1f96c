import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { cleanUp, Workspace } from "../../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const head = "version: 1\nname: n\n";
const chain = (count: number) =>
  Array.from({ length: count }, (_, i) => `  - {id: s${i}, depends_on: [s${(i + 1) % count}]}`).join("\n");

/** A file that can't be used, the refusal, and whether it points at a place. */
const texts: [string, string, string, boolean][] = [
  ["an empty file", "", "sequence.empty", false],
  ["only comments", "# nothing\n\n", "sequence.empty", false],
  ["only null", "null\n", "sequence.empty", false],
  ["a list", "- a\n", "sequence.invalid", false],
  ["a tab for indentation", `${head}steps:\n\t- id: a\n`, "sequence.syntax", true],
  ["an open quote", `${head}steps:\n  - id: "a\n`, "sequence.syntax", true],
  ["two documents", `${head}---\n${head}`, "sequence.forbidden", true],
  ["a key that stands twice", `${head}name: m\n`, "sequence.duplicate_key", true],
  ["an unknown key", `${head}stps: []\n`, "sequence.unknown_key", true],
  ["an unknown key of a step", `${head}steps:\n  - id: a\n    comand: [x]\n`, "sequence.unknown_key", true],
  ["an anchor", `${head}steps:\n  - &x {id: a}\n  - *x\n`, "sequence.forbidden", true],
  ["an unknown tag", `${head}steps: !!js/function "x"\n`, "sequence.forbidden", true],
  ["a key of every object", `${head}__proto__: {polluted: 1}\n`, "sequence.forbidden", true],
  ["an id that stands twice", `${head}steps: [{id: a}, {id: a}]\n`, "id.taken", true],
  ["ids that differ by case only", `${head}steps:\n  - id: Build\n  - id: build\n`, "id.taken", true],
  ["an id that is a path", `${head}steps:\n  - id: ../../etc\n`, "id.invalid", true],
  ["an id with an invisible character", `${head}steps:\n  - id: "a\u200b"\n`, "id.invalid", true],
  ["a number for an id", `${head}steps:\n  - id: 12345678901234567890\n`, "sequence.invalid", true],
  [
    "a step that needs nobody known",
    `${head}steps:\n  - id: build\n  - {id: b, depends_on: [bild]}\n`,
    "dep.unknown",
    true,
  ],
  ["a step that needs itself", `${head}steps:\n  - {id: a, depends_on: [a]}\n`, "dep.cycle", true],
  ["a circle of three", `${head}steps:\n${chain(3)}\n`, "dep.cycle", true],
  ["a circle of a thousand", `${head}steps:\n${chain(1000)}\n`, "dep.cycle", true],
  ["a version to come", "version: 99\nname: n\n", "sequence.version", true],
  ["no version", "name: n\n", "sequence.invalid", true],
  ["a negative timeout", `${head}steps:\n  - {id: a, timeout_ms: -1}\n`, "sequence.invalid", true],
  ["too many retries", `${head}steps:\n  - {id: a, retry: {limit: 1000000000}}\n`, "sequence.invalid", true],
  ["an empty command", `${head}steps:\n  - {id: a, command: []}\n`, "sequence.invalid", true],
  [
    "40,000 keys",
    `${head}metadata:\n${Array.from({ length: 40_000 }, (_, i) => `  k${i}: 1`).join("\n")}\n  k1: 2\n`,
    "sequence.duplicate_key",
    true,
  ],
  [
    "a depth of 20,000",
    `${head}metadata: {a: ${"[".repeat(20_000)}${"]".repeat(20_000)}}\n`,
    "sequence.too_large",
    false,
  ],
];

describe("a sequence.yaml that can't be used", () => {
  test.each(texts)(
    "%s: exit 2, one message with its place, no stack trace, file untouched",
    async (_, text, code, place) => {
      const at = await Workspace.make();
      at.write(".threados/sequence.yaml", text);
      const json = await at.json(["status"]);
      expect({ exit: json.exit, code: json.doc.code }).toEqual({ exit: 2, code });
      const plain = await at.seqctl(["step", "add", "z"]);
      expect(plain).toMatchObject({ exit: 2, out: "" });
      expect(plain.err).not.toMatch(/\n\s+at |Error:/);
      expect(plain.err.split("\n").filter((line) => line.startsWith("error "))).toHaveLength(1);
      expect(plain.err.length).toBeLessThan(12_000);
      if (place) expect(plain.err).toMatch(/^\.threados\/sequence\.yaml:\d+:\d+\n/);
      expect(at.definition).toBe(text);
    },
  );

  test.each<[string, (path: string) => void]>([
    ["200 MB", (path) => fs.truncateSync(path, 200 * 1024 * 1024)],
    [
      "a FIFO",
      (path) => {
        fs.rmSync(path);
        execFileSync("mkfifo", [path]);
      },
    ],
    [
      "a folder",
      (path) => {
        fs.rmSync(path);
        fs.mkdirSync(path);
      },
    ],
    [
      "a device",
      (path) => {
        fs.rmSync(path);
        fs.symlinkSync("/dev/zero", path);
      },
    ],
    [
      "a link to nowhere",
      (path) => {
        fs.rmSync(path);
        fs.symlinkSync("nowhere", path);
      },
    ],
    [
      "a link to itself",
      (path) => {
        fs.rmSync(path);
        fs.symlinkSync("sequence.yaml", path);
      },
    ],
    ["UTF-16", (path) => fs.writeFileSync(path, Buffer.from(`\ufeff${head}`, "utf16le"))],
    ["broken UTF-8", (path) => fs.writeFileSync(path, Buffer.from([...Buffer.from(head), 0xc3, 0x28]))],
    ["a NUL byte", (path) => fs.writeFileSync(path, `${head}# \0\n`)],
  ])("%s: exit 2 with a reason, for questions and edits alike", async (_, spoil) => {
    const at = await Workspace.make();
    const path = at.path(".threados/sequence.yaml");
    spoil(path);
    const before = fs.lstatSync(path);
    for (const line of [["status"], ["step", "add", "a"], ["run", "--yes"], ["gate", "list"]]) {
      const { exit, doc } = await at.json(line);
      expect(exit).toBe(2);
      expect(doc).toMatchObject({ error: { message: expect.any(String), hint: expect.any(String) } });
    }
    const { ino, size, mtimeMs } = fs.lstatSync(path);
    expect({ ino, size, mtimeMs }).toEqual({ ino: before.ino, size: before.size, mtimeMs: before.mtimeMs });
  });

  test("a circle is shown by its shortest path, a dangling name with the nearest one", async () => {
    const at = await Workspace.make();
    at.write(
      ".threados/sequence.yaml",
      `${head}steps:\n${chain(6)}\n  - {id: x, depends_on: [s0, y]}\n  - {id: y, depends_on: [x]}\n`,
    );
    expect((await at.seqctl(["status"])).err).toMatch(/circle: (x → y → x|y → x → y)/);
    const waits =
      "steps:\n  - {id: a, depends_on: [b]}\n  - {id: b, depends_on: [c]}\n  - {id: c, depends_on: [a]}\n";
    at.write(".threados/sequence.yaml", `${head}${waits}`);
    // As the canvas draws its arrows: what is waited for comes first.
    expect((await at.seqctl(["status"])).err).toContain("circle: a → c → b → a");
    at.write(".threados/sequence.yaml", `${head}steps:\n  - id: build\n  - {id: b, depends_on: [bild]}\n`);
    expect((await at.seqctl(["status"])).err).toContain("did you mean 'build'?");
  });
});

test("a workspace without a sequence says which file is missing", async () => {
  const at = await Workspace.make();
  fs.rmSync(at.path(".threados/sequence.yaml"));
  const { exit, doc } = await at.json(["status"]);
  expect({ exit, code: doc.code }).toEqual({ exit: 2, code: "file.missing" });
  expect(doc.error.hint).toContain("`seqctl init`");
  expect(doc.error.hint).toContain("`seqctl undo --any` takes the last edit back");
});

describe("a policy.yaml that is a link", () => {
  const link = async (to: string) => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["touch", "ran"] }] });
    fs.rmSync(at.path(".threados/policy.yaml"));
    fs.symlinkSync(to, at.path(".threados/policy.yaml"));
    return at;
  };

  test.each([
    ["nowhere", "nowhere.yaml", "policy.yaml is a link that leads nowhere"],
    ["nowhere, through a file", "sequence.yaml/rules", "policy.yaml can't be opened (ENOTDIR)"],
    ["to itself", "policy.yaml", "policy.yaml can't be opened (ELOOP)"],
  ])("%s is refused with the reason: its rules may not be gone without a word", async (_, to, problem) => {
    const at = await link(to);
    for (const line of [["step", "add", "b"], ["run", "--yes"], ["policy", "show"], ["validate"]]) {
      const { exit, doc } = await at.json(line);
      expect({ exit, code: doc.code }).toEqual({ exit: 2, code: "policy.invalid" });
      expect(doc.error.message).toContain(problem);
    }
    expect(fs.existsSync(at.path("ran"))).toBe(false);
  });

  test("to a file holds as that file says", async () => {
    const at = await link("../rules.yaml");
    at.write("rules.yaml", "version: 1\nforbidden_patterns: [touch]\n");
    expect((await at.json(["run", "--yes"])).doc.code).toBe("policy.denied");
  });

  test("is the user's own, too, and none where the home folder is no folder", async () => {
    const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
    fs.mkdirSync(`${at.home}/.config/threados`, { recursive: true });
    fs.symlinkSync("gone", `${at.home}/.config/threados/policy.yaml`);
    const refused = await at.json(["run", "--yes", "--dry-run"]);
    expect(refused.doc).toMatchObject({ code: "policy.invalid" });
    expect(refused.doc.error.message).toContain(
      "~/.config/threados/policy.yaml is a link that leads nowhere",
    );
    const env = { XDG_CONFIG_HOME: "/dev/null" };
    expect((await at.json(["run", "--yes", "--dry-run"], { env })).exit).toBe(0);
  });
});
