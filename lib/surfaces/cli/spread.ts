import { type Paint, safe } from "./paint";

/** A command as the one line that a person types: there a backslash before an n is just that. */
const typedLine = /^[\w-]+: (?!\[")/;

/** Something shown to a person on as many lines as it has; those after the first are marked, so that none can pretend to be the next question. */
export function spread(text: string, indent: string, paint: Paint): string[] {
  const broken = typedLine.test(text)
    ? text
    : text.replace(/\\[\s\S]/g, (pair) => (pair === "\\n" ? "\n" : pair));
  return broken.split("\n").map((line, index) => {
    const mark = index === 0 ? "" : paint("dim", "│ ");
    return `${index === 0 ? "" : indent}${mark}${safe(line)}`;
  });
}
