/** Signs that narrow the palette to one kind of thing, when a search begins with one. */
export const signs: Record<string, Scope> = { ">": "actions", "@": "nodes", "#": "runs", "?": "why" };
export type Scope = "actions" | "nodes" | "runs" | "why";

/** What people call things that have another name here, for the search; by the words as they would be typed. */
const others: Readonly<Record<string, readonly string[]>> = {
  cancel: ["stop", "give the run up"],
  change: ["set"],
  collapse: ["hide"],
  config: ["setting"],
  configure: ["setting"],
  create: ["add"],
  cwd: ["folder"],
  delete: ["remove"],
  diff: ["compare"],
  download: ["log", "audit"],
  end: ["stop"],
  expand: ["show"],
  export: ["copy as yaml", "audit"],
  find: ["search", "go to"],
  fit: ["show everything"],
  help: ["keys"],
  history: ["audit", "timeline", "runs"],
  kill: ["stop", "give the run up"],
  layout: ["tidy"],
  limit: ["timeout", "limits", "the most"],
  link: ["add a dependency"],
  new: ["add"],
  notifications: ["waits for you"],
  open: ["show"],
  options: ["setting"],
  panel: ["dock", "inspector", "chat"],
  preferences: ["setting"],
  remove: ["delete"],
  rename: ["name of", "edit"],
  repeat: ["retries", "re-run", "rounds"],
  replay: ["timeline", "runs"],
  restart: ["re-run"],
  rerun: ["re-run"],
  settings: ["setting"],
  shortcuts: ["keys"],
  start: ["run"],
  terminate: ["stop"],
  tries: ["retries"],
  validate: ["problems"],
};

/** A typed word, and what stands for it here: what begins with three letters of such a word is meant already. */
function meanings(word: string): string[] {
  const known = Object.keys(others).filter(
    (one) => one === word || (word.length > 2 && one.startsWith(word)),
  );
  return [word, ...known.flatMap((one) => others[one] ?? [])];
}

/** How well an entry fits: every word of the search, or what is meant by it, must stand in it, at best as it was typed, where a word begins. */
export function rank(value: string, search: string, keywords: string[] = []): number {
  const wanted = (signs[search.charAt(0)] ? search.slice(1) : search)
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean);
  const [title = "", ...rest] = keywords;
  const all = `${value} ${keywords.join(" ")}`.toLowerCase();
  if (!wanted.every((word) => meanings(word).some((one) => all.includes(one)))) return 0;
  const whole = `${title} ${rest.join(" ")}`.toLowerCase();
  const begins = wanted.filter((word) => whole.startsWith(word) || whole.includes(` ${word}`)).length;
  return (1 + begins) / (1 + wanted.length);
}
