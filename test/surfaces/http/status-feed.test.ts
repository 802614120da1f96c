import { describe, expect, test } from "bun:test";
import { ok } from "../../../lib/core/result";
import { statusFeed } from "../../../lib/surfaces/http/status-feed";
import { fakeWorkspace } from "./fake-workspace";

const limits = { pollMs: 60_000, keepAliveMs: 60_000, maxClients: 2 };

/** Opens a stream of the feed and reads it up to a mark. */
function openReader(feed: ReturnType<typeof statusFeed>, lastEventId: string | null) {
  const opened = feed.open(lastEventId, { gone: new AbortController().signal, drop: () => undefined });
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure));
  const reader = opened.value.getReader();
  let text = "";
  return async (mark: string) => {
    while (!text.includes(mark)) text += new TextDecoder().decode((await reader.read()).value);
    return text;
  };
}

describe("the status feed", () => {
  test("tells a fact with the state it belongs to, even if the journal grew between two questions", async () => {
    const fake = fakeWorkspace();
    fake.append(2);
    const query = fake.workspace.query;
    let isFirst = true;
    const feed = statusFeed(
      {
        ...fake.workspace,
        query: (view, input) => {
          if (view === "events" && isFirst) {
            isFirst = false;
            fake.append(1);
          }
          return query(view, input);
        },
      },
      limits,
    );
    const text = await openReader(feed, "01JRUN.0.aaaaaaaaaaaa")("id: 01JRUN.3.");
    expect(
      [...text.matchAll(/"facts":(\[.*?\])/g)].map((match) => JSON.parse(match[1] ?? "").length),
    ).toEqual([2, 1]);
    feed.close();
  });

  test("asks again for facts that could not be had, before it moves on", async () => {
    const fake = fakeWorkspace();
    const query = fake.workspace.query;
    let refusals = 1;
    const feed = statusFeed(
      {
        ...fake.workspace,
        query: async (view, input) => {
          if (view === "events" && refusals-- > 0) throw new Error("lost for a moment");
          return query(view, input);
        },
      },
      limits,
    );
    const error = console.error;
    console.error = () => undefined;
    const readTo = openReader(feed, "01JRUN.0.");
    await readTo("event: status");
    fake.append(2);
    await readTo('"seq":2');
    fake.append(1);
    expect(await readTo("id: 01JRUN.3.")).toContain('{"seq":1,"type":"step.started"},{"seq":2');
    console.error = error;
    feed.close();
  });

  test("survives a bug in a view and shows it", async () => {
    const error = console.error;
    console.error = () => undefined;
    const feed = statusFeed(
      { ...fakeWorkspace().workspace, query: () => Promise.reject(new Error("boom")) },
      limits,
    );
    expect(await openReader(feed, null)("event: problem\ndata: ")).toContain("boom");
    console.error = error;
    feed.close();
  });

  test("keeps no client whose connection went before or after it was let in", () => {
    const feed = statusFeed({ ...fakeWorkspace().workspace, query: async () => ok({}) }, limits);
    const early = new AbortController();
    early.abort();
    feed.open(null, { gone: early.signal, drop: () => undefined });
    expect(feed.size()).toBe(0);
    const late = new AbortController();
    feed.open(null, { gone: late.signal, drop: () => undefined });
    expect(feed.size()).toBe(1);
    late.abort();
    expect(feed.size()).toBe(0);
  });
});
