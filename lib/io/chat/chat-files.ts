import * as fs from "node:fs";
import { join } from "node:path";
import type { ChatRecord, ChatStore } from "../../runtime/chat-ports";
import { appendWhole, fsyncFolder } from "../files/atomic";
import { tryLock } from "../files/kernel-lock";
import { cutTornBytes, linesForwards, tornBytes } from "../files/lines";
import { conversationIn } from "./conversation-name";

/** `<folder>/chat/<id>.jsonl`: whole lines, only ever appended; readable by its owner alone, for it holds what was said. */
export function chatFiles(folder: string): ChatStore {
  const chat = join(folder, "chat");
  const pathOf = (id: string) => join(chat, `${id}.jsonl`);
  const lockOf = (id: string) => join(chat, `${id}.lock`);
  const isKept = (id: string) => fs.lstatSync(pathOf(id), { throwIfNoEntry: false })?.isFile() === true;
  return {
    list: () => {
      if (!fs.existsSync(chat)) return [];
      const names = fs.readdirSync(chat).flatMap((name) => conversationIn(name) ?? []);
      return names.sort().reverse();
    },
    has: isKept,
    read: (id) => {
      if (!isKept(id)) return undefined;
      // A line that another hand has broken ends what can be trusted to be in order.
      const records: ChatRecord[] = [];
      for (const { bytes } of linesForwards(pathOf(id))) {
        const record = parse(bytes.toString("utf8"));
        if (record?.n !== records.length + 1) break;
        records.push(record);
      }
      return records;
    },
    append: (id, records, sync) => {
      const isNew = !fs.existsSync(pathOf(id));
      if (isNew) fs.mkdirSync(chat, { recursive: true, mode: 0o700 });
      const flags =
        fs.constants.O_RDWR | fs.constants.O_APPEND | fs.constants.O_CREAT | fs.constants.O_NOFOLLOW;
      const fd = fs.openSync(pathOf(id), flags, 0o600);
      try {
        const torn = isNew ? 0 : tornBytes(pathOf(id));
        if (torn > 0) cutTornBytes(pathOf(id), torn);
        appendWhole(fd, records.map((record) => `${JSON.stringify(record)}\n`).join(""), sync);
      } finally {
        fs.closeSync(fd);
      }
      if (isNew) fsyncFolder(chat);
    },
    remove: (id) => {
      fs.rmSync(pathOf(id), { force: true });
      fsyncFolder(chat);
    },
    hold: (id) => {
      fs.mkdirSync(chat, { recursive: true, mode: 0o700 });
      return tryLock(lockOf(id));
    },
  };
}

function parse(line: string): ChatRecord | undefined {
  try {
    const record = JSON.parse(line) as Partial<ChatRecord>;
    const isWhole =
      typeof record.n === "number" && typeof record.type === "string" && typeof record.data === "object";
    return isWhole && record.data !== null ? (record as ChatRecord) : undefined;
  } catch {
    return undefined;
  }
}
