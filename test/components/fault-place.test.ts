import { expect, test } from "bun:test";
import { faultPlace } from "../../components/state/problems";

const fault = { severity: "error", file: ".threados/sequence.yaml", line: 8 } as const;

test("of a file that can't be read the place and the file are named", () => {
  expect(faultPlace([{ ...fault, severity: "warning", line: 2 }, fault])).toEqual({
    place: ".threados/sequence.yaml:8",
    file: ".threados/sequence.yaml",
    name: "sequence.yaml",
  });
  expect(faultPlace([{ ...fault, file: ".threados/policy.yaml", line: null }])).toMatchObject({
    place: ".threados/policy.yaml",
    name: "policy.yaml",
  });
});

test("where nothing is known of it nothing is claimed", () => {
  expect(faultPlace(undefined)).toBeUndefined();
  expect(faultPlace([{ ...fault, severity: "warning" }])).toBeUndefined();
});
