import { afterEach, beforeEach, expect, test } from "bun:test";
import { lookAt, lookAway } from "../../components/state/look";
import { stayHere } from "../../components/state/trail";
import { chooseGroup, mark, select, selectFromAddress, useView } from "../../components/state/view";

/** The addresses that the browser's Back would lead through, the shown one last. */
let entries: string[] = [];
const before = { location: globalThis.location, history: globalThis.history };

beforeEach(() => {
  entries = ["http://here/?step=plan&tab=edit"];
  const show = () => Object.assign(globalThis, { location: new URL(entries.at(-1) ?? "") });
  const history = {
    state: null,
    pushState: (_: unknown, __: string, url: URL) => {
      entries.push(url.href);
      show();
    },
    replaceState: (_: unknown, __: string, url: URL) => {
      entries[entries.length - 1] = url.href;
      show();
    },
  };
  Object.assign(globalThis, { history });
  show();
  selectFromAddress();
});

afterEach(async () => {
  await later();
  useView.setState(useView.getInitialState(), true);
  Object.assign(globalThis, before);
});

/** Whatever was done before is over. */
const later = () => new Promise((resolve) => setTimeout(resolve));
const trail = () => entries.map((entry) => new URL(entry).search);

test("a link to a page of a step opens the inspector", () => {
  useView.setState({ inspectorOpen: false });
  selectFromAddress();
  expect(useView.getState()).toMatchObject({ selected: "plan", tab: "edit", inspectorOpen: true });
});

test("what somebody turns to is an entry of its own, which names no page of another step", async () => {
  select("build");
  await later();
  chooseGroup("checks");
  await later();
  chooseGroup("checks");
  lookAt("r1");
  lookAt("r1", 20);
  await later();
  lookAway();
  await later();
  select(null);
  expect(trail()).toEqual([
    "?step=plan&tab=edit",
    "?step=build",
    "?group=checks",
    expect.stringContaining("?group=checks&run=r1"),
    "?group=checks",
    "",
  ]);
});

test("one more of several, and what takes the place of what is gone, are none", async () => {
  select("build");
  await later();
  mark(["build", "test"]);
  await later();
  stayHere();
  select(null);
  expect(trail()).toEqual(["?step=plan&tab=edit", ""]);
});

test("going back shows what the entry names", async () => {
  select("build");
  await later();
  entries.pop();
  Object.assign(globalThis, { location: new URL(entries[0] ?? "") });
  selectFromAddress();
  expect(useView.getState()).toMatchObject({ selected: "plan", tab: "edit", group: null, marked: [] });
});
