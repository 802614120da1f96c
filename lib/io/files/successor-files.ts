import * as fs from "node:fs";
import { dirname, join } from "node:path";
import type { SuccessorStore } from "../../runtime/ports";
import { fsyncFolder, isWhole, readIfThere, writeNew } from "./atomic";
import { sha256 } from "./digest";

const maxBytes = 8 * 1024 * 1024;
const waiting = /^\.next\.[0-9a-f]{16}\.[0-9a-f]{64}\.tmp$/;
/** What may be replaced this way: the record is no leave to write anywhere else. */
const replaceable = /^(?:policy\.yaml|prompts\/(?:[A-Za-z0-9][A-Za-z0-9._-]*\/)*[A-Za-z0-9][A-Za-z0-9._-]*)$/;

/** Texts that are to become files of `<folder>`, each kept as `.next.<place>.<sha256>.tmp` until its record is on disk. */
export function successorFiles(folder: string): SuccessorStore {
  const place = (digest: string, path: string) =>
    join(folder, `.next.${sha256(path).slice(0, 16)}.${digest}.tmp`);
  return {
    present: (path) => {
      const read = readIfThere(join(folder, path), maxBytes);
      return read && "bytes" in read ? sha256(read.bytes) : undefined;
    },
    prepare: (path, text) => {
      const digest = sha256(text);
      fs.rmSync(place(digest, path), { force: true });
      writeNew(place(digest, path), text);
      return digest;
    },
    publish: (digest, path) => {
      const target = join(folder, path);
      if (!replaceable.test(path) || !fs.existsSync(place(digest, path))) return true;
      if (!isWhole(place(digest, path), digest, maxBytes)) return false;
      fs.mkdirSync(dirname(target), { recursive: true });
      const { mode } = fs.statSync(target, { throwIfNoEntry: false }) ?? {};
      if (mode !== undefined) fs.chmodSync(place(digest, path), mode);
      fs.renameSync(place(digest, path), target);
      fsyncFolder(dirname(target));
      fsyncFolder(folder);
      return true;
    },
    pending: () => fs.readdirSync(folder).filter((name) => waiting.test(name)),
    discard: (name) => fs.rmSync(join(folder, name), { force: true }),
  };
}
