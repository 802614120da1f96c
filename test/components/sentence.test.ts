import { expect, test } from "bun:test";
import { actName } from "../../components/dialog/act-name";
import { sentenceOf } from "../../components/parts/sentence";
import { sayDay, sayMoment, sayTime } from "../../components/state/moment";

test("what the door says begins as a sentence, and what is to be typed is code without its backticks", () => {
  expect(sentenceOf("see `seqctl why a` first")).toEqual([
    { text: "See ", isCode: false },
    { text: "seqctl why a", isCode: true },
    { text: " first", isCode: false },
  ]);
  expect(sentenceOf("`seqctl run` starts it")[0]).toEqual({ text: "seqctl run", isCode: true });
});

test.each([
  ["this [ is never closed", "This [ is never closed"],
  ["patch-synth attempt 1, done", "patch-synth attempt 1, done"],
  ["sequence.yaml can't be read", "sequence.yaml can't be read"],
  ["a backtick ` alone", "A backtick ` alone"],
  ["`x` and a ` alone", "x and a ` alone"],
  ["", ""],
])("%j reads %j", (text, said) =>
  expect(
    sentenceOf(text)
      .map((piece) => piece.text)
      .join(""),
  ).toBe(said),
);

test("one clock everywhere: the local time of 24 hours, with the day where it is not today", () => {
  const now = new Date(2026, 10, 21, 23, 30).getTime();
  const evening = new Date(2026, 10, 21, 21, 6, 5).getTime();
  const before = new Date(2026, 8, 3, 0, 6, 5).getTime();
  expect(sayMoment(evening, now)).toBe("21:06:05");
  expect(sayMoment(before, now)).toBe("2026-09-03 00:06:05");
  expect(sayTime(before)).toBe("00:06:05");
  expect(sayDay(evening, now)).toBe("21:06");
  expect(sayDay(before, now)).toBe("2026-09-03");
});

test("the button that agrees leaves out what the list below it says", () => {
  const about = {
    call: { action: "step.restart", input: {} },
    parts: [{ action: "step.restart", summary: "restart step repl (1 step: repl)", risk: "run" as const }],
    changes: { fields: [], nodes: [], reordered: false },
    starts: [{ step: "repl", command: ["cat"], class: null, rule: null, gates: [] }],
    follows: [],
    beside: [],
    undone: false,
  };
  const summary = "restart step repl (1 step: repl)";
  expect(actName({ summary, times: 1, why: "", shows: [], confirm: "", about })).toBe("Restart step repl");
});
