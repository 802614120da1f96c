import { describe, expect, test } from "bun:test";
import { mustLead } from "../../components/canvas/leading";

const window = { width: 1000, height: 600 };
const view = { x: 0, y: 0, zoom: 1 };
const card = (x: number, y: number) => ({ x, y, width: 200, height: 80 });
const inHand = { holds: true, pressed: null };
const within = card(100, 100);
const cut = card(900, 100);
const outside = card(1500, 100);
const none = { selected: null, box: undefined, window };
const on = (box: ReturnType<typeof card> | undefined) => ({ selected: "build", box, window });

describe("the view", () => {
  test("is led to what is selected elsewhere, and to a new node once it is drawn, if it is not wholly in sight", () => {
    for (const [box, isLed] of [
      [within, false],
      [cut, true],
      [outside, true],
    ] as const) {
      expect(mustLead(none, on(box), view, inHand)).toBe(isLed);
      expect(mustLead(on(undefined), on(box), view, inHand)).toBe(isLed);
    }
  });

  test("stays for a node that is pressed itself", () => {
    expect(mustLead(none, on(cut), view, { holds: true, pressed: "build" })).toBe(false);
    expect(mustLead(none, on(cut), view, { holds: true, pressed: "other" })).toBe(true);
  });

  test("stays for a box that is dropped at its edge, and for one that the person has left out of sight", () => {
    expect(mustLead(on(within), on(cut), view, inHand)).toBe(false);
    expect(mustLead(on(outside), on(card(1600, 100)), view, inHand)).toBe(false);
    // Of a graph in nobody's hands a selected node is kept in sight.
    expect(mustLead(on(outside), on(outside), view, { holds: false, pressed: null })).toBe(true);
  });

  test("follows a selected node that a change of the graph, or a smaller window, would put out of sight", () => {
    expect(mustLead(on(within), on(outside), view, inHand)).toBe(true);
    const narrow = { ...on(card(700, 100)), window: { width: 800, height: 600 } };
    expect(mustLead(on(card(700, 100)), narrow, view, inHand)).toBe(true);
  });
});
