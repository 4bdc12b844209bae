// Draws every <figure data-chart> of the page: an option, or several of which the reader chooses one.
import "./charts.css";
import type { ECharts } from "echarts/core";
import { coloursOf, theme } from "./colours";
import { init } from "./echarts";
import { drawable, type OfFiel } from "./option";
import { readByKeys } from "./reading";

type Told = Record<string, any> & { fiel?: OfFiel };
interface Choice { label: string; option: Told }

const drawn = new Map<HTMLElement, { draw: () => void; chart: () => ECharts | undefined }>();

function prepare(figure: HTMLElement): void {
  const told = JSON.parse(figure.dataset.chart ?? "null") as Told | Choice[] | null;
  if (!told) return;
  const choices: Choice[] = Array.isArray(told) ? told : [{ label: "", option: told }];
  const canvas = figure.querySelector<HTMLElement>(":scope > .chart-canvas") ?? figure.querySelector<HTMLElement>(":scope > div") ?? document.createElement("div");
  if (!canvas.isConnected) figure.prepend(canvas);
  canvas.classList.add("chart-canvas");
  const spoken = document.createElement("p");
  spoken.className = "visually-hidden";
  spoken.ariaLive = "polite";
  const chooser = figure.querySelector<HTMLSelectElement>("select[data-chart-choice]");
  let chart: ECharts | undefined;
  let forget = () => {};

  const draw = (): void => {
    const option = choices[Number(chooser?.value ?? 0)]?.option ?? choices[0]!.option;
    const of = option.fiel ?? {};
    canvas.style.height = of.height ? `${of.height}px` : "";
    forget();
    chart?.dispose();
    const colours = coloursOf(figure);
    chart = init(canvas, theme(colours, getComputedStyle(figure).fontFamily), { renderer: "canvas" });
    chart.setOption(drawable(option, colours, figure.dataset.description ?? figure.ariaLabel ?? "", canvas.clientWidth));
    figure.dataset.drawn = "";
    if (of.spark) return;
    canvas.tabIndex = 0;
    forget = readByKeys(chart, canvas, spoken);
  };

  if (!choices.some((choice) => choice.option.fiel?.spark)) figure.append(spoken);
  chooser?.addEventListener("change", draw);
  drawn.set(figure, { draw, chart: () => chart });
  draw();
  let width = canvas.clientWidth;
  new ResizeObserver(() => {
    if (canvas.clientWidth === width || !canvas.clientWidth) return;
    width = canvas.clientWidth;
    draw();
  }).observe(canvas);
}

function prepareAll(root: ParentNode): void {
  for (const [figure, { chart }] of drawn) {
    if (figure.isConnected) continue;
    chart()?.dispose();
    drawn.delete(figure);
  }
  for (const figure of root.querySelectorAll<HTMLElement>("figure[data-chart]")) {
    if (!drawn.has(figure)) prepare(figure);
  }
}

function drawAgain(): void {
  for (const { draw } of drawn.values()) draw();
}

prepareAll(document);
document.addEventListener("htmx:load", (event) => {
  const part = (event as CustomEvent).detail.elt as HTMLElement;
  prepareAll(part.parentElement ?? document);
});
// What was folded away has no width to draw in.
document.addEventListener("toggle", (event) => prepareAll(event.target as HTMLElement), true);
new MutationObserver(drawAgain).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });

let themeBefore: string | null = null;
addEventListener("beforeprint", () => {
  themeBefore = document.documentElement.getAttribute("data-bs-theme");
  document.documentElement.setAttribute("data-bs-theme", "light");
  // What is folded away belongs on paper too.
  for (const table of document.querySelectorAll<HTMLDetailsElement>("details.report-table:not([open])")) {
    table.open = true;
    table.dataset.openedToPrint = "";
  }
  drawAgain();
});
addEventListener("afterprint", () => {
  for (const table of document.querySelectorAll<HTMLDetailsElement>("details[data-opened-to-print]")) {
    table.open = false;
    delete table.dataset.openedToPrint;
  }
  if (themeBefore) document.documentElement.setAttribute("data-bs-theme", themeBefore);
  drawAgain();
});
