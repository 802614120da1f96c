import { probeSandbox, type SandboxReport } from "./probe";

/** Whether sandboxes hold on this machine; if not, why, and what to do about it. */
export type SandboxStanding =
  | { holds: true; detail: string }
  | { holds: false; isMissing: boolean; problem: string; remedy: string };

/** Tries the sandbox here with real processes and says in plain words how it stands. */
export async function sandboxStanding(): Promise<SandboxStanding> {
  if (process.platform !== "linux")
    return {
      holds: false,
      isMissing: true,
      problem: "sandboxes need Linux",
      remedy: "run ThreadOS in a virtual machine or a container with Linux if you do not trust what runs",
    };
  return standingOf(await probeSandbox());
}

function standingOf({ bubblewrap, probes, works }: SandboxReport): SandboxStanding {
  if (!bubblewrap)
    return {
      holds: false,
      isMissing: true,
      problem: "there is no bwrap on the PATH",
      remedy: "install bubblewrap (apt-get install bubblewrap), then `seqctl policy sandbox required`",
    };
  if (works)
    return { holds: true, detail: `${bubblewrap}: ${probes.map((probe) => probe.detail).join("; ")}` };
  const failed = probes.filter(({ held }) => !held).map(({ name, detail }) => `${name} (${detail})`);
  return {
    holds: false,
    isMissing: false,
    problem: `${bubblewrap} does not hold: ${failed.join("; ")}`,
    remedy:
      "allow user namespaces (sysctl kernel.unprivileged_userns_clone, kernel.apparmor_restrict_unprivileged_userns)",
  };
}
