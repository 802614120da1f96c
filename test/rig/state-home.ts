import { afterAll } from "bun:test";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// Workspaces that tests make in their own process keep their checkpoints here, and not in the home of whoever runs them.
const home = fs.mkdtempSync(join(tmpdir(), "threados-state-"));
process.env.XDG_STATE_HOME = home;

afterAll(() => fs.rmSync(home, { recursive: true, force: true }));
