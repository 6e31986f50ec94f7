// Loads a file of the user's, in TypeScript or JavaScript, in a project of ES modules or of CommonJS, on every Node.
// "fiel" means this very tool in it, whether or not it is installed beside the file.
import { types } from "node:util";
import { createJiti } from "jiti";
import { builtFile } from "../own-package.ts";

/** Returns the default export; of CommonJS, what it exports; undefined where there is none. */
export async function loadModule(file: string): Promise<unknown> {
  const loader = createJiti(file, {
    alias: { fiel: builtFile("index.js") },
    fsCache: false,
    interopDefault: false,
  });
  const module = await loader.import<Record<string, unknown>>(file);
  // CommonJS in a project of ES modules comes as what it exports, everything else as a namespace.
  const isNamespace = types.isModuleNamespaceObject(module) || "__esModule" in module;
  return isNamespace ? module.default : module;
}
