import type { Json } from "../../core/json";

/** A client's place in the stream: a run and how much of its journal the client has seen. */
export interface Position {
  run: string | null;
  seq: number;
}

const EVENT_ID = /^([A-Za-z0-9]{1,64})\.(\d{1,15})\.[0-9a-f]{0,12}$/;

/** The id of a status document: its run, journal position and revision. */
export function eventId(status: { [key: string]: Json }): string {
  const revision = typeof status.revision === "string" ? status.revision.slice(0, 12) : "";
  const { run, seq } = positionOf(status);
  return `${run ?? "none"}.${seq}.${revision}`;
}

/** A status document's place in the stream. */
export function positionOf(status: { [key: string]: Json }): Position {
  return {
    run: typeof status.run === "string" ? status.run : null,
    seq: typeof status.seq === "number" ? status.seq : 0,
  };
}

/** The place that a `Last-Event-ID` names; undefined for one that is not ours. */
export function readPosition(id: string | null): Position | undefined {
  const [, run, seq] = EVENT_ID.exec(id ?? "") ?? [];
  if (run === undefined || seq === undefined) return undefined;
  return { run: run === "none" ? null : run, seq: Number(seq) };
}

/** Frames one server-sent event. */
export function frame(event: string, data: Json, id?: string): string {
  return `${id === undefined ? "" : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`;
}
