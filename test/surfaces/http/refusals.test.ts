import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { actionNames } from "../../../lib/core/actions";
import type { FailureCode } from "../../../lib/core/failure";
import { refusalsByExit, renderFailure } from "../../../lib/core/failure-table";
import { nounNames, viewsAt } from "../../../lib/surfaces/http/addresses";
import { openApi } from "../../../lib/surfaces/http/openapi";
import { type Numbered, refusalsOfAction } from "../../../lib/surfaces/http/refusals";
import { opened } from "../../rig/fake-shell";
import { cleanUp, Workspace } from "../../rig/workspace";
import { asRequest, calls } from "../every-action";
import { faultOf } from "./described";
import { openServer } from "./harness";

setDefaultTimeout(180_000);
afterEach(cleanUp);

const { paths } = openApi("1.2.3") as unknown as {
  paths: { [path: string]: { [method: string]: { "x-refusal"?: Numbered[]; responses: object } } };
};
const operations = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
);
const refusalsOf = (method: string, path: string) => paths[path]?.[method]?.["x-refusal"] ?? [];

/** Refused on the way to a server, to a person at a command line, or within the stream of an answer. */
const neverHere: FailureCode[] = [
  "workspace.exists",
  "workspace.unusable",
  "port.busy",
  "program.missing",
  "mprocs.closed",
  "engine.lost",
  "chat.declined",
  "chat.failed",
  "chat.invalid",
];

describe("x-refusal", () => {
  test("is told of every address that takes a token, and of every action", () => {
    const silent = operations.filter((each) => !each["x-refusal"]).map(({ name }) => name);
    expect(silent).toEqual(["get /healthz", "get /readyz"]);
    for (const name of actionNames) expect(refusalsOfAction(name)).not.toBeEmpty();
    expect(() => refusalsOfAction("step.nothing")).toThrow("is told nowhere");
  });

  test("names each code with the numbers it really has, once, and each status among the answers", () => {
    for (const { name, "x-refusal": refusals = [], responses } of operations) {
      const rows = refusals.map(({ status, code }) => `${status} ${code}`);
      expect({ name, doubles: rows.filter((row, at) => rows.indexOf(row) < at) }).toEqual({
        name,
        doubles: [],
      });
      for (const { status, code, exit } of refusals) {
        expect(Object.keys(responses)).toContain(String(status));
        if (code === "server.refused") expect(exit).toBe(2);
        else {
          const failure = { code, path: [], by: [], waitingFor: [], names: [], flags: [], questions: [] };
          const said = numbersSaid(failure as never);
          if (said) expect({ code, ...said }).toEqual({ code, http: status, exit });
        }
      }
    }
  });

  test("tells of every code somewhere, but for those that no request can meet", () => {
    const told = new Set(
      operations.flatMap(({ "x-refusal": refusals = [] }) => refusals.map(({ code }) => code)),
    );
    const codes = [...refusalsByExit().values()].flat();
    expect(codes.filter((code) => !told.has(code)).sort()).toEqual([...neverHere].sort());
  });

  test("tells apart what only some addresses can answer with", () => {
    const codesAt = (method: string, path: string) => refusalsOf(method, path).map(({ code }) => code);
    expect(codesAt("post", "/api/dep")).toContain("dep.exists");
    expect(codesAt("post", "/api/step")).not.toContain("dep.exists");
    expect(codesAt("post", "/api/gate")).toContain("gate.unanswered");
    expect(codesAt("get", "/api/gate")).not.toContain("gate.unanswered");
    expect(codesAt("get", "/api/status")).not.toContain("confirm.required");
  });
});

/** The numbers of a refusal as it is said; undefined where that takes more facts than are given. */
function numbersSaid(failure: Parameters<typeof renderFailure>[0]) {
  try {
    const { http, exit } = renderFailure(failure);
    return { http, exit };
  } catch {
    return undefined;
  }
}

