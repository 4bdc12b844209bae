// From what the server says of a chart to what ECharts draws: writing, shapes, tooltips, a description.
import type { Colours } from "./colours";
import { span, whisker } from "./shapes";
import { written, writtenShort, type Format, type Write } from "./writing";

type Told = Record<string, any>;

export interface OfFiel {
  format?: Format;
  across?: boolean;
  height?: number;
  shape?: "span" | "whisker";
  spark?: boolean;
}

const NARROW = 480;
// Pixels: of the names beside a heat map, and of a cell that has room for a short or a whole value.
const BESIDE_NAMES = 140;
const NARROW_CELL = 36;
const WIDE_CELL = 62;

export function drawable(told: Told, colours: Colours, description: string, width: number): Told {
  const { fiel, ...option } = structuredClone(told) as Told & { fiel?: OfFiel };
  const full = written(fiel?.format);
  option.animation = !matchMedia("(prefers-reduced-motion: reduce)").matches && !matchMedia("print").matches;
  option.animationDuration = 300;
  option.aria = { enabled: true, label: { enabled: true, description } };
  if (option.grid) option.grid = { outerBoundsMode: "same", outerBoundsContain: "axisLabel", ...option.grid };
  writeAxes(option, fiel ?? {}, width);
  if (fiel?.shape) shape(option, fiel.shape, colours, full);
  if (option.visualMap) option.visualMap.formatter = writtenShort(fiel?.format);
  const across = listed(option.xAxis)[0]?.data?.length ?? 1;
  for (const series of listed(option.series)) finish(series, fiel?.format, colours, (width - BESIDE_NAMES) / across);
  if (option.tooltip) option.tooltip = { confine: true, ...option.tooltip, formatter: tooltip(option, full, fiel ?? {}) };
  return option;
}

function writeAxes(option: Told, fiel: OfFiel, width: number): void {
  const short = writtenShort(fiel.format);
  for (const name of ["xAxis", "yAxis"] as const) {
    for (const axis of listed(option[name])) {
      if (axis.type === "value") {
        axis.axisLabel = { formatter: short, hideOverlap: true, ...axis.axisLabel };
        axis.splitNumber ??= width < NARROW ? 3 : 5;
        // Nobody is half a member: what is counted has no marks between two numbers.
        if (fiel.format?.kind === "count" || fiel.format?.kind === "points") axis.minInterval = 1;
        if (axis.nameLocation === "middle") axis.nameGap ??= 30;
      } else if (name === "yAxis") {
        // Names beside lying bars may take a third of a narrow chart; longer ones go on in another line.
        axis.axisLabel = { width: Math.min(190, width * 0.36), overflow: "break", lineHeight: 13, ...axis.axisLabel };
      } else {
        axis.axisLabel = { hideOverlap: true, ...axis.axisLabel };
        if (width < NARROW && axis.axisLabel.interval === 0) Object.assign(axis.axisLabel, { rotate: 40, width: 110, overflow: "truncate" });
      }
    }
  }
}

function shape(option: Told, which: "span" | "whisker", colours: Colours, full: Write): void {
  const [series] = listed(option.series);
  if (!series) return;
  const draw = which === "span" ? span(colours) : whisker(colours);
  const last = series.data.length - 1;
  series.clip = false;
  series.renderItem = (params: Told, api: Told) =>
    draw({ ...params, written: full, isLast: params.dataIndex === last }, api);
}

function finish(series: Told, format: Format | undefined, colours: Colours, room: number): void {
  const full = written(format);
  if (series.type === "heatmap") {
    const write = room < WIDE_CELL ? writtenShort(format) : full;
    series.label = { ...series.label, show: room >= NARROW_CELL, formatter: (point: Told) => write(point.value[2]), fontSize: 11, color: colours.ink };
  }
  if (series.type === "funnel") {
    series.label = { ...series.label, position: "inside", color: "#fff", lineHeight: 18, formatter: (point: Told) => `${point.name}\n${full(point.value)}` };
    series.itemStyle = { borderWidth: 0 };
    series.data.forEach((step: Told, place: number) => { step.itemStyle = { color: colours.whole, opacity: 1 - place * 0.14 }; });
  }
  if (series.markLine) {
    series.markLine.animation = false;
    series.markLine.label = { ...series.markLine.label, color: colours.quiet };
    series.markLine.lineStyle = { color: colours.quiet, ...series.markLine.lineStyle };
  }
}

function tooltip(option: Told, full: Write, fiel: OfFiel): (params: any) => HTMLElement {
  const categories = (listed(fiel.across ? option.yAxis : option.xAxis)[0]?.data ?? []) as string[];
  const down = (listed(option.yAxis)[0]?.data ?? []) as string[];
  return (params) => {
    if (Array.isArray(params)) {
      return lines(String(params[0]?.axisValueLabel ?? params[0]?.name ?? ""), params.map((one) => [one.seriesName, full(one.value), one.color]));
    }
    const value = params.value;
    if (fiel.shape === "span") return lines(categories[value[0]] ?? "", [["", full(value[3]), ""]]);
    if (fiel.shape === "whisker") return lines(categories[value[1]] ?? "", [["", `${full(value[0])}  (${full(value[2])} … ${full(value[3])})`, ""]]);
    if (params.seriesType === "heatmap") return lines(down[value[1]] ?? "", [[categories[value[0]] ?? "", full(value[2]), params.color]]);
    if (params.seriesType === "scatter") {
      const names = [listed(option.xAxis)[0]?.name, listed(option.yAxis)[0]?.name];
      return lines(params.name, [0, 1].map((place) => [names[place] ?? "", full(value[place]), ""]));
    }
    return lines(params.name, [["", full(value), params.color]]);
  };
}

/** A heading and its lines as elements: what a name contains is never read as markup. */
function lines(heading: string, told: [string, string, unknown][]): HTMLElement {
  const box = document.createElement("div");
  const head = document.createElement("strong");
  head.textContent = heading;
  box.append(head);
  for (const [name, value, colour] of told) {
    const row = document.createElement("div");
    if (typeof colour === "string" && colour) {
      const dot = document.createElement("span");
      dot.className = "chart-dot";
      dot.style.background = colour;
      row.append(dot);
    }
    row.append(name ? `${name}: ${value}` : value);
    box.append(row);
  }
  return box;
}

function listed(told: unknown): Told[] {
  return Array.isArray(told) ? told : told ? [told as Told] : [];
}
