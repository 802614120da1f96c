import { type CommandClass, type Finding, graver } from "./command-class";
import { findProgram, judgeProgram } from "./programs";
import { programName, type Stray, strays } from "./words";

/** What the machine says of a command; undefined where it was not asked. */
export interface Looked {
  /** The real path of its program; undefined if there is none. */
  executable?: string | undefined;
  /** Whether that lies in the workspace, where steps may write. */
  inWorkspace?: boolean;
  /** The real folder it runs in, relative to the workspace (`.` for the workspace itself); undefined if it leads out of it. */
  cwd?: string | undefined;
  /** Words that lead by a link to where no step has any business. */
  links?: ReadonlyMap<string, Stray>;
}

const unknown = (word: string): Finding => ({
  class: "arbitrary-code",
  rule: "builtin.unknown",
  why: `nothing is known of '${word}'`,
});

const systemFolder =
  /^\/(?:usr|bin|sbin|lib\w*|opt\/homebrew|opt\/local|nix\/store|System|run\/current-system)\//;
/** One file that is many programs: its own name says nothing. */
const many = new Set(["busybox", "toybox", "coreutils", "uutils"]);
/** Programs that start the program their words name. */
const starters = /^builtin\.(?:wrapper|privilege|shell)$/;
const wordsLookedAt = 64;

/** What a command may do, by a table of known programs and flags; anything else may do anything. */
export function classifyCommand(argv: readonly string[], looked: Looked = {}): Finding {
  const [word = "", ...args] = argv;
  if (looked.inWorkspace)
    return arbitrary(
      "executable.in-workspace",
      `'${word}' is a file of the workspace, and steps can change those`,
    );
  const place = looked.executable ?? (word.includes("/") ? word : undefined);
  if (place !== undefined && !systemFolder.test(place))
    return destructiveWithin(unusual(word, place, args), args);
  const own = findProgram(programName(word));
  let found = own ? judgeProgram(own, args) : unknown(word);
  const real = place === undefined ? undefined : programName(place);
  if (real !== undefined && real !== programName(word) && !many.has(real)) {
    const behind = findProgram(real);
    if (behind) found = graver(found, judgeProgram(behind, args));
  }
  if (found.class === "writes-workspace") found = graver(found, whereTo(args, looked));
  return starters.test(found.rule) ? destructiveWithin(found, args) : found;
}

/** A program at a place where anybody may have put it is not trusted by its name; what is known to be grave stays so. */
function unusual(word: string, place: string, args: readonly string[]): Finding {
  const known = findProgram(programName(word));
  const elsewhere = arbitrary(
    "executable.unusual-place",
    `'${word}' stands at ${place}, not where the system keeps programs`,
  );
  return graver(elsewhere, known && judgeProgram(known, args));
}

/** A starter is as grave as what it starts, wherever in its words that stands. */
function destructiveWithin(found: Finding, args: readonly string[]): Finding {
  for (const [index, word] of args.slice(0, wordsLookedAt).entries()) {
    const program = findProgram(programName(word));
    const inner = program && judgeProgram(program, args.slice(index + 1));
    if (inner?.class === "destructive") return inner;
  }
  return found;
}

function whereTo(args: readonly string[], { links }: Looked): Finding | undefined {
  for (const arg of args) {
    const stray = strays(arg) ?? links?.get(arg);
    if (stray === "outside")
      return arbitrary(
        "path.outside",
        `'${arg}' leads out of the workspace, where files decide what runs later`,
      );
    if (stray === "protected")
      return arbitrary("path.protected", `'${arg}' is part of what ThreadOS or git obey`);
  }
  return undefined;
}

