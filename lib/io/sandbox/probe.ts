import { type ChildProcess, execFile } from "node:child_process";
import * as fs from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { confine, findBubblewrap } from "./bubblewrap";

const run = promisify(execFile);
const probeWaitMs = 20_000;

/** One thing that a confined command was made to try. */
export interface Probe {
  name: string;
  /** Whether it went as it must. */
  held: boolean;
  detail: string;
}

/** What came of trying the sandbox here: how every probe went, or why there is none. */
export interface SandboxReport {
  bubblewrap: string | undefined;
  probes: Probe[];
  works: boolean;
}

/**
 * Tries everything that the sandbox promises with real processes in a folder of its own: that ordinary work goes on in it,
 * and that a command can't change the rules, read keys, reach a port of this machine or outlive its end.
 */
export async function probeSandbox(): Promise<SandboxReport> {
  const bubblewrap = findBubblewrap();
  if (!bubblewrap) return { bubblewrap, probes: [], works: false };
  const place = fs.realpathSync(fs.mkdtempSync(join(tmpdir(), "threados-probe-")));
  try {
    const probes = await probeAll(bubblewrap, place);
    return { bubblewrap, probes, works: probes.every(({ held }) => held) };
  } finally {
    fs.rmSync(place, { recursive: true, force: true });
  }
}

async function probeAll(bubblewrap: string, place: string): Promise<Probe[]> {
  const root = join(place, "workspace");
  const home = join(place, "home");
  const policy = join(root, ".threados", "policy.yaml");
  fs.mkdirSync(join(root, ".threados"), { recursive: true });
  fs.mkdirSync(join(home, ".ssh"), { recursive: true });
  const own = join(root, "own");
  fs.mkdirSync(own);
  fs.writeFileSync(join(own, "step-secret"), "secret\n");
  fs.writeFileSync(policy, "mode: SAFE\n");
  fs.writeFileSync(join(home, ".ssh", "id"), "key\n");
  const beside = plantBeside(home);
  const agent = join(home, ".agent");
  fs.mkdirSync(agent);
  fs.writeFileSync(join(agent, "settings.json"), "{}\n");
  const settings = [{ path: agent, writes: ["sessions/"], keeps: ["sessions/memory"], fresh: [] }];
  const path = [process.env.PATH ?? "", ...beside.map((folder) => join(folder, "bin"))].join(":");
  const nothing = { program: [], writable: [], readable: [] };
  const at = { root, cwd: root, home, path, ...nothing, settings, hidden: [own], network: false };
  // Next's types want NODE_ENV in every environment; a probe's need not have it.
  const env = { PATH: path, HOME: home } as unknown as NodeJS.ProcessEnv;
  const sh = async (script: string) => {
    const [file, ...args] = confine(bubblewrap, ["/bin/sh", "-c", script], at) as [string, ...string[]];
    try {
      const { stdout } = await run(file, args, { cwd: "/", timeout: probeWaitMs, env });
      return { code: 0, said: stdout.trim() };
    } catch (error) {
      const { code, stderr } = error as { code?: number; stderr?: string };
      return { code: Number(code ?? -1), said: (stderr ?? String(error)).trim() };
    }
  };

  const works = await sh("echo made > made && cat made && test -w .");
  if (works.code !== 0) return [{ name: "works", held: false, detail: works.said || `exit ${works.code}` }];
  const refused = async (
    name: string,
    script: string,
    detail: string,
    broken: () => boolean = () => false,
  ): Promise<Probe> => {
    const { code } = await sh(script);
    return { name, held: code !== 0 && !broken(), detail };
  };
  return Promise.all([
    { name: "works", held: fs.existsSync(join(root, "made")), detail: "a command works in the workspace" },
    refused(
      "rules",
      `echo 'mode: POWER' > .threados/policy.yaml`,
      "a command can't write .threados/policy.yaml",
      () => fs.readFileSync(policy, "utf8") !== "mode: SAFE\n",
    ),
    refused(
      "keys",
      [join(home, ".ssh/id"), ...beside.map((folder) => join(folder, "credentials.json"))]
        .map((key) => `cat '${key}' | grep .`)
        .join(" || "),
      "a command can't read ~/.ssh, nor keys that stand beside a program",
    ),
    refused(
      "settings",
      `cd '${agent}' && echo 1 > sessions/1 && echo 1 > hooks; echo 1 > sessions/memory/1 || echo 1 > settings.json`,
      "an agent can't change its settings, hooks and memory in the home folder",
      () =>
        !fs.existsSync(join(agent, "sessions/1")) ||
        fs.readFileSync(join(agent, "settings.json"), "utf8") !== "{}\n" ||
        ["hooks", "sessions/memory/1"].some((name) => fs.existsSync(join(agent, name))),
    ),
    refused("tokens", `cat '${own}/step-secret'`, "a command can't read what ThreadOS keeps for itself"),
    network(sh),
    outlives(bubblewrap, at),
  ]);
}

