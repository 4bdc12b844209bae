// Colours come from the page's CSS variables, so that charts are light or dark as it is.

export interface Colours {
  series: string[];
  ink: string;
  quiet: string;
  line: string;
  ground: string;
  weak: string;
  strong: string;
  rise: string;
  fall: string;
  whole: string;
}

export function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  const told = (name: string) => style.getPropertyValue(`--chart-${name}`).trim();
  return {
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((place) => told(String(place))),
    ink: told("ink"), quiet: told("quiet"), line: told("line"), ground: told("ground"),
    weak: told("weak"), strong: told("strong"), rise: told("rise"), fall: told("fall"), whole: told("whole"),
  };
}

type Told = Record<string, unknown>;

/** What every chart shares: its colours, its letters and its axes. */
export function theme(colours: Colours, family: string): Told {
  const axis = {
    axisLine: { show: false, lineStyle: { color: colours.line } },
    axisTick: { show: false },
    axisLabel: { color: colours.quiet, fontSize: 12 },
    nameTextStyle: { color: colours.quiet },
    splitLine: { lineStyle: { color: colours.line } },
    splitArea: { areaStyle: { color: ["transparent", "transparent"] } },
  };
  return {
    color: colours.series,
    backgroundColor: "transparent",
    textStyle: { fontFamily: family, color: colours.ink },
    categoryAxis: { ...axis, axisLine: { show: true, lineStyle: { color: colours.line } }, splitLine: { show: false } },
    valueAxis: axis,
    legend: {
      textStyle: { color: colours.ink }, inactiveColor: colours.quiet, icon: "roundRect", itemWidth: 14, itemHeight: 8,
      pageTextStyle: { color: colours.quiet }, pageIconColor: colours.ink,
    },
    tooltip: {
      backgroundColor: colours.ground, borderColor: colours.line, textStyle: { color: colours.ink, fontSize: 13 },
      extraCssText: "max-width: min(22rem, 80vw); white-space: normal; box-shadow: 0 .25rem 1rem rgb(0 0 0 / 18%);",
    },
    visualMap: {
      textStyle: { color: colours.quiet }, inRange: { color: [colours.weak, colours.strong] },
      handleStyle: { borderColor: colours.quiet }, indicatorStyle: { borderColor: colours.quiet },
    },
    line: { lineStyle: { width: 2.5 }, symbol: "circle", symbolSize: 7 },
    bar: { itemStyle: { borderRadius: 3 } },
    funnel: { label: { color: colours.ink }, itemStyle: { borderColor: colours.ground } },
    heatmap: { itemStyle: { borderColor: colours.ground, borderWidth: 1 } },
    markPoint: {},
  };
}
