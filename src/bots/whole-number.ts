// A whole number on a command line.
import { InvalidArgumentError } from "commander";

/** Reads one within these limits; the error that it throws says them. */
export function whole(minimum: number, maximum: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= minimum && number <= maximum) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${minimum} to ${maximum}.`);
  };
}
