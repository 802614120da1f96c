import { type AttemptId, isStepToken, tokenPrefix } from "../../core/step-token";
import type { TokenStore } from "../../runtime/ports";
import { keyedHash } from "../files/digest";
import { keptRuntimeFolder, notedRuntimeFolder, openRuntimeFolder } from "../files/runtime-folder";

const secretName = "step-secret";

/**
 * The secrets by which attempts prove who they are: each is derived from one secret of the workspace, so that none has to be
 * kept. The secret stands in the runtime folder: no repository, no artifact and no other user ever sees it.
 */
export function stepTokens(root: string): TokenStore {
  let secret: string | undefined;
  let isKept = false;
  const known = () => {
    secret ??= notedRuntimeFolder(root)?.read(secretName);
    if (secret !== undefined) return secret;
    const folder = openRuntimeFolder(root);
    if (folder.ok) secret = folder.value.read(secretName);
    return secret;
  };
  return {
    issue: (attempt) => {
      // The folder is looked for once, not with each attempt.
      isKept ||= keptRuntimeFolder(root).ok;
      const key = (isKept ? known() : undefined) ?? make(root);
      secret = key;
      return key === undefined ? undefined : derive(key, attempt);
    },
    matches: (token, attempt) => {
      const key = isStepToken(token) ? known() : undefined;
      if (key === undefined) return false;
      const { timingSafeEqual } = process.getBuiltinModule("node:crypto");
      return timingSafeEqual(Buffer.from(derive(key, attempt)), Buffer.from(token));
    },
  };
}

/** Makes the workspace's secret; undefined where no private folder can be had. Only the holder of the lease does this. */
function make(root: string): string | undefined {
  const folder = keptRuntimeFolder(root);
  if (!folder.ok) return undefined;
  const bytes = crypto.getRandomValues(new Uint8Array(32));
  folder.value.write(secretName, Buffer.from(bytes).toString("hex"));
  return folder.value.read(secretName);
}

function derive(secret: string, { run, step, attempt }: AttemptId): string {
  return tokenPrefix + keyedHash(secret, `${run}/${step}/${attempt}`);
}
