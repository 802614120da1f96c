const named = /(?:^|_)(?:PASSWORD|PASSWD|SECRET|TOKEN|APIKEY|API_KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?)$/i;

/** Values of environment variables whose names say that they are secret; longest first, so that none hides in another. */
export function knownSecrets(): string[] {
  const values = Object.entries(process.env).flatMap(([name, value]) =>
    named.test(name) && value && value.length >= 6 ? [value] : [],
  );
  return values.sort((a, b) => b.length - a.length);
}
