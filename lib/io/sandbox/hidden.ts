import { sep } from "node:path";
import { realPath } from "../files/presence";

/** Whether a path is a folder or stands in it. */
export function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === sep ? sep : folder + sep);
}

/** Folders that stand empty in a sandbox: the home folder, temporary files, and /run with the sockets of other programs. */
export function hiddenFolders(home: string): string[] {
  const folders = ["/tmp", "/var/tmp", "/run", home].flatMap((path) => realPath(path) ?? []);
  return [...new Set(folders)].filter((folder) => folder !== sep);
}

/** Below the home folder: keys, and what holds them. */
export const keyPlaces = (
  ".ssh .gnupg .aws .azure .kube .docker .netrc .npmrc .pypirc .git-credentials .pgpass .password-store .config/gh " +
  ".config/gcloud .config/git/credentials .config/threados .local/share/keyrings .cargo/credentials " +
  ".cargo/credentials.toml .gem/credentials"
).split(" ");

const tellingName =
  /^(?:\.?(?:credentials?|tokens?|secrets?|passwords?|auth)(?:\.\w+)?|[\w.-]*(?:credential|token|secret|password)[\w.-]*\.(?:json|ya?ml|toml|ini|conf|cfg|txt|db|xml)|(?:accounts?|hosts)\.(?:json|ya?ml)|id_\w+|.*\.(?:pem|key|p12|pfx|jks|keystore)|\.(?:env(?:\..*)?|netrc|npmrc|pypirc|pgpass|git-credentials))$/i;

/** Whether a file of that name is likely to hold a key. */
export const isTelling = (name: string) => tellingName.test(name);
