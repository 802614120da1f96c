import { createConnection } from "node:net";
import { z } from "zod";

const timeoutMs = 2_000;

const Select = z.strictObject({ c: z.literal("select-proc"), index: z.int().min(0).max(100_000) });
/** The only thing that is ever sent: mprocs aborts on anything it does not understand, and acts on what is selected. */
const Batch = z.strictObject({ c: z.literal("batch"), cmds: z.array(Select).min(1).max(10) });

/** The document that selects a pane, as mprocs reads it (JSON is YAML); throws if it would not be well-formed. */
export function selectDocument(index: number): string {
  return JSON.stringify(Batch.parse({ c: "batch", cmds: [{ c: "select-proc", index }] }));
}

/** Sends one whole document to mprocs' control port; what is wrong, if it can't be reached. It never answers. */
export function sendDocument(port: number, document: string): Promise<string | undefined> {
  Batch.parse(JSON.parse(document));
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    // After an empty connection mprocs would abort: one that can't be written to is reset, which it survives.
    const timer = setTimeout(() => {
      socket.resetAndDestroy();
      resolve("it does not take the connection");
    }, timeoutMs);
    const finish = (problem: string | undefined) => {
      clearTimeout(timer);
      resolve(problem);
    };
    socket.on("connect", () => socket.end(document));
    socket.on("error", (error) => finish((error as NodeJS.ErrnoException).code ?? error.message));
    socket.on("close", () => finish(undefined));
    socket.resume();
  });
}
