// Node's functions as they are before the program runs. A program may replace them, as tests do with clocks and files.
import * as fs from "node:fs";
import * as timers from "node:timers";

export const { rmSync, writeSync } = fs;
export const { clearInterval, setImmediate, setInterval, setTimeout } = timers;
export const kill = process.kill.bind(process);
