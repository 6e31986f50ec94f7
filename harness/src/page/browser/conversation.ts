// The conversation of the run as a sequence diagram: by flow, folded or not, within the window of the charts.
import { countOf, foldRoutine } from "../../sequence/fold.ts";
import { partsOf } from "../../sequence/sequence-cuts.ts";
import type { SequenceData, SequenceMessage } from "../../sequence/sequence-data.ts";
import { layOutSequence, type SequenceLayout } from "../../sequence/sequence-layout.ts";
import { bodyShapes, headShapes, inFull, type Shape } from "../../sequence/sequence-shapes.ts";
import { chipFor } from "./chip.ts";
import { isOnPaper, onColourScheme } from "./colour-scheme.ts";
import { drawing, element } from "./elements.ts";
import { timeFigure } from "./figures.ts";
import type { Timeline } from "./timeline.ts";

const HEAD_HEIGHT = 36;
const ROW_HEIGHT = 25;
const MIN_GAP = 96;
const MAX_GAP = 420;
const MIN_HEIGHT = 40;
/** The height left on a sheet of A4 at the width of the page on paper. */
const SHEET_HEIGHT = 840;

export function conversationSection(data: SequenceData, timeline: Timeline): HTMLElement {
  const hidden = new Set<number>();
  const canFold = foldRoutine(data.messages).length < data.messages.length;
  let isFolded = canFold;
  let shown: SequenceMessage[] = [];
  const count = element("p", { class: "note", role: "status" });
  const container = element("div", {
    class: "sequence",
    tabindex: 0,
    role: "group",
    "aria-label": "Sequence diagram. Arrow keys go from message to message.",
  });
  const details = element("output", { class: "message-text", hidden: true });
  const draw = () => {
    const { fromS, toS } = timeline.window;
    const inView = data.messages.filter(
      ({ flow, sentMs }) => !hidden.has(flow) && sentMs >= fromS * 1_000 && sentMs <= toS * 1_000,
    );
    shown = isFolded ? foldRoutine(inView) : inView;
    count.textContent = countInWords(data, shown, timeline);
    if (container.clientWidth > 0) container.replaceChildren(...diagram(data, shown, container.clientWidth));
    showMessage(null);
  };
  const showMessage = (index: number | null) => {
    const message = index === null ? undefined : shown[index];
    for (const node of container.querySelectorAll(".is-pointed")) node.classList.remove("is-pointed");
    timeline.point(message ? message.sentMs / 1_000 : null);
    details.hidden = !message;
    if (!message || index === null) return;
    details.textContent = inFull(message, data).join("\n");
    const node = container.querySelectorAll(".message")[index];
    node?.classList.add("is-pointed");
    if (node) placeBeside(details, node.getBoundingClientRect());
  };
  listenForPointer(container, showMessage);
  listenForArrows(container, () => shown.length, showMessage);

  const chips = data.flows.flatMap(({ label, colour }, flow) => {
    const own = data.messages.filter((one) => one.flow === flow);
    if (own.length === 0) return [];
    const line = { label, colour, summary: String(countOf(own)), values: [] };
    const chip = chipFor(line, {
      isAlone: false,
      onToggle: (isShown) => {
        if (isShown) hidden.delete(flow);
        else hidden.add(flow);
        draw();
      },
      onHighlight: () => {},
    });
    return [chip.node];
  });
  const fold = element(
    "button",
    { type: "button", class: "screen-only", "aria-pressed": "true" },
    "Repetitions folded",
  );
  fold.addEventListener("click", () => {
    isFolded = !isFolded;
    fold.setAttribute("aria-pressed", String(isFolded));
    fold.textContent = isFolded ? "Repetitions folded" : "Every message";
    draw();
  });
  timeline.onWindow(draw);
  onColourScheme(draw);
  new ResizeObserver(draw).observe(container);
  return element(
    "section",
    { class: "conversation" },
    element("h2", {}, "The conversation"),
    element(
      "p",
      { class: "note screen-only" },
      "Each arrow is a message from sender to receiver; time runs downwards, in seconds. Point at a message to read it in full; zoom the charts to see only that part of the run. Credentials are masked; under TLS only sizes are kept.",
    ),
    element("div", { class: "filters" }, ...chips, canFold && fold),
    count,
    container,
    details,
  );
}

