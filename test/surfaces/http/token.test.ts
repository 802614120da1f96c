import { describe, expect, test } from "bun:test";
import type { Headers } from "../../../lib/surfaces/http/guard";
import { authorizer, newToken } from "../../../lib/surfaces/http/token";

const bearing = (token: string): Headers => [["authorization", `Bearer ${token}`]];

describe("the token", () => {
  test("is 256 random bits that need no escaping in a link", () => {
    const tokens = new Set(Array.from({ length: 100 }, newToken));
    expect(tokens.size).toBe(100);
    for (const token of tokens) expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test("opens, and nothing near it does", () => {
    const token = newToken();
    const authorize = authorizer(token, () => 0);
    expect(authorize(bearing(token))).toBeUndefined();
    for (const wrong of [
      "",
      token.slice(1),
      `${token}=`,
      token.toLowerCase(),
      `${token} `,
      `${token} ${token}`,
    ]) {
      expect(authorize(bearing(wrong))).toMatchObject({ status: 401 });
    }
  });

  test("may be guessed at ten times a second, while the right one always opens", () => {
    let now = 0;
    const authorize = authorizer("right", () => now);
    for (let guess = 0; guess < 10; guess++)
      expect(authorize(bearing("wrong"))).toMatchObject({ status: 401 });
    for (let guess = 0; guess < 50; guess++)
      expect(authorize(bearing("wrong"))).toMatchObject({ status: 429 });
    expect(authorize(bearing("right"))).toBeUndefined();
    now = 1001;
    expect(authorize(bearing("wrong"))).toMatchObject({ status: 401 });
  });

  test("that is missing is not a guess", () => {
    const authorize = authorizer("right", () => 0);
    for (let request = 0; request < 50; request++) expect(authorize([])).toMatchObject({ status: 401 });
  });
});
