// Charts → PNG bytes. One canvas service for all charts, because each new one leaks.

import type { ChartConfiguration } from "chart.js";
import { ChartJSNodeCanvas } from "chartjs-node-canvas";
import { registerFonts } from "./fonts.ts";
import { printableCanvas } from "./printable-canvas.ts";
import { PAGE } from "./theme.ts";

let service: ChartJSNodeCanvas | undefined;

export function renderPng(configuration: ChartConfiguration): Buffer {
  registerFonts();
  service ??= new ChartJSNodeCanvas({ ...PAGE });
  // The asynchronous form of this call throws on the canvas that is used here.
  return service.renderToBufferSync({
    ...configuration,
    plugins: [printableCanvas, ...(configuration.plugins ?? [])],
  });
}
