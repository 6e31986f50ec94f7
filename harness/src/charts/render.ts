// Charts → PNG bytes. All charts share one canvas service, because each new one leaks memory.
import type { ChartConfiguration } from "chart.js";
import { ChartJSNodeCanvas } from "chartjs-node-canvas";
import { printableCanvas, registerFonts } from "./canvas-text.ts";
import { PAGE } from "./theme.ts";

let service: ChartJSNodeCanvas | undefined;

export function renderPng(configuration: ChartConfiguration): Buffer {
  registerFonts();
  service ??= new ChartJSNodeCanvas({ ...PAGE });
  // The asynchronous form of this call throws with @napi-rs/canvas.
  return service.renderToBufferSync({
    ...configuration,
    plugins: [printableCanvas, ...(configuration.plugins ?? [])],
  });
}
