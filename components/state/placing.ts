import type { QueryClient } from "@tanstack/react-query";
import { type LayoutChange, laid } from "../../lib/core/laying";
import { emptyLayout, type Layout } from "../../lib/core/layout";
import { sayKeys } from "../commands/keymap";
import type { Call } from "./call";
import type { Desk } from "./desk";
import { hold, letGo } from "./hand";
import { layoutKey, statusKey } from "./keys";
import { tell } from "./news";
import {
  forget,
  type Placing,
  passage,
  passed,
  remember,
  touchedBy,
  useOwnPlaces,
  type Way,
} from "./own-places";
import { report } from "./report";
import { useView } from "./view";
import type { StatusDocument } from "./wire";

/** How a change of places is told and taken back. */
export interface HowPlaced {
  /** What it does, in the imperative; told from the change where it is left out. */
  words?: string;
  /** A box was moved by a key: a row of such moves is one change. */
  nudge?: boolean;
}

/** Places that are shown with an edit on its way. */
interface Along {
  /** The edit was done, and led to a definition; undefined where it changed none. */
  keep(after: string | undefined): void;
  /** It was not. */
  drop(): void;
}

/** They are sent one after the other, whichever part of the page they come from. */
let line: Promise<unknown> = Promise.resolve();

/** Changes of places: shown at once, sent in their order, and remembered, so that they can be taken back. */
export function placingAt(desk: Pick<Desk, "do">, client: QueryClient, read?: () => Promise<Layout>) {
  const cached = () => client.getQueryData<Layout>(layoutKey);
  const show = (layout: Layout) => client.setQueryData<Layout>(layoutKey, layout);
  /** The layout as it stands, once everything of our own has arrived. */
  const now = async () => {
    await line;
    return (await read?.().catch(() => undefined)) ?? cached() ?? emptyLayout;
  };
  const send = async (change: LayoutChange): Promise<boolean> => {
    const input = change as Call["input"];
    const sent = line.then(() => desk.do({ action: "layout.place", input }));
    line = sent.catch(() => undefined);
    const isDone = report(await sent);
    if (!isDone) void client.invalidateQueries({ queryKey: layoutKey });
    return isDone;
  };
  /** The definition that is worked on; undefined where there is none that can be read. */
  const revision = () =>
    useView.getState().refusal === null
      ? client.getQueryData<StatusDocument>(statusKey)?.revision
      : undefined;
  const note = (layout: Layout, change: LayoutChange, how: HowPlaced, joinedAt?: string) => {
    const touched = touchedBy(layout, change);
    const at = joinedAt ?? revision();
    if (!touched || at === undefined) return undefined;
    const placing: Placing = {
      words: how.words ?? wordsOf(change),
      at,
      joined: joinedAt !== undefined,
      nudge: how.nudge === true,
      whole: change.reset === true,
      ...touched,
    };
    useOwnPlaces.setState((own) => remember(own, placing));
    return placing;
  };

  const forgetUnless = (isDone: boolean, placing: Placing | undefined) => {
    if (!isDone && placing) useOwnPlaces.setState((own) => forget(own, placing));
  };
  const carry = (layout: Layout, change: LayoutChange, how: HowPlaced) => {
    // All of it stands elsewhere then.
    if (change.reset) letGo();
    else hold();
    show(laid(layout, change));
    const placing = note(layout, change, how);
    void send(change).then((isDone) => forgetUnless(isDone, placing));
    const isLost = change.reset && placing && Object.values(placing.before.positions).some(Boolean);
    if (isLost) tell("done", resetWords(change), `${sayKeys("mod+z")} brings your places back`);
  };

  return {
    revision,
    /** Puts boxes in their places. */
    place: (change: LayoutChange, how: HowPlaced = {}) => {
      const layout = cached();
      if (layout) carry(layout, change, how);
      else void now().then((layout) => carry(layout, change, how));
    },
    /** Shows places with an edit on its way. */
    along: (change: LayoutChange): Along | undefined => {
      if (Object.keys(change.positions ?? {}).length === 0) return undefined;
      const layout = cached();
      const touched = layout && touchedBy(layout, change);
      if (layout) show(laid(layout, change));
      return {
        keep: (after) => {
          const placing = layout && note(layout, change, {}, after);
          void send(change).then((isDone) => forgetUnless(isDone, placing));
        },
        drop: () => {
          const back = touched && passage(cached() ?? layout, touched.after, touched.before);
          if (back) show(laid(cached() ?? layout, back));
        },
      };
    },
    /** Takes a change of places back, or makes it again; whether it was done. */
    pass: async (way: Way, placing: Placing, isQuiet = false): Promise<boolean> => {
      const [from, to] = way === "undo" ? [placing.after, placing.before] : [placing.before, placing.after];
      const layout = await now();
      const change = passage(layout, from, to);
      show(change ? laid(layout, change) : layout);
      if (placing.whole) letGo();
      else hold();
      if (change && !(await send(change))) return false;
      if (!placing.joined) useOwnPlaces.setState((own) => passed(own, way, placing));
      if (isQuiet) return true;
      const said = way === "undo" ? "Undone" : "Done again";
      if (change) tell("done", `${said}: ${placing.words}`);
      else tell("skipped", `Left as it is: ${placing.words}`, "somebody else changed those places meanwhile");
      return true;
    },
  };
}

const resetWords = ({ direction }: LayoutChange) =>
  direction === undefined
    ? "All in order again"
    : direction === "down"
      ? "Arrows lead down"
      : "Arrows lead to the right";

/** What a change of places does, in the imperative. */
function wordsOf({ positions = {}, direction, reset }: LayoutChange): string {
  if (direction !== undefined) return direction === "down" ? "lead arrows down" : "lead arrows to the right";
  if (reset) return "tidy";
  const ids = Object.keys(positions);
  const which = ids.length === 1 ? ids[0] : `${ids.length} boxes`;
  return Object.values(positions).every((spot) => spot === null)
    ? `let the layout place ${which}`
    : `move ${which}`;
}
