// Node's functions as they are before the program runs, which may replace them: tests do that with clocks and files.
import * as fs from "node:fs";
import * as timers from "node:timers";

export const { rmSync, writeSync } = fs;
export const { clearInterval, setImmediate, setInterval, setTimeout } = timers;
export const kill = process.kill.bind(process);
