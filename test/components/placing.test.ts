import { beforeEach, describe, expect, test } from "bun:test";
import { QueryClient } from "@tanstack/react-query";
import type { Call } from "../../components/state/call";
import type { Outcome } from "../../components/state/desk";
import { doingAt } from "../../components/state/doing";
import { layoutKey, statusKey } from "../../components/state/keys";
import { useNews } from "../../components/state/news";
import { useOwnPlaces } from "../../components/state/own-places";
import { type LayoutChange, laid } from "../../lib/core/laying";
import { emptyLayout, type Layout } from "../../lib/core/layout";
import { until } from "../rig/deadline";

/** A server with its layout and a stack of definitions, and a page at it. */
class Server {
  layout: Layout = emptyLayout;
  readonly sent: string[] = [];
  readonly client = new QueryClient();
  refuses = false;
  #texts = ["0"];
  #undone: string[] = [];
  #count = 0;

  constructor() {
    this.client.setQueryData(layoutKey, this.layout);
    this.#push();
  }

  readonly doing = doingAt(
    { do: (call) => this.#take(call), edit: (calls) => this.#edit(calls) },
    this.client,
    undefined,
    undefined,
    async () => this.layout,
  );

  /** What the page shows, without what nobody placed. */
  get shown() {
    return this.client.getQueryData<Layout>(layoutKey)?.positions;
  }

  /** An edit from a shell. */
  editElsewhere(): void {
    this.#texts.push(String(++this.#count));
    this.#push();
  }

  #push(): void {
    this.client.setQueryData(statusKey, { revision: this.#texts.at(-1) });
  }

  async #edit(calls: readonly Call[]): Promise<Outcome> {
    this.sent.push(calls.map(({ action }) => action).join());
    if (this.refuses) return { kind: "declined" };
    this.#texts.push(String(++this.#count));
    this.#undone = [];
    return this.#done("edited");
  }

  async #take({ action, input }: Call): Promise<Outcome> {
    this.sent.push(action);
    if (this.refuses) {
      const refusal = { status: 500, code: "disk.full", message: "the disk is full" };
      return { kind: "refused", refusal };
    }
    if (action === "layout.place") {
      this.layout = laid(this.layout, input as LayoutChange);
      return { kind: "done", done: { summary: "", changed: true, warnings: [] } };
    }
    const [from, to] = action === "sequence.undo" ? [this.#texts, this.#undone] : [this.#undone, this.#texts];
    to.push(from.pop() ?? "");
    return this.#done("pass the last change (edit it)");
  }

  #done(summary: string): Outcome {
    this.#push();
    return { kind: "done", done: { summary, changed: true, after: this.#texts.at(-1) ?? "", warnings: [] } };
  }
}

const edit: Call[] = [{ action: "step.edit", input: { id: "a", name: "A" } }];
const toasts = () => useNews.getState().toasts.map(({ text, hint }) => (hint ? `${text}; ${hint}` : text));
let at: Server;

beforeEach(() => {
  useNews.setState({ toasts: [] });
  useOwnPlaces.setState({ done: [], undone: [], head: null });
  at = new Server();
});

describe("a step back", () => {
  test("takes back a move before an older edit, and the edit next; each is done again in turn", async () => {
    const { doing } = at;
    await doing.edit(edit);
    doing.place({ positions: { a: { x: 1, y: 1 } } });
    doing.place({ positions: { a: { x: 2, y: 2 }, b: { x: 3, y: 3 } } });
    await doing.undo();
    expect(at.shown).toEqual({ a: { x: 1, y: 1 } });
    await doing.undo();
    expect(at.layout.positions).toEqual({});
    await doing.undo();
    expect(at.sent).toEqual(["step.edit", ...Array(4).fill("layout.place"), "sequence.undo"]);
    for (let steps = 0; steps < 3; steps++) await doing.redo();
    expect(at.sent.slice(6)).toEqual(["sequence.redo", "layout.place", "layout.place"]);
    expect(at.layout.positions).toEqual({ a: { x: 2, y: 2 }, b: { x: 3, y: 3 } });
    expect(toasts()).toEqual([
      "Undone: edit it",
      "Done again: edit it",
      "Done again: move a",
      "Done again: move 2 boxes",
    ]);
  });

  test("several at once are taken one after the other", async () => {
    const { doing } = at;
    doing.place({ positions: { a: { x: 1, y: 1 } } });
    await doing.edit(edit);
    doing.place({ positions: { a: { x: 2, y: 2 } } });
    await Promise.all([doing.undo(), doing.undo(), doing.undo()]);
    expect(at.sent.slice(3)).toEqual(["layout.place", "sequence.undo", "layout.place"]);
    expect(at.shown).toEqual({});
  });

  test("brings back what Tidy has taken, which says so", async () => {
    const { doing } = at;
    doing.place({ positions: { a: { x: 1, y: 1 }, b: { x: 2, y: 2 } } });
    doing.place({ reset: true });
    expect(at.shown).toEqual({});
    expect(toasts()).toEqual(["All in order again; Ctrl+Z brings your places back"]);
    await doing.undo();
    expect(at.layout.positions).toEqual({ a: { x: 1, y: 1 }, b: { x: 2, y: 2 } });
    doing.place({ direction: "down", reset: true });
    await doing.undo();
    expect(at.layout).toMatchObject({ direction: "right", positions: { a: { x: 1, y: 1 } } });
  });

  test("leaves a box that another tab has moved since, and says so", async () => {
    const { doing } = at;
    doing.place({ positions: { a: { x: 1, y: 1 } } });
    await until("it arrived", async () => at.sent.length === 1);
    at.layout = laid(at.layout, { positions: { a: { x: 7, y: 7 } } });
    await doing.undo();
    expect(at.shown).toEqual({ a: { x: 7, y: 7 } });
    expect(at.sent).toEqual(["layout.place"]);
    expect(toasts()).toEqual(["Left as it is: move a; somebody else changed those places meanwhile"]);
  });

  test("passes moves that were made on another text, and those that a change of the sequence came after", async () => {
    const { doing } = at;
    doing.place({ positions: { a: { x: 1, y: 1 } } });
    at.editElsewhere();
    await doing.undo();
    await doing.undo();
    expect(at.sent).toEqual(["layout.place", "sequence.undo", "layout.place"]);
  });

  test("that is meant for the sequence passes what was moved since", async () => {
    const { doing } = at;
    await doing.edit(edit);
    doing.place({ positions: { a: { x: 1, y: 1 } } });
    await doing.undoEdit();
    expect(at.sent).toEqual(["step.edit", "layout.place", "sequence.undo"]);
    expect(at.shown).toEqual({ a: { x: 1, y: 1 } });
  });
});

test("a step back right behind an edit is meant for that, not for what was moved before", async () => {
  const { doing } = at;
  doing.place({ positions: { a: { x: 1, y: 1 } } });
  const editing = doing.edit(edit);
  await doing.undo();
  await editing;
  expect(at.sent.at(-1)).toBe("sequence.undo");
  expect(at.shown).toEqual({ a: { x: 1, y: 1 } });
});

describe("places that come with an edit", () => {
  const places = { positions: { a: { x: 1, y: 1 } } };

  test("are undone and done again together with it", async () => {
    const { doing } = at;
    await doing.edit(edit, { places });
    expect(at.layout.positions).toEqual(places.positions);
    await doing.undo();
    expect(at.layout.positions).toEqual({});
    await doing.redo();
    expect(at.layout.positions).toEqual(places.positions);
    const [first, second] = ["sequence.undo", "sequence.redo"];
    expect(at.sent).toEqual(["step.edit", "layout.place", first, "layout.place", second, "layout.place"]);
  });

  test("are shown at once, and no more where it is not done", async () => {
    at.refuses = true;
    const done = at.doing.edit(edit, { places });
    expect(at.shown).toEqual(places.positions);
    expect(await done).toBe(false);
    expect(at.shown).toEqual({});
    expect(at.sent).toEqual(["step.edit"]);
  });
});

test("a move that is refused is not among what can be taken back", async () => {
  at.refuses = true;
  at.doing.place({ positions: { a: { x: 1, y: 1 } } });
  await until("it is told", async () => toasts().length > 0);
  at.refuses = false;
  await until("it is forgotten", async () => useOwnPlaces.getState().done.length === 0);
  await at.doing.undo();
  expect(at.sent).toEqual(["layout.place", "sequence.undo"]);
});
