import type { PatternPort } from "../../runtime/ports";

interface Pattern {
  matcher(text: string): { find(): boolean; start(): number; end(): number };
}

interface Engine {
  compile(pattern: string, flags?: number): Pattern;
  CASE_INSENSITIVE: number;
}

const compiled = new Map<string, Pattern>();
let engine: Engine | undefined;

function loaded(): Engine {
  engine ??= (require("re2js") as { RE2JS: Engine }).RE2JS;
  return engine;
}

/** Takes time linear in the text, whatever the pattern; loaded with the first one, since most policies have none. */
function compile(pattern: string): Pattern {
  const known = compiled.get(pattern);
  if (known) return known;
  const made = loaded().compile(pattern);
  compiled.set(pattern, made);
  return made;
}

/** What is wrong with a pattern, or undefined; references back and looks around are not possible in linear time. */
export function patternFault(pattern: string): string | undefined {
  try {
    compile(pattern);
    return undefined;
  } catch (error) {
    return sayFault(error);
  }
}

const sayFault = (error: unknown) =>
  `is no pattern of RE2: ${error instanceof Error ? error.message : String(error)}`;

/** What finds every match of a pattern in a text. A match of nothing is none. */
export const patterns: PatternPort = {
  finder: (pattern, matchCase) => {
    try {
      const made = loaded().compile(pattern, matchCase ? 0 : loaded().CASE_INSENSITIVE);
      return { ok: true, value: (text) => matchesIn(made, text) };
    } catch (error) {
      return { ok: false, problem: sayFault(error) };
    }
  },
};

function matchesIn(pattern: Pattern, text: string): [number, number][] {
  const found: [number, number][] = [];
  const matcher = pattern.matcher(text);
  while (matcher.find()) if (matcher.end() > matcher.start()) found.push([matcher.start(), matcher.end()]);
  return found;
}

/** Whether a text holds what a pattern describes. */
export function matchesPattern(pattern: string, text: string): boolean {
  return compile(pattern).matcher(text).find();
}
