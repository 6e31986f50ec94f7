// The address of a database or the like on a command line. It may hold a password, so an error is reported
// without repeating it, and it may be in a file or in the environment, which other users of the machine cannot read.
import { readFileSync } from "node:fs";
import { Option } from "commander";

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

/** `--database` with the variable VELHA_DATABASE, and so on. */
export function addressOption(form: AddressForm, help: string): Option {
  const { option } = form;
  return new Option(`${option} <address>`, `${help}: ${exampleOf(form)}, or @FILE that has it`).env(
    `VELHA_${option.slice(2).toUpperCase()}`,
  );
}

/** The address as given, or as the file says whose name follows an `@`; or what is wrong. */
export function readAddress(
  text: string | undefined,
  form: AddressForm,
): { ok: true; address: string | undefined } | { ok: false; problem: string } {
  if (text === undefined) return { ok: true, address: undefined };
  let address = text;
  if (text.startsWith("@")) {
    try {
      address = readFileSync(text.slice(1), "utf8").trim();
    } catch (error) {
      return { ok: false, problem: `error: ${form.option}: ${(error as Error).message}` };
    }
  }
  const problem = whyNoAddress(address, form);
  return problem === null ? { ok: true, address } : { ok: false, problem };
}

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
