// One small reader per ecosystem: the dependencies a manifest declares by hand, the packages a lock file pins.
// They read what people usually write; a manifest they can't read counts as having no dependencies.

const dependency = (name, range = "", scope = "runtime") => ({ name, range: String(range), scope });
const matches = (text, pattern) => [...text.matchAll(pattern)];

function fromJson(keys) {
  return (text) => {
    const json = parseJson(text);
    return Object.entries(keys).flatMap(([key, scope]) =>
      Object.entries(json?.[key] ?? {}).map(([name, range]) => dependency(name, range, scope)),
    );
  };
}

// The lines of `[a.section]` in TOML whose header fits, as name and the rest.
function tomlSection(text, header) {
  return text
    .split(/^(?=\[)/m)
    .filter((section) => header.test(section))
    .flatMap((section) =>
      matches(section, /^([A-Za-z0-9_.-]+)\s*=\s*(.+)$/gm).map(([, name, rest]) => [
        name,
        /"([^"]*)"/.exec(rest)?.[1] ?? rest,
      ]),
    );
}

const MANIFESTS = [
  {
    ecosystem: "npm",
    file: /^package\.json$/,
    read: fromJson({
      dependencies: "runtime",
      optionalDependencies: "runtime",
      peerDependencies: "peer",
      devDependencies: "development",
    }),
  },
  {
    ecosystem: "Composer",
    file: /^composer\.json$/,
    read: fromJson({ require: "runtime", "require-dev": "development" }),
  },
  {
    ecosystem: "Go",
    file: /^go\.mod$/,
    read: (text) =>
      matches(
        text,
        /^\s*(?:require\s+)?([\w.-]+\.[\w.-]+\/\S+|[\w-]+\.[\w-]+)\s+(v\S+)(?!.*\/\/ indirect)/gm,
      ).map(([, name, range]) => dependency(name, range)),
  },
  {
    ecosystem: "Cargo",
    file: /^Cargo\.toml$/,
    read: (text) => [
      ...tomlSection(text, /^\[(workspace\.)?dependencies\]/).map(([name, range]) => dependency(name, range)),
      ...tomlSection(text, /^\[(dev|build)-dependencies\]/).map(([name, range]) =>
        dependency(name, range, "development"),
      ),
    ],
  },
  {
    ecosystem: "Python",
    file: /^requirements[^/]*\.txt$/,
    read: (text) =>
      matches(text, /^([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*([^#;\n]*)/gm).map(([, name, range]) =>
        dependency(name, range.trim()),
      ),
  },
  {
    ecosystem: "Python",
    file: /^pyproject\.toml$/,
    read: (text) => [
      ...matches(
        /^dependencies\s*=\s*\[([\s\S]*?)\]\s*$/m.exec(text)?.[1] ?? "",
        /["']([A-Za-z0-9][\w.-]*)([^"']*)["']/g,
      ).map(([, name, range]) => dependency(name, range.trim())),
      ...tomlSection(text, /^\[tool\.poetry\.dependencies\]/).map(([name, range]) => dependency(name, range)),
    ],
  },
  {
    ecosystem: "RubyGems",
    file: /^Gemfile$/,
    read: (text) =>
      matches(text, /^\s*gem\s+["']([^"']+)["'](?:,\s*["']([^"']+)["'])?/gm).map(([, name, range]) =>
        dependency(name, range),
      ),
  },
  {
    ecosystem: "Maven",
    file: /^pom\.xml$/,
    read: (text) =>
      matches(text, /<dependency>[\s\S]*?<artifactId>([^<]+)<\/artifactId>(?:\s*<version>([^<]*)<)?/g).map(
        ([, name, range]) => dependency(name, range),
      ),
  },
  {
    ecosystem: "NuGet",
    file: /\.csproj$/,
    read: (text) =>
      matches(text, /<PackageReference\s+Include="([^"]+)"(?:\s+Version="([^"]*)")?/g).map(
        ([, name, range]) => dependency(name, range),
      ),
  },
];

const LOCKS = [
  [
    /^(package-lock|npm-shrinkwrap)\.json$/,
    (text) => Object.keys(parseJson(text)?.packages ?? {}).filter(Boolean).length,
  ],
  [/^bun\.lock$/, (text) => Object.keys(parseJson(text)?.packages ?? {}).length],
  [
    /^yarn\.lock$/,
    (text) => matches(text, /^[^\s#].*:$/gm).filter(([line]) => line !== "__metadata:").length,
  ],
  [
    /^pnpm-lock\.yaml$/,
    (text) =>
      matches(/^packages:\n([\s\S]*?)(?=^\S|$(?![\s\S]))/m.exec(text)?.[1] ?? "", /^ {2}\S.*:$/gm).length,
  ],
  [
    /^go\.sum$/,
    (text) => matches(text, /^\S+ v\S+ h1:/gm).filter(([line]) => !line.includes("/go.mod ")).length,
  ],
  [/^(Cargo|poetry|uv)\.lock$/, (text) => matches(text, /^\[\[package\]\]/gm).length],
  [/^composer\.lock$/, (text) => (parseJson(text)?.packages ?? []).length],
  [/^Gemfile\.lock$/, (text) => matches(text, /^ {4}\S+ \(/gm).length],
];

const nameOf = (path) => path.slice(path.lastIndexOf("/") + 1);

/** The reader of the manifest at a path, or undefined where it is none. */
export const manifestAt = (path) => MANIFESTS.find(({ file }) => file.test(nameOf(path)));

/** The function that counts the packages of the lock file at a path, or undefined where it is none. */
export const lockAt = (path) => LOCKS.find(([file]) => file.test(nameOf(path)))?.[1];

/** The value of JSON that may hold trailing commas (bun.lock does), or null where it is no JSON. */
export function parseJson(text) {
  for (const candidate of [text, text.replace(/,(\s*[}\]])/g, "$1")]) {
    try {
      return JSON.parse(candidate);
    } catch {
      // The second candidate, then null.
    }
  }
  return null;
}
