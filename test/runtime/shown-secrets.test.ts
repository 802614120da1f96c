import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { sayIn } from "../rig/fake-shell";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

const head = "version: 1\nname: n\nsteps:\n  - id: abcde\n    model: shell\n";
const stepWith = async (lines: string) => {
  const at = await Workspace.make();
  at.write(".threados/sequence.yaml", head + lines);
  return (await at.json(["step", "show", "abcde"])).doc;
};

describe("`step show` hides a secret however it is written:", () => {
  test.each([
    ["with a quote in quotes", "'it''s-hunter22'", "hunter22"],
    ["with an escape", '"hun\\x74er22-b"', "er22"],
    ["folded over two lines", "first-of-it\n        second-of-it", "of-it"],
    ["as a folded block", ">-\n        first-of-it\n        second-of-it", "of-it"],
    ["as a short word", "sh", ": sh\n"],
  ])("%s", async (_, written, part) => {
    const { yaml } = await stepWith(
      `    command: [x]\n    env:\n      DB_PASS: ${written}\n      NEXT: it\n`,
    );
    expect(`${yaml}\n`).not.toContain(part);
    expect(yaml).toContain("      DB_PASS: •••\n".slice(4));
    expect(yaml).toContain("NEXT: it");
  });

  test("in a command, a script and a comment, and nothing around it", async () => {
    const { yaml, definition } = await stepWith(
      [
        "    # token=comment-secret, see the wiki",
        "    command: [curl, --token, flag-secret, 'https://u:pa55@h/x', \"-HAuthorization: Bearer abcdefgh123\"]",
        "    env:",
        "      D_PASS: shell",
        "      SORT_KEY: created_at",
        "      CACHE_KEY: v1",
        "",
      ].join("\n"),
    );
    for (const secret of ["comment-secret", "flag-secret", "pa55", "abcdefgh123"])
      expect(JSON.stringify([yaml, definition])).not.toContain(secret);
    expect(definition.command).toEqual([
      ...["curl", "--token", "•••", "https://u:•••@h/x"],
      "-HAuthorization: Bearer •••",
    ]);
    for (const kept of [
      "model: shell",
      "SORT_KEY: created_at",
      "CACHE_KEY: v1",
      "see the wiki",
      "D_PASS: •••",
    ])
      expect(yaml).toContain(kept);
    expect(definition.env).toEqual({ D_PASS: "•••", SORT_KEY: "created_at", CACHE_KEY: "v1" });
  });
});

test("what would run, and why it may, is told without the secrets in it; so is what a gate says", async () => {
  const secret = "flag-secret-9";
  const at = await Workspace.make({
    steps: [{ id: "a", command: ["curl", "--token", secret] }],
    gates: [{ id: "g", name: "Look", description: `password: ${secret}`, depends_on: ["a"] }],
    rules: { allowed_commands: ["curl"] },
  });
  for (const words of [
    ["run", "--dry-run"],
    ["policy", "explain", "--step", "a"],
    ["step", "show", "g"],
    ["gate", "show", "g"],
  ]) {
    const out = JSON.stringify((await at.json(words)).doc);
    expect([words, out.includes("•••"), out.includes(secret)]).toEqual([words, true, false]);
  }
  at.write(".threados/policy.yaml", "version: 1\nallowed_commands: [ls]\n");
  const { doc } = await at.json(["policy", "explain", "--step", "a"]);
  expect(doc).toMatchObject({ verdict: "deny", command: ["curl", "--token", "•••"] });
});

describe("a proposal that changes a secret", () => {
  const [old, fresh] = ["oldsecret123", "newsecret456"];
  const env = { SIGNING_KEY: fresh, DB_PASS: fresh, COOKIE: fresh, PLAIN: "yes" };
  const make = () =>
    Workspace.make({
      steps: [
        { id: "a", command: ["true"], env: { SIGNING_KEY: old, DB_PASS: old, COOKIE: old, PLAIN: "no" } },
        { id: "b", command: ["curl", `--token=${old}`] },
      ],
      rules: { confirmation_required: ["step.edit"] },
    });

  test("shows neither in the inbox, but that it changed; a yes writes the real one", async () => {
    const at = await make();
    expect((await at.seqctl(["step", "edit", "a", "--env", JSON.stringify(env)])).exit).not.toBe(0);
    const { doc } = await at.json(["inbox"]);
    const [proposal] = doc.proposals;
    const said = [JSON.stringify(doc), (await sayIn(at, ["inbox"])).out];
    for (const text of said) for (const secret of [old, fresh]) expect(text).not.toContain(secret);
    expect(proposal.state).toBe("ready");
    expect(proposal.unified).toMatch(/^- +DB_PASS: •••$/m);
    expect(proposal.unified).toMatch(/^\+ +DB_PASS: •••$/m);
    expect(proposal.unified).toMatch(/^\+ +PLAIN: "?yes"?$/m);
    expect(proposal.diff.nodes[0].fields[0].after).toEqual({
      ...{ SIGNING_KEY: "•••", DB_PASS: "•••", COOKIE: "•••" },
      PLAIN: "yes",
    });
    const asked = await at.seqctl(["approve", proposal.id]);
    expect(`${asked.out}${asked.err}`).not.toContain(fresh);
    expect((await at.seqctl(["approve", proposal.id, "--digest", proposal.confirm])).exit).toBe(0);
    expect(at.definition).toContain(`DB_PASS: ${fresh}`);
  });

  test("shows none either once the secret has changed otherwise meanwhile", async () => {
    const at = await make();
    const edit = ["step", "edit", "a", "--env"];
    await at.seqctl([...edit, JSON.stringify({ ...env, DB_PASS: old })]);
    const other = { SIGNING_KEY: "third-secret", DB_PASS: old, COOKIE: old, PLAIN: "no" };
    expect((await at.seqctl([...edit, JSON.stringify(other), "--yes"])).exit).toBe(0);
    const { doc } = await at.json(["inbox"]);
    expect(doc.proposals[0].state).toBe("moved");
    expect(doc.proposals[0].changed.length).toBeGreaterThan(0);
    for (const secret of [old, fresh, "third-secret"]) expect(JSON.stringify(doc)).not.toContain(secret);
  });

  test("leaves no value of it in the record", async () => {
    const at = await make();
    await at.seqctl(["step", "edit", "a", "--env", JSON.stringify(env), "--yes"]);
    expect(at.read(".threados/audit.log")).not.toContain(fresh);
    expect(at.audit().findLast(({ action }) => action === "step.edit")?.payload).toMatchObject({
      input: { env: { SIGNING_KEY: "•••", DB_PASS: "•••", COOKIE: "•••", PLAIN: "yes" } },
    });
  });
});
