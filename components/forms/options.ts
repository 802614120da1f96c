import type { FieldSpec } from "./schema";

/** What the values of a choice mean, by its key and value; what is not named here says it itself. */
const words: Record<string, Record<string, string>> = {
  type: {
    p: "p: parallel",
    c: "c: chained",
    f: "f: fusion",
    b: "b: orchestrated",
    l: "l: long",
    choice: "choice: one of several",
    boolean: "boolean: yes or no",
    yes_no: "yes or no",
  },
  join: {
    all: "all: every one has ended well",
    any: "any: one has ended well",
    none_failed: "none_failed: none has failed",
  },
};

/** The values that are offered. Of two that mean the same only one is, unless the other was chosen already. */
export function optionsOf({ kind, options }: FieldSpec, chosen: string): string[] {
  if (kind === "truth") return ["true", "false"];
  return options.filter(
    (option) => option !== "boolean" || !options.includes("yes_no") || chosen === "boolean",
  );
}

/** What a value is called. */
export function optionSaid({ key, kind }: FieldSpec, option: string): string {
  if (kind === "truth") return option === "true" ? "yes" : "no";
  return words[key]?.[option] ?? option;
}

/** What stands where nothing is chosen, with what holds then. */
export function unsetSaid(spec: FieldSpec): string {
  return spec.unset === undefined ? "not set" : `not set: ${optionSaid(spec, spec.unset)}`;
}
