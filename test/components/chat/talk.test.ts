import { expect, test } from "bun:test";
import * as fc from "fast-check";
import { Talk, type TalkOptions } from "../../../components/chat/talk";
import { decidedIn, isOpen, joined, triesOf, turnsOf } from "../../../components/chat/turns";
import type { ChatRecord } from "../../../components/chat/wire";
import { ApiError } from "../../../components/state/api";
import { until } from "../../rig/deadline";

const record = (n: number, type: ChatRecord["type"], data: ChatRecord["data"] = {}): ChatRecord => ({
  n,
  ts: "",
  type,
  data,
});
const frame = ({ n, type, data }: ChatRecord) =>
  `id: c.${n}\nevent: ${type}\ndata: ${JSON.stringify(data)}\n\n`;

/** A server that holds one conversation, and cuts each stream before the records it is told to. */
function play(answer: ChatRecord[], cuts: number[] = []) {
  const kept: ChatRecord[] = [];
  const asked: (string | number)[] = [];
  const opened: (string | null)[] = [];
  const stream = (after: number) => {
    const rest = answer.filter(({ n }) => n > after);
    const cut = cuts.shift();
    const text = rest.slice(0, cut).map(frame).join("");
    return new Response(text, { headers: { "x-conversation": `c.${after}` } });
  };
  const options: TalkOptions = {
    api: {
      show: async () => ({ id: "c", records: kept, answering: false }),
      say: async (message) => {
        asked.push(message);
        return stream(2);
      },
      resume: async (_, after) => {
        asked.push(after);
        return stream(after);
      },
      manage: async () => undefined,
    },
    nextFrame: (callback) => queueMicrotask(callback),
    onOpened: (id) => opened.push(id),
    wait: async () => {},
  };
  const talk = new Talk(options);
  const over = () => until("the end", async () => talk.state.getState().phase === "idle" || undefined);
  return { talk, options, kept, asked, opened, over };
}

const answer = [
  record(3, "message", { text: "one " }),
  record(4, "message", { text: "two " }),
  record(5, "message", { text: "three" }),
  record(6, "done", { provider: "offline", model: null, proposal: null }),
];

test("an answer is read to its end, and the conversation is remembered before its first word", async () => {
  const { talk, opened, over } = play(answer);
  expect(await talk.say("count")).toBe(true);
  expect(opened.at(-1)).toBe("c");
  await over();
  expect(turnsOf(talk.state.getState().records)).toMatchObject([
    { question: "count", words: "one two three", end: { by: "offline" } },
  ]);
});

test("a stream is read to its own end behind the answer's: leaving it would be a request that failed", async () => {
  const { options } = play(answer);
  const bytes = new TextEncoder().encode(answer.map(frame).join(""));
  let left = false;
  let isRead = false;
  const body = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        if (controller.desiredSize === null) return;
        if (!isRead) controller.enqueue(bytes);
        else controller.close();
        isRead = true;
      },
      cancel: () => {
        left = true;
      },
    },
    { highWaterMark: 0 },
  );
  const say = async () => new Response(body, { headers: { "x-conversation": "c.2" } });
  const talk = new Talk({ ...options, api: { ...options.api, say } });
  await talk.say("count");
  await until("the end", async () => talk.state.getState().phase === "idle" || undefined);
  expect(turnsOf(talk.state.getState().records)[0]?.words).toBe("one two three");
  expect(left).toBe(false);
});

test("wherever the line breaks, the answer is taken up behind the last event: nothing is lost or said twice", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat({ max: 3 }), { maxLength: 4 }), async (cuts) => {
      const { talk, over } = play(answer, [...cuts]);
      await talk.say("count");
      await over();
      expect(turnsOf(talk.state.getState().records)[0]?.words).toBe("one two three");
    }),
    { numRuns: 40 },
  );
});

