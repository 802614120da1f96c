import * as fs from "node:fs";
import { sep } from "node:path";

/** Whether a path is a folder or stands in it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === sep ? sep : folder + sep);
}

/** Folders that stand empty in a sandbox: the home folder, temporary files, and /run with the sockets of other programs. */
export function hiddenFolders(home: string): string[] {
  const folders = ["/tmp", "/var/tmp", "/run", home].flatMap((path) => {
    try {
      return [fs.realpathSync(path)];
    } catch {
      return [];
    }
  });
  return [...new Set(folders)].filter((folder) => folder !== sep);
}

/** Below the home folder: keys, and what holds them. */
export const keyPlaces = (
  ".ssh .gnupg .aws .azure .kube .docker .netrc .npmrc .pypirc .git-credentials .pgpass .password-store .config/gh " +
  ".config/gcloud .config/git/credentials .config/threados .local/share/keyrings .cargo/credentials " +
  ".cargo/credentials.toml .gem/credentials"
).split(" ");
