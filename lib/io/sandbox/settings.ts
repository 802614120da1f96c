import * as fs from "node:fs";
import { join } from "node:path";
import { writeAtomic } from "../files/atomic";

const maxBytes = 1024 * 1024;

/** Below the home folder: what tools need to know of a person, and may hold keys besides. */
const settings = (
  ".gitconfig .config/git/config .config/git/ignore .config/git/attributes .npmrc .yarnrc .yarnrc.yml .bunfig.toml " +
  ".cargo/config.toml .cargo/config .config/pip/pip.conf .pip/pip.conf .condarc"
).split(" ");

/** A line that holds a key, or an address with one. */
const telling = /_auth|token|passw(?:or)?d|secret|authorization|:\/\/[^\s/@]+@/i;

/** Names below the home folder, each with that of its copy in `folder`: settings of tools, without the lines that hold keys. */
export function settingsWithoutKeys(home: string, folder: string): [name: string, copy: string][] {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  return settings.flatMap((name): [string, string][] => {
    const original = join(home, name);
    const stat = fs.statSync(original, { throwIfNoEntry: false });
    if (!stat?.isFile() || stat.size > maxBytes) return [];
    const copy = name.replaceAll("/", "-");
    try {
      const lines = fs.readFileSync(original, "utf8").split("\n");
      const text = lines.filter((line) => !telling.test(line)).join("\n");
      const at = join(folder, copy);
      if (!fs.existsSync(at) || fs.readFileSync(at, "utf8") !== text) writeAtomic(at, text, 0o600);
      return [[name, copy]];
    } catch {
      // What can't be read is not shown.
      return [];
    }
  });
}

/** Below the home folder, and below that of caches: what package managers keep so that it need not be fetched again. */
const kept = (
  ".npm .cargo/registry .cargo/git go/pkg .bun/install/cache .gradle .m2/repository .yarn .pnpm-store " +
  ".local/share/pnpm/store .nuget/packages .pub-cache .composer/cache .ivy2 .sbt"
).split(" ");
const cached =
  "pip uv poetry pnpm yarn go-build golangci-lint deno bazel pre-commit ccache sccache node-gyp turbo zig opencode".split(
    " ",
  );

/**
 * Where package managers look for what they fetched, each with the name of a folder in `folder`. Sandboxed steps of a workspace
 * share these, apart from the person's own: what they fetch stays, and harms nobody else.
 */
export function privateCaches(
  home: string,
  cacheHome: string,
  folder: string,
): [path: string, own: string][] {
  const places = [
    ...kept.map((name) => [join(home, name), name.replaceAll("/", "-")] as const),
    ...cached.map((name) => [join(cacheHome, name), `cache-${name}`] as const),
  ];
  return places.map(([path, own]) => {
    fs.mkdirSync(join(folder, own), { recursive: true, mode: 0o700 });
    return [path, own];
  });
}
