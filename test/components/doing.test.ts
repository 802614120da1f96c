import { beforeEach, describe, expect, spyOn, test } from "bun:test";
import { QueryClient } from "@tanstack/react-query";
import { createApi } from "../../components/state/api";
import type { Call } from "../../components/state/call";
import { Desk, type Outcome } from "../../components/state/desk";
import { type Anew, doingAt } from "../../components/state/doing";
import { statusKey } from "../../components/state/keys";
import { useNews } from "../../components/state/news";
import { useView } from "../../components/state/view";

const on = (base: string): Call[] => [{ action: "step.edit", input: { id: "a", name: "Mine", base } }];
const stale: Outcome = {
  kind: "refused",
  refusal: { status: 409, code: "revision.stale", message: "revision 1 is not the newest" },
};
const done: Outcome = { kind: "done", done: { summary: "done", changed: true, warnings: [] } };
const toasts = () => useNews.getState().toasts.map(({ text }) => text);

const underWay = {
  steps: [
    { id: "types", name: "Types", status: "RUNNING", reason: "running" },
    { id: "repl", name: "REPL", status: "RUNNING", reason: "running" },
    { id: "ship", name: "Ship", status: "BLOCKED", reason: "waiting_gate" },
    { id: "lint", name: "Lint", status: "DONE", reason: null },
  ],
  gates: [{ id: "review", name: "Review", status: "PENDING", reason: "waiting_human", shows: [] }],
};

/** Gives the run up; what was asked, and what was sent after the answer. */
async function giveUp(agreed: boolean) {
  const sent: Call[] = [];
  const desk = {
    do: async (call: Call) => {
      sent.push(call);
      return done;
    },
    edit: async () => done,
  };
  const client = new QueryClient();
  client.setQueryData(statusKey, underWay);
  const giving = doingAt(desk, client).giveUp();
  const { asked } = useNews.getState();
  const before = [...sent];
  asked?.answer(agreed);
  return { asked, before, wasDone: await giving, sent, said: toasts() };
}

describe("giving the run up", () => {
  test("asks first, and says what is ended, what does not start, and who is not asked any more", async () => {
    const { asked, before } = await giveUp(false);
    expect(before).toEqual([]);
    expect(asked?.isGrave).toBe(true);
    expect(asked?.shows).toEqual([
      "2 steps at work are ended: Types and REPL.",
      "Another step is not started any more: Ship.",
      "Nobody is asked any more at Review.",
    ]);
  });

  test("does nothing without a yes, and says what was ended after one", async () => {
    expect(await giveUp(false)).toMatchObject({ wasDone: false, sent: [], said: [] });
    expect(await giveUp(true)).toMatchObject({
      ...{ wasDone: true, sent: [{ action: "run.cancel", input: {} }] },
      said: ["The run was given up; Types and REPL are being ended"],
    });
  });
});

beforeEach(() => useNews.setState({ toasts: [] }));

/** Saves over a server that answers so, one answer after the other, the last one again and again. */
async function save(answers: Outcome[], anew: () => Promise<Anew>) {
  const sent: Call[][] = [];
  const left = [...answers];
  const desk = {
    do: async () => done,
    edit: async (calls: readonly Call[]) => {
      sent.push([...calls]);
      return (left.length > 1 ? left.shift() : left[0]) as Outcome;
    },
  };
  const wasDone = await doingAt(desk, new QueryClient()).edit(on("1"), { anew });
  return { wasDone, sent };
}

describe("a step back", () => {
  const summary = "undo the last change (make ship wait for lint)";
  const note = "the approval of gate 'review' is void by this";
  const back = async (more: { voids?: string[]; note?: string }, agreed?: boolean) => {
    const sent: Call[] = [];
    const would: Outcome & { kind: "done" } = {
      kind: "done",
      done: { summary, changed: true, warnings: [], ...more },
    };
    const desk = {
      do: async (call: Call) => {
        sent.push(call);
        return would;
      },
      edit: async () => done,
    };
    const turning = doingAt(desk, new QueryClient(), undefined, async () => would).undo();
    const isAsked = new Promise<void>((seen) => useNews.subscribe(({ asked }) => asked && seen()));
    await Promise.race([turning, isAsked]);
    const { asked } = useNews.getState();
    if (agreed !== undefined) asked?.answer(agreed);
    return { why: asked?.why, wasDone: await turning, sent: sent.length, told: useNews.getState().toasts };
  };

  test("says what was undone, and asks nothing where nothing is lost by it", async () => {
    const { why, wasDone, told } = await back({});
    expect({ why, wasDone }).toEqual({ why: undefined, wasDone: true });
    expect(told).toMatchObject([{ tone: "done", text: "Undone: make ship wait for lint" }]);
  });

  test("asks first where an approval becomes void by it, and says so afterwards", async () => {
    const more = { voids: ["review"], note };
    const no = await back(more, false);
    expect(no).toMatchObject({ wasDone: false, sent: 0, told: [] });
    expect(no.why).toContain(note);
    const yes = await back(more, true);
    expect(yes).toMatchObject({ wasDone: true, sent: 1 });
    const lost = { tone: "retrying", node: "review", text: "Undone: make ship wait for lint", hint: note };
    expect(yes.told).toMatchObject([lost]);
  });
});

