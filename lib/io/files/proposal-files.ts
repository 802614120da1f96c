import * as fs from "node:fs";
import { join } from "node:path";
import { err, ok } from "../../core/result";
import type { Proposal, ProposalStore } from "../../runtime/ports";
import { fsyncFolder, readIfThere, writeNew } from "./atomic";

const ulid = /^[0-9A-HJKMNP-TV-Z]{26}$/;

/** `<folder>/proposals/<id>.json`, write-once. */
export function proposalFiles(folder: string): ProposalStore {
  const proposals = join(folder, "proposals");
  const read: ProposalStore["read"] = (id) => {
    const file = ulid.test(id) ? readIfThere(join(proposals, `${id}.json`), 8 * 1024 * 1024) : undefined;
    if (!file || "problem" in file) return err({ code: "proposal.unknown", id });
    return ok(JSON.parse(file.bytes.toString("utf8")) as Proposal);
  };
  return {
    read,
    write: (proposal) => {
      fs.mkdirSync(proposals, { recursive: true });
      writeNew(join(proposals, `${proposal.id}.json`), `${JSON.stringify(proposal, null, 2)}\n`);
      fsyncFolder(proposals);
    },
    list: () => {
      if (!fs.existsSync(proposals)) return [];
      const ids = fs
        .readdirSync(proposals)
        .sort()
        .map((name) => name.replace(/\.json$/, ""));
      return ids.flatMap((id) => {
        const proposal = read(id);
        return proposal.ok ? [proposal.value] : [];
      });
    },
  };
}
