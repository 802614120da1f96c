import { expect, test } from "bun:test";
import { draftOf, guardDrafts, keepDraft } from "../../components/state/drafts";

test("a page is left without a question, but for what was typed and not saved", () => {
  const page = new EventTarget();
  const leaves = () => page.dispatchEvent(new Event("beforeunload", { cancelable: true }));
  const end = guardDrafts(page);
  expect(leaves()).toBe(true);
  keepDraft(draftOf.edit("a"), { name: { text: "Mine", base: "" } });
  expect(leaves()).toBe(false);
  keepDraft(draftOf.edit("a"), {});
  expect(leaves()).toBe(true);
  for (const place of [draftOf.gate("g"), draftOf.form("new")]) {
    keepDraft(place, { reason: "x" });
    expect(leaves()).toBe(false);
    keepDraft(place, null);
  }
  expect(leaves()).toBe(true);
  keepDraft(draftOf.file(), { text: "x" });
  end();
  expect(leaves()).toBe(true);
  keepDraft(draftOf.file(), null);
});
