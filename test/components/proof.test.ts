import { describe, expect, test } from "bun:test";
import { ApiError, readRefusal } from "../../components/state/api";
import { prove, recordSign } from "../../components/state/proof";
import type { AuditProof, StatusDocument } from "../../components/state/wire";
import { renderFailure } from "../../lib/core/failure-table";

const refusal = readRefusal(
  500,
  JSON.stringify(
    renderFailure({ code: "audit.corrupt", file: "/w/audit.log", line: 5, seq: 5, problem: "it was changed" })
      .body,
  ),
);

describe("what verifying the record came to", () => {
  test("is known as a fault, with its line, its entry and what helps", async () => {
    const { fault } = await prove({ verify: () => Promise.reject(new ApiError(refusal)) });
    expect(fault).toMatchObject({
      code: "audit.corrupt",
      line: 5,
      seq: 5,
      message: "/w/audit.log, line 5: it was changed",
      hint: expect.any(String),
    });
  });

  test("is known as a proof", async () => {
    const proof = { entries: 3 } as AuditProof;
    expect(await prove({ verify: () => Promise.resolve(proof) })).toEqual({ proof });
  });

  test("is not known where nobody answered", async () => {
    const error = new ApiError({ status: 0, code: "unreachable", message: "the server can't be reached" });
    await expect(prove({ verify: () => Promise.reject(error) })).rejects.toBe(error);
  });
});

test("new entries alone are no reason to verify the record anew, a fault that is told is one", () => {
  const sign = (audit?: object) => recordSign({ audit } as StatusDocument);
  expect(sign({ seq: 2, hash: "b" })).toBe(sign({ seq: 1, hash: "a" }));
  expect(sign({ seq: 2, hash: "b", problem: "it was cut" })).not.toBe(sign({ seq: 2, hash: "b" }));
  expect(sign({ seq: 2, hash: "b", unverified: "1" })).not.toBe(sign({ seq: 2, hash: "b", unverified: "2" }));
});
