import { findAction } from "../../lib/core/actions";
import type { Json } from "../../lib/core/json";
import { wordsOf } from "./lines";

/** The command line that carries a call out, as a POSIX shell takes it. */
export function callLine(name: string, input: Json): string {
  const values = (typeof input === "object" && input !== null && !Array.isArray(input) ? input : {}) as {
    [key: string]: Json;
  };
  const { scope, ...others } = values;
  const isRun = name === "run.start";
  const positional: readonly string[] = isRun ? ["id"] : (findAction(name)?.positional ?? []);
  const words = [
    "seqctl",
    wordsOf(name),
    ...(isRun && scope !== "all" ? [String(scope)] : []),
    ...positional.flatMap((key) => (values[key] === undefined ? [] : [word(values[key])])),
  ];
  const flags = Object.entries(isRun ? others : values)
    .filter(([key, value]) => !positional.includes(key) && value !== null && key !== "base")
    .map(([key, value]) => {
      const flag = `--${key.replaceAll("_", "-")}`;
      return value === true ? flag : `${flag} ${word(value)}`;
    });
  return [...words, ...flags].join(" ");
}

/** Lists of plain words are given with commas, whatever else is no text as JSON. */
function word(value: Json | undefined): string {
  const isPlain =
    Array.isArray(value) && value.every((each) => typeof each === "string" && /^[\w.-]+$/.test(each));
  const text = isPlain ? value.join(",") : typeof value === "string" ? value : JSON.stringify(value);
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
