import { expect, test } from "bun:test";
import { restingPlace } from "../../../components/chat/resting";

test("an answer in words is followed to its end", () => {
  expect(restingPlace({ end: 900, height: 300, turn: 700, card: undefined })).toBe(900);
  expect(restingPlace({ end: -20, height: 300, turn: undefined, card: undefined })).toBe(0);
});

test("of a proposal that is higher than the window, the request and the first actions stay in sight", () => {
  expect(restingPlace({ end: 900, height: 300, turn: 500, card: 560 })).toBe(492);
});

test("of one behind many words its first actions do, in the middle of the window", () => {
  expect(restingPlace({ end: 1900, height: 300, turn: 500, card: 1000 })).toBe(850);
});

test("a proposal that fits is seen whole", () => {
  expect(restingPlace({ end: 480, height: 300, turn: 500, card: 560 })).toBe(480);
});