function diagram(data: SequenceData, messages: readonly SequenceMessage[], width: number): Node[] {
  const isNarrow = width < 560;
  const gutter = isNarrow ? 30 : 46;
  const margin = isNarrow ? 38 : 60;
  const gaps = Math.max(1, data.participants.length - 1);
  const room = (width - gutter - 2 * margin) / gaps;
  const columnGap = Math.min(Math.max(room, MIN_GAP), MAX_GAP);
  const layout = layOutSequence(data, messages, { gutter, columnGap, margin, rowHeight: ROW_HEIGHT });
  const drawnPart = (part: SequenceLayout) => [
    picture("head", part.width, HEAD_HEIGHT, headShapes(part, HEAD_HEIGHT)),
    picture("body", part.width, Math.max(part.height, MIN_HEIGHT), bodyShapes(data, part)),
  ];
  if (!isOnPaper()) return drawnPart(layout);
  return partsOf(layout, SHEET_HEIGHT).map((part) => element("div", { class: "sheet" }, ...drawnPart(part)));
}

function picture(name: string, width: number, tall: number, shapes: readonly Shape[]): SVGElement {
  const size = { width, height: tall, viewBox: `0 0 ${width} ${tall}` };
  return drawing("svg", { class: name, ...size }, ...shapes.map(drawn));
}

function drawn({ tag, attributes, children }: Shape): SVGElement {
  // The page shows the details itself, and at once.
  const shown = children.filter((child) => typeof child === "string" || child.tag !== "title");
  return drawing(
    tag,
    attributes,
    ...shown.map((child) => (typeof child === "string" ? child : drawn(child))),
  );
}

/** Places the details below the message, or above it if there is no room. */
function placeBeside(details: HTMLElement, { left, top, bottom }: DOMRect): void {
  const { offsetWidth, offsetHeight } = details;
  const maxLeft = document.documentElement.clientWidth - offsetWidth - 8;
  const isRoom = bottom + offsetHeight + 12 < innerHeight;
  details.style.left = `${Math.max(8, Math.min(left + 24, maxLeft))}px`;
  details.style.top = `${isRoom ? bottom + 6 : Math.max(8, top - offsetHeight - 6)}px`;
}

function countInWords(data: SequenceData, shown: readonly SequenceMessage[], timeline: Timeline): string {
  const messages = (count: number) =>
    `${count.toLocaleString("en-US")} ${count === 1 ? "message" : "messages"}`;
  const all = countOf(data.messages);
  const seen = countOf(shown);
  const { fromS, toS } = timeline.window;
  const parts = [
    seen === all ? messages(all) : `${seen.toLocaleString("en-US")} of ${messages(all)}`,
    !timeline.isWhole && `from ${timeFigure(fromS)} to ${timeFigure(toS)}`,
    data.leftOut > 0 && `${data.leftOut.toLocaleString("en-US")} later messages are not on this page`,
  ];
  return parts.filter((part) => part !== false).join(" · ");
}

function listenForPointer(container: HTMLElement, show: (index: number | null) => void): void {
  container.addEventListener("pointermove", ({ target }) => {
    const node = target instanceof Element ? target.closest(".message") : null;
    show(node ? [...container.querySelectorAll(".message")].indexOf(node) : null);
  });
  container.addEventListener("pointerleave", () => show(null));
}

function listenForArrows(
  container: HTMLElement,
  count: () => number,
  show: (index: number | null) => void,
): void {
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
  container.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (event.key === "Escape") show(null);
    if (step === undefined || count() === 0) return;
    const nodes = [...container.querySelectorAll(".message")];
    const now = nodes.findIndex((node) => node.classList.contains("is-pointed"));
    const next = Math.min(Math.max(now + step, 0), nodes.length - 1);
    show(next);
    nodes[next]?.scrollIntoView({ block: "nearest" });
    event.preventDefault();
  });
}
