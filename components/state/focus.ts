/** A node that is drawn, or laid out, in this time gets the focus that waits for it. */
const patienceMs = 3000;
const most = 12;

/** What had the focus, the newest last. */
let recent: HTMLElement[] = [];
/** The node that gets the focus as soon as it is there. */
let awaited: string | null = null;
/** How often a place was asked for that gets the focus as soon as it is there: only the last one counts. */
let asked = 0;
let isSought = false;

/** Remembers what has the focus, for as long as the page is there; gives what ends it. */
export function watchFocus(): () => void {
  const note = ({ target }: FocusEvent) => {
    // Entries of menus go away with being chosen.
    if (!(target instanceof HTMLElement) || target.closest("[role=menu]")) return;
    recent = [...present().filter((other) => other !== target), target].slice(-most);
  };
  // A library gives the focus to a tab that is clicked; the browser then takes it for moved by the keyboard.
  const byPointer = () => {
    document.documentElement.dataset.hand = "pointer";
  };
  const byKey = () => {
    document.documentElement.dataset.hand = "keys";
  };
  document.addEventListener("focusin", note);
  document.addEventListener("pointerdown", byPointer, true);
  document.addEventListener("keydown", byKey, true);
  return () => {
    document.removeEventListener("focusin", note);
    document.removeEventListener("pointerdown", byPointer, true);
    document.removeEventListener("keydown", byKey, true);
  };
}

const find = (selector: string) => document.querySelector<HTMLElement>(selector);
const cardOf = (id: string) =>
  find(`.react-flow__node[data-id="${CSS.escape(id)}"]`) ?? find(`[data-row="${CSS.escape(id)}"]`);
/** Where the keyboard goes on from if nothing better is there. */
const ground = () => find(".react-flow") ?? find(".as-list") ?? find("main");
/** The id of the node, or of the list's row, that has the focus, or whose button has it. */
export function nodeWithFocus(): string | undefined {
  const card = document.activeElement?.closest<HTMLElement>(".react-flow__node, .as-list [data-row]");
  return card?.dataset.id ?? card?.dataset.row;
}
/** What had the focus and is still there; where a node has gone, the canvas stands for it. */
const present = () =>
  recent.flatMap((one) => {
    if (one.isConnected) return [one];
    return one.matches(".react-flow__node, .react-flow__node *") ? (ground() ?? []) : [];
  });
/** Whether nothing has the focus. */
export const isLost = () => document.activeElement === null || document.activeElement === document.body;
/** Whether somebody already has a place for the focus. */
export const isAwaited = () => awaited !== null || isSought;
/** Whether an element can have the focus. */
export const isUsable = (element: HTMLElement) =>
  element.isConnected && !element.matches(":disabled") && element.checkVisibility();
/** Gives the focus to an element, and moves nothing. */
export const take = (element: HTMLElement | null | undefined) => element?.focus({ preventScroll: true });

/** Leads to the field that searches the graph. */
export const goToSearch = () => find("#search")?.focus();

/** The entry of the outline that the person went on from. */
let left: string | null = null;
/** The panel that says what is known about the selection. */
export const inspector = 'aside[aria-label="Inspector"]';
/** What it is called there. */
export const heading = `${inspector} h2[tabindex]`;
const entryOf = (id: string) => find(`[data-entry="${CSS.escape(id)}"]`);

/** Gives the focus to a node, as soon as it is drawn and no window stands before it. */
export function focusNode(id: string): void {
  awaited = id;
  const until = performance.now() + patienceMs;
  const look = () => {
    if (awaited !== id) return;
    const card = find("[role=dialog]") ? null : cardOf(id);
    take(card);
    if (performance.now() < until && (card === null || document.activeElement !== card)) {
      requestAnimationFrame(look);
      return;
    }
    awaited = null;
    giveBackFocus();
  };
  requestAnimationFrame(look);
}

/** Gives the focus to the first of what is meant, once the page is drawn with it. */
export function focusFirst(selector: string): void {
  requestAnimationFrame(() => take(find(selector)));
}

/** Gives the focus to the first of what is meant as soon as it is there, unless somebody took it elsewhere meanwhile. */
export function focusSoon(selector: string): void {
  const before = document.activeElement;
  const until = performance.now() + patienceMs;
  const mine = ++asked;
  const look = () => {
    if (mine !== asked) return;
    isSought = false;
    if (document.activeElement !== before && !isLost()) return;
    const there = find(selector);
    if (there) take(there);
    else if (performance.now() < until) lookAgain();
  };
  const lookAgain = () => {
    isSought = true;
    requestAnimationFrame(look);
  };
  lookAgain();
}

/** Shows a control of a form, whose section may be folded away, and gives it the focus. */
export function bringIntoView(control: HTMLElement): void {
  const section = control.closest("details");
  if (section) section.open = true;
  control.scrollIntoView({ block: "center" });
  take(control);
}

/** Gives the focus to the field of a key in the inspector's form, as soon as it is there. */
export function focusField(key: string): void {
  const until = performance.now() + patienceMs;
  const controls = `${inspector} [data-field="${CSS.escape(key)}"] :is(input, textarea, select, .rows button)`;
  const look = () => {
    const control = find(controls);
    if (control) bringIntoView(control);
    else if (performance.now() < until) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

/** Gives the focus to what is said about the selection; with an entry of the outline, it goes back there afterwards. */
export function focusSelected(entry?: string): void {
  left = entry ?? null;
  focusSoon(heading);
}

/** Leads from a field of a form about the selection back to what is said about it; whether it was in one. */
export function leaveField(from: Element): boolean {
  const isField = from.closest(`${inspector} :is(.form-whole, .code-editor)`) !== null;
  if (isField) focusSoon(heading);
  return isField;
}

/** Gives the focus to a node, or to the canvas itself. */
export function focusCanvas(id: string | null): void {
  take((id === null ? null : cardOf(id)) ?? ground());
}

/**
 * Gives the focus back where a window, a menu or a part of the page that had it went away: to the node that is named,
 * to what had it before, or to the canvas. Whoever took it meanwhile keeps it.
 */
export function giveBackFocus(id?: string): void {
  requestAnimationFrame(() => {
    if (awaited !== null || !isLost()) return;
    const entry = id !== undefined && id === left ? entryOf(id) : null;
    left = null;
    take(entry ?? (id === undefined ? null : cardOf(id)) ?? present().findLast(isUsable));
    if (isLost()) take(ground());
  });
}

/** Gives the focus to the canvas where the node that had it has gone from the page, or is about to. */
export function keepFocus(): void {
  requestAnimationFrame(() => {
    const isGone = recent.some(
      (one) => !one.isConnected && one.matches(".react-flow__node, .react-flow__node *"),
    );
    recent = present();
    if (isGone && awaited === null && isLost()) take(ground());
  });
}