/** Programs with a key beside their folder: one in a folder of settings, one with an installation. */
function plantBeside(home: string): string[] {
  return [".tool", "kit"].map((name) => {
    const folder = join(home, name);
    for (const part of ["bin", ...(name === "kit" ? ["lib"] : [])])
      fs.mkdirSync(join(folder, part), { recursive: true });
    fs.writeFileSync(join(folder, "bin", name), "#!/bin/sh\n", { mode: 0o755 });
    fs.writeFileSync(join(folder, "credentials.json"), "key\n");
    return folder;
  });
}

type Shell = (script: string) => Promise<{ code: number; said: string }>;

/** A port of this machine is open to the sandbox with network only; whether it can be opened at all is tried there. */
async function network(sh: Shell): Promise<Probe> {
  let visits = 0;
  const server = createServer((socket) => {
    visits += 1;
    socket.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  try {
    const visit = `exec 3<>/dev/tcp/127.0.0.1/${port}`;
    const { code } = await sh(`command -v bash >/dev/null || exit 9; bash -c '${visit}'`);
    const interfaces = await sh("cat /proc/net/dev");
    const only = interfaces.said
      .split("\n")
      .slice(2)
      .every((line) => /^\s*lo:/.test(line));
    return {
      name: "network",
      held: code !== 0 && visits === 0 && only,
      detail: "a command can't reach a port of this machine",
    };
  } finally {
    server.close();
  }
}

/** A child that left its session is gone once the sandbox is killed. */
async function outlives(bubblewrap: string, at: Parameters<typeof confine>[2]): Promise<Probe> {
  const { spawn } = process.getBuiltinModule("node:child_process");
  // Should this process die amid the probe, it ends by itself.
  const script = `setsid sh -c 'trap "" TERM HUP; echo up > alive; sleep ${probeWaitMs / 1000}' & wait`;
  const [file, ...args] = confine(bubblewrap, ["/bin/sh", "-c", script], at) as [string, ...string[]];
  const child: ChildProcess = spawn(file, args, {
    cwd: "/",
    stdio: "ignore",
    detached: true,
    env: { PATH: at.path, THREADOS_PROBE: at.root } as unknown as NodeJS.ProcessEnv,
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const deadline = Date.now() + probeWaitMs;
  while (!fs.existsSync(join(at.root, "alive")) && Date.now() < deadline)
    await new Promise((resume) => setTimeout(resume, 5));
  child.kill("SIGKILL");
  await ended;
  const isThere = () =>
    fs.readdirSync("/proc").some((pid) => {
      try {
        return (
          /^\d+$/.test(pid) &&
          fs.readFileSync(`/proc/${pid}/environ`, "utf8").includes(`THREADOS_PROBE=${at.root}`)
        );
      } catch {
        return false;
      }
    });
  while (isThere() && Date.now() < deadline) await new Promise((resume) => setTimeout(resume, 5));
  return { name: "outlives", held: !isThere(), detail: "nothing that a command started outlives its end" };
}
