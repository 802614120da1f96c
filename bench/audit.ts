// Verifies an audit log of a million entries, and prints entries a second and the memory it took. `bun run bench:audit [--entries n] [--json]`
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type AuditFacts, chainEntry, genesis } from "../lib/core/audit/entry";
import { sha256 } from "../lib/io/files/digest";
import { initWorkspace, openWorkspace } from "../lib/threados";

const { values } = parseArgs({
  options: { entries: { type: "string", default: "1000000" }, json: { type: "boolean", default: false } },
});
const entries = Number(values.entries);
const segmentBytes = 16 * 1024 * 1024;

const home = mkdtempSync(join(tmpdir(), "bench-audit-"));
process.env.XDG_STATE_HOME = join(home, "state");
try {
  const made = await initWorkspace(home, { name: "bench" });
  if (!made.ok) throw new Error(JSON.stringify(made.failure));
  writeLog(join(home, ".threados"));
  const opened = openWorkspace(home, []);
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure));
  let peak = 0;
  const look = setInterval(() => {
    peak = Math.max(peak, process.memoryUsage.rss());
  }, 20);
  const before = process.memoryUsage.rss();
  const start = performance.now();
  const verified = await opened.value.query("audit.verify", {});
  const seconds = (performance.now() - start) / 1000;
  clearInterval(look);
  if (!verified.ok) throw new Error(JSON.stringify(verified.failure));
  const rate = Math.round(entries / seconds);
  const grown = Math.round((Math.max(peak, process.memoryUsage.rss()) - before) / 1e6);
  console.log(
    values.json
      ? JSON.stringify({ entries, seconds, rate, grown_mb: grown })
      : `${entries} entries verified in ${seconds.toFixed(2)} s: ${rate} a second; memory grew by ${grown} MB`,
  );
} finally {
  rmSync(home, { recursive: true, force: true });
}

/** A log as a busy workspace leaves it: full segments, then the open one. */
function writeLog(folder: string): void {
  const facts = {
    actor: "user",
    surface: "cli",
    action: "step.edit",
    target: "build",
    payload: { input: { id: "build", command: ["npm", "run", "build"] } },
    policy_mode: "SAFE",
    result: "success",
  } satisfies AuditFacts;
  let [prev, segment, text] = [genesis, 0, ""];
  const put = (name: string) => {
    const fd = openSync(join(folder, name), "w");
    writeSync(fd, text);
    closeSync(fd);
    text = "";
  };
  for (let seq = 1; seq <= entries; seq++) {
    const { line, hash } = chainEntry(facts, { seq, ts: "2026-01-01T00:00:00.000Z", prev }, sha256);
    prev = hash;
    text += `${line}\n`;
    if (text.length >= segmentBytes) put(`audit-${++segment}.log`);
  }
  put("audit.log");
  rmSync(join(process.env.XDG_STATE_HOME ?? "", "threados"), { recursive: true, force: true });
}
