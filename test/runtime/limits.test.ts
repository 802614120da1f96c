import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import type { Step } from "../../lib/core/sequence/schema";
import { until } from "../rig/deadline";
import { asNobody, canBecomeNobody, giveToNobody } from "../rig/nobody";
import { why, works } from "../rig/sandbox";
import { seqctlArgv } from "../rig/seqctl";
import { cleanUp, type Making, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const sh = (script: string) => ["sh", "-c", script];
const step = (script: string, limits: Step["limits"], more: Partial<Step> = {}): Step => ({
  id: "a",
  command: sh(script),
  limits,
  ...more,
});

/** Runs one step to its end; how it ended and what it printed. */
async function runOne(making: Making): Promise<{ at: Workspace; code: number; out: string; err: string }> {
  const at = await Workspace.make(making);
  await at.seqctl(["run", "--yes"]);
  const folder = at.attempt("a");
  const code = at.facts().findLast(({ type }) => type === "attempt.exited")?.code;
  return { at, code, out: at.read(`${folder}/stdout.log`), err: at.read(`${folder}/stderr.log`) };
}

describe.each(works ? (["off", "required"] as const) : (["off"] as const))(
  "limits of a step, sandbox %s",
  (sandbox) => {
    const rules = { sandbox };

    test("end a writer without end, in a file and on its standard output", async () => {
      const file = await runOne({ rules, steps: [step("exec cat /dev/zero > big", { file_mb: 2 })] });
      expect(file.code).toBe(153);
      expect(fs.statSync(file.at.path("big")).size).toBe(2 * 1024 * 1024);
      const log = await runOne({ rules, steps: [step("exec cat /dev/zero", { file_mb: 1 })] });
      expect(log.code).toBe(153);
      expect(log.out).toHaveLength(1024 * 1024);
    });

    test("end what computes without end", async () => {
      const { code } = await runOne({ rules, steps: [step("while :; do :; done", { cpu_s: 1 })] });
      expect(code).toBe(152);
    });

    test("refuse memory, and let an ordinary program of this runtime work", async () => {
      const hog = `"${process.execPath}" -e 'const all = []; for (;;) all.push(new Uint8Array(16777216).fill(1))'`;
      const { code, at } = await runOne({ rules, steps: [step(hog, { memory_mb: 1024 })] });
      expect(code).not.toBe(0);
      expect((await at.status()).steps).toMatchObject([{ status: "FAILED", reason: "exit" }]);
      const fine = await runOne({
        rules,
        steps: [
          step(`"${process.execPath}" -e 'console.log(new Uint8Array(16777216).length)'`, {
            memory_mb: 1024,
          }),
        ],
      });
      expect(fine.code).toBe(0);
    });

    test("bound how many files it opens, and can't be widened from inside", async () => {
      const { code, out } = await runOne({
        rules,
        steps: [
          step(
            "ulimit -n; ulimit -n 4096 || echo refused",
            { open_files: 64 },
            sandbox === "off" ? { env: {} } : {},
          ),
        ],
      });
      expect(code).toBe(0);
      // Outside of a sandbox root may widen what it likes.
      if (sandbox === "required" || process.getuid?.() !== 0) expect(out).toBe("64\nrefused\n");
      else expect(out).toStartWith("64\n");
    });
  },
);

describe("limits", () => {
  test("of the policy bind every step, and a step narrows them for itself", async () => {
    const { at, out } = await runOne({
      rules: { limits: { open_files: 100, cpu_s: 60 } },
      steps: [step("ulimit -n; ulimit -t", { open_files: 5000, cpu_s: 7 })],
    });
    expect(out).toBe("100\n7\n");
    expect((await at.json(["policy", "show"])).doc.limits).toEqual({ open_files: 100, cpu_s: 60 });
  });

  test("of a sequence that are wider than the policy's are a warning", async () => {
    const at = await Workspace.make({ rules: { limits: { cpu_s: 60 } }, policy: { limits: { cpu_s: 90 } } });
    const { doc } = await at.json(["policy", "show"]);
    expect(doc.warnings.join()).toContain("limits.cpu_s: 90");
    expect(doc.limits).toEqual({ cpu_s: 60 });
  });

  test("that can't be held are said, and the step runs", async () => {
    const { code, err } = await runOne({ steps: [step("true", { processes: 64 })] });
    expect(code).toBe(0);
    expect(err).toContain("threados: limits: processes is not held");
  });

  test("that nobody knows are refused with their place", async () => {
    const at = await Workspace.make();
    at.write(".threados/policy.yaml", "limits: {memory: 1}\n");
    expect((await at.json(["policy", "show"])).doc).toMatchObject({ code: "policy.invalid" });
  });
});

// The kernel does not count root's processes: as root this is tried as somebody else.
const isRoot = process.getuid?.() === 0;
const asSomebody = isRoot ? asNobody : [];
const canBecome = !isRoot || canBecomeNobody;

test.skipIf(!works || !canBecome)(
  `a fork bomb in a sandbox stays small, and ends with its step${why}`,
  async () => {
    const bomb =
      // Counted without a process of its own: there may be no room for one. The 500 looks begin once it
      // has grown, however long a busy machine takes for that.
      "bomb() { bomb | bomb & }; bomb 2>/dev/null; look() { set -- /proc/[0-9]*; echo $# >> counts; [ $# -gt 16 ]; }; " +
      "until look; do :; done; for ((i = 0; i < 500; i++)); do look; done; true";
    const at = await Workspace.make({
      rules: { sandbox: "required" },
      steps: [{ id: "a", command: ["bash", "-c", bomb], limits: { processes: 64 }, timeout_ms: 20_000 }],
    });
    if (isRoot) giveToNobody(at.home);
    const run = Bun.spawn([...asSomebody, ...(await seqctlArgv()), "run", "--yes"], {
      cwd: at.root,
      env: at.env,
    });
    await run.exited;
    const counts = at.lines("counts").map(Number);
    // The list is read while some go and others take their place.
    expect(Math.max(...counts)).toBeLessThanOrEqual(64 + 8);
    expect(Math.max(...counts)).toBeGreaterThan(16);
    await until("all of it to be gone", () => at.processes().length === 0);
  },
);