describe("an answer that is not as described would be noticed", () => {
  test.each([
    [
      "a status",
      "get",
      "/api/why",
      418,
      { code: "input.invalid", error: { code: "input.invalid", message: "" } },
    ],
    ["a code", "get", "/api/why", 400, { code: "dep.exists", error: { code: "dep.exists", message: "" } }],
    ["a refusal's shape", "get", "/api/why", 400, { code: "step.unknown" }],
    ["a key too many", "get", "/api/why", 200, { id: "a", status: "DONE", reason: null, why: "", more: 1 }],
    ["a key too few", "get", "/api/why", 200, { id: "a", status: "DONE", reason: null }],
    ["another word", "get", "/api/why", 200, { id: "a", status: "DREAMING", reason: null, why: "" }],
    ["an action's answer", "post", "/api/dep", 200, { summary: "", changed: true, warnings: [] }],
    ["an address", "get", "/api/nowhere", 200, {}],
  ])("%s", (_, method, path, status, body) => {
    expect(faultOf(method, path, status, body)).toBeDefined();
  });

  test("and one that is as described is not", () => {
    expect(faultOf("get", "/api/why?id=a", 200, { id: "a", status: "DONE", reason: null, why: "" })).toBe(
      undefined,
    );
  });
});

const steps = [
  { id: "a", command: ["true"] },
  { id: "b", command: ["true"] },
];
const gates = [{ id: "g", name: "G", depends_on: ["a"] }];
const yaml = ".threados/sequence.yaml";
const events = (at: Workspace) => `.threados/runs/${at.runs().at(-1)}/events.jsonl`;

/** What can stand in a workspace's files, and a refusal that this leads to somewhere. */
const broken: [string, (at: Workspace) => void, FailureCode][] = [
  ["nothing", () => undefined, "step.unknown"],
  ["a text that is no YAML", (at) => at.write(yaml, "steps: ["), "sequence.syntax"],
  ["a key that nobody knows", (at) => at.write(yaml, `${at.definition}more: 1\n`), "sequence.unknown_key"],
  ["a key that stands twice", (at) => at.write(yaml, `${at.definition}name: n\n`), "sequence.duplicate_key"],
  ["another version", (at) => at.write(yaml, "version: 99\nname: n\n"), "sequence.version"],
  ["bytes that are no text", (at) => at.write(yaml, new Uint8Array([0xff, 0xfe, 0])), "sequence.encoding"],
  ["nothing to read", (at) => at.write(yaml, ""), "sequence.empty"],
  [
    "a policy that can't be read",
    (at) => at.write(".threados/policy.yaml", "mode: [SAFE]\n"),
    "policy.invalid",
  ],
  ["agents that can't be read", (at) => at.write(".threados/agents.yaml", "agents: 1\n"), "agents.invalid"],
  ["a journal that was cut", (at) => at.write(events(at), "{}\n"), "journal.corrupt"],
  ["a log that was changed", (at) => at.write(".threados/audit.log", "no entry\n"), "audit.corrupt"],
];

describe("over files that hold", () => {
  test.each(broken)("%s everything answers as described", async (_, spoil, code) => {
    const at = await Workspace.make({ steps, gates });
    expect((await at.seqctl(["run", "step", "b", "--yes"])).exit).toBe(0);
    spoil(at);
    // What a given workspace answers, the rig holds against the description.
    const server = await openServer({ workspace: await opened(at) });
    const seen = new Set<unknown>();
    const note = async (answer: Promise<Response>) =>
      seen.add(((await (await answer).json()) as { code?: unknown }).code);
    for (const noun of nounNames)
      for (const { verb, given, inPath } of viewsAt(noun)) {
        const path = ["/api", noun, ...inPath.map(() => "nobody")].join("/");
        const keys = [...given.filter((key) => !inPath.includes(key)), "synth"].map((key) => `${key}=nobody`);
        await note(
          server.get(`${path}?${[...(verb ? [`view=${verb}`] : []), ...keys.slice(0, -1)].join("&")}`),
        );
        await note(server.get(`${path}?${keys.join("&")}`));
      }
    for (const call of calls) await note(server.post(...asRequest(call)));
    expect([...seen]).toContain(code);
    await server.close();
  });
});
