import * as fs from "node:fs";
import { countOf } from "../../core/count";
import type { Failure } from "../../core/failure";
import { renderFailure } from "../../core/failure-table";
import type { Threados } from "../../threados";
import { type Answering, sayFailure, sayJson } from "./say";

/** How somebody without ThreadOS checks a bundle. */
const how =
  'Each line ends in ,"hash":"<64 hex>"}. The hash is the SHA-256 of the line\'s bytes before that (UTF-8), and the ' +
  '"prev" just before it is the hash of the line before (64 zeros for the first). Compare the last hash with one that ' +
  "was kept elsewhere: a chain by itself can't tell that all of it was rewritten.";

/** Writes the log out, bytes as they stand: as lines, or as one document with the head and what verifying it says; the exit code. */
export async function exportAudit(
  answering: Answering,
  threados: Threados,
  { bundle, out }: { bundle: boolean; out: string | undefined },
): Promise<number> {
  const verified = await threados.query("audit.verify", {});
  const fd = out === undefined ? undefined : openNew(out);
  if (typeof fd === "object") return sayFailure(answering, fd);
  const write = (text: string) => {
    if (fd === undefined) answering.shell.out(text);
    else fs.writeFileSync(fd, text);
  };
  try {
    const entries = bundle
      ? writeBundle(write, threados, verified, answering.json && fd === undefined ? "" : "\n")
      : writeLines(write, threados);
    if (fd !== undefined) {
      fs.fsyncSync(fd);
      const done = { file: out, entries, verified: verified.ok };
      if (answering.json) sayJson(answering, done);
      else
        answering.shell.out(
          `${answering.paint("green", "✓")} wrote ${countOf(entries, "entry")} to ${out}\n`,
        );
    }
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    if (out === undefined || code === undefined || syscall !== "write") throw error;
    // Half of it could be taken for all of it.
    fs.rmSync(out, { force: true });
    return sayFailure(answering, cantWrite(out, `can't be written (${code})`));
  } finally {
    if (fd !== undefined) fs.closeSync(fd);
  }
  // What is corrupt is written out all the same, since it is evidence; nobody should take it for sound.
  if (verified.ok) return 0;
  const { message, exit } = renderFailure(verified.failure);
  answering.shell.err(`${answering.paint("red", "error")} what was written does not verify: ${message}\n`);
  return exit;
}

function openNew(path: string): number | Failure {
  try {
    return fs.openSync(path, "wx", 0o600);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    return cantWrite(
      path,
      code === "EEXIST" ? "is there already" : `can't be made (${code ?? String(error)})`,
    );
  }
}

function cantWrite(path: string, problem: string): Failure {
  return { code: "io.failed", path, problem, hint: "choose another file with --out" };
}

function writeLines(write: (text: string) => void, { ports }: Threados): number {
  let entries = 0;
  for (const { line } of ports.audit.forwards()) {
    write(`${line}\n`);
    entries += 1;
  }
  return entries;
}

function writeBundle(
  write: (text: string) => void,
  { ports }: Threados,
  verified: Awaited<ReturnType<Threados["query"]>>,
  /** What ends a line of the document; nothing where it is to be a single one. */
  end: string,
): number {
  const head = {
    threados_audit: 1,
    exported_at: new Date(ports.now()).toISOString(),
    how,
    verified: verified.ok ? verified.value : renderFailure(verified.failure).body,
  };
  write(`${JSON.stringify(head).slice(0, -1)},"lines":[`);
  let entries = 0;
  for (const { line } of ports.audit.forwards()) {
    write(`${entries === 0 ? "" : ","}${end}${JSON.stringify(line)}`);
    entries += 1;
  }
  write(`${end}]}\n`);
  return entries;
}
