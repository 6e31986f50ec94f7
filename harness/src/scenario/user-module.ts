// Loads files of the user's, in TypeScript or JavaScript, as ES modules or CommonJS, on every supported Node and with
// nothing else installed. In them "fiel" is the tool that runs, whether or not it is installed beside them.
import { dirname } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { types } from "node:util";
import { createJiti, type Jiti } from "jiti";
import { builtFile } from "../own-package.ts";
import { suggestion } from "./closest-name.ts";
import { callerOf } from "./source-place.ts";
import { StepFailure } from "./step-failure.ts";

/** A file that waits for something at its top level must not keep others waiting. */
const LOAD_MS = 10_000;

export interface UserModule {
  /** What it exports as default, or with `module.exports`. */
  value: unknown;
  /** Of all that it exports. */
  names: string[];
}

export interface UserModules {
  /** Throws what the file throws. */
  load(file: string): Promise<UserModule>;
  readonly compiler: Pick<Jiti, "transform">;
  /** What can be imported from "fiel". */
  readonly publicNames: readonly string[];
}

export async function openUserModules(): Promise<UserModules> {
  const fiel: Record<string, unknown> = await import(pathToFileURL(builtFile("index.js")).href);
  const publicNames = Object.keys(fiel);
  const settings = { virtualModules: { fiel: checkedNames(fiel) }, fsCache: false, interopDefault: false };
  const loader = createJiti(import.meta.url, settings);
  // One for each folder: the aliases of its imports are those of the nearest tsconfig.json.
  const loaders = new Map<string, Jiti>();
  const load = async (file: string) => {
    const own = loaders.get(dirname(file)) ?? createJiti(file, { ...settings, tsconfigPaths: true });
    loaders.set(dirname(file), own);
    const exported = await inTime(own.import<Record<string, unknown>>(file));
    return { value: defaultOf(exported), names: Object.keys(exported) };
  };
  return { load, compiler: loader, publicNames };
}

/** Names that "fiel" does not export are an error where they are used, instead of undefined. */
function checkedNames(fiel: Record<string, unknown>): object {
  const names: Record<PropertyKey, unknown> = { __esModule: true, ...fiel };
  function get(target: typeof names, name: string | symbol): unknown {
    if (typeof name === "symbol" || name in target || name === "then") return target[name];
    const problem =
      name === "default"
        ? '"fiel" has no default export: write import { defineScenario } from "fiel"'
        : `"fiel" exports no "${name}". ${suggestion(name, Object.keys(fiel))}`;
    throw new StepFailure(problem, null, [], { place: callerOf(get) });
  }
  return new Proxy(names, { get });
}

function defaultOf(exported: Record<string, unknown>): unknown {
  // CommonJS in a project of ES modules comes as what it exports, everything else as a namespace.
  if (!types.isModuleNamespaceObject(exported) && !("__esModule" in exported)) return exported;
  const value = exported.default as { __esModule?: unknown; default?: unknown } | undefined;
  // CommonJS that was compiled from an ES module.
  return value?.__esModule ? value.default : value;
}

async function inTime<Value>(loading: Promise<Value>): Promise<Value> {
  const loaded = new AbortController();
  const tooLong = delay(LOAD_MS, undefined, { signal: loaded.signal }).then(() => {
    throw new StepFailure(
      `it did not load within ${LOAD_MS / 1_000} s: what does it wait for at its top level?`,
    );
  });
  tooLong.catch(() => {});
  try {
    return await Promise.race([loading, tooLong]);
  } finally {
    loaded.abort();
  }
}
