import { describe, expect, test } from "bun:test";
import * as fc from "fast-check";
import { SseParser } from "../../components/state/sse";

const parse = (...chunks: string[]) => {
  const parser = new SseParser();
  return chunks.flatMap((chunk) => parser.push(chunk));
};

describe("a server-sent stream", () => {
  test("gives an event at each blank line, with its name, data and id", () => {
    expect(parse('id: r.1.ab\nevent: status\ndata: {"a":1}\n\n')).toEqual([
      { name: "status", data: '{"a":1}', id: "r.1.ab" },
    ]);
  });

  test("joins several data lines and takes away one leading space", () => {
    expect(parse("data:one\ndata:  two\ndata\n\n")[0]?.data).toBe("one\n two\n");
  });

  test("passes over comments, unknown fields and events without data, and still learns their id", () => {
    expect(parse(": keep-alive\n\nretry: 1000\n\nid: 7\n\ndata: x\n\n")).toEqual([
      { name: "message", data: "x", id: "7" },
    ]);
  });

  test("an id stays until another comes, and one with a NUL is none", () => {
    expect(parse("id: 1\ndata: a\n\ndata: b\n\nid: 2\0\ndata: c\n\n").map((event) => event.id)).toEqual([
      "1",
      "1",
      "1",
    ]);
  });

  test("an event that the stream's end cuts off is not given", () => {
    expect(parse("data: whole\n\ndata: half\n")).toHaveLength(1);
  });

  test("a byte order mark at the very start is passed over, also when it comes alone", () => {
    expect(parse("\uFEFFdata: x\n\n")[0]?.data).toBe("x");
    expect(parse("\uFEFF", "data: x\n\n")[0]?.data).toBe("x");
  });

  test("wherever it is cut and whatever ends its lines, the events are the same", () => {
    const line = fc.constantFrom(
      "event: status",
      "data: x: y",
      "data:",
      "id: r.2",
      ": note",
      "",
      "data: ü€😀",
    );
    fc.assert(
      fc.property(
        fc.array(line, { maxLength: 30 }),
        fc.constantFrom("\n", "\r\n", "\r"),
        fc.array(fc.nat(400), { maxLength: 12 }),
        (lines, end, places) => {
          const expected = parse(`${lines.join("\n")}\n\n`);
          // One more character, for a lone CR at the very end may still become a CRLF.
          const text = `${lines.join(end)}${end}${end}:`;
          const cuts = [...new Set(places.filter((at) => at < text.length))].sort((a, b) => a - b);
          const chunks = [0, ...cuts].map((at, i) => text.slice(at, cuts[i]));
          expect(parse(...chunks)).toEqual(expected);
        },
      ),
    );
  });
});
