import * as fs from "node:fs";
import { join } from "node:path";
import type { AuditStore } from "../../runtime/ports";
import { appendWhole } from "./atomic";
import { cutTornBytes, linesBackwards, linesForwards, tornBytes } from "./lines";

/** `<folder>/audit.log`: JSON lines, appended under the workspace lock and fsynced each time. */
export function auditFile(folder: string): AuditStore {
  const path = join(folder, "audit.log");
  return {
    path,
    tail: () => {
      const torn = tornBytes(path);
      const { value } = linesBackwards(path).next();
      return { last: value ?? undefined, torn };
    },
    size: () => fs.statSync(path, { throwIfNoEntry: false })?.size ?? 0,
    cutTorn: () => {
      const torn = tornBytes(path);
      if (torn > 0) cutTornBytes(path, torn);
    },
    append: (line) => {
      const { O_WRONLY, O_APPEND, O_CREAT, O_NOFOLLOW } = fs.constants;
      const fd = fs.openSync(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0o644);
      try {
        appendWhole(fd, `${line}\n`, true);
      } finally {
        fs.closeSync(fd);
      }
    },
    backwards: () => linesBackwards(path),
    forwards: () => linesForwards(path),
  };
}
