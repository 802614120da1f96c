import { focusCanvas, giveBackFocus, heading, inspector, isAwaited, isLost, isUsable, take } from "./focus";
import { selection, useView } from "./view";

/** What has the focus, and all that it stands in, the innermost first. */
let held: HTMLElement[] = [];
/** The frame in which is looked whether the focus was lost. */
let looking: number | null = null;

/**
 * Sees to it that the focus never falls out of the page: where what has it goes away or is disabled, by a deed or by
 * itself, what stands around it takes it. Lasts until what it gives is called.
 */
export function holdFocus(): () => void {
  const note = ({ target }: FocusEvent) => {
    // What was about to be looked at is past; the next loss gets its own two frames.
    if (looking !== null) cancelAnimationFrame(looking);
    looking = null;
    held = [];
    for (let at = target instanceof HTMLElement ? target : null; at; at = at.parentElement) held.push(at);
  };
  const changes = new MutationObserver(() => {
    const [at] = held;
    if (at && (isLost() || !isUsable(at))) lookSoon();
  });
  const attributeFilter = ["disabled", "hidden", "open"];
  changes.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter });
  document.addEventListener("focusin", note);
  document.addEventListener("focusout", lookSoon);
  return () => {
    changes.disconnect();
    document.removeEventListener("focusin", note);
    document.removeEventListener("focusout", lookSoon);
  };
}

/** Two frames later, so that whoever has a better place for the focus comes first. */
function lookSoon(): void {
  looking ??= requestAnimationFrame(() => {
    looking = requestAnimationFrame(look);
  });
}

function look(): void {
  looking = null;
  const [at, ...around] = held;
  if (!at || !isLost()) return;
  if (isAwaited()) {
    lookSoon();
    return;
  }
  held = [];
  // It is there still: then somebody took the focus away from it.
  if (isUsable(at)) return;
  // A window or a menu gives it back to what had it before, and may get to it only now.
  if (around.some((each) => !each.isConnected && each.matches("[role=dialog], [role=menu]"))) {
    giveBackFocus();
    return;
  }
  const from = around.find((each) => each.isConnected) ?? document.body;
  for (const place of placesFrom(from)) {
    take(place);
    if (!isLost()) return;
  }
  // Not to what had it before: that may be a field, which would take the keys that are meant for the graph.
  focusCanvas(selection(useView.getState()).at(-1) ?? null);
}

const control = ":is(input, textarea, select):enabled";

/** Where one goes on from near an element, the nearest first. */
function placesFrom(from: HTMLElement): (HTMLElement | null | undefined)[] {
  const within = (around: string, what: string) => from.closest(around)?.querySelector<HTMLElement>(what);
  const front = [...document.querySelectorAll<HTMLElement>("[role=dialog]")].at(-1);
  if (front && !front.contains(from)) return [front];
  return [
    within(".field, .chat-field", control),
    from.closest<HTMLElement>(".react-flow__node, .chat-card, [role=dialog]"),
    within(inspector, heading),
    within(".chat", `.chat-composer ${control}`),
    from.closest<HTMLElement>("[role=tabpanel]"),
    within(inspector, "[data-entry]"),
  ];
}
