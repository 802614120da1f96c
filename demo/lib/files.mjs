import { lstatSync, readFileSync } from "node:fs";

// Files larger than this are listed with their size, and not read.
const MAX_FILE_BYTES = 1024 * 1024;

const EXTENSIONS = {
  code: {
    TypeScript: "ts tsx mts cts",
    JavaScript: "js jsx mjs cjs",
    Python: "py pyi",
    Go: "go",
    Rust: "rs",
    Java: "java",
    Kotlin: "kt kts",
    Swift: "swift",
    C: "c h",
    "C++": "cc cpp cxx hpp hh",
    "C#": "cs",
    Ruby: "rb rake",
    PHP: "php",
    Scala: "scala sbt",
    Dart: "dart",
    Elixir: "ex exs",
    Erlang: "erl hrl",
    Haskell: "hs",
    Lua: "lua",
    Perl: "pl pm",
    R: "r",
    Julia: "jl",
    Zig: "zig",
    Nix: "nix",
    Clojure: "clj cljs cljc",
    OCaml: "ml mli",
    "F#": "fs fsx",
    "Objective-C": "m mm",
    Shell: "sh bash zsh fish",
    PowerShell: "ps1",
    SQL: "sql",
    HTML: "html htm",
    CSS: "css",
    Sass: "scss sass",
    Less: "less",
    Vue: "vue",
    Svelte: "svelte",
    Astro: "astro",
    GraphQL: "graphql gql",
    Protobuf: "proto",
    Terraform: "tf",
    Solidity: "sol",
    Groovy: "groovy gradle",
  },
  docs: { Markdown: "md mdx markdown", reStructuredText: "rst", AsciiDoc: "adoc", Text: "txt", TeX: "tex" },
  config: {
    JSON: "json jsonc json5 jsonl ndjson",
    YAML: "yaml yml",
    TOML: "toml",
    XML: "xml",
    INI: "ini cfg conf properties",
    CSV: "csv tsv",
    SVG: "svg",
    Lock: "lock lockb",
  },
};
const BY_EXTENSION = new Map(
  Object.entries(EXTENSIONS).flatMap(([kind, languages]) =>
    Object.entries(languages).flatMap(([language, names]) =>
      names.split(" ").map((name) => [name, { language, kind }]),
    ),
  ),
);
const BY_NAME = [
  [/^(GNU)?makefile$/i, { language: "Make", kind: "code" }],
  [/^(docker|container)file(\..+)?$/i, { language: "Docker", kind: "code" }],
  [/^(LICEN[CS]E|COPYING|NOTICE|AUTHORS|README|CHANGELOG)$/i, { language: "Text", kind: "docs" }],
  [/^(gemfile|rakefile)$/i, { language: "Ruby", kind: "code" }],
  [/^\.[^.]+(rc|ignore|attributes|config)?$/, { language: "Dotfile", kind: "config" }],
];
const BY_SHEBANG = [
  [/\b(node|bun|deno)\b/, { language: "JavaScript", kind: "code" }],
  [/\bpython[\d.]*\b/, { language: "Python", kind: "code" }],
  [/\b(ba|z|da|k|fi)?sh\b/, { language: "Shell", kind: "code" }],
  [/\bruby\b/, { language: "Ruby", kind: "code" }],
];

const LEFT_OUT = /(^|\/)(\.git|\.threados|node_modules)(\/|$)/;
const GENERATED = new RegExp(
  [
    String.raw`(^|\/)(package-lock\.json|npm-shrinkwrap\.json|pnpm-lock\.yaml|go\.sum|[^/]+\.lockb?)$`,
    String.raw`(^|\/)(dist|vendor|third_party|__snapshots__)\/`,
    String.raw`\.(min\.(js|css)|map|snap|pb\.go|g\.dart)$`,
  ].join("|"),
);
const TEST = new RegExp(
  [
    String.raw`(^|\/)(tests?|__tests__|specs?|e2e|fixtures|testdata)\/`,
    String.raw`[._-](test|tests|spec|e2e)\.[a-z0-9]+$`,
    String.raw`(^|\/)test_[^/]+\.py$`,
    String.raw`[a-z0-9]Tests?\.(java|kt|cs|swift|scala)$`,
  ].join("|"),
);

/** Whether a path belongs to the repository's own work: not git's, not ThreadOS's, not an installed package. */
export const isOwn = (path) => !LEFT_OUT.test(path);

/** The language of a file and its kind: code, test, docs, config, generated or other. */
export function classify(path, firstLine = "") {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const extension = /.\.([^.]+)$/.exec(name)?.[1].toLowerCase();
  const found = BY_EXTENSION.get(extension) ??
    BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ??
    (firstLine.startsWith("#!")
      ? BY_SHEBANG.find(([pattern]) => pattern.test(firstLine))?.[1]
      : undefined) ?? { language: "Other", kind: "other" };
  if (GENERATED.test(path)) return { ...found, kind: "generated" };
  return found.kind === "code" && TEST.test(path) ? { ...found, kind: "test" } : found;
}

/** A file's text, or why it was not read: `missing`, `special` (a link, a submodule), `large`, `binary`. */
export function readText(path, maxBytes = MAX_FILE_BYTES) {
  try {
    const stat = lstatSync(path);
    if (!stat.isFile()) return { skipped: "special", bytes: 0 };
    if (stat.size > maxBytes) return { skipped: "large", bytes: stat.size };
    const content = readFileSync(path);
    if (content.subarray(0, 8000).includes(0)) return { skipped: "binary", bytes: stat.size };
    return { text: content.toString(), bytes: stat.size };
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EACCES", "EPERM"].includes(error.code))
      return { skipped: "missing", bytes: 0 };
    throw error;
  }
}
