import * as fs from "node:fs";

/** The file by which a step may say that it lives, without printing anything. */
const heartbeat = "heartbeat";

/** When an attempt last printed something or touched its heartbeat (ms since the epoch); undefined if it never did. */
export function lastSignOfLife(folder: string, outputs: string): number | undefined {
  const stat = (path: string) => fs.lstatSync(path, { throwIfNoEntry: false });
  const logs = ["stdout.log", "stderr.log"].flatMap((name) => stat(`${folder}/${name}`) ?? []);
  // A log is there from the start: only what stands in it is a sign of life.
  const times = logs.filter(({ size }) => size > 0).map(({ mtimeMs }) => mtimeMs);
  const beat = stat(`${outputs}/${heartbeat}`);
  if (beat) times.push(beat.mtimeMs);
  return times.length > 0 ? Math.floor(Math.max(...times)) : undefined;
}

/** The folder an attempt writes its results to, below that of all of them. */
export function outputFolder(outputs: string, run: string, step: string, attempt: number): string {
  return `${outputs}/${run}.${step}.${attempt}`;
}
