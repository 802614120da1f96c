import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  edited,
  mostPlacings,
  next,
  type OwnPlaces,
  type Placing,
  passage,
  passed,
  remember,
  touchedBy,
  turned,
  type Way,
} from "../../components/state/own-places";
import { type LayoutChange, laid } from "../../lib/core/laying";
import { emptyLayout, type Layout } from "../../lib/core/layout";

/** A page with its sequence: digests of definitions, and where everything stands. */
class Page {
  own: OwnPlaces = { done: [], undone: [], head: null };
  layout: Layout = emptyLayout;
  #count = 0;
  #edits = ["0"];
  #undone: string[] = [];

  get revision(): string {
    return this.#edits.at(-1) ?? "";
  }

  /** What there is to be seen. */
  get seen() {
    const { direction = "right", positions } = this.layout;
    return { revision: this.revision, direction, positions: Object.entries(positions).sort() };
  }

  place(change: LayoutChange, more: Partial<Placing> = {}): void {
    const touched = touchedBy(this.layout, change);
    this.layout = laid(this.layout, change);
    if (!touched) return;
    const placing: Placing = {
      ...{ words: "move it", at: this.revision, joined: false, nudge: false },
      ...{ whole: change.reset === true, ...touched, ...more },
    };
    this.own = remember(this.own, placing);
  }

  /** An edit, by this page or by somebody else. */
  edit(isOwn: boolean, places?: LayoutChange): void {
    this.#edits.push(String(++this.#count));
    this.#undone = [];
    if (!isOwn) return;
    this.own = edited(this.own, this.revision);
    if (places) this.place(places, { joined: true });
  }

  /** What somebody else does with the same boxes. */
  placeElsewhere(change: LayoutChange): void {
    this.layout = laid(this.layout, change);
  }

  /** One step; what was passed. */
  turn(way: Way): Placing | "an edit" | null {
    const placing = next(this.own, way, this.revision);
    if (placing) {
      this.#carry(way, placing);
      this.own = passed(this.own, way, placing);
      return placing;
    }
    const [from, to] = way === "undo" ? [this.#edits, this.#undone] : [this.#undone, this.#edits];
    if (from.length === (way === "undo" ? 1 : 0)) return null;
    const before = this.revision;
    to.push(from.pop() ?? "");
    const result = turned(this.own, way, [before, this.revision]);
    this.own = result.own;
    if (result.placing) this.#carry(way, result.placing);
    return "an edit";
  }

  #carry(way: Way, { before, after }: Placing): void {
    const [from, to] = way === "undo" ? [after, before] : [before, after];
    const change = passage(this.layout, from, to);
    if (change) this.layout = laid(this.layout, change);
  }
}

const spot = fc.record({ x: fc.nat(4), y: fc.nat(4) }, { noNullPrototype: true });
const positions = fc.dictionary(fc.constantFrom("a", "b", "c"), fc.option(spot), {
  minKeys: 1,
  noNullPrototype: true,
});
const placed = fc.oneof(
  { weight: 4, arbitrary: positions.map((positions): LayoutChange => ({ positions })) },
  fc.constant<LayoutChange>({ reset: true }),
  fc.constantFrom<LayoutChange>({ reset: true, direction: "down" }, { reset: true, direction: "right" }),
);
const act = fc.oneof(
  placed.map((change) => (page: Page) => page.place(change)),
  fc.constant((page: Page) => page.edit(true)),
  positions.map((positions) => (page: Page) => page.edit(true, { positions })),
);

