import type { DockTab } from "../state/dock";

/** What keys do. One list for the listener and for the overlay that lists them. */
interface Binding {
  /** As in `mod+shift+z`, `Delete`, `?`: `mod` is Ctrl, or the Command key on a Mac. */
  keys: string;
  /** What it does, in the imperative. */
  title: string;
  scope: "Everywhere" | "Dock" | "Canvas" | "Selection";
  command: KeyCommand;
}

/** Everything a key can do. */
export type KeyCommand =
  | "palette"
  | "keys"
  | "inbox"
  | "search"
  | "undo"
  | "redo"
  | "run-runnable"
  | "run-all"
  | "close"
  | "dismiss"
  | "outline"
  | "dock"
  | "inspector"
  | `dock-${DockTab}`
  | "log-search"
  | "moment-back"
  | "moment-on"
  | "chat"
  | "add-step"
  | "add-gate"
  | "tidy"
  | "minimap"
  | "select-all"
  | "copy"
  | "cut"
  | "duplicate"
  | "remove"
  | "edit"
  | "add-after"
  | "toggle-group"
  | "group"
  | "dissolve"
  | "run-step"
  | "stop-step";

/** The keymap. */
export const keymap: readonly Binding[] = [
  { keys: "mod+k", title: "Open the command palette", scope: "Everywhere", command: "palette" },
  { keys: "?", title: "Show these keys", scope: "Everywhere", command: "keys" },
  { keys: "i", title: "Open what waits for you", scope: "Everywhere", command: "inbox" },
  {
    keys: "mod+Enter",
    title: "Run what is ready; in a form: send it",
    scope: "Everywhere",
    command: "run-runnable",
  },
  { keys: "mod+shift+Enter", title: "Run everything", scope: "Everywhere", command: "run-all" },
  { keys: "mod+z", title: "Undo what was done last", scope: "Everywhere", command: "undo" },
  { keys: "mod+shift+z", title: "Redo what was undone", scope: "Everywhere", command: "redo" },
  { keys: "/", title: "Search among steps and gates", scope: "Everywhere", command: "search" },
  { keys: "l", title: "Show or hide the dock", scope: "Everywhere", command: "dock" },
  { keys: "p", title: "Show or hide the inspector", scope: "Everywhere", command: "inspector" },
  { keys: "1", title: "Log", scope: "Dock", command: "dock-log" },
  { keys: "2", title: "Timeline", scope: "Dock", command: "dock-timeline" },
  { keys: "3", title: "Audit", scope: "Dock", command: "dock-audit" },
  { keys: "4", title: "Problems", scope: "Dock", command: "dock-problems" },
  { keys: "5", title: "Terminal", scope: "Dock", command: "dock-terminal" },
  { keys: "f", title: "Search in the log", scope: "Dock", command: "log-search" },
  {
    keys: ",",
    title: "A moment back in the run, with the timeline open or in a replay",
    scope: "Dock",
    command: "moment-back",
  },
  { keys: ".", title: "A moment on, likewise", scope: "Dock", command: "moment-on" },
  {
    keys: "Escape",
    title: "Close, come back to now, end the selection",
    scope: "Everywhere",
    command: "close",
  },
  { keys: "x", title: "Dismiss the message", scope: "Everywhere", command: "dismiss" },
  { keys: "c", title: "Open or close the chat", scope: "Everywhere", command: "chat" },
  { keys: "n", title: "Add a step", scope: "Canvas", command: "add-step" },
  { keys: "g", title: "Add a gate", scope: "Canvas", command: "add-gate" },
  { keys: "t", title: "Tidy: lay everything out anew", scope: "Canvas", command: "tidy" },
  { keys: "m", title: "Show or hide the map", scope: "Canvas", command: "minimap" },
  { keys: "mod+a", title: "Select everything", scope: "Selection", command: "select-all" },
  { keys: "o", title: "Show the graph as a list, or as a graph again", scope: "Canvas", command: "outline" },
  { keys: "e", title: "Edit, or rename the chosen group", scope: "Selection", command: "edit" },
  { keys: "a", title: "Add a step after it", scope: "Selection", command: "add-after" },
  {
    keys: "h",
    title: "Collapse its group into one box, or expand it",
    scope: "Selection",
    command: "toggle-group",
  },
  { keys: "mod+g", title: "Make a group of what is selected", scope: "Selection", command: "group" },
  {
    keys: "mod+shift+g",
    title: "Dissolve the chosen group",
    scope: "Selection",
    command: "dissolve",
  },
  { keys: "r", title: "Run the step, or the chosen group", scope: "Selection", command: "run-step" },
  { keys: "s", title: "Stop the step, or what runs of the group", scope: "Selection", command: "stop-step" },
  { keys: "mod+c", title: "Copy it as YAML", scope: "Selection", command: "copy" },
  { keys: "mod+x", title: "Cut it", scope: "Selection", command: "cut" },
  { keys: "mod+d", title: "Duplicate", scope: "Selection", command: "duplicate" },
  { keys: "Delete", title: "Delete it, or cut the selected arrow", scope: "Selection", command: "remove" },
];

