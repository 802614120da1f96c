/** A text cut at its backticks, which are left out; it begins with a capital unless it begins with code or a name such as `a-b`. */
export function sentenceOf(text: string): { text: string; isCode: boolean }[] {
  const parts = text.split("`");
  // One that is not closed is part of the text.
  const whole = parts.length % 2 === 1 ? parts : [...parts.slice(0, -2), parts.slice(-2).join("`")];
  return whole.flatMap((part, at) => {
    if (part === "") return [];
    const begins = at === 0 && /^[a-z]+(?![\w./-])/.test(part);
    return [{ text: begins ? part.charAt(0).toUpperCase() + part.slice(1) : part, isCode: at % 2 === 1 }];
  });
}
