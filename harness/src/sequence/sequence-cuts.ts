// Cuts a laid-out sequence diagram into parts, for the panels of a slide and for sheets of paper. Pure.
import type { SequenceLayout } from "./sequence-layout.ts";

/** The part between two heights, moved up to 0. It contains what begins in it; a phase that continues is named again. */
export function sliceOf(layout: SequenceLayout, top: number, bottom: number): SequenceLayout {
  const continues = layout.marks.some((mark) => mark.kind === "phase" && mark.top < top && mark.bottom > top);
  const down = (continues ? layout.rowHeight : 0) - top;
  const isIn = (y: number) => y >= top && y < bottom;
  const clipped = <Piece extends { top: number; bottom: number }>(pieces: readonly Piece[]) =>
    pieces
      .filter((piece) => piece.bottom > top && piece.top < bottom)
      .map((piece) => ({
        ...piece,
        top: Math.max(piece.top, top) + (piece.top < top ? -top : down),
        bottom: Math.min(piece.bottom, bottom) + down,
      }));
  return {
    ...layout,
    height: bottom + down,
    lifelines: clipped(layout.lifelines),
    arrows: layout.arrows
      .filter(({ fromY }) => isIn(fromY))
      .map((arrow) => ({ ...arrow, fromY: arrow.fromY + down, toY: arrow.toY + down })),
    marks: clipped(layout.marks.map((mark) => ({ ...mark, isBegun: mark.top < top }))),
    times: layout.times.filter(({ y }) => isIn(y)).map(({ y, text }) => ({ y: y + down, text })),
  };
}

/** Parts of at most that height, if the diagram can be cut so: for sheets of paper. */
export function partsOf(layout: SequenceLayout, maxHeight: number): SequenceLayout[] {
  const cuts = cutsOf(layout);
  const edges = [0];
  for (const [index, cut] of cuts.entries()) {
    const next = cuts[index + 1] ?? layout.height;
    if (next - edges.at(-1)! > maxHeight && cut > edges.at(-1)!) edges.push(cut);
  }
  return edges.map((top, index) => sliceOf(layout, top, edges[index + 1] ?? layout.height));
}

/** The heights, from top to bottom, at which no arrow or text would be cut. */
export function cutsOf({ arrows, marks, rowHeight }: SequenceLayout): number[] {
  const edges = [...arrows.map(({ fromY }) => fromY - rowHeight * 0.8), ...marks.map(({ top }) => top)];
  const isFree = (y: number) =>
    arrows.every(
      (arrow) => y <= arrow.fromY - rowHeight * 0.75 || y >= Math.max(arrow.fromY, arrow.toY) + 2,
    ) && marks.every(({ top }) => y <= top || y >= top + rowHeight * 1.4);
  return edges.filter(isFree).sort((one, other) => one - other);
}
