import type { Result } from "../../lib/core/result";
import type { Journal, Ports } from "../../lib/runtime/ports";

/** The end of the process, as far as the code around it can tell. */
export class Crash extends Error {}

const changing = new Set([
  "keep",
  "prepare",
  "publish",
  "discard",
  "write",
  "cutTorn",
  "keepFrom",
  "replaceFrom",
  "append",
  "create",
  "repair",
  "stage",
  "remove",
]);

/** The ports of a process that dies at its `at`-th change of the disk: just before it, or just after. */
export function crashingPorts(ports: Ports, at: number, when: "before" | "after"): Ports {
  let changes = 0;
  const wrap = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (object, name) => {
        const member = Reflect.get(object, name);
        if (typeof member !== "function") return isPlain(member) ? wrap(member) : member;
        return (...args: unknown[]) => {
          const counts = changing.has(String(name));
          if (counts) changes += 1;
          if (counts && changes === at && when === "before") throw new Crash();
          const result = member.apply(object, args);
          if (counts && changes === at) throw new Crash();
          return isJournal(result) ? wrapResult(result, wrap) : result;
        };
      },
    });
  return wrap(ports);
}

const isPlain = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Map);

type Opened = Journal | Result<Journal>;

function isJournal(value: unknown): value is Opened {
  const inner = isPlain(value) && "ok" in value && "value" in value ? value.value : value;
  return isPlain(inner) && "news" in inner;
}

function wrapResult(opened: Opened, wrap: (journal: Journal) => Journal): Opened {
  if (!("ok" in opened)) return wrap(opened);
  return opened.ok ? { ok: true, value: wrap(opened.value) } : opened;
}
