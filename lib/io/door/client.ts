import { createConnection } from "node:net";
import { maxAnswerChars, maxRequestBytes } from "../../core/door";
import type { DoorRequest } from "../../core/door-request";
import { err, type Result } from "../../core/result";

/** How long an engine may take to open a door again that another one left, in ms. */
const closedWaitMs = 5_000;
const knockEveryMs = 25;

const closed = (problem: string) => err({ code: "door.closed", problem });

/** Asks the engine from inside a sandbox, and waits a little if no engine is there. */
export async function askAtDoor(socket: string, request: DoorRequest): Promise<Result<unknown>> {
  const line = `${JSON.stringify(request)}\n`;
  if (Buffer.byteLength(line) > maxRequestBytes)
    return err({ code: "input.invalid", problem: `the request is larger than ${maxRequestBytes} bytes` });
  const deadline = performance.now() + closedWaitMs;
  for (;;) {
    const answer = await knock(socket, line);
    if (answer !== "nobody") return answer;
    if (performance.now() > deadline) return closed("no engine is alive");
    await new Promise((resume) => setTimeout(resume, knockEveryMs));
  }
}

/** One visit; "nobody" if there was nobody to take the request. */
function knock(path: string, line: string): Promise<Result<unknown> | "nobody"> {
  return new Promise((resolve) => {
    const parts: Buffer[] = [];
    let size = 0;
    let isHeard = false;
    const socket = createConnection(path);
    socket.on("connect", () => {
      isHeard = true;
      socket.write(line);
    });
    socket.on("data", (chunk: Buffer) => {
      parts.push(chunk);
      size += chunk.length;
      if (size > 4 * maxAnswerChars) socket.destroy();
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(isHeard ? read(Buffer.concat(parts).toString("utf8")) : "nobody"));
  });
}

function read(text: string): Result<unknown> {
  try {
    const answer = JSON.parse(text) as { ok?: unknown; failure?: { code?: unknown } } | null;
    const isAnswer =
      answer?.ok === true || (answer?.ok === false && typeof answer.failure?.code === "string");
    return isAnswer ? (answer as Result<unknown>) : closed("what came back is no answer");
  } catch {
    return closed("the answer broke off");
  }
}
