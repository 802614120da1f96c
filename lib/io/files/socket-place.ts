import { join } from "node:path";
import { err, ok, type Result } from "../../core/result";
import { notedRuntimeFolder, openRuntimeFolder } from "./runtime-folder";

/** The longest path of a socket that every system takes, in bytes. */
const maxSocketBytes = 100;

/** A path for a socket in the workspace's folder of this user alone. */
export function socketPlace(root: string, name: string): Result<string> {
  // Below a long $XDG_RUNTIME_DIR there may be no room; the folder in the temp folder is shorter.
  const places = [
    () => ok(notedRuntimeFolder(root)),
    () => openRuntimeFolder(root),
    () => openRuntimeFolder(root, {}),
  ];
  for (const open of places) {
    const folder = open();
    if (!folder.ok) return folder;
    if (folder.value === undefined) continue;
    const path = join(folder.value.path, name);
    if (Buffer.byteLength(path) <= maxSocketBytes) return ok(path);
  }
  const problem = `there is no room for the path of a socket (${maxSocketBytes} bytes) in the folder for private files`;
  return err({ code: "input.invalid", problem, hint: "set XDG_RUNTIME_DIR or TMPDIR to a shorter path" });
}