describe("a save that another one came before", () => {
  test("is done on what stands by now, without a word", async () => {
    const { wasDone, sent } = await save([stale, done], async () => on("2"));
    expect({ wasDone, sent, said: toasts() }).toEqual({ wasDone: true, sent: [on("1"), on("2")], said: [] });
  });

  test("is not refused in words where the form shows both", async () => {
    const { wasDone, sent } = await save([stale], async () => "shown");
    expect({ wasDone, sent, said: toasts() }).toEqual({ wasDone: false, sent: [on("1")], said: [] });
  });

  test("is refused in words where nobody can tell what stands by now", async () => {
    const { wasDone, sent } = await save([stale], async () => "unknown");
    expect({ wasDone, tries: sent.length, said: toasts() }).toEqual({
      ...{ wasDone: false, tries: 1 },
      said: ["not saved: revision 1 is not the newest"],
    });
  });

  test("is tried three times where another one always comes before, and then refused in words", async () => {
    const { wasDone, sent } = await save([stale], async () => on("2"));
    expect({ wasDone, tries: sent.length, said: toasts() }).toEqual({
      ...{ wasDone: false, tries: 3 },
      said: ["not saved: revision 1 is not the newest"],
    });
  });
});

test("a save whose answer is cut off is a refusal that leaves open whether it was done", async () => {
  const cut = async () =>
    new Response(new ReadableStream({ pull: (controller) => controller.error(new Error("cut off")) }));
  const fetching = spyOn(globalThis, "fetch").mockImplementation(cut as unknown as typeof fetch);
  const answer = await createApi("t", () => undefined).send({ action: "step.edit", input: { id: "a" } });
  fetching.mockRestore();
  expect(answer).toMatchObject({ kind: "refused", refusal: { message: "the server's answer was cut off" } });
});

test("a save that can't be tried on the page, as the line is down, is refused in words", async () => {
  const message = "the server can't be reached";
  const down = async () => {
    throw new Error("the line is down");
  };
  const desk = new Desk({
    send: async () => ({ kind: "refused", refusal: { status: 0, code: "unreachable", message } }),
    ...{ sequence: down, status: down, apply: down },
    ask: async () => false,
    publish: () => undefined,
  });
  expect(await doingAt(desk, new QueryClient()).edit(on("1"))).toBe(false);
  expect(toasts()).toEqual([message]);
});

test.each([
  ["sequence.write", "not saved: it is broken"],
  ["prompt.edit", "not saved: it is broken"],
  ["run.start", "it is broken"],
])("a refusal of what was typed says first that it is not saved: %s", async (action, said) => {
  const refusal = { status: 400, code: "sequence.invalid", message: "it is broken" };
  const desk = {
    do: async (): Promise<Outcome> => ({ kind: "refused", refusal }),
    edit: async () => done,
  };
  expect(await doingAt(desk, new QueryClient()).act({ action, input: {} })).toBe(false);
  expect(toasts()).toEqual([said]);
});

test.each([
  ["what was done", { pursued: ["a"] }, "done"],
  ["an edit", {}, "done"],
  ["what was under way already", { pursued: null, starts_nothing: true as const }, "skipped"],
  ["what found nothing to do", { pursued: [] }, "skipped"],
])("the mark before a note tells %s from what was", async (_, more, tone) => {
  const note = "nothing is ready to run";
  const desk = {
    do: async (): Promise<Outcome> => ({
      kind: "done",
      done: { summary: "run", changed: false, warnings: [], note, ...more },
    }),
    edit: async () => done,
  };
  await doingAt(desk, new QueryClient()).act({ action: "run.start", input: { scope: "runnable" } });
  expect(useNews.getState().toasts.map((toast) => toast.tone)).toEqual([tone as "done"]);
});

test("a start that finds only a gate left leads to the gate", async () => {
  const client = new QueryClient();
  client.setQueryData(statusKey, underWay);
  const desk = {
    do: async (): Promise<Outcome> => ({
      kind: "done",
      done: { summary: "run", changed: false, warnings: [], note: "nothing to start", starts_nothing: true },
    }),
    edit: async () => done,
  };
  await doingAt(desk, client).act({ action: "run.start", input: { scope: "all" } });
  expect(useNews.getState().toasts).toMatchObject([{ text: "nothing to start", node: "review" }]);
});

test("a yes on a gate with questions asks the door for nothing until they are answered", async () => {
  const kept = { location: globalThis.location, history: globalThis.history };
  Object.assign(globalThis, {
    location: { href: "http://x/" },
    history: { replaceState: () => {}, pushState: () => {} },
  });
  const asked: Call[] = [];
  const desk = {
    do: async (call: Call) => {
      asked.push(call);
      return done;
    },
    edit: async () => done,
  };
  const doing = doingAt(desk, new QueryClient(), async (gate) => gate === "asks");
  const yes = (id: string, more = {}): Call => ({ action: "gate.approve", input: { id, ...more } });
  expect(await doing.act(yes("asks"))).toBe(false);
  expect({ asked, led: useView.getState().answering }).toEqual({ asked: [], led: "asks" });
  expect(await doing.act(yes("asks", { answers: { a: "b" } }))).toBe(true);
  expect(await doing.act(yes("plain"))).toBe(true);
  expect(asked.map(({ input }) => input.id)).toEqual(["asks", "plain"]);
  useView.setState({ answering: null, selected: null });
  Object.assign(globalThis, kept);
});
