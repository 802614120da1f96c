import { ApiError } from "../state/api";

/** What is told of a terminal at a time: keys, or the size of its picture. */
export type Told = Record<string, string | number>;

/** A line of things to tell a terminal. */
export interface Typing {
  /** From whom it comes from now on; undefined where nobody sits there any more. */
  sit(seat: string | undefined): void;
  tell(what: Told): void;
}

const noSeat = "nobody sits at this terminal any more";
const unknown = "it did not arrive";

/**
 * Tells a terminal one thing after the other. Where one does not arrive, what was typed behind it is not sent either: half
 * a line would be another line. `onTrouble` says so, and null once a key arrives again.
 */
export function typingLine(
  send: (body: Told) => Promise<{ seated: boolean }>,
  onTrouble: (problem: string | null) => void,
): Typing {
  let seat: string | undefined;
  let broken = 0;
  let line: Promise<void> = Promise.resolve();
  const pass = async (what: Told, since: number) => {
    if (since !== broken) return;
    if (seat === undefined) {
      if (!("input" in what)) return;
      broken += 1;
      return onTrouble(noSeat);
    }
    const from = seat;
    try {
      const { seated } = await send({ seat: from, ...what });
      // A size that arrives says nothing of the keys that did not.
      if (seated) return "input" in what ? onTrouble(null) : undefined;
      if (seat === from) seat = undefined;
      if (!("input" in what)) return;
      broken += 1;
      onTrouble(noSeat);
    } catch (error) {
      broken += 1;
      onTrouble(error instanceof ApiError ? error.refusal.message : unknown);
    }
  };
  return {
    sit: (wanted) => {
      seat = wanted;
    },
    tell: (what) => {
      const since = broken;
      line = line.then(() => pass(what, since));
    },
  };
}
