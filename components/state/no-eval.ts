/** What zod looks at before it tries whether code may be made from text. */
interface ZodConfig {
  jitless?: boolean;
}

const global = globalThis as { __zod_globalConfig?: ZodConfig };

// Our content policy forbids it, and the browser reports the mere attempt as a violation.
global.__zod_globalConfig ??= {};
global.__zod_globalConfig.jitless = true;
