import { randomUUID } from "node:crypto";
import type { Json } from "../../core/json";
import { err, ok, type Result } from "../../core/result";
import type { StepStatusDoc } from "../../core/views/status";
import { readBody } from "./body";
import { refuse } from "./refusal";
import { replyFailure, replyJson } from "./reply";
import { guarded, type Route } from "./route";
import { frame } from "./status-events";
import { stepTokenOf } from "./token";
import type { Session, Visit } from "./visit";

const maxSeats = 16;
/** What may wait for a page that reads slowly, in bytes; then it is let go, and comes back for the newest picture. */
const maxWaiting = 1_048_576;
const maxCells = 1_000;

/** A page that sits at a terminal. */
export interface Sitting {
  type(text: string): void;
  resize(cols: number, rows: number): void;
}

/** The pages that sit at terminals, by the name that each was given. */
export type Sittings = Map<string, Sitting>;

/** Shows a step's terminal as it goes: `GET ?id=…` is a stream whose first event names the seat that input comes from. */
export function terminalStream(): Route {
  const handle = guarded(["GET"], async (request, visit) => {
    const barred = personal(request);
    if (barred) return barred;
    const query = new URL(request.url).searchParams;
    const id = query.get("id");
    const size = sizeOf({ cols: Number(query.get("cols") ?? 80), rows: Number(query.get("rows") ?? 24) });
    if (id === null || !size)
      return replyFailure(refuse(400, "say 'id', and 'cols' and 'rows' as numbers from 1 to 1000"));
    const place = await placeOf(visit.session, id);
    if (!place.ok) return replyFailure(place.failure);
    if (visit.session.sittings.size >= maxSeats)
      return replyFailure(refuse(429, `there are already ${maxSeats} terminals open; close a window`));
    const headers = {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-store",
      "x-accel-buffering": "no",
    };
    return new Response(sitDown(visit, place.value, size), { headers });
  });
  return { GET: handle, POST: handle };
}

/** Takes what a person types and how large the picture is: `{"seat", "input"?, "cols"?, "rows"?}`. */
export function terminalInput(): Route {
  const handle = guarded(["POST"], async (request, { session }) => {
    const barred = personal(request);
    if (barred) return barred;
    const body = await readBody(request.body);
    if (!body.ok) return replyFailure(body.failure);
    const done = pass(session, body.value);
    return done.ok ? replyJson(done.value, request) : replyFailure(done.failure);
  });
  return { GET: handle, POST: handle };
}

/** Input is a person's: whoever speaks for a step is refused. */
function personal(request: Request): Response | undefined {
  const { token } = stepTokenOf([...request.headers]);
  return token === undefined
    ? undefined
    : replyFailure(refuse(403, "a step can't sit down at a terminal: what is typed there is a person's"));
}

interface Place {
  run: string;
  step: string;
  attempt: number;
}

async function placeOf({ workspace }: Session, id: string): Promise<Result<Place>> {
  const found = await workspace.query("step", { id });
  if (!found.ok) return found;
  const { run, status } = found.value as { run?: string | null; status: Partial<StepStatusDoc> };
  if (!run || !status.attempt) return err({ code: "step.never_ran", id });
  return ok({ run, step: id, attempt: status.attempt });
}

interface Size {
  cols: number;
  rows: number;
}

function sizeOf({ cols, rows }: { cols: unknown; rows: unknown }): Size | undefined {
  const isCount = (value: unknown): value is number =>
    typeof value === "number" && Number.isInteger(value) && value >= 1 && value <= maxCells;
  return isCount(cols) && isCount(rows) ? { cols, rows } : undefined;
}

function sitDown({ session, gone, drop }: Visit, place: Place, first: Size): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const seat = randomUUID();
  let size = first;
  let typed: (bytes: Uint8Array) => void = () => undefined;
  let resized: () => void = () => undefined;
  let leave: () => void = () => undefined;
  const left = new AbortController();
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        let isOpen = true;
        const close = () => {
          if (!isOpen) return;
          isOpen = false;
          session.sittings.delete(seat);
          left.abort();
        };
        leave = close;
        const send = (event: string, data: Json) => {
          if (!isOpen) return;
          if ((controller.desiredSize ?? 0) > -maxWaiting) {
            controller.enqueue(encoder.encode(frame(event, data)));
            return;
          }
          close();
          controller.error(new Error("the client reads too slowly"));
          drop();
        };
        session.sittings.set(seat, {
          type: (text) => typed(encoder.encode(text)),
          resize: (cols, rows) => {
            size = { cols, rows };
            resized();
          },
        });
        gone.addEventListener("abort", close, { once: true });
        if (gone.aborted) close();
        send("seat", { seat, ...place });
        const visit = session.workspace.visit(place, {
          show: (bytes) => send("output", { data: Buffer.from(bytes).toString("base64") }),
          typed: (onKeys) => {
            typed = onKeys;
            return () => {
              typed = () => undefined;
            };
          },
          seats: (count) => send("seats", { count }),
          gone: left.signal,
          size: () => size,
          onResize: (changed) => {
            resized = changed;
            return () => {
              resized = () => undefined;
            };
          },
        });
        const tellEnd = (end: Json) => {
          send("end", end);
          if (!isOpen) return;
          close();
          controller.close();
        };
        visit.then(
          (end) => tellEnd(end.ok ? (end.value ?? { kind: "none" }) : { kind: "refused" }),
          // Nobody else would hear of it, and an error that nobody hears ends the server.
          (error) => {
            console.error(error);
            tellEnd({ kind: "lost" });
          },
        );
      },
      cancel: () => leave(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: 0 }),
  );
}

function pass({ sittings }: Session, body: { [key: string]: Json }): Result<{ seated: boolean }> {
  const { seat, input, cols, rows, ...more } = body;
  const unknown = Object.keys(more)[0];
  if (unknown !== undefined) return err(refuse(400, `a terminal takes no '${unknown}'`));
  if (typeof seat !== "string") return err(refuse(400, "'seat' must be the name that the stream gave"));
  const sitting = sittings.get(seat);
  if (input !== undefined && typeof input !== "string") return err(refuse(400, "'input' must be a text"));
  const size = cols === undefined && rows === undefined ? undefined : sizeOf({ cols, rows });
  if ((cols !== undefined || rows !== undefined) && !size)
    return err(refuse(400, "'cols' and 'rows' must be numbers from 1 to 1000"));
  // A terminal that has ended meanwhile is no failure of whoever typed to it.
  if (!sitting) return ok({ seated: false });
  if (size) sitting.resize(size.cols, size.rows);
  if (typeof input === "string" && input !== "") sitting.type(input);
  return ok({ seated: true });
}
