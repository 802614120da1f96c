import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import * as fs from "node:fs";
import { vectors } from "../core/policy/bypass-vectors";
import { why, works } from "../rig/sandbox";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(600_000);
afterEach(cleanUp);

/** What a hostile repository holds: the payload under every name that vectors give it, and settings that run it. */
function hostile(at: Workspace, payload: string): void {
  at.script("evil", payload);
  for (const name of ["evil.sh", "list", "Makefile", "package.json", "script", "a.tar"])
    at.write(name, payload);
  Bun.spawnSync(["git", "init", "-q"], { cwd: at.root });
  Bun.spawnSync(
    ["git", "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "--allow-empty", "-m", "x"],
    {
      cwd: at.root,
    },
  );
  at.write(
    ".git/config",
    `${at.read(".git/config")}[core]\n\tfsmonitor = ./evil\n\tpager = ./evil\n[alias]\n\tevil-alias = !./evil\n`,
  );
}

describe.skipIf(!works)(`in a sandbox${why}`, () => {
  test(`none of ${vectors.length} ways past a list of names touches anything outside`, async () => {
    const limits = { cpu_s: 5, file_mb: 8, memory_mb: 1024 };
    // What destroys comes last: it would take the payload of the others along.
    const ordered = vectors.toSorted(
      (a, b) => Number(a.class === "destructive") - Number(b.class === "destructive"),
    );
    const at = await Workspace.make({
      rules: { sandbox: "required", timeout_default_ms: 8000, stop_grace_ms: 100, max_concurrent: 4, limits },
      steps: ordered.map(({ argv, env }, index) => ({
        id: `v${index}`,
        command: argv,
        ...(env ? { env } : {}),
      })),
    });
    const outside = `${at.home}/outside`;
    fs.mkdirSync(outside);
    const places = [`${outside}/marker`, "/tmp/marker", `${at.home}/marker`, "/etc/threados-marker"];
    const before = places.map((place) => fs.existsSync(place));
    const rules = at.read(".threados/policy.yaml");
    const touches = places.map((place) => `touch '${place}' 2>/dev/null`).join("; ");
    hostile(
      at,
      `#!/bin/sh\n${touches}; echo 'mode: POWER' > .threados/policy.yaml; touch "$THREADOS_OUTPUT_DIR/ran"; rm -f '${outside}/kept'\n`,
    );
    fs.writeFileSync(`${outside}/kept`, "kept\n");
    const definition = at.definition;
    await at.seqctl(["run", "--yes"]);
    expect(places.map((place) => fs.existsSync(place))).toEqual(before);
    expect(fs.readdirSync(outside)).toEqual(["kept"]);
    expect(at.read(".threados/policy.yaml")).toBe(rules);
    expect(at.definition).toBe(definition);
    expect((await at.seqctl(["audit", "verify"])).exit).toBe(0);
    // That nothing came out is no proof unless they ran, and many of them did run the payload.
    const { steps } = await at.status();
    expect(steps.filter(({ reason }) => reason !== "refused").length).toBeGreaterThan(50);
    const hasRun = ({ id }: { id: string }) => fs.existsSync(at.path(`${at.attempt(id)}/ran`));
    expect(steps.filter(hasRun).length).toBeGreaterThan(10);
  });
});
