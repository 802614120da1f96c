import { beforeEach, describe, expect, test } from "bun:test";
import { type Part, type Place, placeIn } from "../../components/dialog/toast-place";
import { dismissNewest, tell, useNews } from "../../components/state/news";

const ground = (right: number, bottom: number): Part => ({ left: 0, top: 40, right, bottom });
const tools = ({ bottom }: Part): Part => ({ left: 12, top: bottom - 42, right: 394, bottom: bottom - 12 });
const map = ({ right, bottom }: Part): Part => ({
  left: right - 217,
  top: bottom - 167,
  right: right - 15,
  bottom: bottom - 15,
});

/** What a message of so many px in height covers there. */
const boxOf = ({ middle, bottom, width }: Place, high: number): Part => ({
  left: middle - width / 2,
  right: middle + width / 2,
  top: bottom - high,
  bottom,
});
const meets = (a: Part, b: Part) =>
  a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

const wide = ground(1080, 650);
const small = ground(663, 450);

describe("a message", () => {
  test.each([
    ["1440×900", wide, [tools(wide)], 560],
    ["1440×900 with the map", wide, [tools(wide), map(wide)], 453],
    ["1024×700", small, [tools(small)], 253],
    ["1024×700 with the map", small, [tools(small), map(small)], 430],
    ["a list, which has nothing there", small, [], 560],
  ])(
    "stands in the graph's lower edge and covers nothing that is pressed there: %s",
    (_, all, taken, width) => {
      const place = placeIn(all, taken);
      const box = boxOf(place, 52);
      expect(taken.filter((part) => meets(box, part))).toEqual([]);
      expect(place.width).toBe(width);
      expect(box.left).toBeGreaterThanOrEqual(all.left);
      expect(box.right).toBeLessThanOrEqual(all.right);
      expect(box.bottom).toBeLessThan(all.bottom);
    },
  );

  test("stands as low as it can, where the graph keeps free of nodes", () => {
    expect(placeIn(wide, [tools(wide)]).bottom).toBe(wide.bottom - 8);
    expect(placeIn(small, [tools(small)]).bottom).toBe(small.bottom - 8);
    expect(placeIn(small, [tools(small), map(small)]).bottom).toBe(tools(small).top - 8);
  });

  test("stands somewhere also where nothing is free", () => {
    const narrow = ground(200, 450);
    expect(placeIn(narrow, [tools(narrow)])).toEqual({ middle: 100, bottom: 442, width: 184 });
  });
});

describe("of several messages", () => {
  beforeEach(() => useNews.setState({ toasts: [] }));

  test("the newest is dismissed first", () => {
    tell("failed", "first");
    tell("done", "second");
    expect(dismissNewest()).toBe(true);
    expect(useNews.getState().toasts.map(({ text }) => text)).toEqual(["first"]);
    expect([dismissNewest(), dismissNewest()]).toEqual([true, false]);
  });
});
