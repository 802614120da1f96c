import { afterEach, expect, test } from "bun:test";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { makePlan } from "../../../lib/core/engine/plan";
import { DoorRelay } from "../../../lib/io/door/relay";
import { attemptFolder } from "../../../lib/io/files/artifact-files";
import { DirectHost } from "../../../lib/io/process/direct";
import type { ExitReport } from "../../../lib/runtime/ports";
import { until } from "../../rig/deadline";
import { kill } from "../../rig/processes";
import { scratch, sweep } from "../../rig/scratch";
import { sequenceOf, value } from "../../rig/sequence";

afterEach(sweep);

const limits = { maxConcurrent: 4, timeoutDefaultMs: undefined, graceMs: 300 };

/** Hosts of one workspace, as two engines one after the other would have them. */
function hosts() {
  const root = scratch();
  const fifo = `${root}/hold`;
  execFileSync("mkfifo", [fifo]);
  const plan = makePlan(
    sequenceOf([
      { id: "held", command: ["cat", fifo] },
      { id: "brief", command: ["true"] },
    ]),
    "revision",
    limits,
    (text) => text,
  );
  const folder = `${root}/.threados`;
  const make = () => {
    const ended: ExitReport[] = [];
    const host = new DirectHost({
      ...{ root, folder, outputs: `${root}/out`, worktrees: `${root}/trees`, sandboxes: `${root}/boxes` },
      program: [process.execPath],
      terminals: { possible: false, program: [] },
      tokens: { issue: () => undefined, matches: () => false },
      doors: new DoorRelay(root, []),
    });
    host.onExit((exit) => ended.push(exit));
    const start = (step: string, attempt: number) =>
      value(host.spawn({ run: "r", step, attempt, plan, inputs: [], env: {}, sandbox: false })).pid;
    return { host, ended, start };
  };
  const hasClaimed = (step: string, attempt: number) =>
    fs.existsSync(`${attemptFolder(folder, "r", step, attempt)}/claim-1`);
  return { make, hasClaimed, release: () => fs.writeFileSync(fifo, "") };
}

const standsStill = (pid: number) => /\) [TZ] /.test(fs.readFileSync(`/proc/${pid}/stat`, "latin1"));

test("a shim that is slow to claim is not taken for dead while the end of an adopted one is looked for", async () => {
  const { make, hasClaimed, release } = hosts();
  const first = make();
  first.start("held", 1);
  await until("its claim", () => hasClaimed("held", 1));
  const second = make();
  expect(second.host.recover("r", "held", 1, false)).toMatchObject({ kind: "alive" });

  // Stopped before it got as far as its claim; one that was faster is let go, and the next one tried.
  let attempt = 0;
  const pid = await until("a shim without a claim", async () => {
    attempt += 1;
    const shim = second.start("brief", attempt);
    kill(shim, "SIGSTOP");
    await until("it to stand still", () => standsStill(shim));
    if (!hasClaimed("brief", attempt)) return shim;
    kill(shim, "SIGCONT");
    return undefined;
  });

  release();
  await until("the adopted one's end", () => second.ended.some(({ step }) => step === "held"));
  expect(second.ended.filter((exit) => exit.step === "brief" && exit.attempt === attempt)).toEqual([]);
  kill(pid, "SIGCONT");
  const end = await until("its own end", () =>
    second.ended.find((exit) => exit.step === "brief" && exit.attempt === attempt),
  );
  expect(end).toMatchObject({ code: 0, leftovers: 0 });
  second.host.close();
  first.host.close();
});