test("an answer that is left in the middle is no request that failed: it is read on for nobody, of a few at least", async () => {
  const { options } = play([]);
  const lines: { cut: boolean; more: (record: ChatRecord) => void; end: () => void }[] = [];
  const say = async () => {
    const line = { cut: false, more: (_: ChatRecord) => {}, end: () => {} };
    const stream = new ReadableStream<Uint8Array>({
      start: (controller) => {
        line.more = (each) => controller.enqueue(new TextEncoder().encode(frame(each)));
        line.end = () => controller.close();
      },
      cancel: () => {
        line.cut = true;
      },
    });
    lines.push(line);
    return new Response(stream, { headers: { "x-conversation": "c.2" } });
  };
  const talk = new Talk({ ...options, api: { ...options.api, say } });
  const told = () => talk.state.getState().records.length;
  for (const text of ["one", "two", "three"]) {
    await talk.say(text);
    lines.at(-1)?.more(record(3, "message", { text }));
    await until("the first word", async () => told() === 2 || undefined);
    talk.begin();
    expect(lines.at(-1)?.cut).toBe(false);
  }
  // A browser has few lines: of three that are still open the oldest is cut off.
  expect(lines.map(({ cut }) => cut)).toEqual([true, false, false]);
  for (const { more, end } of lines.slice(1)) {
    more(record(4, "message", { text: "more" }));
    end();
  }
  await talk.say("four");
  talk.begin();
  expect(lines.map(({ cut }) => cut)).toEqual([true, false, false, false]);
  expect(told()).toBe(0);
});

test("a conversation that is opened in the middle of an answer goes on with it; one that is whole is left alone", async () => {
  const { talk, kept, asked, over } = play(answer);
  kept.push(
    record(1, "opened", { title: "x" }),
    record(2, "asked", { text: "count" }),
    answer[0] as ChatRecord,
  );
  await talk.open("c");
  await over();
  expect(asked).toEqual([3]);
  expect(turnsOf(talk.state.getState().records)[0]?.words).toBe("one two three");
  kept.push(...answer.slice(1));
  await talk.open("c");
  expect(asked).toEqual([3]);
});

const question = (n: number, text: string) => record(n, "asked", { text });
const asked = [record(1, "opened", { title: "x" }), question(2, "count"), ...answer];

test("what is said elsewhere is taken up, and an answer that is coming there is listened to", async () => {
  const {
    talk,
    kept,
    asked: requests,
    over,
  } = play([...answer, record(8, "message", { text: "four" }), record(9, "done")]);
  kept.push(...asked);
  await talk.open("c");
  const before = talk.state.getState().records;
  await talk.look();
  expect(talk.state.getState().records).toBe(before);
  kept.push(question(7, "and then?"));
  await talk.look();
  await over();
  expect(requests).toEqual([7]);
  expect(turnsOf(talk.state.getState().records).map(({ words }) => words)).toEqual(["one two three", "four"]);
});

test("a proposal that is decided on elsewhere is decided here; what was decided here a moment ago is not forgotten", async () => {
  const { talk, kept } = play([]);
  const offered = (n: number, proposal: string, decision: string | null = null) =>
    record(n, "actions", { proposal, calls: [], failed: null, decision });
  const ends = [question(3, "more"), record(6, "done")];
  kept.push(question(1, "count"), offered(2, "p"), ...ends.slice(0, 1), offered(4, "q"), ...ends.slice(1));
  await talk.open("c");
  const decisions = () =>
    turnsOf(talk.state.getState().records).flatMap(({ offer }) => [offer?.decision ?? "open"]);
  expect(decisions()).toEqual(["open", "open"]);
  talk.decide("q", "approved");
  kept.splice(1, 1, offered(2, "p", "rejected"));
  await talk.look();
  expect(decisions()).toEqual(["rejected", "approved"]);
  talk.decide("p", "elsewhere");
  await talk.look();
  expect(decisions()).toEqual(["rejected", "approved"]);
});

