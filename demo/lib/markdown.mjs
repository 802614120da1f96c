// Names come from the repository and may hold anything: line breaks, pipes, backticks, marks that turn text around.
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
const NAMED = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** The text on one line with nothing invisible in it, cut to a length: safe for a terminal, a table, a chart. */
export function plain(text, length = 80) {
  const shown = String(text).replace(
    UNPRINTABLE,
    (mark) => NAMED[mark] ?? `\\u{${mark.codePointAt(0).toString(16)}}`,
  );
  const letters = [...shown];
  return letters.length > length ? `${letters.slice(0, length - 1).join("")}…` : shown;
}

/** Someone else's words as Markdown that shows exactly them. */
export const words = (text, length) =>
  plain(text, length)
    .replace(/[\\`*_[\]<>|#~$]/g, "\\$&")
    .replace(/&/g, "&amp;");

/** A path or another literal as inline code, for use inside a table too. */
export function code(text, length = 70) {
  const shown = plain(text, length).replaceAll("|", "\\|");
  const longest = Math.max(0, ...(shown.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return longest > 0 ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`;
}

/** A table; a head that ends in ":" marks a column of numbers, set to the right. */
export function table(heads, rows) {
  const cells = [heads.map((head) => head.replace(/:$/, "")), ...rows.map((row) => row.map(String))];
  const widths = heads.map((_, column) => Math.max(3, ...cells.map((row) => [...row[column]].length)));
  const line = (row) =>
    `| ${row.map((cell, i) => (heads[i].endsWith(":") ? padStart(cell, widths[i]) : padEnd(cell, widths[i]))).join(" | ")} |`;
  const rule = widths.map((width, i) =>
    heads[i].endsWith(":") ? `${"-".repeat(width - 1)}:` : "-".repeat(width),
  );
  return [line(cells[0]), `| ${rule.join(" | ")} |`, ...cells.slice(1).map(line)].join("\n");
}

const padEnd = (cell, width) => cell + " ".repeat(Math.max(0, width - [...cell].length));
const padStart = (cell, width) => " ".repeat(Math.max(0, width - [...cell].length)) + cell;

/** A whole number with thousands separated: 12,345. */
export const count = (value) => Math.round(value).toLocaleString("en-US");

/** A number of things: "1 file", "3 files", "2 copies". */
export const many = (value, one, more = `${one}s`) => `${count(value)} ${value === 1 ? one : more}`;

/** A share between 0 and 1 as "37 %". */
export const percent = (share) => `${share > 0 && share < 0.01 ? "<1" : Math.round(share * 100)} %`;

/** A section of a report: a heading and those of its parts that are there. */
export const section = (title, ...parts) => `## ${title}\n\n${parts.filter(Boolean).join("\n\n")}`;

/** A sentence with its first letter made large. */
export const capital = (sentence) => sentence.charAt(0).toUpperCase() + sentence.slice(1);
