// The address of a database or the like on a command line. It may hold a password, so an error is reported
// without repeating it.

export interface AddressForm {
  option: string;
  /** The schemes that it may begin with, the usual one first. */
  schemes: readonly [string, ...string[]];
  /** What follows the scheme. */
  rest: string;
}

export const databaseAddress: AddressForm = {
  option: "--database",
  schemes: ["postgres", "postgresql"],
  rest: "user:password@host:port/name",
};

export const presenceAddress: AddressForm = {
  option: "--presence",
  schemes: ["redis", "rediss"],
  rest: "host:port",
};

/** An example of the form. */
export function exampleOf({ schemes: [usual], rest }: AddressForm): string {
  return `${usual}://${rest}`;
}

/** What is wrong with `text`, or null. */
export function whyNoAddress(text: string, form: AddressForm): string | null {
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? [];
  if (scheme && form.schemes.includes(scheme.toLowerCase()) && URL.canParse(text)) return null;
  const known = scheme && !form.schemes.includes(scheme.toLowerCase());
  const found = known ? `, not ${scheme}://` : "";
  return `error: ${form.option} takes an address like ${exampleOf(form)}${found}`;
}
