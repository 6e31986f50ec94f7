// The look of the shapes of a sequence diagram by class, shared by the SVG file, which has the colours of the charts, and
// by the page, which has the colours of its scheme.
import { LETTER } from "./sequence-shapes.ts";

export interface SequencePalette {
  ink: string;
  muted: string;
  axis: string;
  box: string;
  boxEdge: string;
  phase: readonly [string, string];
  outage: string;
  outageName: string;
}

type Look = Record<string, Record<string, string | number>>;

const letters = "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Liberation Mono', monospace";
const words = "Inter, system-ui, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";

/** All are presentation attributes of SVG, which are also properties of CSS. */
export function sequenceLook(palette: SequencePalette): Look {
  const { ink, muted, axis } = palette;
  return {
    participant: { "font-family": words, "font-size": 15, "font-weight": 700, fill: ink },
    "participant-box": { fill: palette.box, stroke: palette.boxEdge },
    lifeline: { stroke: axis, "stroke-width": 1.2 },
    "lifeline-end": { stroke: muted, "stroke-width": 2 },
    "phase-band": { fill: palette.phase[0] },
    "phase-band-odd": { fill: palette.phase[1] },
    "phase-name": { "font-family": words, "font-size": 12, "font-weight": 700, fill: muted },
    "outage-band": { fill: palette.outage },
    "outage-name": { "font-family": words, "font-size": 12, "font-weight": 700, fill: palette.outageName },
    time: { "font-family": words, "font-size": 11, fill: muted },
    arrow: { fill: "none", "stroke-width": 1.5 },
    encrypted: { "stroke-dasharray": "5 3" },
    hit: { fill: "none", "pointer-events": "all" },
    line: {
      "font-family": letters,
      "font-size": LETTER.size,
      fill: muted,
    },
    backing: { fill: palette.phase[0], "fill-opacity": 0.88 },
    type: { "font-weight": 700, fill: ink },
  };
}

export function lookAsCss(look: Look, scope: string): string {
  const rules = Object.entries(look).map(([name, properties]) => {
    const body = Object.entries(properties).map(
      ([property, value]) => `${property}: ${withUnit(property, value)}`,
    );
    return `${scope} .${name} { ${body.join("; ")}; }`;
  });
  return rules.join("\n");
}

function withUnit(property: string, value: string | number): string {
  return property === "font-size" ? `${value}px` : String(value);
}
