import * as fs from "node:fs";

/** Calls back soon after anything in one of the folders (or a file that is only ever appended to) changed. A watched file misses renames. `pauseMs` is asked at each change: how long more of it is waited for. */
export function watchPaths(
  paths: () => string[],
  onChange: () => void,
  pauseMs: () => number,
): { close(): void; refresh(): void } {
  const watchers = new Map<string, fs.FSWatcher>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let closed = false;
  const changed = () => {
    if (closed || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      refresh();
      onChange();
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
    for (const path of wanted) {
      if (watchers.has(path) || !fs.existsSync(path)) continue;
      const watcher = fs.watch(path, { persistent: false }, changed);
      watcher.on("error", () => {
        watcher.close();
        watchers.delete(path);
      });
      watchers.set(path, watcher);
    }
  };
  refresh();
  return {
    refresh,
    close: () => {
      closed = true;
      clearTimeout(timer);
      for (const watcher of watchers.values()) watcher.close();
    },
  };
}
