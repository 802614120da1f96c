import * as fs from "node:fs";
import type { Server } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Answer } from "./front";

/** The part of Next's own entry points that we call. */
interface NextEntry {
  getRequestHandlers(options: {
    dir: string;
    port: number;
    hostname: string;
    isDev: boolean;
    minimalMode: boolean;
    quiet: boolean;
    server: Server;
  }): Promise<{ requestHandler: Answer }>;
}

/** Whether the page has been built there. */
export function hasBuild(uiDir: string): boolean {
  return fs.existsSync(manifest(uiDir));
}

function manifest(uiDir: string): string {
  return join(uiDir, ".next", "required-server-files.json");
}

/** Loads the standalone build of the page into this process; the guard then decides what it gets to see. */
export async function loadNext(uiDir: string, server: Server, port: number): Promise<Answer> {
  const require = createRequire(join(uiDir, "server.js"));
  const { config } = JSON.parse(fs.readFileSync(manifest(uiDir), "utf8"));
  Object.assign(process.env, {
    NODE_ENV: "production",
    __NEXT_PRIVATE_STANDALONE_CONFIG: JSON.stringify(config),
  });
  const { getRequestHandlers } = require("next/dist/server/lib/start-server") as NextEntry;
  // Read once in silence: otherwise Next prints how long it took, on stdout.
  await require("next/dist/server/config").default("phase-production-server", uiDir, { silent: true });
  const options = {
    dir: uiDir,
    port,
    hostname: "127.0.0.1",
    isDev: false,
    minimalMode: false,
    quiet: true,
    server,
  };
  return (await getRequestHandlers(options)).requestHandler;
}
