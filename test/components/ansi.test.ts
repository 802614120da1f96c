import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { markMatches, readLines } from "../../components/dock/ansi";
import { plainLine } from "../../lib/core/terminal-text";

const esc = "\u001b";
const plain = (text: string) =>
  readLines(text)
    .map((pieces) => pieces.map((piece) => piece.text).join(""))
    .join("\n");

test("colours and weights are kept until they are taken back", () => {
  expect(readLines(`a${esc}[1;31mb${esc}[22mc${esc}[0md`)[0]).toEqual([
    { text: "a", style: {} },
    { text: "b", style: { bold: true, color: 1 } },
    { text: "c", style: { color: 1 } },
    { text: "d", style: {} },
  ]);
});

test("256 colours, true colours and bright ones are read", () => {
  const colors = [`38;5;9`, `38;5;196`, `38;5;244`, `38;2;1;2;255`, `94`].map(
    (code) => readLines(`${esc}[${code}mx`)[0]?.[0]?.style.color,
  );
  expect(colors).toEqual([9, "#ff0000", "#808080", "#0102ff", 12]);
});

test.each([
  ["a title", `${esc}]0;evil${"\u0007"}ok`],
  ["a link", `${esc}]8;;https://example.org${esc}\\ok${esc}]8;;${esc}\\`],
  ["cursor movement", `${esc}[2J${esc}[1;1Hok${esc}[?25l`],
  ["a device string", `${esc}Pq#0;2;0;0;0${esc}\\ok`],
  ["a charset switch", `${esc}(Bok${esc}=`],
  ["control characters", "\u0000o\u0008k\u007f\u0085"],
  ["an escape that the end cuts off", `ok${esc}[38;5`],
  ["a lone escape", `ok${esc}`],
])("%s is taken out", (_what, text) => expect(plain(text)).toBe("ok"));

test("what a carriage return wrote over is gone, and CRLF is a line's end", () => {
  expect(plain("10 %\r50 %\r100 %\ndone\r\nnext\r")).toBe("100 %\ndone\nnext");
});

test("markup stays text", () => expect(plain("<script>alert(1)</script>")).toBe("<script>alert(1)</script>"));

test("whatever comes, no control character is left but tab and newline", () => {
  const nasty = fc.array(
    fc.oneof(
      fc.string({ unit: "binary-ascii" }),
      fc.constantFrom(esc, "[", "]", "31m", "\u009b", "\u0007", "\r"),
    ),
  );
  fc.assert(
    fc.property(nasty, (parts) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about
      expect(plain(parts.join(""))).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/);
    }),
  );
});

test("a colour holds over the ends of lines until it is changed", () => {
  expect(readLines("\x1b[31mred\nstill\x1b[0m not\n")).toEqual([
    [{ text: "red", style: { color: 1 } }],
    [
      { text: "still", style: { color: 1 } },
      { text: " not", style: {} },
    ],
    [],
  ]);
});

test("what was looked for is cut out of the pieces it runs through, and nothing is lost", () => {
  const pieces = [
    { text: "abc", style: { bold: true } },
    { text: "def", style: {} },
  ];
  const marked = markMatches(pieces, [
    { column: 0, length: 1, isCurrent: false },
    { column: 2, length: 2, isCurrent: true },
  ]);
  expect(marked.map(({ text, match }) => [text, match])).toEqual([
    ["a", "other"],
    ["b", undefined],
    ["c", "current"],
    ["d", "current"],
    ["ef", undefined],
  ]);
});

test("a line as a person sees it has no escapes, and of what was written over only the last", () => {
  expect(plainLine("10%\r50%\r\x1b[32m100%\x1b[0m\r")).toBe("100%");
});
