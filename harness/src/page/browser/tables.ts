// A table of the report, with numbers aligned right.
import type { Cell, PageTable } from "../page-data.ts";
import { element } from "./elements.ts";

export function tableSection(table: PageTable): HTMLElement {
  const content = [
    table.note !== "" && element("p", { class: "note" }, table.note),
    element(
      "div",
      { class: "scroll", tabindex: 0, role: "group", "aria-label": table.title },
      tableOf(table),
    ),
    table.hiddenRows > 0 &&
      element("p", { class: "note" }, `${table.hiddenRows.toLocaleString("en-US")} more are in result.json.`),
  ];
  const title = element("h2", {}, table.title);
  if (!table.isLong) return element("section", {}, title, ...content);
  const count = (table.rows.length + table.hiddenRows).toLocaleString("en-US");
  const summary = element("summary", {}, title, element("span", { class: "note" }, `${count} rows`));
  return element("section", {}, element("details", {}, summary, ...content));
}

function tableOf({ header, rows }: PageTable): HTMLElement {
  const isNumeric = header.map((_, column) => rows.every((row) => looksNumeric(row[column])));
  const cell = (tag: "td" | "th", content: Cell | undefined, column: number) => {
    const text = textOf(content);
    const tone = typeof content === "object" ? content.tone : "";
    const href = typeof content === "object" ? content.href : undefined;
    return element(
      tag,
      { class: `${isNumeric[column] ? "number" : ""} ${tone}`.trim() },
      href === undefined ? text : element("a", { href }, text),
    );
  };
  const hasHeader = header.some((title) => title !== "");
  return element(
    "table",
    {},
    hasHeader &&
      element("thead", {}, element("tr", {}, ...header.map((title, column) => cell("th", title, column)))),
    element(
      "tbody",
      {},
      ...rows.map((row) => element("tr", {}, ...row.map((content, column) => cell("td", content, column)))),
    ),
  );
}

function textOf(content: Cell | undefined): string {
  if (content === undefined) return "";
  if (typeof content === "object") return content.text;
  return typeof content === "number" ? content.toLocaleString("en-US") : content;
}

function looksNumeric(content: Cell | undefined): boolean {
  return /^[-–]?[\d.,]*( [a-zA-Z%]+)?$/.test(textOf(content)) && textOf(content) !== "";
}