/** What the keys of React Flow and of the browser do, for the overlay only. */
export const otherKeys: readonly Pick<Binding, "keys" | "title" | "scope">[] = [
  { keys: "Tab", title: "Into the graph, to a node's buttons, and on", scope: "Canvas" },
  { keys: "Arrows", title: "Go to a neighbour", scope: "Canvas" },
  { keys: "PageUp, PageDown", title: "Go through all in their order", scope: "Canvas" },
  { keys: "Home, End", title: "Go to the first, or to the last", scope: "Canvas" },
  { keys: "mod+v", title: "Paste steps and gates of any workspace", scope: "Canvas" },
  { keys: "Enter", title: "Select it; again: go to what is said about it", scope: "Canvas" },
  { keys: "Space", title: "Choose the group whose border it is", scope: "Selection" },
  { keys: "shift+Space", title: "Select a node as well, or no longer", scope: "Selection" },
  { keys: "alt+Arrows", title: "Move it, or the group whose border it is", scope: "Selection" },
  { keys: "shift+F10", title: "Open its menu", scope: "Selection" },
];

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  shiftKey: boolean;
  altKey: boolean;
}

const aliases: Record<string, string> = { Backspace: "Delete" };

/** The binding that a pressed key means. */
export function bindingOf(event: Pressed): Binding | undefined {
  if (event.altKey) return undefined;
  const key = aliases[event.key] ?? event.key;
  const mod = event.ctrlKey || event.metaKey;
  const isLetter = key.length === 1 && key.toLowerCase() !== key.toUpperCase();
  return keymap.find(({ keys }) => {
    const parts = keys.split("+");
    const wanted = parts.at(-1) ?? "";
    const same = isLetter ? wanted.toLowerCase() === key.toLowerCase() : wanted === key;
    // A sign such as `?` has Shift in it on some keyboards.
    const shift = wanted.length === 1 && !isLetter ? true : parts.includes("shift") === event.shiftKey;
    return same && shift && parts.includes("mod") === mod;
  });
}

const isMac = () => typeof navigator !== "undefined" && /Mac|iP(hone|ad)/.test(navigator.platform);
const said: Record<string, string> = {
  mod: "Ctrl",
  shift: "Shift",
  alt: "Alt",
  Escape: "Esc",
  Delete: "Del",
};
const saidOnMac: Record<string, string> = { mod: "⌘", shift: "⇧", alt: "⌥", Escape: "Esc", Delete: "⌫" };

/** Keys as they are written on this machine's keyboard. */
export function sayKeys(keys: string): string {
  const words = isMac() ? saidOnMac : said;
  return keys
    .split("+")
    .map((part) => words[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(isMac() ? "" : "+");
}
