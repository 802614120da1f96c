const passed = new Set(
  (
    "PATH HOME USER LOGNAME SHELL LANG LANGUAGE TZ TERM COLORTERM TMPDIR TEMP TMP NO_COLOR CI " +
    "HTTP_PROXY HTTPS_PROXY NO_PROXY http_proxy https_proxy no_proxy SSL_CERT_FILE SSL_CERT_DIR NODE_EXTRA_CA_CERTS"
  ).split(" "),
);

/** Whether every step sees the variable anyway. */
export function isPassed(name: string): boolean {
  return passed.has(name) || /^(?:LC|XDG)_[A-Z_]+$/.test(name);
}

/** What a step sees of the environment: a short list of harmless names, its own `env`, and the facts about itself. */
export function stepEnvironment(
  given: NodeJS.ProcessEnv,
  own: Record<string, string>,
  facts: Record<string, string>,
): NodeJS.ProcessEnv {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(given)) {
    if (value !== undefined && isPassed(name)) env[name] = value;
  }
  // Next's types want NODE_ENV in every environment; a step's need not have it.
  return { ...env, ...own, ...facts } as NodeJS.ProcessEnv;
}
