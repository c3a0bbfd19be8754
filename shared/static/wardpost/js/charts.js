// A chart is drawn from its own table: <figure data-chart> holds the table twin, whose cells carry the figures.
"use strict";
(() => {
  const LANGUAGE = document.documentElement.lang || "vi";
  const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--wp-${name}`).trim();
  const colourOf = (tone) => token(tone === "rest" ? "line-strong" : tone);
  const short = new Intl.NumberFormat(LANGUAGE, {
    notation: "compact",
    compactDisplay: LANGUAGE === "vi" ? "long" : "short", // nghìn, triệu: nobody reads "15 N"
    maximumFractionDigits: 1,
  });
  const share = new Intl.NumberFormat(LANGUAGE, { style: "percent", maximumFractionDigits: 1 });
  const drawn = new Map();

  // Each tone has a texture, so that a grey print and an eye without colour still tell two bars apart.
  const TEXTURES = { night: "", action: "/", ok: "", soon: "\\", late: "x", pause: ".", rest: "-" };
  const STROKES = {
    "/": [[0, 8, 8, 0]], "\\": [[0, 0, 8, 8]], x: [[0, 0, 8, 8], [0, 8, 8, 0]], "-": [[0, 4, 8, 4]], ".": [[3, 4, 5, 4]],
  };
  const fill = (tone) => {
    const colour = colourOf(tone), strokes = STROKES[TEXTURES[tone]];
    if (!strokes) return colour;
    const tile = Object.assign(document.createElement("canvas"), { width: 8, height: 8 });
    const brush = tile.getContext("2d");
    brush.fillStyle = colour;
    brush.fillRect(0, 0, 8, 8);
    brush.strokeStyle = "rgb(255 255 255 / 45%)";
    brush.lineWidth = 1.5;
    strokes.forEach(([x1, y1, x2, y2]) => { brush.beginPath(); brush.moveTo(x1, y1); brush.lineTo(x2, y2); brush.stroke(); });
    return brush.createPattern(tile, "repeat");
  };

  const read = (table) => {
    const heads = [...table.tHead.rows[0].cells].slice(1);
    const rows = [...table.tBodies[0].rows];
    const figure = (cell) => (cell.dataset.value === "" ? null : Number(cell.dataset.value));
    return {
      labels: rows.map((row) => row.cells[0].textContent.trim()),
      series: heads.map((head, at) => ({
        name: head.textContent.trim(), tone: head.dataset.tone, isDashed: "dashed" in head.dataset, isBand: "band" in head.dataset,
        values: rows.map((row) => figure(row.cells[at + 1])), words: rows.map((row) => row.cells[at + 1].textContent.trim()),
      })),
    };
  };

  const dataset = (one, shape) => {
    const colour = colourOf(one.tone), isLine = shape === "line" || one.isDashed || one.isBand;
    const common = { label: one.name, data: one.values, words: one.words };
    if (!isLine) return { ...common, type: "bar", backgroundColor: fill(one.tone), borderColor: colour, borderWidth: 1, maxBarThickness: 42 };
    return {
      ...common, type: "line", borderColor: colour, backgroundColor: one.isBand ? `${colour}26` : colour, borderWidth: one.isBand ? 1 : 2,
      borderDash: one.isDashed || one.isBand ? [5, 4] : [], pointRadius: one.isDashed || one.isBand ? 0 : 2.5, tension: 0, spanGaps: false,
      fill: one.isBand ? "-1" : false, order: -1, stack: `line-${one.name}`,
    };
  };

  const options = (unit, shape) => {
    const write = unit === "share" ? (value) => share.format(value) : (value) => short.format(value);
    const font = { family: token("font-num") || "sans-serif", size: 12 };
    const isStacked = shape === "stacked";
    return {
      animation: false, responsive: true, maintainAspectRatio: false, interaction: { mode: "index", intersect: false },
      plugins: {
        legend: { position: "bottom", align: "start", labels: { boxWidth: 14, boxHeight: 10, color: token("ink-2"), font } },
        tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${item.dataset.words[item.dataIndex]}` } },
      },
      scales: {
        x: { stacked: isStacked, grid: { display: false }, ticks: { color: token("ink-2"), font, maxRotation: 45, autoSkipPadding: 8 } },
        y: { stacked: isStacked, beginAtZero: true, grid: { color: token("line") }, border: { display: false },
          ticks: { color: token("ink-2"), font, callback: write, maxTicksLimit: 6, precision: unit === "count" ? 0 : undefined } },
      },
    };
  };

  const draw = (figure) => {
    const box = figure.querySelector("[data-chart-box]"), table = figure.querySelector("[data-chart-twin] table");
    if (!box || !table || typeof Chart === "undefined") return;
    const { labels, series } = read(table);
    const canvas = document.createElement("canvas");
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", figure.querySelector("figcaption").textContent.trim());
    box.replaceChildren(canvas);
    const shape = figure.dataset.chart;
    drawn.set(figure, new Chart(canvas, { type: shape === "line" ? "line" : "bar",
      data: { labels, datasets: series.map((one) => dataset(one, shape)) }, options: options(figure.dataset.unit, shape) }));
  };

  const drawAll = () => {
    drawn.forEach((chart, figure) => { if (!figure.isConnected) { chart.destroy(); drawn.delete(figure); } });
    document.querySelectorAll("figure[data-chart]").forEach((figure) => { if (!figure.querySelector("canvas")) draw(figure); });
  };
  document.addEventListener("htmx:after:swap", drawAll);
  document.addEventListener("DOMContentLoaded", drawAll);
  // Paper has another width than the window, and no details to open.
  addEventListener("beforeprint", () => drawn.forEach((chart) => chart.resize()));
})();
