import type { Threados } from "../../threados";
import { forReader, grouped } from "./paint";
import { type Answering, sayFailure } from "./say";

type Doc = Record<string, unknown>;

/** A part of one output; `size` is that of the whole. Counted in bytes. */
interface Part {
  size: number;
  from: number;
  bytes: number;
  text: string;
}

const pieceBytes = 262_144;

/** What a step printed, where no part was asked for: all of it for a file or a program, its end for a person at a terminal. */
export async function logsText(
  doc: Doc,
  answering: Answering,
  threados: Threados,
  input: Doc,
): Promise<number> {
  const { shell, paint } = answering;
  const parts = { [String(doc.stream)]: doc as unknown as Part };
  if (doc.stderr !== undefined) parts.stderr = doc.stderr as Part;
  const isWhole = Object.values(parts).every(({ from }) => from === 0);
  if (isWhole || input.from !== undefined || input.limit !== undefined) {
    shell.out(bothOutputs(doc, answering));
    return 0;
  }
  const used = Object.entries(parts).filter(([, { size }]) => size > 0);
  for (const [at, [stream, part]] of used.entries()) {
    if (used.length > 1) shell.out(`${paint("dim", `── ${stream}`)}\n`);
    let last: string;
    if (shell.outIsTerminal) {
      if (part.from > 0) shell.err(`${paint("dim", leftOut(part, input))}\n`);
      last = forReader(shell, part.from > 0 ? part.text.replace(/^[^\n]*\n(?=.)/s, "") : part.text);
      shell.out(last);
    } else {
      const { run, attempt } = doc;
      last = "";
      for (let from = 0; from < part.size; ) {
        const asked = { ...input, run, attempt, stream, from, limit: pieceBytes };
        const piece = await threados.query("logs", asked);
        if (!piece.ok) return sayFailure(answering, piece.failure);
        const { text, bytes } = piece.value as Part;
        if (bytes === 0) break;
        shell.out(text);
        from += bytes;
        last = text;
      }
    }
    if (at < used.length - 1 && !last.endsWith("\n")) shell.out("\n");
  }
  return 0;
}

/** Says that there is more, and how to see it. */
function leftOut({ size, bytes }: Part, { id, ...input }: Doc): string {
  const flags = Object.entries(input).map(([key, value]) => ` --${key} ${value}`);
  const all = `seqctl logs ${id}${flags.join("")} -f`;
  return `… whole lines of the last ${grouped(bytes)} of ${grouped(size)} bytes; \`${all}\` prints all`;
}

/** What a step printed; where it used both of its outputs, each is named. */
function bothOutputs(doc: Doc, { shell, paint }: Answering): string {
  const out = forReader(shell, String(doc.text));
  const error = forReader(shell, (doc.stderr as { text: string } | undefined)?.text ?? "");
  if (out === "" && error === "") shell.err(`${paint("dim", nothingPrinted(doc))}\n`);
  if (out === "" || error === "") return out + error;
  const label = (name: string) => `${paint("dim", `── ${name}`)}\n`;
  return `${label("stdout")}${out}${out.endsWith("\n") ? "" : "\n"}${label("stderr")}${error}`;
}

/** Why there is nothing to be seen, for whoever was sent here. */
export function nothingPrinted({ step, stream, ran_as, stderr }: Doc): string {
  if (Array.isArray(ran_as) && ran_as.length > 0)
    return `(it ran as ${ran_as.slice(0, 5).join(", ")}${ran_as.length > 5 ? ", …" : ""}; \`seqctl logs ${ran_as[0]}\` shows one of them)`;
  return stderr === undefined
    ? `(nothing printed on ${stream}; \`seqctl logs ${step}\` shows both outputs)`
    : "(nothing printed)";
}
