import type { Clause } from "./clause";
import { findExact } from "./nodes";
import { cuts } from "./phrase";

const verbs =
  "add|insert|create|put|place|rename|retitle|relabel|remove|delete|drop|set|give|tag|retry|run|rerun|re-run|start|restart|stop|group|ungroup|duplicate|copy|clone|connect|disconnect|change|block|reject|undo|redo|show|make|let|switch";
const request = new RegExp(`^(?:${verbs}) \\S`, "i");
const another = /^(?:the (?:\w+ ){1,2}of )?(?<ref>\S+) (?:to|as|into|with|->|→) \S/i;

/** Whether words that nobody put in quotes go on with a next request: `Compile and rename lint to Style`, `Compile and lint to Style`. */
export function goesFurther({ world, phrase }: Clause, words: string): boolean {
  return cuts(words).some(([head, tail]) => {
    if (head.trim() === "") return false;
    if (request.test(tail.trim())) return true;
    const ref = another.exec(tail.trim())?.groups?.ref;
    return ref !== undefined && findExact(world, phrase, ref, "node") !== undefined;
  });
}

/** Asks for the quotes that would tell where such words end. */
export const endless = (words: string): string => `Where '${words}' ends is not clear; put it in quotes.`;
