import type { Locator } from "playwright";

/** Says yes in the window that asks, as often as it asks; its button says what is done, so it is not found by a word. */
export async function agree(dialog: Locator, times: 1 | 2 = 1): Promise<void> {
  for (let round = 1; round <= times; round++) await dialog.locator(`[data-agree="${round}"]`).click();
}
