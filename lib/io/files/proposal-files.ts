import * as fs from "node:fs";
import { join } from "node:path";
import { err, ok } from "../../core/result";
import type { Proposal, ProposalStore } from "../../runtime/ports";
import { readIfThere, writeAtomic } from "./atomic";

const ulid = /^[0-9A-HJKMNP-TV-Z]{26}$/;
const maxBytes = 8 * 1024 * 1024;

/** `<folder>/proposals/<id>.json`, write-once. */
export function proposalFiles(folder: string): ProposalStore {
  const proposals = join(folder, "proposals");
  const read: ProposalStore["read"] = (id) => {
    const file = ulid.test(id) ? readIfThere(join(proposals, `${id}.json`), maxBytes) : undefined;
    const proposal = file && "bytes" in file ? proposalIn(file.bytes.toString("utf8"), id) : undefined;
    return proposal ? ok(proposal) : err({ code: "proposal.unknown", id });
  };
  const ids = () =>
    (fs.existsSync(proposals) ? fs.readdirSync(proposals) : [])
      .flatMap((name) => (name.endsWith(".json") ? name.slice(0, -".json".length) : []))
      .filter((id) => ulid.test(id))
      .sort();
  return {
    read,
    write: (proposal) => {
      fs.mkdirSync(proposals, { recursive: true });
      // Whoever writes holds the lock: what stands half written here is of one that died.
      for (const name of fs.readdirSync(proposals))
        if (name.endsWith(".tmp")) fs.rmSync(join(proposals, name), { force: true });
      writeAtomic(join(proposals, `${proposal.id}.json`), `${JSON.stringify(proposal, null, 2)}\n`);
    },
    list: () =>
      ids().flatMap((id) => {
        const proposal = read(id);
        return proposal.ok ? [proposal.value] : [];
      }),
    unreadable: () => ids().flatMap((id) => (read(id).ok ? [] : `.threados/proposals/${id}.json`)),
  };
}

/** The proposal that a text holds; undefined for half of one, or for something else. */
function proposalIn(text: string, id: string): Proposal | undefined {
  let found: Partial<Proposal> | null;
  try {
    found = JSON.parse(text) as Partial<Proposal> | null;
  } catch {
    return undefined;
  }
  const words = [found?.ts, found?.actor, found?.surface, found?.summary, found?.base];
  const isWhole =
    found?.id === id &&
    words.every((word) => typeof word === "string") &&
    Array.isArray(found.calls) &&
    found.calls.every((call) => typeof call?.action === "string");
  return isWhole ? (found as Proposal) : undefined;
}
