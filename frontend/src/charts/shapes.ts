// Shapes that ECharts does not have: the steps of a waterfall, and estimates with their intervals.
import type { Colours } from "./colours";

type Told = Record<string, any>;

/** A step: a bar from where to where. Its data: [place, from, to, change, is it a whole]. */
export function span(colours: Colours): (params: Told, api: Told) => Told {
  return (params, api) => {
    const from = api.coord([api.value(0), api.value(1)]) as number[];
    const to = api.coord([api.value(0), api.value(2)]) as number[];
    const room = (api.size([1, 0]) as number[])[0]!;
    const width = Math.min(56, room * 0.62);
    const change = api.value(3) as number;
    const fill = api.value(4) ? colours.whole : change >= 0 ? colours.rise : colours.fall;
    const top = Math.min(from[1]!, to[1]!);
    const height = Math.max(1, Math.abs(from[1]! - to[1]!));
    const left = from[0]! - width / 2;
    const children: Told[] = [
      { type: "rect", shape: { x: left, y: top, width, height, r: 3 }, style: { fill } },
      {
        type: "text",
        style: {
          text: params.written(change), x: from[0], y: top - 5, textAlign: "center", textVerticalAlign: "bottom",
          fill: colours.quiet, fontSize: 11,
        },
      },
    ];
    if (!params.isLast) {
      // Where this step ends, the next one begins.
      children.push({
        type: "line",
        shape: { x1: from[0]! + width / 2, y1: to[1], x2: from[0]! + room - width / 2, y2: to[1] },
        style: { stroke: colours.quiet, lineWidth: 1, lineDash: [3, 3] },
      });
    }
    return { type: "group", children };
  };
}

/** An estimate and its interval: a point on a line. Its data: [value, place, low, high]. */
export function whisker(colours: Colours): (params: Told, api: Told) => Told {
  return (_params, api) => {
    const at = api.coord([api.value(0), api.value(1)]) as number[];
    const low = api.coord([api.value(2), api.value(1)]) as number[];
    const high = api.coord([api.value(3), api.value(1)]) as number[];
    // What lies to one side of zero was seen; what crosses it was not.
    const isSeen = api.value(2) > 0 || api.value(3) < 0;
    const stroke = isSeen ? colours.series[0] : colours.quiet;
    const end = (x: number): Told => ({
      type: "line", shape: { x1: x, y1: at[1]! - 6, x2: x, y2: at[1]! + 6 }, style: { stroke, lineWidth: 2 },
    });
    return {
      type: "group",
      children: [
        { type: "line", shape: { x1: low[0], y1: at[1], x2: high[0], y2: at[1] }, style: { stroke, lineWidth: 2 } },
        end(low[0]!),
        end(high[0]!),
        { type: "circle", shape: { cx: at[0], cy: at[1], r: 6 }, style: { fill: stroke } },
      ],
    };
  };
}
