import fc from "fast-check";

/** Texts that are hard to quote. */
export const trickyText = fc.constantFrom(
  "plain words",
  "it's",
  'say "hi"',
  "a: b",
  "x #y",
  "yes",
  "123",
  "null",
  "-dash",
  "[x]",
  "",
  " lead",
  "trail ",
  "two\nlines",
  "three\n\nlines\n",
  "tab\there",
  "ünïcode ✓",
  "*star",
  "&and",
  "{{ t }}",
  "%p",
  "@at",
  "`tick",
  "12:30:00",
  "0x1f",
  "1e3",
  "#hash",
  "key:",
  "- item",
  "? q",
  "| pipe",
  "> fold",
  "a, b",
  "---",
  "...",
  "!tag",
  "x\n  indented\nlast",
  "2026-01-01",
  "~",
  "\\n",
  "C:\\dir",
  "~/bin",
  "long ".repeat(40).trim(),
  "<<",
  "=",
  "\u00a0nbsp",
);

const plainWord = fc.constantFrom("alpha", "beta two", "gamma", "make", "x.js", "--flag", "./run", "a-b_c");
const text = fc.oneof({ weight: 3, arbitrary: plainWord }, { weight: 1, arbitrary: trickyText });
const dressing = fc.record({
  blanks: fc.constantFrom(0, 0, 0, 1, 2),
  lead: fc.constantFrom(0, 0, 0, 1, 2),
  detached: fc.boolean(),
  behind: fc.constantFrom("", "", "", " # ", "    # "),
  gap: fc.constantFrom(" ", " ", " ", "  ", "    "),
});
/** What `dressing` generates. */
export type Dressing = typeof dressing extends fc.Arbitrary<infer T> ? T : never;

const scalarStyle = fc.constantFrom("plain", "single", "double", "literal", "folded");
const listStyle = fc.constantFrom("flow", "flow", "padded", "block", "flush", "vertical", "closing");

const entry = fc.record({
  key: fc.constantFrom("name", "when", "description", "timeout_ms", "command", "depends_on", "tags", "env"),
  text,
  texts: fc.array(text, { maxLength: 4 }),
  number: fc.nat(100_000),
  scalarStyle,
  listStyle,
  dressing,
  itemDressing: dressing,
  mapInFlow: fc.boolean(),
});
/** What `entry` generates. */
export type Entry = typeof entry extends fc.Arbitrary<infer T> ? T : never;

const step = fc.record({
  dressing,
  gap: fc.constantFrom(2, 2, 2, 3, 4),
  entries: fc.uniqueArray(entry, { selector: (e) => e.key, maxLength: 6 }),
  trailing: fc.boolean(),
  idStyle: fc.constantFrom("plain", "single", "double"),
});
/** What `step` generates. */
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** All that a document is written from. */
export const shape = fc.record({
  bom: fc.boolean(),
  eol: fc.constantFrom("\n", "\n", "\r\n"),
  finalBreak: fc.boolean(),
  header: fc.nat(2),
  marker: fc.boolean(),
  listColumn: fc.constantFrom(0, 2, 2, 4),
  indent: fc.constantFrom(2, 2, 3, 4),
  top: fc.uniqueArray(entry, { selector: (e) => e.key, maxLength: 3 }),
  versionDressing: dressing,
  stepsDressing: dressing,
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
  after: fc.uniqueArray(entry, { selector: (e) => e.key, maxLength: 2 }),
});
/** What `shape` generates. */
export type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;
