interface Pattern {
  matcher(text: string): { find(): boolean };
}

interface Engine {
  compile(pattern: string): Pattern;
}

const compiled = new Map<string, Pattern>();
let engine: Engine | undefined;

/** Takes time linear in the text, whatever the pattern; loaded with the first one, since most policies have none. */
function compile(pattern: string): Pattern {
  const known = compiled.get(pattern);
  if (known) return known;
  engine ??= (require("re2js") as { RE2JS: Engine }).RE2JS;
  const made = engine.compile(pattern);
  compiled.set(pattern, made);
  return made;
}

/** What is wrong with a pattern, or undefined; references back and looks around are not possible in linear time. */
export function patternFault(pattern: string): string | undefined {
  try {
    compile(pattern);
    return undefined;
  } catch (error) {
    return `is no pattern of RE2: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Whether a text holds what a pattern describes. */
export function matchesPattern(pattern: string, text: string): boolean {
  return compile(pattern).matcher(text).find();
}
