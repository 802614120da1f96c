/** Signs that narrow the palette to one kind of thing, when a search begins with one. */
export const signs: Record<string, Scope> = { ">": "actions", "@": "nodes", "#": "runs", "?": "why" };
export type Scope = "actions" | "nodes" | "runs" | "why";

/** Whether the words ask why something stands as it does. */
export const asksWhy = (search: string): boolean => /^(why|reason)\b/i.test(search.trimStart());

/** What people call things that have another name here, for the search; by the words as they would be typed. */
const others: Readonly<Record<string, readonly string[]>> = {
  abort: ["stop", "give the run up"],
  accept: ["approve"],
  again: ["re-run", "restart"],
  agree: ["approve"],
  align: ["tidy"],
  allow: ["approve"],
  approvals: ["waits for you"],
  arrow: ["dependency"],
  artifacts: ["left behind"],
  cancel: ["stop", "give the run up"],
  change: ["set"],
  collapse: ["hide"],
  combine: ["fuse", "same task"],
  compare: ["candidate", "left behind"],
  config: ["setting"],
  configure: ["setting"],
  connect: ["add a dependency"],
  create: ["add"],
  cwd: ["folder"],
  decide: ["waits for you", "approve", "reject"],
  decline: ["reject", "turn down"],
  delete: ["remove"],
  deny: ["reject", "turn down"],
  diff: ["compare", "candidate", "left behind"],
  disagree: ["reject", "turn down"],
  disconnect: ["remove a dependency"],
  download: ["log", "audit"],
  end: ["stop"],
  expand: ["show"],
  export: ["copy as yaml", "audit"],
  find: ["search", "go to"],
  fit: ["show everything"],
  fold: ["collapse"],
  fuse: ["same task"],
  fusion: ["same task", "fuse"],
  go: ["node "],
  goto: ["node "],
  help: ["keys"],
  history: ["audit", "timeline", "runs"],
  join: ["fuse", "same task"],
  jump: ["node "],
  kill: ["stop", "give the run up"],
  layout: ["tidy"],
  limit: ["timeout", "limits", "the most"],
  link: ["add a dependency"],
  merge: ["fuse", "same task"],
  new: ["add"],
  notifications: ["waits for you"],
  open: ["show", "node "],
  options: ["setting"],
  outputs: ["left behind"],
  panel: ["dock", "inspector", "chat"],
  pending: ["waits for you"],
  preferences: ["setting"],
  reason: ["why "],
  refuse: ["reject", "turn down"],
  remove: ["delete"],
  rename: ["name of", "edit"],
  repeat: ["retries", "re-run", "rounds"],
  replay: ["timeline", "runs"],
  rerun: ["re-run"],
  restart: ["re-run"],
  results: ["left behind"],
  retry: ["re-run", "restart", "retries"],
  review: ["waits for you"],
  settings: ["setting"],
  shortcuts: ["keys"],
  skip: ["left out"],
  start: ["run"],
  terminate: ["stop"],
  tries: ["retries"],
  try: ["re-run", "restart", "retries"],
  unfold: ["expand"],
  validate: ["problems"],
  waiting: ["waits for you"],
  yes: ["approve"],
  zoom: ["show everything"],
};

/** What says nothing of what is looked for, unless nothing else is typed. */
const small = new Set(["a", "all", "an", "for", "in", "it", "its", "my", "of", "on", "the", "this", "to"]);

/** A typed word, and what stands for it here: what begins with three letters of such a word is meant already. */
function meanings(word: string): string[] {
  const known = Object.keys(others).filter(
    (one) => one === word || (word.length > 2 && one.startsWith(word)),
  );
  return [word, ...known.flatMap((one) => others[one] ?? [])];
}

/** How well an entry fits: every word of the search, or what is meant by it, must stand in it, at best as it was typed, where a word begins. */
export function rank(value: string, search: string, keywords: string[] = []): number {
  const typed = (signs[search.charAt(0)] ? search.slice(1) : search)
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean);
  const telling = typed.filter((word) => !small.has(word));
  const wanted = telling.length > 0 ? telling : typed;
  const [title = "", ...rest] = keywords;
  const all = `${value} ${keywords.join(" ")}`.toLowerCase();
  if (!wanted.every((word) => meanings(word).some((one) => all.includes(one)))) return 0;
  const whole = `${title} ${rest.join(" ")}`.toLowerCase();
  const begins = typed.filter((word) => whole.startsWith(word) || whole.includes(` ${word}`)).length;
  return (1 + begins) / (1 + typed.length);
}