/** Variables that make other programs load or start something. */
const loaders =
  /^(?:LD_.*|DYLD_.*|PATH|BASH_ENV|ENV|SHELLOPTS|BASHOPTS|PS4|PROMPT_COMMAND|IFS|CDPATH|NODE_OPTIONS|NODE_PATH|BUN_OPTIONS|DENO_.*|PYTHON.*|PERL5?.*|RUBY.*|GEM_.*|JAVA_.*|JDK_JAVA_OPTIONS|_JAVA_OPTIONS|CLASSPATH|LUA_.*|PHPRC|PHP_INI_SCAN_DIR|GIT_(?!AUTHOR_|COMMITTER_).*|SSH_.*|EDITOR|VISUAL|PAGER|.*_PAGER|MANPAGER|LESSOPEN|LESSCLOSE|BROWSER|TAR_OPTIONS|TAPE|RSYNC_.*|MAKEFLAGS|MAKEFILES|GREP_OPTIONS|RIPGREP_CONFIG_PATH|npm_config_.*|NPM_CONFIG_.*|RUSTC.*|CARGO_.*|GOFLAGS|CC|CXX|LD|AR|CFLAGS|HOME|XDG_CONFIG_.*|XDG_DATA_.*|GCONV_PATH|LOCPATH|MALLOC_.*|GLIBC_TUNABLES|OPENSSL_CONF|OPENSSL_MODULES|SSLKEYLOGFILE|CURL_HOME|WGETRC|INPUTRC|TERMINFO|TERMCAP|HOSTALIASES|http_proxy|https_proxy|HTTP_PROXY|HTTPS_PROXY|ALL_PROXY|all_proxy)$/;

/** Whose addresses, and what is sent along to them, a variable can set. */
const services =
  "ANTHROPIC|OPENAI|CODEX|CHATGPT|CLAUDE|GOOGLE|GEMINI|CODE_ASSIST|AZURE|AWS|OPENROUTER|OPENCODE|OLLAMA|MISTRAL|GROQ|DEEPSEEK|XAI|LITELLM|OTEL";
/** Variables that say where programs send what they were given, whom they believe there, and where their settings are. */
const leaders = new RegExp(
  `^(?:(?:${services})_(?:\\w*_)?(?:BASE|URL|URI|HOST|ENDPOINT|HEADERS)(?:_\\w+)?|(?:HTTPS?|ALL|NO|FTP|WSS?)_PROXY|(?:https?|all|no|ftp|wss?)_proxy|NODE_EXTRA_CA_CERTS|NODE_TLS_REJECT_UNAUTHORIZED|SSL_CERT_\\w+|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|AWS_(?:CA_BUNDLE|PROFILE|CONFIG_FILE|SHARED_CREDENTIALS_FILE)|CLAUDE_CONFIG_DIR|CLAUDE_CODE_(?:USE|SKIP|API|SSE|OAUTH|CLIENT|CUSTOM|EXTRA)_\\w+|CODEX_HOME|OPENCODE_CONFIG\\w*|GEMINI_CLI_\\w+|GOOGLE_GENAI_USE_\\w+)$`,
);

/** Whether a variable decides what other programs load, start or trust, or where they send what they were given. */
export function leadsElsewhere(name: string): boolean {
  return loaders.test(name) || leaders.test(name);
}

/** What a step's own variables make of its command. */
export function classifyEnvironment(names: readonly string[]): Finding | undefined {
  const name = names.find(leadsElsewhere);
  return name === undefined
    ? undefined
    : arbitrary(
        "env.loader",
        `its variable ${name} decides what other programs load, start or trust, or where they turn to`,
      );
}

/** A line for the shell may do anything; what it plainly destroys is named. */
export function classifyLine(line: string): Finding {
  const words = line.split(/[\s;&|()`"']+/).filter((word) => word !== "");
  const found = destructiveWithin(
    { class: "arbitrary-code", rule: "builtin.shell.line", why: "a shell runs whatever the line says" },
    words,
  );
  return found;
}

function arbitrary(rule: string, why: string): { class: CommandClass; rule: string; why: string } {
  return { class: "arbitrary-code", rule: `builtin.${rule}`, why };
}
