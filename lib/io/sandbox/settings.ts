import * as fs from "node:fs";
import { dirname, join } from "node:path";
import { writeAtomic } from "../files/atomic";
import { isWithin } from "./hidden";

/** A file or folder that a sandbox shows at another place. */
export interface Placed {
  from: string;
  to: string;
}

const maxBytes = 1024 * 1024;

/** Below the home folder: what tools need to know of a person, and may hold keys besides. */
const settings = (
  ".gitconfig .config/git/config .config/git/ignore .config/git/attributes .npmrc .yarnrc .yarnrc.yml .bunfig.toml " +
  ".cargo/config.toml .cargo/config .config/pip/pip.conf .pip/pip.conf .condarc"
).split(" ");

/** A line that holds a key, or an address with one. */
const telling = /_auth|token|passw(?:or)?d|secret|authorization|:\/\/[^\s/@]+@/i;

/** Settings of tools as a sandbox shows them: copies without the lines that hold keys, kept in `folder`. */
export function settingsWithoutKeys(home: string, folder: string): Placed[] {
  return settings.flatMap((name) => {
    const to = join(home, name);
    const stat = fs.statSync(to, { throwIfNoEntry: false });
    if (!stat?.isFile() || stat.size > maxBytes) return [];
    const from = join(folder, "settings", name.replaceAll("/", "-"));
    try {
      const lines = fs.readFileSync(to, "utf8").split("\n");
      const text = lines.filter((line) => !telling.test(line)).join("\n");
      if (!fs.existsSync(from) || fs.readFileSync(from, "utf8") !== text) {
        fs.mkdirSync(dirname(from), { recursive: true, mode: 0o700 });
        writeAtomic(from, text, 0o600);
      }
      return [{ from, to }];
    } catch {
      // What can't be read is not shown.
      return [];
    }
  });
}

/** Below the home folder: what package managers keep so that it need not be fetched again. */
const caches = (
  ".npm .cargo/registry .cargo/git go/pkg .bun/install/cache .gradle .m2/repository .yarn .pnpm-store " +
  ".local/share/pnpm/store .nuget/packages .pub-cache .composer/cache .ivy2 .sbt"
).split(" ");

/** Caches that the sandboxed steps of a workspace share, apart from the person's own: what they fetch stays, and harms nobody else. */
export function privateCaches(home: string, cacheHome: string, folder: string, hidden: string[]): Placed[] {
  const wanted = [cacheHome, ...caches.map((name) => join(home, name))];
  return wanted.flatMap((to) => {
    // Below what is only shown for reading there is no place for a folder that is not there.
    const hasPlace = hidden.some((empty) => isWithin(to, empty)) || fs.existsSync(to);
    if (!hasPlace) return [];
    const from = join(
      folder,
      "caches",
      to === cacheHome ? "cache" : to.slice(home.length + 1).replaceAll("/", "-"),
    );
    fs.mkdirSync(from, { recursive: true, mode: 0o700 });
    return [{ from, to }];
  });
}
