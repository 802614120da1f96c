import { expect, test } from "bun:test";
import { beyond } from "../../components/canvas/beyond";

const box = (x: number, y: number) => ({ x, y, width: 200, height: 80 });

test("what is out of sight is counted at the side where it lies, and what is half seen is not", () => {
  const boxes = [
    box(-300, 100),
    box(-120, 100),
    box(-80, 100),
    box(500, 5000),
    box(2000, 100),
    box(300, -200),
  ];
  expect(beyond(boxes, [0, 0, 1], 1000, 600)).toEqual({ left: 2, right: 1, up: 1, down: 1 });
});

test("nothing is beyond what is seen whole", () => {
  expect(beyond([box(0, 0), box(2000, 1000)], [10, 10, 0.4], 1000, 600)).toEqual({
    left: 0,
    right: 0,
    up: 0,
    down: 0,
  });
});
