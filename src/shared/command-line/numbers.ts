// Numbers on a command line. Each reader throws what commander tells the user, with the limits in it.
import { InvalidArgumentError } from "commander";

/** A whole number within these limits. */
export function whole(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= minimum && number <= maximum) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
  };
}

/** The port of a server to connect to. */
export const port = whole(1, 65_535);

export function notNegative(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a number, 0 or more.");
}

export function positive(text: string): number {
  const number = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (number > 0) return number;
  throw new InvalidArgumentError("It must be a number above 0.");
}
