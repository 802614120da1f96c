import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { cleanUp, Workspace } from "../rig/workspace";

setDefaultTimeout(60_000);
afterEach(cleanUp);

/** A step that leaves this text as its output. */
const leaving = (id: string, text: string, more = {}) => ({
  id,
  command: ["sh", "-c", 'printf %s "$1" > "$THREADOS_OUTPUT_DIR/output.json"', "sh", text],
  ...more,
});

describe("output.json", () => {
  test("is in the fact of the exit, and handed on to what builds on it", async () => {
    const at = await Workspace.make({
      steps: [
        leaving("a", '{"n": 1, "list": ["x"]}'),
        { id: "b", command: ["sh", "-c", 'cat "$THREADOS_INPUTS" > told.json'], depends_on: ["a"] },
      ],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(0);
    const exited = at.facts().find((fact) => fact.type === "attempt.exited" && fact.step === "a");
    expect(exited?.outputs).toEqual({ n: 1, list: ["x"] });
    expect(JSON.parse(at.read("told.json")).a).toMatchObject({
      status: "DONE",
      outputs: { n: 1, list: ["x"] },
    });
  });

  const schema = { type: "object", required: ["passed"], properties: { passed: { type: "boolean" } } };
  const deep = `${"[".repeat(100)}${"]".repeat(100)}`;
  test.each([
    ["breaks its schema", '{"passed": "yes"}', { outputs: { schema } }, "at /passed must be boolean"],
    ["lacks what its schema asks for", "{}", { outputs: { schema } }, "must have required property 'passed'"],
    ["is no JSON", "{passed", {}, "is not JSON"],
    ["is nested too deeply", deep, {}, "is nested deeper than 64 levels"],
  ])("that %s fails the step, and the sentence names the place", async (_, text, more, problem) => {
    const at = await Workspace.make({ steps: [leaving("a", text, more)] });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(await at.standing()).toEqual({ a: "FAILED outputs_invalid 1" });
    expect((await at.json(["why", "a"])).doc.why).toBe(
      `'a' failed: it exited with 0, but its output ${problem}.`,
    );
    expect(JSON.parse(at.read(`${at.attempt("a")}/status.json`))).toMatchObject({
      status: "FAILED",
      reason: "outputs_invalid",
      exit_code: 0,
    });
  });

  test("that is missing where a schema asks for one, or larger than a mebibyte, fails the step", async () => {
    const large =
      'printf \'"%s"\' "$(head -c 2000000 /dev/zero | tr "\\0" x)" > "$THREADOS_OUTPUT_DIR/output.json"';
    const at = await Workspace.make({
      steps: [
        { id: "none", command: ["true"], outputs: { schema } },
        { id: "large", command: ["sh", "-c", large] },
      ],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect((await at.json(["why", "none"])).doc.why).toContain("its output is missing");
    expect((await at.json(["why", "large"])).doc.why).toContain("its output is larger than 1048576 bytes");
  });

  test("of a step that failed by itself is not looked at, and a retry may mend one that does not fit", async () => {
    const script =
      'echo x >> tries; test $(wc -l < tries) -gt 1 && echo \'{"passed":true}\' > "$THREADOS_OUTPUT_DIR/output.json"; true';
    const at = await Workspace.make({
      steps: [
        { id: "bad", command: ["sh", "-c", 'echo "{" > "$THREADOS_OUTPUT_DIR/output.json"; exit 4'] },
        {
          id: "again",
          command: ["sh", "-c", script],
          outputs: { schema },
          retry: { limit: 1, backoff_ms: 1 },
        },
      ],
    });
    await at.seqctl(["run", "--yes"]);
    expect(await at.standing()).toEqual({ bad: "FAILED exit 1", again: "DONE 2" });
  });

  test("that is too large for the journal is handed on as a file, and a condition over it can't be judged", async () => {
    const text = JSON.stringify({ big: "x".repeat(70_000) });
    const at = await Workspace.make({
      steps: [
        leaving("a", text),
        { id: "b", command: ["true"], depends_on: ["a"], when: "steps.a.outputs.big == 'x'" },
      ],
    });
    expect((await at.seqctl(["run", "--yes"])).exit).toBe(1);
    expect(at.facts().find((fact) => fact.type === "attempt.exited")).toMatchObject({
      outputsBytes: text.length,
    });
    expect((await at.json(["why", "b"])).doc.why).toContain(
      `the output of 'a' is too large for it (${text.length} bytes)`,
    );
    expect(at.read(`${at.attempt("a")}/output.json`)).toBe(text);
  });
});

test("a schema that is none is refused before anything runs", async () => {
  const at = await Workspace.make({ steps: [{ id: "a", command: ["true"] }] });
  at.write(
    ".threados/sequence.yaml",
    'version: 1\nname: n\nsteps:\n  - id: a\n    command: ["true"]\n    outputs:\n      schema: {type: object, requird: [x]}\n',
  );
  const { exit, doc } = await at.json(["run", "--yes"]);
  expect({ exit, code: doc.code }).toEqual({ exit: 2, code: "sequence.invalid" });
  expect(doc.error.message).toContain(
    "step 'a', outputs.schema: is no JSON Schema (strict mode: unknown keyword: \"requird\")",
  );
  expect(doc.error.place).toMatchObject({ line: 7 });
});

test("a step without an id is called by its number, whatever is wrong with it", async () => {
  const at = await Workspace.make();
  at.write(
    ".threados/sequence.yaml",
    "version: 1\nname: n\nsteps:\n  - model: nobody\n    outputs:\n      schema: {type: object, requird: [x]}\n",
  );
  const { out, err } = await at.seqctl(["validate"]);
  const said = out + err;
  for (const words of [
    "step number 1, id",
    "step number 1, outputs.schema: is no JSON Schema",
    "step number 1 names the agent 'nobody'",
  ])
    expect(said).toContain(words);
});
