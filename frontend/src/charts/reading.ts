// A chart by keyboard: the arrows go from one value to the next, which is shown and read out.
import type { ECharts } from "echarts/core";

/** Let the arrows walk through a chart; Escape hides what is shown. */
export function readByKeys(chart: ECharts, canvas: HTMLElement, spoken: HTMLElement): () => void {
  let at = -1;
  const listen = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") chart.dispatchAction({ type: "hideTip" });
    if (!step) return;
    event.preventDefault();
    const many = valuesOf(chart);
    if (!many) return;
    at = (at + step + many) % many;
    chart.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex: at });
    // The tooltip is there a moment later.
    setTimeout(() => { spoken.textContent = saidBy(canvas); }, 60);
  };
  const leave = () => chart.dispatchAction({ type: "hideTip" });
  canvas.addEventListener("keydown", listen);
  canvas.addEventListener("blur", leave);
  return () => {
    canvas.removeEventListener("keydown", listen);
    canvas.removeEventListener("blur", leave);
  };
}

function valuesOf(chart: ECharts): number {
  const [series] = (chart.getOption()["series"] ?? []) as { data?: unknown[] }[];
  return series?.data?.length ?? 0;
}

function saidBy(canvas: HTMLElement): string {
  const tip = canvas.querySelector<HTMLElement>("div[style*='z-index: 9999999']");
  if (!tip) return "";
  const parts = [...tip.querySelectorAll("strong, div")].filter((part) => !part.querySelector("strong, div"));
  return parts.map((part) => part.textContent ?? "").join(". ");
}
