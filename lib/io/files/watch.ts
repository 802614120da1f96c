import * as fs from "node:fs";

/** How often one looks where nothing can be watched, in ms. */
const blindMs = 500;

/**
 * Calls back soon after anything in one of the folders (or a file that is only ever appended to) changed. A watched file
 * misses renames. `pauseMs` is asked at each change: how long more of it is waited for. Where the system gives no more
 * watches it calls back every half second instead, until it does.
 */
export function watchPaths(
  paths: () => string[],
  onChange: () => void,
  pauseMs: () => number,
): { close(): void; refresh(): void } {
  const watchers = new Map<string, fs.FSWatcher>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let blind: ReturnType<typeof setInterval> | undefined;
  let closed = false;
  const look = () => {
    refresh();
    onChange();
  };
  const changed = () => {
    if (closed || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      look();
    }, pauseMs());
  };
  const refresh = () => {
    if (closed) return;
    const wanted = new Set(paths());
    for (const [path, watcher] of watchers) {
      if (wanted.has(path)) continue;
      watcher.close();
      watchers.delete(path);
    }
    let isBlind = false;
    for (const path of wanted) {
      if (watchers.has(path) || !fs.existsSync(path)) continue;
      const watcher = watcherOf(path, changed);
      if (!watcher) {
        isBlind = true;
        continue;
      }
      watcher.on("error", () => {
        watcher.close();
        watchers.delete(path);
      });
      watchers.set(path, watcher);
    }
    if (isBlind) blind ??= setInterval(look, blindMs).unref();
    else {
      clearInterval(blind);
      blind = undefined;
    }
  };
  refresh();
  return {
    refresh,
    close: () => {
      closed = true;
      clearTimeout(timer);
      clearInterval(blind);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}

function watcherOf(path: string, changed: () => void): fs.FSWatcher | undefined {
  try {
    return fs.watch(path, { persistent: false }, changed);
  } catch (error) {
    // The user's other programs (editors, above all) hold all the watches there are, or it has gone this moment.
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
