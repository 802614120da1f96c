import { describe, expect, test } from "bun:test";
import { draftWith, keeping, keepingText, nothingKept } from "../../components/forms/kept";

describe("a form for a new node that was closed", () => {
  const typed = keeping(keeping(nothingKept, { name: "Half" }, []), { command: "echo half" }, []);

  test("still says what was typed, and is the same for a gate", () => {
    expect(draftWith("step", [], typed)).toMatchObject({ kind: "step", name: "Half", command: "echo half" });
    expect(draftWith("gate", [], typed)).toMatchObject({ kind: "gate", name: "Half" });
  });

  test("keeps nothing once all of it is as it began", () => {
    const back = keeping(keeping(typed, { name: "", command: "" }, []), { kind: "gate" }, []);
    expect(back).toEqual({});
    const chosen = keeping(nothingKept, { needs: ["a"] }, []);
    expect(keeping(chosen, { needs: [] }, [])).toEqual({});
  });

  test("keeps what it waits for where that was chosen, and begins with its own needs elsewhere", () => {
    const chosen = keeping(typed, { needs: ["build", "lint"] }, ["build"]);
    expect(draftWith("step", ["build"], chosen).needs).toEqual(["build", "lint"]);
    expect(draftWith("step", ["test"], chosen)).toMatchObject({ name: "Half", needs: ["test"] });
  });
});

test("a form of an action that was closed keeps what differs from what it begins with, and nothing else", () => {
  const first = { id: "build" };
  const typed = keepingText(keepingText({}, first, "command", "make"), first, "id", "test");
  expect(typed).toEqual({ command: "make", id: "test" });
  expect(keepingText(typed, first, "id", "build")).toEqual({ command: "make" });
  expect(keepingText({ id: "test" }, first, "id", "")).toEqual({ id: "" });
  expect(keepingText({ command: "make" }, first, "command", "")).toEqual({});
});
