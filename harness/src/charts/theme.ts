// The look of all charts: page, colours and fonts. Lengths are in points of a 13.3 × 7.5 inch
// slide; PIXELS_PER_POINT makes the picture sharp when it fills one.

import type { Plugin } from "chart.js";

export const PIXELS_PER_POINT = 2;
export const PAGE = { width: 960, height: 540 } as const;

/** The plot's left and right edges are fixed, so that the charts of a run align when a reader flips through them. */
export const PLOT = { left: 80, right: PAGE.width - 112 } as const;
export const MARGIN = 24;

export const FONT_FAMILY = "Velha Chart";
export const fontSize = { title: 24, subtitle: 12, axis: 14, tick: 13, event: 12, phase: 12 } as const;

export function font(size: number, weight: "normal" | "bold" = "normal"): string {
  return `${weight} ${size}px "${FONT_FAMILY}"`;
}

export function letters(size: number) {
  return { family: FONT_FAMILY, size };
}

export const colour = {
  page: "#ffffff",
  ink: "#1b2430",
  muted: "#5f6b7a",
  faint: "#9aa5b1",
  grid: "#e6eaef",
  axis: "#c3cad3",
  phase: ["#fafbfd", "#f3f5f9"],
  phaseName: ["#eff2f7", "#e4e9f1"],
  cpu: "#d11f2a",
  cpuFill: "rgba(209, 31, 42, 0.14)",
  memory: "#1f5fbf",
  outage: "rgba(240, 150, 30, 0.20)",
  outageEdge: "rgba(190, 100, 0, 0.55)",
  outageHalo: "#f7e6d0",
  outageName: "#8a4b00",
  failure: "#b3141f",
  failureFill: "#fdecec",
} as const;

/** Okabe and Ito's colours, which people with any kind of colour vision can distinguish. */
const flowColours = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8a7a00"] as const;

export function flowColour(index: number): string {
  return flowColours[index % flowColours.length]!;
}

/** Fills the page behind a chart. */
export const pageBackground: Plugin = {
  id: "page",
  beforeDraw({ ctx, width, height }) {
    ctx.fillStyle = colour.page;
    ctx.fillRect(0, 0, width, height);
  },
};