test("what was applied in place of what was proposed is taken over, and shown in its stead", async () => {
  const { talk, kept } = play([]);
  const offered = (more: ChatRecord["data"]) =>
    record(2, "actions", { proposal: "p", calls: [], failed: null, ...more });
  const diff = record(3, "diff", { base: "b", unified: "as made", changes: {} });
  kept.push(question(1, "count"), offered({}), diff, record(4, "done"));
  await talk.open("c");
  talk.decide("p", "replaced");
  kept.splice(
    1,
    1,
    offered({ decision: "replaced", applied: { unified: "as applied", changes: {}, actions: [1] } }),
  );
  await talk.look();
  expect(turnsOf(talk.state.getState().records)[0]?.offer).toMatchObject({
    decision: "replaced",
    effect: { base: "b", unified: "as applied" },
    applied: { actions: [1] },
  });
});

test("while a question is being said and answered here a look changes nothing, and what was missed before it is made up for", async () => {
  const { talk, kept, options, over } = play([record(11, "message", { text: "mine" }), record(12, "done")]);
  kept.push(...asked);
  await talk.open("c");
  kept.push(question(7, "elsewhere"), record(8, "message", { text: "theirs" }), record(9, "done"));
  const say = options.api.say;
  options.api.say = async (message, id) => {
    await talk.look();
    expect(talk.state.getState().sent).toBe("here");
    const body = (await say(message, id))?.body;
    return new Response(body, { headers: { "x-conversation": "c.10" } });
  };
  const looking = talk.look();
  await talk.say("here");
  await looking;
  await over();
  expect(turnsOf(talk.state.getState().records).map(({ question: text, words }) => [text, words])).toEqual([
    ["count", "one two three"],
    ["elsewhere", "theirs"],
    ["here", "mine"],
  ]);
});

test("a look whose answer comes late takes nothing from what another one has brought", async () => {
  const { options, kept } = play([]);
  kept.push(...asked);
  const held: (() => void)[] = [];
  const show = options.api.show;
  let isHeld = false;
  const talk = new Talk({
    ...options,
    api: {
      ...options.api,
      show: async (id) => {
        const [waits, records] = [isHeld, [...kept]];
        const then = { ...(await show(id)), records };
        if (waits) await new Promise<void>((go) => held.push(go));
        return then;
      },
    },
  });
  await talk.open("c");
  isHeld = true;
  const late = talk.look();
  isHeld = false;
  kept.push(question(7, "and then?"), record(8, "message", { text: "four" }), record(9, "done"));
  expect(await talk.look()).toBe(true);
  const newest = talk.state.getState().records;
  held[0]?.();
  expect(await late).toBe(false);
  expect(talk.state.getState().records).toBe(newest);
});

test("a conversation that was removed elsewhere gives way to a new one; one that can't be asked for now stays", async () => {
  const { options, kept } = play([]);
  kept.push(...asked);
  let refusal = new ApiError({ status: 0, code: "unreachable", message: "no line" });
  const show = options.api.show;
  let isRefused = false;
  const talk = new Talk({
    ...options,
    api: { ...options.api, show: (id) => (isRefused ? Promise.reject(refusal) : show(id)) },
  });
  await talk.open("c");
  isRefused = true;
  await talk.look();
  expect(talk.state.getState()).toMatchObject({ id: "c", phase: "idle", problem: null });
  refusal = new ApiError({ status: 404, code: "chat.unknown", message: "there is none" });
  await talk.look();
  expect(talk.state.getState()).toMatchObject({ id: null, records: [] });
});

test("what the server does not take is said, and the question can be asked again", async () => {
  const { options } = play(answer);
  const busy = { error: { code: "chat.busy", message: "an answer is being given", hint: "wait" } };
  const refusing = new Talk({
    ...options,
    api: { ...options.api, say: async () => Response.json(busy, { status: 409 }) },
  });
  expect(await refusing.say("count")).toBe(false);
  expect(refusing.state.getState()).toMatchObject({
    phase: "idle",
    sent: null,
    records: [],
    problem: { message: "an answer is being given" },
  });
});

