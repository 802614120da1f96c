import { expect, test } from "bun:test";
import { wantedStream, whichStream } from "../../components/dock/which-stream";
import { lastLines, tellingFirst } from "../../components/inspector/last-lines";
import { failedAttempt } from "../../components/state/last-words";

const over = { wanted: "stdout", isChosen: false, grows: false } as const;

test("the log opens on the output that says something, unless somebody chose the other one", () => {
  const silent = { ...over, lines: 0, otherLines: 3 };
  expect(whichStream({ ...over, lines: 2, otherLines: undefined })).toBe("stdout");
  expect(whichStream(silent)).toBe("stderr");
  expect(whichStream({ ...silent, wanted: "stderr" })).toBe("stdout");
  expect(whichStream({ ...silent, isChosen: true })).toBe("stdout");
  expect(whichStream({ ...silent, otherLines: 0 })).toBe("stdout");
});

test("of a failed step the log opens on the output that its last words stand on, unless somebody chose one", () => {
  const failed = { liked: "stdout", isChosen: false, isAsked: false } as const;
  expect(wantedStream({ ...failed, lastWords: { stream: "stderr" } })).toBe("stderr");
  expect(wantedStream({ ...failed, liked: "stderr", lastWords: { stream: "stdout" } })).toBe("stdout");
  expect(wantedStream({ ...failed, isAsked: true })).toBeUndefined();
  expect(wantedStream({ ...failed, isChosen: true, isAsked: true })).toBe("stdout");
  expect(wantedStream({ ...failed, lastWords: null })).toBe("stdout");
});

test("the attempt that failed is told while a step waits to be tried again, too", () => {
  const step = { id: "flaky", status: "RETRYING", reason: "retry", attempt: 2 } as const;
  const told = { run: "r1", step: "flaky", attempt: 2 };
  expect(failedAttempt("r1", step)).toEqual(told);
  expect(failedAttempt("r1", { ...step, reason: "engine.absent" })).toEqual(told);
  expect(failedAttempt("r1", { ...step, status: "FAILED", reason: "exit" })).toEqual(told);
  expect(failedAttempt("r1", { ...step, reason: "loop" })).toBeNull();
  expect(failedAttempt("r1", { ...step, status: "RUNNING", reason: "running" })).toBeNull();
  expect(failedAttempt("r1", { ...step, attempt: 0 })).toBeNull();
  expect(failedAttempt(null, step)).toBeNull();
});

test("while an attempt goes on the wanted output is shown: it may still say something", () => {
  expect(whichStream({ ...over, grows: true, lines: 0, otherLines: 3 })).toBe("stdout");
});

test("nothing is shown before it is known which of them says something", () => {
  expect(whichStream({ ...over, lines: 0, otherLines: undefined })).toBeUndefined();
  expect(whichStream({ ...over, lines: undefined, otherLines: undefined })).toBe("stdout");
});

test("last words are whole lines, and say whether they are all there is", () => {
  expect(lastLines({ text: "a\nb\n\n", from: 0 }, 2)).toEqual({ text: "a\nb", isAll: true });
  expect(lastLines({ text: "a\nb\nc", from: 0 }, 2)).toEqual({ text: "b\nc", isAll: false });
  expect(lastLines({ text: "ut in two\nb\nc\n", from: 7 }, 9)).toEqual({ text: "b\nc", isAll: false });
  expect(lastLines({ text: "of one line\n", from: 7 }, 9)).toEqual({ text: "of one line", isAll: false });
});

test("of what was stopped its own output tells more than what the shell says of the signal", () => {
  expect(tellingFirst(false)).toEqual(["stderr", "stdout"]);
  expect(tellingFirst(true)).toEqual(["stdout", "stderr"]);
});
