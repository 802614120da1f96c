/** What follows before the browser does anything else belongs to the same deed. */
let goesOn = false;
let ends: ReturnType<typeof setTimeout> | undefined;

/**
 * Names in the address what is looked at. What somebody turns to is an entry of its own, so that the browser's Back leads
 * to what was looked at before; what is turned to at once after it takes its place.
 */
export function turnTo(names: Record<string, string | null>): void {
  const url = new URL(location.href);
  for (const [name, value] of Object.entries(names)) setOrDelete(url, name, value);
  if (url.href === location.href) return;
  if (goesOn) history.replaceState(history.state, "", url);
  else history.pushState(history.state, "", url);
  stayHere();
}

/** What is turned to next takes the place of this in the history, as it is there no longer, or is called otherwise. */
export function stayHere(): void {
  goesOn = true;
  clearTimeout(ends);
  ends = setTimeout(() => {
    goesOn = false;
  });
}

/** Sets a parameter of an address, or takes it out. */
export function setOrDelete(url: URL, name: string, value: string | null): void {
  if (value === null) url.searchParams.delete(name);
  else url.searchParams.set(name, value);
}
