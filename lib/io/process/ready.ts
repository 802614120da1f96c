import type { StartLine } from "../agents/start";
import type { WorktreeOrder } from "../git/order";

/** An attempt that nothing stands in the way of. */
export interface Ready {
  line: StartLine;
  cwd: string;
  env: NodeJS.ProcessEnv;
  command: string[];
  isolated: Omit<WorktreeOrder, "command"> | undefined;
}
