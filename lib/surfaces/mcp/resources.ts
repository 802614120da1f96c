import { McpError, type ReadResourceResult, type Resource } from "@modelcontextprotocol/sdk/types.js";
import type { Failure } from "../../core/failure";
import { renderFailure } from "../../core/failure-table";
import { err, ok, type Result } from "../../core/result";
import type { StatusDoc } from "../../core/views/status";
import type { Workspace } from "./workspace";

/** How much of a file a resource shows: a log its end, everything else its beginning. */
const maxResourceBytes = 262_144;
const stepsPerPage = 50;
const notFound = -32_002;

const sequenceUri = "threados://sequence";
// Nothing is decoded: an id, a number and a file's name are all that can stand here.
const fileUri =
  /^threados:\/\/runs\/([A-Za-z0-9]{1,64})\/([A-Za-z0-9][A-Za-z0-9_-]{0,63})\/([1-9]\d{0,8})\/([A-Za-z0-9][A-Za-z0-9._-]{0,127})$/;

/** The shapes of addresses that are not listed one by one. */
export const resourceTemplates = [
  {
    name: "attempt-file",
    title: "A log or artifact of an attempt",
    uriTemplate: "threados://runs/{run}/{step}/{attempt}/{file}",
    description: `Text, at most ${maxResourceBytes} bytes: the end of a log, the beginning of any other file. The tools logs and artifact read on.`,
  },
];

/** The sequence, then what the newest attempts of the newest run left behind; a page at a time. */
export async function listResources(
  workspace: Workspace,
  cursor: string | undefined,
): Promise<{ resources: Resource[]; nextCursor?: string }> {
  const page = /^\d{1,6}$/.test(cursor ?? "0") ? Number(cursor ?? 0) : Number.NaN;
  if (Number.isNaN(page)) throw new McpError(-32_602, "the cursor is not one of this server's");
  const status = unwrap(await workspace.query("status", {}, true)) as StatusDoc;
  const tried = status.steps.filter((step) => step.attempt > 0);
  const shown = tried.slice(page * stepsPerPage, (page + 1) * stepsPerPage);
  const files = await Promise.all(shown.map((step) => filesOf(workspace, status.run ?? "", step)));
  const isLast = (page + 1) * stepsPerPage >= tried.length;
  return {
    resources: [...(page === 0 ? [sequence(status.name)] : []), ...files.flat()],
    ...(isLast ? {} : { nextCursor: String(page + 1) }),
  };
}

const sequence = (name: string): Resource => ({
  uri: sequenceUri,
  name: "sequence.yaml",
  title: `The sequence '${name}'`,
  mimeType: "application/yaml",
});

async function filesOf(
  workspace: Workspace,
  run: string,
  { id, attempt }: { id: string; attempt: number },
): Promise<Resource[]> {
  const listed = await workspace.query("artifacts", { run, step: id, attempt }, true);
  const files = listed.ok ? (listed.value as { files: { name: string; size: number }[] }).files : [];
  return files.map(({ name, size }) => ({
    uri: `threados://runs/${run}/${id}/${attempt}/${name}`,
    name: `${id}/${name}`,
    title: `${name} of step '${id}', attempt ${attempt}`,
    mimeType: mimeOf(name),
    size,
  }));
}

/** Reads one resource. */
export async function readResource(workspace: Workspace, uri: string): Promise<ReadResourceResult> {
  if (uri === sequenceUri) {
    const { text } = unwrap(await workspace.query("sequence", {}, true)) as { text: string };
    return { contents: [{ uri, mimeType: "application/yaml", text }] };
  }
  const [, run, step, attempt, name] = fileUri.exec(uri) ?? [];
  if (run === undefined || step === undefined || name === undefined)
    throw new McpError(notFound, "there is no such resource", { uri });
  const from = name.endsWith(".log") ? -maxResourceBytes : 0;
  const question = { run, step, attempt: Number(attempt), name, from, limit: maxResourceBytes };
  const read = unwrap(textOnly(await workspace.query("artifact", question, true), step));
  const { text, size, from: start, bytes } = read;
  return { contents: [{ uri, mimeType: mimeOf(name), text, _meta: { size, from: start, bytes } }] };
}

interface FileText {
  name: string;
  text: string;
  size: number;
  from: number;
  bytes: number;
}

function textOnly(read: Result<unknown>, step: string): Result<FileText> {
  if (!read.ok) return read;
  const file = read.value as FileText;
  return file.text.includes("\0")
    ? err({ code: "artifact.unknown", name: `${file.name} as text`, step })
    : ok(file);
}

/** A resource that can't be had is an error of the protocol: there is no result that could say it. */
function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw refused(result.failure);
}

function refused(failure: Failure): McpError {
  const { message, body } = renderFailure(failure);
  return new McpError(notFound, message, body);
}

function mimeOf(name: string): string {
  if (name.endsWith(".json")) return "application/json";
  return name.endsWith(".md") ? "text/markdown" : "text/plain";
}
