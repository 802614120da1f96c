/** How a person is asked for one line. */
export interface Asking {
  /** What was typed before the question was seen does not count. */
  anew?: boolean;
}

/**
 * Asks questions at the terminal, one line each: a line that came together with an earlier answer, pasted or typed ahead,
 * answers the next question. Ctrl-D answers nothing; Ctrl-C ends the program as it does everywhere else.
 */
export function asker(write: (text: string) => void) {
  const ahead: string[] = [];
  /** A line that was begun behind those. */
  let begun = "";
  return async (question: string, { anew = false }: Asking = {}): Promise<string | undefined> => {
    if (anew) {
      ahead.length = 0;
      begun = "";
    }
    const next = ahead.shift();
    if (next !== undefined) {
      write(`${question}${next}\n`);
      return next;
    }
    const { createInterface } = await import("node:readline");
    const lines = createInterface({ input: process.stdin, output: process.stderr });
    return new Promise((resolve) => {
      let given: string | undefined;
      lines.on("SIGINT", () => {
        lines.close();
        write("\n");
        process.exit(130);
      });
      lines.on("close", () => resolve(given));
      lines.question(question, (answer) => {
        given = answer;
        lines.on("line", (line) => ahead.push(line));
        // What came in the same piece is told of before this; behind a closed reader it would be lost.
        setImmediate(() => {
          begun = lines.line;
          lines.close();
        });
      });
      if (begun !== "") lines.write(begun);
      begun = "";
    });
  };
}
