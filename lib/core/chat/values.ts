const words: Readonly<Record<string, number>> = {
  ...{
    zero: 0,
    no: 0,
    a: 1,
    an: 1,
    one: 1,
    once: 1,
    two: 2,
    twice: 2,
    "a couple of": 2,
    three: 3,
    thrice: 3,
  },
  ...{
    four: 4,
    five: 5,
    six: 6,
    seven: 7,
    eight: 8,
    nine: 9,
    ten: 10,
    twelve: 12,
    "a dozen": 12,
    fifteen: 15,
  },
  ...{
    twenty: 20,
    thirty: 30,
    "forty-five": 45,
    sixty: 60,
    ninety: 90,
    hundred: 100,
    half: 0.5,
    "half an": 0.5,
  },
};

/** What a number looks like in words or digits, for patterns. */
export const numberWords = `-?\\d+(?:\\.\\d+)?|${Object.keys(words)
  .sort((a, b) => b.length - a.length)
  .join("|")}`;

/** A number in digits or words. */
export function readNumber(text: string): number | undefined {
  const said = text
    .trim()
    .toLowerCase()
    .replace(/ (?:times|x)$/, "");
  if (/^[-+]?\d+(?:\.\d+)?$/.test(said)) return Number(said);
  return words[said];
}

const units: Readonly<Record<string, number>> = {
  ...{
    ms: 1,
    msec: 1,
    millisecond: 1,
    s: 1000,
    sec: 1000,
    second: 1000,
    m: 60_000,
    min: 60_000,
    minute: 60_000,
  },
  ...{ h: 3_600_000, hr: 3_600_000, hour: 3_600_000, d: 86_400_000, day: 86_400_000 },
};
const part = new RegExp(`(${numberWords})(?: |-)?(${Object.keys(units).join("|")})s?(?![a-z])`, "gi");

/** A length of time in ms: `5 minutes`, `1h30m`, `half an hour`, `90s`, `250 ms`. A bare number is no length of time. */
export function readDuration(text: string): number | undefined {
  const said = text
    .trim()
    .toLowerCase()
    .replace(/(\d)(?:h|hrs?)(\d+)m?$/, "$1h $2m");
  let rest = said;
  let sum = 0;
  for (const [whole, amount = "", unit = ""] of said.matchAll(part)) {
    sum += (readNumber(amount) ?? 0) * (units[unit.toLowerCase()] ?? 0);
    rest = rest.replace(whole, "");
  }
  return sum > 0 && /^(?:[\s,]|and|long)*$/.test(rest) ? Math.round(sum) : undefined;
}

/** A command as the file holds it: words where no shell is needed, else the line for one. */
export function readCommand(text: string): string[] | string {
  const line = text.trim();
  if (line.startsWith("[")) {
    try {
      const list: unknown = JSON.parse(line);
      if (Array.isArray(list) && list.length > 0 && list.every((word) => typeof word === "string"))
        return list;
    } catch {
      return line;
    }
  }
  return splitLine(line) ?? line;
}

/** The words of a line that needs no shell; undefined where only a shell would understand it. */
export function splitLine(line: string): string[] | undefined {
  const found: string[] = [];
  const token = /\s*(?:((?:[^\s"'\\|&;<>()$`*?#~!{}[\]]|"[^"\\$`!]*"|'[^']*')+)|$)/y;
  while (token.lastIndex < line.length) {
    const taken = token.exec(line);
    if (!taken) return undefined;
    if (taken[1] === undefined) break;
    found.push(taken[1].replace(/"([^"]*)"|'([^']*)'/g, (_, double, single) => double ?? single ?? ""));
  }
  // `KEY=value command` is the shell's own way of saying it.
  return found.length === 0 || /^\w+=/.test(found[0] ?? "") ? undefined : found;
}

/** A name as an id: what an id can't hold becomes a dash. */
export function toId(text: string): string {
  const id = text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^A-Za-z0-9_-]+/g, "-")
    .replace(/^[-_]+|-+$/g, "");
  return (/^[a-z0-9_-]+$/i.test(text) ? id : id.toLowerCase()).slice(0, 64);
}
