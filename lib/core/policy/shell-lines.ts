import { hasLong, programName } from "./words";

/** How a program is told among its own options to hand a line to a shell. */
interface Line {
  short: string;
  long?: string[];
  /** Letters and flags that take the next word, so that it is not the program to start. */
  takes?: string;
  takesLong?: string[];
}

/** Programs that hand what they are told to a shell, whatever their flags. */
const always = new Set("su parallel at batch tmux screen capsh nix-shell".split(" "));

const leading = new Map<string, Line>([
  [
    "env",
    {
      short: "S",
      long: ["--split-string"],
      takes: "uCPaLU",
      takesLong: ["--unset", "--chdir", "--argv0"],
    },
  ],
  [
    "sudo",
    {
      short: "si",
      long: ["--shell", "--login"],
      takes: "aCcDghpRrTtUu",
      takesLong:
        "--user --group --host --prompt --close-from --chdir --role --type --chroot --other-user --command-timeout".split(
          " ",
        ),
    },
  ],
  ["doas", { short: "s", takes: "aCu" }],
  [
    "systemd-run",
    {
      short: "S",
      long: ["--shell"],
      takes: "HMupt",
      takesLong:
        "--host --machine --unit --property --description --slice --uid --gid --nice --working-directory --setenv".split(
          " ",
        ),
    },
  ],
  ["entr", { short: "s" }],
]);

/** Programs that read such a flag wherever it stands. */
const anywhere = new Set("flock script runuser nc ncat netcat".split(" "));
const lineFlags = ["--command", "--session-command", "--sh-exec"];
const wordsLookedAt = 64;

/** The word by which a program hands a line to a shell, or makes a command of one: `-c` of `flock`, `-S` of `env`. */
export function lineIn(word: string, args: readonly string[]): string | undefined {
  const name = programName(word);
  if (always.has(name)) return word;
  if (name === "watch") return isPlainWatch(args) ? undefined : word;
  if (name === "socat") return args.find((arg) => /\b(?:exec|system|shell):/i.test(arg));
  const line = leading.get(name);
  if (line) return leadingFlag(args, line);
  if (!anywhere.has(name)) return undefined;
  if (args.length > wordsLookedAt) return word;
  const isUser = (arg: string) => /^-[a-z]*u/.test(arg) || hasLong([arg], ["--user"]);
  if (name === "runuser" && !args.some(isUser)) return word;
  return args.find((arg) => /^-[A-Za-z]*c/.test(arg) || hasLong([arg], lineFlags));
}

/** `watch` goes through a shell unless its own options say `-x`. */
function isPlainWatch(args: readonly string[]): boolean {
  const line = { short: "x", long: ["--exec"], takes: "nqs", takesLong: ["--interval", "--equexit"] };
  return leadingFlag(args, line) !== undefined;
}

/** A flag among the options that stand before the program to start. */
function leadingFlag(args: readonly string[], line: Line): string | undefined {
  const { short, long = [], takes = "", takesLong = [] } = line;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] as string;
    if (arg === "--") return undefined;
    if (arg.startsWith("--")) {
      if (hasLong([arg], long)) return arg;
      if (!arg.includes("=") && hasLong([arg], takesLong)) at += 1;
    } else if (arg.startsWith("-")) {
      const letters = [...arg.slice(1)];
      const first = letters.findIndex((letter) => short.includes(letter) || takes.includes(letter));
      if (short.includes(letters[first] ?? " ")) return arg;
      if (first >= 0 && first === letters.length - 1) at += 1;
    } else if (!/^[^=]+=/.test(arg)) return undefined;
  }
  return undefined;
}
