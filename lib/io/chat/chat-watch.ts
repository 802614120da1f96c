import * as fs from "node:fs";
import { join } from "node:path";
import { watchPaths } from "../files/watch";
import { conversationIn } from "./conversation-name";

/** An answer comes in many pieces, each a line of its file: they are told of together. In ms. */
const pauseMs = 250;

/**
 * Calls back with the ids of conversations that have grown, come or gone, whoever wrote them. `look` does so at once where
 * nothing can be watched.
 */
export function watchChats(
  folder: string,
  onChange: (conversations: string[]) => void,
): { look(): void; close(): void } {
  const chat = join(folder, "chat");
  let known = sizesIn(chat);
  const look = () => {
    const before = known;
    known = sizesIn(chat);
    const ids = new Set([...before.keys(), ...known.keys()]);
    const changed = [...ids].filter((id) => before.get(id) !== known.get(id));
    if (changed.length > 0) onChange(changed);
  };
  // The folder comes with the first conversation.
  const paths = () => [fs.existsSync(chat) ? chat : folder];
  const watcher = watchPaths(paths, look, () => pauseMs);
  return { look, close: () => watcher.close() };
}

function sizesIn(chat: string): Map<string, number> {
  const sizes = new Map<string, number>();
  for (const name of fs.existsSync(chat) ? fs.readdirSync(chat) : []) {
    const id = conversationIn(name);
    const stat = id === undefined ? undefined : fs.statSync(join(chat, name), { throwIfNoEntry: false });
    if (id !== undefined && stat) sizes.set(id, stat.size);
  }
  return sizes;
}