test("a conversation that is gone gives way to a new one", async () => {
  const { options } = play(answer);
  const gone = new ApiError({ status: 404, code: "chat.unknown", message: "there is none" });
  const lost = new Talk({
    ...options,
    api: { ...options.api, show: () => Promise.reject(gone) },
  });
  await lost.open("c");
  expect(lost.state.getState()).toMatchObject({ id: null, phase: "idle", problem: null });
});

test("pieces that follow one another become one record, records that are known are passed over", () => {
  const once = joined([], [record(1, "asked", { text: "?" }), ...answer]);
  expect(once).toHaveLength(3);
  expect(joined(once, answer)).toEqual(once);
});

test("an answer that begins anew stands there once, however often it broke and wherever its pieces are joined", () => {
  const note = "(anew) ";
  const pieces = [
    record(2, "message", { text: "I say " }),
    record(3, "message", { text: "ha" }),
    record(4, "message", { text: note, anew: 8 }),
    record(5, "message", { text: "I say half" }),
    record(6, "message", { text: note, anew: note.length + 10 }),
    record(7, "message", { text: "I say all." }),
  ];
  const whole = [question(1, "?"), ...pieces];
  for (let cut = 0; cut <= whole.length; cut++) {
    const once = joined(joined([], whole.slice(0, cut)), whole.slice(cut));
    expect(turnsOf(once)[0]?.words).toBe(`${note}I say all.`);
  }
  expect(turnsOf(whole)[0]?.words).toBe(`${note}I say all.`);
});

test("a turn tells what was proposed, what it would do and what became of it", () => {
  const records = [
    record(1, "asked", { text: "remove lint" }),
    record(2, "actions", { proposal: "p", calls: [{ action: "step.rm" }], failed: null }),
  ];
  const [open] = turnsOf(records);
  expect(open && isOpen(open)).toBe(true);
  const done = record(4, "done", {
    provider: "x",
    model: "y",
    tokens: { input: 3, output: 4 },
    applied: null,
  });
  const [whole] = turnsOf([...records, record(3, "diff", { base: "b", unified: "u" }), done]);
  expect(whole).toMatchObject({
    offer: { proposal: "p", calls: [{ action: "step.rm" }], effect: { base: "b" }, decision: undefined },
    end: { by: "x · y", tokens: 7 },
  });
  expect(turnsOf(decidedIn(records, "p", "rejected"))[0]?.offer?.decision).toBe("rejected");
  const atOnce = turnsOf([...records, record(4, "done", { ...done.data, applied: 12 })])[0];
  expect(atOnce?.offer?.decision).toBe("approved");
  const refused = turnsOf([...records, record(4, "done", { applied: { message: "no", code: "x" } })])[0];
  expect(refused?.offer).toMatchObject({ decision: undefined, failed: { message: "no" } });
});

test("what can be said instead is apart from the words of an answer without a model, once it has ended", () => {
  const said = (text: string, provider: string, isOver = true) => {
    const records = [record(1, "asked", { text: "x" }), record(2, "message", { text })];
    if (isOver) records.push(record(3, "done", { provider, model: null, proposal: null }));
    return triesOf(turnsOf(records)[0] as never);
  };
  const text = "I did not understand that.\nTry:\n- status\n- what can I say\n";
  expect(said(text, "offline")).toEqual({
    words: "I did not understand that.",
    tries: ["status", "what can I say"],
  });
  for (const untouched of [said(text, "anthropic"), said(text, "offline", false)])
    expect(untouched).toEqual({ words: text, tries: [] });
  for (const other of ["```\nTry:\n- rm\n```\n", "Try:\nnothing\n", "Try:\n- a\nand more\n"])
    expect(said(other, "offline").tries).toEqual([]);
});
