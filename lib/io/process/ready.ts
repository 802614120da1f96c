import type { StartLine } from "../agents/start";
import type { WorktreeOrder } from "../git/order";

/** An attempt that nothing stands in the way of. */
export interface Ready {
  line: StartLine;
  /** The program that the step itself runs, whatever it is started through. */
  program: string;
  cwd: string;
  env: NodeJS.ProcessEnv;
  command: string[];
  isolated: Omit<WorktreeOrder, "command"> | undefined;
  /** Where its terminal is reached, if it has one. */
  socket?: string;
}
