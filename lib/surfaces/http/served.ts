import { z } from "zod";

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
});

/** The server that the record speaks of, if it is still there: a process that was killed leaves its record, and somebody else may listen on its port by now. */
export async function findServed(folder: {
  read(name: string): string | undefined;
}): Promise<Served | undefined> {
  const record = Record.safeParse(parsed(folder.read(RECORD)));
  if (!record.success) return undefined;
  const { url, port, pid, token } = record.data;
  if (url !== linkTo(port, token) || !isAlive(pid)) return undefined;
  return (await knows(port, token)) ? { url, port, pid } : undefined;
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

/** Whether what listens there answers to the token, and not without it. */
async function knows(port: number, token: string): Promise<boolean> {
  const ask = (headers: Record<string, string>) =>
    fetch(`http://127.0.0.1:${port}/api/engine`, {
      headers,
      redirect: "manual",
      signal: AbortSignal.timeout(patienceMs),
    });
  try {
    const [bare, authorized] = [await ask({}), await ask({ authorization: `Bearer ${token}` })];
    return bare.status === 401 && authorized.status === 200;
  } catch {
    return false;
  }
}
