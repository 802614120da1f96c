import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { DetachKey } from "../../../lib/io/terminal/detach-key";
import { encodeFrame, type Frame, FrameReader, maxPayloadBytes } from "../../../lib/io/terminal/frames";
import { throughTerminal } from "../../../lib/io/terminal/order";
import { Replay } from "../../../lib/io/terminal/replay";

const bytes = fc.uint8Array({ maxLength: 200 });
const frame: fc.Arbitrary<Frame> = fc.oneof(
  bytes.filter((b) => b.length > 0).map((b) => ({ type: "input" as const, bytes: b })),
  bytes.filter((b) => b.length > 0).map((b) => ({ type: "output" as const, bytes: b })),
  fc.record({
    type: fc.constant("resize" as const),
    cols: fc.integer({ min: 1, max: 2000 }),
    rows: fc.integer({ min: 1, max: 2000 }),
  }),
  fc.record({ type: fc.constant("exit" as const), code: fc.nat(255) }),
  fc.constant({ type: "count" as const }),
  fc.record({ type: fc.constant("seats" as const), count: fc.nat(0xffff) }),
);
const plain = (each: Frame) => ("bytes" in each ? { ...each, bytes: [...each.bytes] } : each);

/** Cuts a text of bytes into pieces of the given sizes, again and again. */
function pieces(whole: Uint8Array, sizes: readonly number[]): Uint8Array[] {
  const cut: Uint8Array[] = [];
  for (let at = 0, i = 0; at < whole.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    cut.push(whole.subarray(at, at + size));
    at += size;
  }
  return cut;
}

describe("frames", () => {
  test("come as they were sent, wherever the stream is cut", () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(frame), sizes, (frames, cuts) => {
        const heard: Frame[] = [];
        const reader = new FrameReader((each) => heard.push(each));
        for (const piece of pieces(Buffer.concat(frames.map(encodeFrame)), cuts))
          expect(reader.push(piece)).toBe(true);
        expect(heard.map(plain)).toEqual(frames.map(plain));
      }),
    );
  });

  test("that are none end the reading, and nothing is kept of them", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const reader = new FrameReader((each) => {
          if ("bytes" in each) expect(each.bytes.length).toBeLessThanOrEqual(maxPayloadBytes);
        });
        if (!reader.push(noise)) expect(reader.push(encodeFrame({ type: "exit", code: 1 }))).toBe(false);
      }),
    );
    for (const nonsense of [
      "GET / HTTP/1.1\r\n",
      "\u0007\0\0\0\0",
      "\u0001\u00ff\u00ff\u00ff\u00ff",
      "\u0002\0\0\0\u0001x",
    ])
      expect(new FrameReader(() => undefined).push(Buffer.from(nonsense, "latin1"))).toBe(false);
  });

  test("longer than one are sent in pieces", () => {
    const long = new Uint8Array(maxPayloadBytes * 2 + 5).fill(65);
    let length = 0;
    const reader = new FrameReader((each) => {
      length += "bytes" in each ? each.bytes.length : 0;
    });
    expect(reader.push(encodeFrame({ type: "output", bytes: long }))).toBe(true);
    expect(length).toBe(long.length);
  });
});

describe("the replay", () => {
  test("keeps the newest bytes, from the beginning of a line where something is missing", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 30 })), (chunks) => {
        const replay = new Replay(40);
        for (const chunk of chunks) replay.add(chunk);
        const all = Buffer.concat(chunks);
        const kept = Buffer.from(replay.bytes());
        expect(kept.length).toBeLessThanOrEqual(40);
        expect(all.subarray(all.length - kept.length)).toEqual(kept);
        if (all.length < 40) expect(kept).toEqual(all);
      }),
    );
    const lines = new Replay(10);
    lines.add(Buffer.from("first line\nsecond\n"));
    expect(Buffer.from(lines.bytes()).toString()).toBe("second\n");
  });
});

describe("Ctrl-\\", () => {
  test.each([
    ["twice in a row leaves", ["a\u001c\u001cb"], "a", true],
    ["twice in a row leaves, key by key", ["\u001c", "\u001c"], "", true],
    ["once goes on with the next key", ["\u001c", "x"], "\u001cx", false],
    ["with another key between does not leave", ["\u001cx\u001c", "y"], "\u001cx\u001cy", false],
  ] as const)("%s", (_, typed, passed, detach) => {
    const key = new DetachKey();
    const read = typed.map((text) => key.read(Buffer.from(text)));
    expect(read.map(({ pass }) => Buffer.from(pass).toString()).join("")).toBe(passed);
    expect(read.at(-1)?.detach).toBe(detach);
  });
});

test("where terminals can't be held the refusal says what is needed", () => {
  const refused = throughTerminal({ possible: false, program: ["x"] }, "/", "r/a/1", ["true"]);
  expect(refused).toMatchObject({ ok: false, failure: { problem: expect.stringContaining("needs Bun") } });
});
