import { afterAll, expect, test } from "bun:test";
import type { Sequence } from "../../lib/core/sequence/schema";
import { findEntries } from "../../lib/runtime/audit-find";
import type { Ports } from "../../lib/runtime/ports";
import { openWorkspace } from "../../lib/threados";
import { value } from "../rig/sequence";
import { cleanUp, Workspace } from "../rig/workspace";

afterAll(cleanUp);

/** Ports over a log of so many whole texts put in place of each other, each with another step; how many were read. */
async function logOf(writes: number) {
  const at = await Workspace.make();
  const { ports } = value(openWorkspace(at.root, []));
  const [first] = at.audit();
  const digest = (n: number) => n.toString(16).padStart(64, "0");
  const lines = Array.from({ length: writes }, (_, index) => {
    const seq = writes - index;
    const texts = { before: digest(seq - 1), after: digest(seq) };
    return JSON.stringify({ ...first, seq, action: "sequence.write", target: null, payload: {}, ...texts });
  });
  let read = 0;
  const revision = (wanted: string) => {
    read += 1;
    return { ok: true, value: wanted } as const;
  };
  const check = (text: string) => {
    const steps = [{ id: `s${Number.parseInt(text, 16)}`, command: ["true"] }];
    return { ok: true, value: { version: 1, name: "x", steps, gates: [] } as unknown as Sequence } as const;
  };
  const definition = { ...ports.definition, revision, check };
  const faked: Ports = { ...ports, definition, audit: { ...ports.audit, backwards: () => lines.values() } };
  return { ports: faked, read: () => read };
}

test("so many texts are compared for one answer, that others get their turn; what was compared is known", async () => {
  const { ports, read } = await logOf(450);
  const pages: { seqs: number[]; next: number | null; read: number }[] = [];
  const page = (before?: number) => {
    const already = read();
    const { entries, next } = value(
      findEntries(ports, { target: "s3", ...(before === undefined ? {} : { before }) }),
    );
    pages.push({ seqs: entries.map(({ seq }) => seq), next, read: read() - already });
    return next;
  };
  for (let next = page(); next !== null; ) next = page(next);
  expect(pages.map(({ seqs, next }) => [seqs, next])).toEqual([
    [[], 251],
    [[], 51],
    [[4, 3], null],
  ]);
  for (const each of pages) expect(each.read).toBeLessThanOrEqual(201);
  expect(value(findEntries(ports, { target: "s3" }))).toMatchObject({ next: null });
  expect(pages.reduce((sum, each) => sum + each.read, 0)).toBe(read());
});
