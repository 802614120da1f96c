// Prints ThreadOS beside its relatives, measured in one run, rounds taken in turn. `bun run bench [--rounds 7] [--steps 200] [--json]`
import { mkdtempSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { contestants, mustRun, prepareWorkspace, type Shape } from "./contestants";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "7" },
    steps: { type: "string", default: "200" },
    json: { type: "boolean", default: false },
  },
});
const rounds = Number(values.rounds);
const n = Number(values.steps);
const root = join(import.meta.dir, "..");

interface Runner {
  name: string;
  run: () => void;
}

/** Median wall time of each runner in ms; one uncounted round first, then all take turns. */
function measure(runners: readonly Runner[]): Map<string, number> {
  const times = new Map(runners.map(({ name }) => [name, [] as number[]]));
  for (let round = -1; round < rounds; round++) {
    for (const { name, run } of runners) {
      const start = performance.now();
      run();
      if (round >= 0) times.get(name)?.push(performance.now() - start);
    }
  }
  return new Map([...times].map(([name, list]) => [name, median(list)]));
}

function median(list: number[]): number {
  const sorted = list.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function table(title: string, unit: string, rows: [string, string, string][]): void {
  console.log(`\n${title}`);
  const widths = [0, 1, 2].map((i) =>
    Math.max(...rows.map((row) => (row[i] ?? "").length), i === 1 ? unit.length : 0),
  );
  for (const [name, value, ratio] of [["", unit, "ThreadOS is"] as [string, string, string], ...rows]) {
    console.log(`  ${name.padEnd(widths[0] ?? 0)}  ${value.padStart(widths[1] ?? 0)}  ${ratio}`);
  }
}

const shapes: Shape[] = ["chain", "wide"];
const report: Record<string, Record<string, number>> = {};

for (const shape of shapes) {
  const able = contestants.filter((c) => c.missing === undefined);
  const measured = measure(able.map((c) => ({ name: c.name, ...c.prepare(shape, n) })));
  const ours = measured.get("ThreadOS") ?? Number.NaN;
  report[shape] = Object.fromEntries([...measured].map(([name, ms]) => [name, ms / n]));
  const rows = contestants.map(({ name, missing }): [string, string, string] => {
    const ms = measured.get(name);
    if (ms === undefined) return [name, "–", missing ?? ""];
    return [name, (ms / n).toFixed(2), name === "ThreadOS" ? "" : `${(ours / ms).toFixed(2)}× of it`];
  });
  if (!values.json)
    table(
      `${n} steps of \`true\`, ${shape === "chain" ? "one after the other" : "8 at a time"}: wall time of the whole process`,
      "ms a step",
      rows,
    );
}

const empty = join(mkdtempSync(join(tmpdir(), "bench-empty-")), "empty.js");
writeFileSync(empty, "");
const workspace = mkdtempSync(join(tmpdir(), "bench-status-"));
prepareWorkspace(workspace, "chain", n);
const seqctl = join(root, "bin/seqctl");
mustRun([seqctl, "run", "--yes"], workspace);
const starts = measure([
  { name: "the runtime's empty program", run: () => mustRun([process.execPath, empty], root) },
  { name: "seqctl --version", run: () => mustRun([seqctl, "--version"], root) },
  { name: `seqctl status (${n} steps, all run)`, run: () => mustRun([seqctl, "status"], workspace) },
]);
const base = starts.get("the runtime's empty program") ?? Number.NaN;
report.start = Object.fromEntries(starts);
if (values.json) console.log(JSON.stringify({ rounds, steps: n, report }));
else {
  table(
    "start-up: wall time of the whole process",
    "ms",
    [...starts].map(([name, ms]) => [
      name,
      ms.toFixed(1),
      ms === base ? "" : `${(ms / base).toFixed(1)}× the empty program`,
    ]),
  );
  console.log(
    `\nmedians of ${rounds} rounds taken in turn; ${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Bun ${Bun.version}`,
  );
}