describe("what this page did to the places", () => {
  test("is taken back in the order in which it was done, edits and places alike, and all of it done again", () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 20 }), (acts) => {
        const page = new Page();
        const pictures = [page.seen];
        for (const act of acts) {
          act(page);
          if (!Bun.deepEquals(page.seen, pictures.at(-1))) pictures.push(page.seen);
        }
        for (const picture of pictures.slice(0, -1).reverse()) {
          page.turn("undo");
          expect(page.seen).toEqual(picture);
        }
        expect(page.turn("undo")).toBeNull();
        for (const picture of pictures.slice(1)) {
          page.turn("redo");
          expect(page.seen).toEqual(picture);
        }
        expect(page.turn("redo")).toBeNull();
      }),
    );
  });

  test("leaves what somebody else has placed meanwhile, whatever is taken back and done again", () => {
    const step = fc.oneof(
      act,
      fc.constantFrom<(page: Page) => void>(
        (page) => page.turn("undo"),
        (page) => page.turn("redo"),
        (page) => page.edit(false),
      ),
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 12 }),
        fc.array(fc.constantFrom<Way>("undo", "redo")),
        (acts, ways) => {
          const page = new Page();
          for (const act of acts) act(page);
          // A place where this page never puts anything.
          const theirs = { x: 100, y: 100 };
          page.placeElsewhere({ positions: { a: theirs } });
          for (const way of ways) page.turn(way);
          expect(page.layout.positions.a).toEqual(theirs);
        },
      ),
    );
  });

  test("is passed only on the definition on which it was done, and never changes that", () => {
    const step = fc.oneof(
      act,
      fc.constant((page: Page) => page.edit(false)),
    );
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 15 }),
        fc.array(fc.constantFrom<Way>("undo", "redo"), { maxLength: 15 }),
        (acts, ways) => {
          const page = new Page();
          for (const act of acts) act(page);
          for (const way of ways) {
            const before = page.revision;
            const passed = page.turn(way);
            if (passed === null || passed === "an edit") continue;
            expect(passed.at).toBe(before);
            expect(page.revision).toBe(before);
          }
        },
      ),
    );
  });

  test("can't be done again once something else was done, here or elsewhere", () => {
    for (const other of [
      (page: Page) => page.place({ positions: { b: { x: 1, y: 1 } } }),
      (page: Page) => page.edit(true),
      (page: Page) => page.edit(false),
    ]) {
      const page = new Page();
      page.place({ positions: { a: { x: 1, y: 1 } } });
      page.turn("undo");
      other(page);
      expect(page.turn("redo")).toBeNull();
      expect(page.layout.positions.a).toBeUndefined();
    }
  });

  test("is remembered up to a bound, the newest longest", () => {
    const page = new Page();
    for (let x = 0; x <= mostPlacings + 5; x++) page.place({ positions: { a: { x, y: 0 } } });
    let steps = 0;
    while (page.turn("undo") !== null) steps++;
    expect(steps).toBe(mostPlacings);
    expect(page.layout.positions.a).toEqual({ x: 5, y: 0 });
  });
});

test("a row of moves by key is one change; a pull or another box begins a new one", () => {
  const page = new Page();
  page.place({ positions: { a: { x: 0, y: 0 } } });
  for (let x = 1; x < 6; x++) page.place({ positions: { a: { x, y: 0 } } }, { nudge: true });
  page.place({ positions: { b: { x: 9, y: 0 } } }, { nudge: true });
  page.turn("undo");
  expect(page.layout.positions).toEqual({ a: { x: 5, y: 0 } });
  page.turn("undo");
  expect(page.layout.positions).toEqual({ a: { x: 0, y: 0 } });
  page.turn("redo");
  expect(page.layout.positions).toEqual({ a: { x: 5, y: 0 } });
});

test("after Tidy was taken back, places are those before it but for what was placed since", () => {
  const page = new Page();
  page.place({ positions: { a: { x: 1, y: 1 }, b: { x: 2, y: 2 } } });
  page.place({ reset: true });
  page.placeElsewhere({ positions: { b: { x: 9, y: 9 } } });
  page.turn("undo");
  expect(page.layout.positions).toEqual({ a: { x: 1, y: 1 }, b: { x: 9, y: 9 } });
});
