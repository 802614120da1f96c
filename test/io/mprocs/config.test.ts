import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parse } from "yaml";
import type { Step } from "../../../lib/core/sequence/schema";
import { selectDocument, sendDocument } from "../../../lib/io/mprocs/client";
import { mprocsConfig } from "../../../lib/io/mprocs/config";
import { panesOf } from "../../../lib/io/mprocs/panes";

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.constantFrom(
    '"',
    "'",
    "\n- x",
    "yes",
    "null",
    "{a: b}",
    "#",
    "&a",
    "*a",
    "!!t",
    "\u2028",
    "$(x)",
    "`x`",
    "%",
  ),
);

describe("the configuration", () => {
  test("says exactly what it was given, whatever that is", () => {
    fc.assert(
      fc.property(
        hostile,
        fc.array(hostile, { minLength: 1 }),
        fc.uniqueArray(hostile),
        (root, program, names) => {
          const panes = names.filter((name) => name !== "run").map((name) => ({ step: name, name }));
          const text = mprocsConfig({ port: 4000, root, panesFolder: `${root}/p`, program, panes });
          const read = parse(text);
          expect(Object.keys(read.procs).sort()).toEqual(["run", ...panes.map(({ name }) => name)].sort());
          for (const { name, step } of panes) {
            const words = read.procs[name].cmd;
            expect(words.slice(0, 2)).toEqual(["/bin/sh", "-c"]);
            expect(words.slice(3)).toEqual(["threados-pane", `${root}/p`, step, ...program, "-C", root]);
          }
          expect({ server: read.server, scrollback: read.scrollback }).toEqual({
            server: "127.0.0.1:4000",
            scrollback: 50,
          });
        },
      ),
    );
  });

  test("opens no port where none is given", () => {
    const text = mprocsConfig({ port: null, root: "/w", panesFolder: "/p", program: ["s"], panes: [] });
    expect(Object.keys(parse(text))).not.toContain("server");
  });

  test("names panes by what their steps are to each other", () => {
    const steps: Step[] = [
      { id: "plain" },
      { id: "member", group_id: "g1" },
      { id: "one", type: "f" },
      { id: "fuse", fusion_synth: true, fusion_candidates: ["one"] },
      { id: "chief", type: "b" },
      { id: "hand", orchestrator: "chief" },
      { id: "eye", watchdog_for: "plain" },
    ];
    expect(panesOf(steps).map(({ name }) => name)).toEqual([
      "plain",
      "g1 · member",
      "candidate · one",
      "synthesis · fuse",
      "boss · chief",
      "worker of chief · hand",
      "watchdog of plain · eye",
    ]);
  });
});

describe("the client", () => {
  test("sends one well-formed document and nothing else", async () => {
    let heard = "";
    let ended: () => void = () => undefined;
    const whole = new Promise<void>((resolve) => {
      ended = resolve;
    });
    const server = Bun.listen({
      hostname: "127.0.0.1",
      port: 0,
      socket: {
        data: (_, bytes) => {
          heard += bytes.toString();
        },
        close: () => ended(),
      },
    });
    expect(await sendDocument(server.port, selectDocument(7))).toBeUndefined();
    await whole;
    expect(JSON.parse(heard)).toEqual({ c: "batch", cmds: [{ c: "select-proc", index: 7 }] });
    server.stop(true);
    expect(await sendDocument(server.port, selectDocument(7))).toBe("ECONNREFUSED");
  });

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 1e9])(
    "does not make a document about pane %p",
    (index) => {
      expect(() => selectDocument(index)).toThrow();
    },
  );

  test.each([
    "",
    "garbage",
    "{}",
    '{"c":"quit"}',
    '{"c":"batch","cmds":[]}',
    '{"c":"batch","cmds":[{"c":"add-proc","cmd":"x"}]}',
  ])("refuses to send %p before it connects", (document) => {
    expect(() => sendDocument(1, document)).toThrow();
  });
});
