import { err, ok, type Result } from "../../core/result";
import type { Build } from "./build-id";
import { type Answer, guard, listen } from "./front";
import { hasBuild, loadNext } from "./next-server";
import { pagePolicy } from "./security-headers";
import { linkTo, mayBeUp, RECORD } from "./served";
import { statusFeed } from "./status-feed";
import { authorizer, newToken, proofOf } from "./token";
import type { Session, Workspace } from "./visit";

/** A private folder for the server's record; `openRuntimeFolder` makes one. */
interface RecordFolder {
  write(name: string, text: string): void;
  read(name: string): string | undefined;
  remove(name: string): void;
}

/** What a server needs. */
interface ServeOptions {
  threados: Workspace;
  /** Where the page's standalone build stands. */
  uiDir: string;
  folder: RecordFolder;
  /** What it is recorded as; undefined where nobody else is to take it for the same. */
  build?: Build | undefined;
  /** If left out the former one, where that is free; else any free one. */
  port?: number;
  /** Where the workspace was served last. */
  former?: { read(): number | undefined; write(port: number): void };
}

/** A running server. */
export interface Serving {
  /** The link that opens the page, token included. */
  url: string;
  port: number;
  close(): Promise<void>;
}

/** Serves the page and the API of one workspace on the loopback address. */
export async function startServer({
  threados,
  uiDir,
  folder,
  build,
  port,
  former,
}: ServeOptions): Promise<Result<Serving>> {
  if (!hasBuild(uiDir)) return err({ code: "file.missing", path: uiDir });
  const listening = await listenAt(port, former?.read());
  if (!listening.ok) return listening;
  const { server } = listening.value;
  const token = newToken();
  const feed = statusFeed(threados);
  const session: Session = {
    workspace: threados,
    port: listening.value.port,
    authorize: authorizer(token, Date.now, await threados.holds()),
    prove: (challenge) => proofOf(token, session.port, challenge),
    feed,
    sittings: new Map(),
  };
  const url = linkTo(session.port, token);
  const record = JSON.stringify({
    url,
    port: session.port,
    pid: process.pid,
    token,
    version: build?.version,
    build: build?.id,
  });
  let earlier: string | undefined;
  const close = async () => {
    // At once, as a second Ctrl-C ends the process: whoever looks for a server next finds the one that was on record before.
    if (folder.read(RECORD) === record) {
      if (earlier !== undefined && mayBeUp(earlier)) folder.write(RECORD, earlier);
      else folder.remove(RECORD);
    }
    feed.close();
    // A model that is still asked would keep the process alive.
    await threados.endAnswers();
    const closed = new Promise((resolve) => server.close(resolve));
    server.closeAllConnections();
    await closed;
  };
  try {
    // Requests that come before Next is loaded wait for it behind the guard.
    const next = loadNext(uiDir, server, session.port);
    const answer: Answer = async (request, response) => (await next)(request, response);
    guard(server, { session, answer, policy: pagePolicy(uiDir) });
    await next;
    earlier = folder.read(RECORD);
    folder.write(RECORD, record);
    former?.write(session.port);
  } catch (error) {
    await close();
    throw error;
  }
  return ok({ url, port: session.port, close });
}

/** A page that is open still asks at the former port, so that one is taken again unless another was asked for. */
async function listenAt(port: number | undefined, former: number | undefined) {
  if (port === undefined && former !== undefined) {
    const again = await listen(former);
    if (again.ok) return again;
  }
  return listen(port ?? 0);
}
