import { afterEach, describe, expect, test } from "bun:test";
import * as fs from "node:fs";
import { join } from "node:path";
import { layoutFile } from "../../../lib/io/files/layout-file";
import { scratch } from "../../rig/scratch";
