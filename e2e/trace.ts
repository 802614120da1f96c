import { join } from "node:path";
import type { BrowserContext } from "playwright";

/**
 * Records what happens in a browser, where THREADOS_TRACES names a folder for it: what it answers writes `<name>.zip`
 * there, for `playwright show-trace`.
 */
export async function record(context: BrowserContext, name: string): Promise<() => Promise<void>> {
  const folder = process.env.THREADOS_TRACES;
  if (!folder) return async () => {};
  await context.tracing.start({ snapshots: true, screenshots: false });
  return () => context.tracing.stop({ path: join(folder, `${name}.zip`) });
}
