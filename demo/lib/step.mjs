import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A reason to give up that the reader can act on: printed as one line, without a stack trace. */
export class Refusal extends Error {}

/**
 * Runs the work of one step. What it returns is left in THREADOS_OUTPUT_DIR: `output` as output.json, the
 * step's result, and each of `files` under its own name. Everything printed goes to the step's log.
 */
export async function runStep(work) {
  try {
    const folder = process.env.THREADOS_OUTPUT_DIR;
    if (!folder) throw new Refusal("THREADOS_OUTPUT_DIR is not set; start this step with `seqctl run`");
    const { output, files = {} } = await work(openInputs());
    for (const [name, content] of Object.entries({ ...files, "output.json": output })) {
      writeFileSync(
        join(folder, name),
        typeof content === "string" ? content : `${JSON.stringify(content)}\n`,
      );
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    console.error(`${process.env.THREADOS_STEP_ID ?? "demo"}: ${error.message}`);
    process.exitCode = 1;
  }
}

// THREADOS_INPUTS names what each direct dependency left. A dependency that is not DONE counts as absent: a
// step cut short may have left half a result.
function openInputs() {
  const path = process.env.THREADOS_INPUTS;
  const steps = path ? JSON.parse(readFileSync(path, "utf8")) : {};
  const get = (id, name = "output.json") => {
    const step = steps[id];
    if (step?.status !== "DONE") return null;
    const file = name === "output.json" ? step.output : step.files?.[name];
    return file ? JSON.parse(readFileSync(file, "utf8")) : null;
  };
  const need = (id, name) => {
    const value = get(id, name);
    if (value === null)
      throw new Refusal(`no ${name ?? "output.json"} from ${id}, which must be DONE and in depends_on`);
    return value;
  };
  return { get, need };
}

/** Prints rows of a label and its words in two aligned columns. */
export function say(rows) {
  const width = Math.max(...rows.map(([label]) => String(label).length));
  for (const [label, ...words] of rows) console.log(`${String(label).padEnd(width)}  ${words.join("  ")}`);
}
