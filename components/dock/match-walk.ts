"use client";

import { type RefObject, useEffect, useRef, useState } from "react";
import { type Found, type Match, type Step, stepFrom } from "../state/log-found";

/** Where somebody reads in a log. */
export interface Reading {
  /** The first line that is seen, from 0. */
  first(): number;
  /** Whether somebody has left the match that was led to. */
  hasStrayed(): boolean;
}

/** A walk from match to match. */
export interface Walk {
  /** The match that is looked at. */
  current: Match | null;
  /** What the last step has passed on its way. */
  passed: "end" | "beginning" | null;
  /** On to the next match, or back to the one before; as soon as it is found. */
  move: (by: 1 | -1) => void;
}

interface Wanted {
  from: { line: number; column: number };
  by: 1 | -1;
}

/** Leads from match to match, beginning where one reads; `asked` names what is looked for, and another search begins another walk. */
export function useMatchWalk(found: Found, asked: string, reading: RefObject<Reading | null>): Walk {
  const [at, setAt] = useState<{ step: Step; by: 1 | -1; asked: string } | null>(null);
  const [wanted, setWanted] = useState<(Wanted & { asked: string }) | null>(null);
  const step = at?.asked === asked ? at.step : null;
  // Words that are typed on go on from the match of those before them.
  const last = useRef<Match | null>(null);
  const take = (want: Wanted): boolean => {
    const next = stepFrom(found, want.from, want.by);
    if (next === undefined) return false;
    if (next) {
      last.current = next.match;
      setAt({ step: next, by: want.by, asked });
    }
    return true;
  };
  const taking = useRef(take);
  taking.current = take;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is looked for again in all that was found since
  useEffect(() => {
    if (wanted && (wanted.asked !== asked || taking.current(wanted))) setWanted(null);
  }, [wanted, asked, found]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is looked for again later is another search
  useEffect(() => setAt(null), [asked]);
  const move = (by: 1 | -1) => {
    const here = reading.current?.hasStrayed() === false ? last.current : null;
    const column = here && here === step?.match && by > 0 ? here.column + 1 : (here?.column ?? 0);
    const from = { line: here?.line ?? reading.current?.first() ?? 0, column };
    const want = { from, by, asked };
    setWanted(take(want) ? null : want);
  };
  const passed = step?.hasWrapped ? (at?.by === 1 ? "end" : "beginning") : null;
  return { current: step?.match ?? null, passed, move };
}
