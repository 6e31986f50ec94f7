// The conversation of the run as a sequence diagram: by flow, folded or not, and no more of it than the charts show.
import { countOf, foldRoutine } from "../../sequence/fold.ts";
import { partsOf } from "../../sequence/sequence-cuts.ts";
import type { Said, SequenceData } from "../../sequence/sequence-data.ts";
import { layOutSequence, type SequenceLayout } from "../../sequence/sequence-layout.ts";
import { bodyShapes, headShapes, inFull, type Shape } from "../../sequence/sequence-shapes.ts";
import { chipFor } from "./chip.ts";
import { isOnPaper, onColourScheme } from "./colour-scheme.ts";
import { drawing, element } from "./elements.ts";
import { timeFigure } from "./figures.ts";
import type { Story } from "./story.ts";

const HEAD_HEIGHT = 36;
const ROW_HEIGHT = 25;
const LEAST_GAP = 96;
const MOST_GAP = 420;
const LEAST_HEIGHT = 40;
/** Of a page of A4 that is as wide as the page's paper, less what stands over it. */
const SHEET_HEIGHT = 840;

export function conversationSection(data: SequenceData, story: Story): HTMLElement {
  const hidden = new Set<number>();
  const canFold = foldRoutine(data.said).length < data.said.length;
  let isFolded = canFold;
  let shown: Said[] = [];
  const count = element("p", { class: "note", role: "status" });
  const place = element("div", {
    class: "sequence",
    tabindex: 0,
    role: "group",
    "aria-label": "Sequence diagram. Arrow keys go from message to message.",
  });
  const words = element("output", { class: "message-text", hidden: true });
  const draw = () => {
    const { fromS, toS } = story.window;
    const inView = data.said.filter(
      ({ flow, sentMs }) => !hidden.has(flow) && sentMs >= fromS * 1_000 && sentMs <= toS * 1_000,
    );
    shown = isFolded ? foldRoutine(inView) : inView;
    count.textContent = countInWords(data, shown, story);
    if (place.clientWidth > 0) place.replaceChildren(...diagram(data, shown, place.clientWidth));
    tell(null);
  };
  const tell = (index: number | null) => {
    const said = index === null ? undefined : shown[index];
    for (const node of place.querySelectorAll(".is-pointed")) node.classList.remove("is-pointed");
    story.point(said ? said.sentMs / 1_000 : null);
    words.hidden = !said;
    if (!said || index === null) return;
    words.textContent = inFull(said, data).join("\n");
    const node = place.querySelectorAll(".said")[index];
    node?.classList.add("is-pointed");
    if (node) putBeside(words, node.getBoundingClientRect());
  };
  listenForPointer(place, tell);
  listenForArrows(place, () => shown.length, tell);

  const chips = data.flows.flatMap(({ label, colour }, flow) => {
    const own = data.said.filter((one) => one.flow === flow);
    if (own.length === 0) return [];
    const line = { label, colour, summary: String(countOf(own)), values: [] };
    const chip = chipFor(line, {
      isAlone: false,
      onToggle: (isShown) => {
        if (isShown) hidden.delete(flow);
        else hidden.add(flow);
        draw();
      },
      onStress: () => {},
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
  story.onWindow(draw);
  onColourScheme(draw);
  new ResizeObserver(draw).observe(place);
  return element(
    "section",
    { class: "conversation" },
    element("h2", {}, "The conversation"),
    element(
      "p",
      { class: "note screen-only" },
      "Each arrow is a message from sender to receiver; time runs downwards, in seconds. Point at a message to read it in full; zoom the charts to see only that time. Credentials are masked; under TLS only sizes were kept.",
    ),
    element("div", { class: "filters" }, ...chips, canFold && fold),
    count,
    place,
    words,
  );
}

function diagram(data: SequenceData, said: readonly Said[], width: number): Node[] {
  const isNarrow = width < 560;
  const gutter = isNarrow ? 30 : 46;
  const margin = isNarrow ? 38 : 60;
  const gaps = Math.max(1, data.participants.length - 1);
  const room = (width - gutter - 2 * margin) / gaps;
  const columnGap = Math.min(Math.max(room, LEAST_GAP), MOST_GAP);
  const layout = layOutSequence(data, said, { gutter, columnGap, margin, rowHeight: ROW_HEIGHT });
  const drawnPart = (part: SequenceLayout) => [
    picture("head", part.width, HEAD_HEIGHT, headShapes(part, HEAD_HEIGHT)),
    picture("body", part.width, Math.max(part.height, LEAST_HEIGHT), bodyShapes(data, part)),
  ];
  if (!isOnPaper()) return drawnPart(layout);
  return partsOf(layout, SHEET_HEIGHT).map((part) => element("div", { class: "sheet" }, ...drawnPart(part)));
}

function picture(name: string, width: number, tall: number, shapes: readonly Shape[]): SVGElement {
  const size = { width, height: tall, viewBox: `0 0 ${width} ${tall}` };
  return drawing("svg", { class: name, ...size }, ...shapes.map(drawn));
}

function drawn({ tag, attributes, children }: Shape): SVGElement {
  // The page tells more, and at once.
  const told = children.filter((child) => typeof child === "string" || child.tag !== "title");
  return drawing(tag, attributes, ...told.map((child) => (typeof child === "string" ? child : drawn(child))));
}

/** Below it, or above where there is no room. */
function putBeside(words: HTMLElement, { left, top, bottom }: DOMRect): void {
  const { offsetWidth, offsetHeight } = words;
  const mostLeft = document.documentElement.clientWidth - offsetWidth - 8;
  const isRoom = bottom + offsetHeight + 12 < innerHeight;
  words.style.left = `${Math.max(8, Math.min(left + 24, mostLeft))}px`;
  words.style.top = `${isRoom ? bottom + 6 : Math.max(8, top - offsetHeight - 6)}px`;
}

function countInWords(data: SequenceData, shown: readonly Said[], story: Story): string {
  const messages = (count: number) =>
    `${count.toLocaleString("en-US")} ${count === 1 ? "message" : "messages"}`;
  const all = countOf(data.said);
  const seen = countOf(shown);
  const { fromS, toS } = story.window;
  const parts = [
    seen === all ? messages(all) : `${seen.toLocaleString("en-US")} of ${messages(all)}`,
    !story.isWhole && `from ${timeFigure(fromS)} to ${timeFigure(toS)}`,
    data.leftOut > 0 && `${data.leftOut.toLocaleString("en-US")} later ones are not on this page`,
  ];
  return parts.filter((part) => part !== false).join(" · ");
}

function listenForPointer(place: HTMLElement, tell: (index: number | null) => void): void {
  place.addEventListener("pointermove", ({ target }) => {
    const node = target instanceof Element ? target.closest(".said") : null;
    tell(node ? [...place.querySelectorAll(".said")].indexOf(node) : null);
  });
  place.addEventListener("pointerleave", () => tell(null));
}

function listenForArrows(
  place: HTMLElement,
  count: () => number,
  tell: (index: number | null) => void,
): void {
  const steps: Record<string, number> = { ArrowDown: 1, ArrowUp: -1 };
  place.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (event.key === "Escape") tell(null);
    if (step === undefined || count() === 0) return;
    const nodes = [...place.querySelectorAll(".said")];
    const now = nodes.findIndex((node) => node.classList.contains("is-pointed"));
    const next = Math.min(Math.max(now + step, 0), nodes.length - 1);
    tell(next);
    nodes[next]?.scrollIntoView({ block: "nearest" });
    event.preventDefault();
  });
}
