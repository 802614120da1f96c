import { dirname } from "node:path";
import { ok, type Result } from "../../core/result";
import type { AttemptId } from "../../core/step-token";
import { sha256 } from "../files/digest";
import { socketPlace } from "../files/socket-place";
import { mark } from "../process/attempt";

/** The socket by which an attempt calls seqctl from its sandbox, and the folder that holds nothing else. */
export interface Doorway {
  folder: string;
  socket: string;
}

/**
 * Where an attempt's door is. It has a folder of its own: that is what its sandbox is shown, so that an engine that takes over
 * can put a new socket into it, and no attempt sees the door of another.
 */
export function doorwayOf(root: string, attempt: AttemptId): Result<Doorway> {
  const place = socketPlace(root, `d-${sha256(mark(attempt)).slice(0, 16)}/s`);
  return place.ok ? ok({ folder: dirname(place.value), socket: place.value }) : place;
}
