import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Build } from "./build-id";
import { PROOF } from "./probe";
import { proofOf } from "./token";

/** The file of the runtime folder that says where a workspace is served. */
export const RECORD = "server.json";

const patienceMs = 2000;

/** A server of the workspace that answers, with the link that opens its page. */
export interface Served {
  url: string;
  port: number;
  pid: number;
}

const Record = z.object({
  url: z.string(),
  port: z.int().min(1).max(65_535),
  pid: z.int().min(1),
  token: z.string().min(1),
  version: z.string().optional(),
  build: z.string().optional(),
});

/** The server of this very build that the record speaks of, if it is still there; that of another build shows its own page. */
export async function findServed(
  folder: { read(name: string): string | undefined },
  here: Build | undefined,
): Promise<Served | undefined> {
  const record = Record.safeParse(parsed(folder.read(RECORD)));
  if (!record.success) return undefined;
  const { url, port, pid, token, version, build } = record.data;
  if (here === undefined || version !== here.version || build !== here.id) return undefined;
  if (url !== linkTo(port, token) || !isAlive(pid)) return undefined;
  // A process that was killed leaves its record, and somebody else may listen on its port by now.
  return (await holds(port, token)) ? { url, port, pid } : undefined;
}

/** Whether the process of a record is there, if not surely as a server. */
export function mayBeUp(text: string): boolean {
  const record = Record.safeParse(parsed(text));
  return record.success && isAlive(record.data.pid);
}

/** The link that opens the page of a server. */
export const linkTo = (port: number, token: string) => `http://127.0.0.1:${port}/#token=${token}`;

function parsed(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

/** Whether it is a process of one's own: one that may not be signalled is somebody else's. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Whether what listens there holds the token. It is asked for a proof and never told the token: it may be a stranger. */
async function holds(port: number, token: string): Promise<boolean> {
  const challenge = randomBytes(32).toString("base64url");
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz?challenge=${challenge}`, {
      redirect: "manual",
      signal: AbortSignal.timeout(patienceMs),
    });
    void answer.body?.cancel();
    return answer.headers.get(PROOF) === proofOf(token, port, challenge);
  } catch {
    return false;
  }
}
